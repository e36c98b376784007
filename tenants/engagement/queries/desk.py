"""What the desk shows of questions."""

from typing import Final

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, When
from django.utils import timezone

from foundation.counting import count_once
from foundation.texts import visible
from province.citizens.models import PhoneNotice
from province.opinion.states import QuestionKind, QuestionState
from tenants.engagement.models import Question, QuestionMessage
from tenants.engagement.queries.access import questions_of
from tenants.engagement.queries.questions import with_text
from tenants.engagement.states import PublishedState
from tenants.shell.slots import Desk

_MOST_WORDS: Final = 5
FILTERS: Final[dict[str, str]] = {
    **{state.value: state.label for state in QuestionState if state != QuestionState.RAISED},
    "late": "已超期",
    "published": "已公开",
    "untold": "短信没送达",
}


def questions_at_desk(
    desk: Desk,
    kind: QuestionKind = QuestionKind.QUESTION,
    *,
    state: str = "",
    unit: str = "",
    words: str = "",
    number: str = "",
) -> QuerySet[Question]:
    """The questions, or the complaints, that are the person's business: those that wait first, the one due first
    leading; then the newest.

    ``state``: a key of FILTERS; ``unit``: a department's id, or "window"; ``words``: in anything that was said;
    ``number``: exactly. Annotated: ``text``.
    """
    rows = with_text(questions_of(desk, kind))
    if state in FILTERS:
        rows = rows.filter(_condition(state))
    if unit:
        rows = rows.filter(unit_id=None if unit == "window" else unit)
    if number:
        rows = rows.filter(number=int(number)) if number.isascii() and number.isdecimal() else rows.none()
    for word in visible(words).split()[:_MOST_WORDS]:
        rows = rows.filter(Exists(QuestionMessage.objects.filter(question=OuterRef("pk"), text__icontains=word)))
    waits = Case(When(state=QuestionState.WAITING, then=F("due_on")))
    return rows.order_by(waits.asc(nulls_last=True), "-pk")


def questions_by_filter(desk: Desk, kind: QuestionKind = QuestionKind.QUESTION) -> dict[str, int]:
    """How many of this kind each of FILTERS has, and under "all" all of them: one query."""
    counts = {key: Count("pk", filter=_condition(key)) for key in FILTERS}
    return questions_of(desk, kind).aggregate(**counts, all=Count("pk"))


def complaints_by_filter(desk: Desk) -> dict[str, int]:
    """Of complaints; a page asks once for what a function says."""
    return questions_by_filter(desk, QuestionKind.COMPLAINT)


def waiting_number(desk: Desk) -> int:
    """How many questions wait for the person's department."""
    return count_once(_waiting, desk, QuestionKind.QUESTION)


def waiting_complaints_number(desk: Desk) -> int:
    """How many complaints wait for the person."""
    return count_once(_waiting, desk, QuestionKind.COMPLAINT)


def _waiting(desk: Desk, kind: QuestionKind) -> QuerySet[Question]:
    return questions_of(desk, kind).filter(state=QuestionState.WAITING)


def _condition(key: str) -> Q:
    match key:
        case "late":
            return Q(state=QuestionState.WAITING, due_on__lt=timezone.localdate())
        case "published":
            return Q(published__state=PublishedState.SHOWN)
        case "untold":
            dead = PhoneNotice.objects.filter(subject_id=OuterRef("pk"), state=PhoneNotice.State.DEAD)
            return Q(Exists(dead), wants_messages=True)
        case _:
            return Q(state=key)
