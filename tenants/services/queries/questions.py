"""What citizens asked about the hall's items (我有问题)."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from foundation.errors import NotFound
from province.catalogue.models import ItemVersion
from province.citizens.models import GuestContact
from tenants.services.models import Question


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question with the version that the guest was reading. ``guest_contact`` shows name and phone masked."""

    question: Question
    version: ItemVersion
    guest_contact: GuestContact


def asked_questions() -> QuerySet[Question]:
    """All questions, the newest first."""
    return Question.objects.order_by("-pk")


def question_with_id(question_id: UUID) -> AskedQuestion:
    """The question. Raises NotFound."""
    found = with_guest_contacts(Question.objects.filter(pk=question_id))
    if not found:
        raise NotFound("没有这个问题，可能网址输入有误。")
    return found[0]


def with_guest_contacts(questions: Iterable[Question]) -> list[AskedQuestion]:
    rows = list(questions)
    versions = ItemVersion.objects.select_related("item").in_bulk({one.item_version_id for one in rows})
    guest_contacts = GuestContact.objects.in_bulk({one.guest_contact_id for one in rows})
    return [AskedQuestion(one, versions[one.item_version_id], guest_contacts[one.guest_contact_id]) for one in rows]
