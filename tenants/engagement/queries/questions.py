"""Questions with what was said and who asked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from foundation.errors import NotFound
from province.cases.models import Referral
from province.catalogue.models import ItemVersion
from province.citizens.models import Citizen, GuestContact
from province.opinion.states import QuestionState
from tenants.engagement.models import MOST_FURTHER, LimitMove, Question, QuestionMessage, ReplyDraft
from tenants.engagement.queries.settings import COMPLAINTS_DESK, WINDOW, unit_names
from tenants.engagement.queries.subjects import case_numbers


@dataclass(frozen=True)
class Thread:
    """A question with everything that lists and pages show of it. ``asker`` shows name and phone masked; ``version``
    is the item's that they were reading; ``case_number``: of a complaint, what it is about."""

    question: Question
    asker: Citizen | GuestContact | None
    version: ItemVersion | None
    unit_name: str
    case_number: str
    # of a complaint that came from a hall below
    came: Referral | None

    @cached_property
    def messages(self) -> Sequence[QuestionMessage]:
        """In order: one query."""
        return list(self.question.messages.order_by("pk"))

    @cached_property
    def limit_moves(self) -> Sequence[LimitMove]:
        """How calendars have moved the last day of an answer, in order: one query."""
        return list(self.question.limit_moves.order_by("pk"))

    @property
    def text(self) -> str:
        """What was asked first."""
        return self.messages[0].text

    @property
    def last_id(self) -> UUID:
        """Of the message up to which somebody who looks at the thread has read."""
        return self.messages[-1].pk

    @property
    def reply(self) -> QuestionMessage | None:
        """The latest answer."""
        replies = [one for one in self.messages if one.kind == QuestionMessage.Kind.REPLY]
        return replies[-1] if replies else None

    @property
    def further_left(self) -> int:
        """How often something further may be asked yet."""
        asked = sum(one.kind == QuestionMessage.Kind.FURTHER for one in self.messages)
        return max(0, MOST_FURTHER - asked) if self.question.state == QuestionState.ANSWERED else 0


def with_text(rows: QuerySet[Question]) -> QuerySet[Question]:
    """Annotated: ``text``, what was asked first."""
    first = QuestionMessage.objects.filter(question=OuterRef("pk"), kind=QuestionMessage.Kind.QUESTION)
    return rows.annotate(text=Subquery(first.values("text")[:1]))


def threads(questions: Iterable[Question]) -> list[Thread]:
    """At most six queries, whatever their number."""
    rows = list(questions)
    versions = ItemVersion.objects.select_related("item").in_bulk({one.item_version_id for one in rows})
    citizens = Citizen.objects.in_bulk({one.citizen_id for one in rows if one.citizen_id})
    guests = GuestContact.objects.in_bulk({one.guest_contact_id for one in rows if one.guest_contact_id})
    names = unit_names({one.unit_id for one in rows})
    cases = case_numbers(rows)
    ways = [one.referral_id for one in rows if one.referral_id]
    came = Referral.objects.select_related("hall").in_bulk(ways) if ways else {}
    return [
        Thread(
            one,
            citizens.get(one.citizen_id) if one.citizen_id else guests.get(one.guest_contact_id),
            versions.get(one.item_version_id) if one.item_version_id else None,
            COMPLAINTS_DESK if one.is_complaint else names.get(one.unit_id, WINDOW),
            came[one.referral_id].case_number if one.referral_id else cases.get(one.case_id, "") if one.case_id else "",
            came.get(one.referral_id) if one.referral_id else None,
        )
        for one in rows
    ]


def thread_of(question: Question) -> Thread:
    return threads([question])[0]


def draft_of(question: Question, account_id: UUID | None) -> ReplyDraft | None:
    """What this person has written of a reply and not sent."""
    return question.drafts.filter(account_id=account_id).first() if account_id else None


def question_with_id(question_id: UUID) -> Question:
    """Raises NotFound. Who may see it, the caller knows."""
    found = Question.objects.filter(pk=question_id).first()
    if found is None:
        raise NotFound("没有这条咨询，可能网址输入有误。")
    return found


def questions_of_citizen(citizen_id: UUID) -> QuerySet[Question]:
    """What they asked here while signed in, the newest first, with its text."""
    return with_text(Question.objects.filter(citizen_id=citizen_id)).order_by("-pk")
