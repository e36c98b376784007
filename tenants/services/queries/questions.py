"""What citizens asked about the hall's items (我有问题)."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from foundation.errors import NotFound
from province.catalogue.models import ItemVersion
from province.identity.models import Asker
from tenants.services.models import Question


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """With the version that its asker was reading. ``asker`` shows name and phone masked."""

    question: Question
    version: ItemVersion
    asker: Asker


def asked_questions() -> QuerySet[Question]:
    """The newest first."""
    return Question.objects.order_by("-pk")


def question_with_id(question_id: UUID) -> AskedQuestion:
    """Raises NotFound."""
    found = with_askers(Question.objects.filter(pk=question_id))
    if not found:
        raise NotFound("没有这个问题，可能网址输入有误。")
    return found[0]


def with_askers(questions: Iterable[Question]) -> list[AskedQuestion]:
    rows = list(questions)
    versions = ItemVersion.objects.select_related("item").in_bulk({one.item_version_id for one in rows})
    askers = Asker.objects.in_bulk({one.asker_id for one in rows})
    return [AskedQuestion(one, versions[one.item_version_id], askers[one.asker_id]) for one in rows]
