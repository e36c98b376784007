"""Who of the staff is told of a question; never what was asked, nor by whom."""

from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from province.halls.models import Hall
from province.messaging.operations.notices import notify
from province.messaging.slots import NoticeKind
from province.opinion.states import QuestionState
from province.people.models import Position
from province.people.queries.holders import nearest_positions
from tenants.engagement.models import Question

_ASSIGNED: Final = NoticeKind("engagement.assigned", "咨询待我答复", can_be_switched_off=False)
_PUBLISHED: Final = NoticeKind("engagement.published", "我的答复已公开")
_LATE: Final = NoticeKind("engagement.late", "咨询超期未答复")
QUESTION_NOTICES: Final = (_ASSIGNED, _PUBLISHED, _LATE)


@transaction.atomic
def tell_answerers(*, hall: Hall, question_id: UUID, cause_id: UUID) -> None:
    """Tell the people of the department whose it is now, or those who answer for the whole hall. What was answered
    meanwhile waits for nobody."""
    question = Question.objects.filter(pk=question_id, state=QuestionState.WAITING).first()
    if question is not None:
        title = f"咨询 {question.number} 待答复，最晚 {question.due_on:%Y-%m-%d}"
        _tell(hall, question, _ASSIGNED, cause_id, title, positions=_answerers(hall, question))


def tell_overdue(hall: Hall, question: Question) -> None:
    """In the transaction in which it is known to be late."""
    title = f"咨询 {question.number} 已超期，请尽快答复"
    _tell(hall, question, _LATE, question.pk, title, positions=_answerers(hall, question))


def tell_author_published(hall: Hall, question: Question, author_id: UUID | None, *, by_id: UUID | None) -> None:
    """In the transaction in which it is published: tell who wrote the answer, but for the one who publishes it."""
    if author_id and author_id != by_id:
        title = f"您对咨询 {question.number} 的答复已在网站公开"
        _tell(hall, question, _PUBLISHED, question.pk, title, people=[author_id])


def _answerers(hall: Hall, question: Question) -> list[Position]:
    return nearest_positions("engagement.answer", hall_id=hall.pk, prefixes=hall.prefixes, unit_id=question.unit_id)


def _tell(
    hall: Hall,
    question: Question,
    kind: NoticeKind,
    cause_id: UUID,
    title: str,
    *,
    positions: list[Position] | None = None,
    people: list[UUID] | None = None,
) -> None:
    path = reverse("desk-question", args=[question.pk], urlconf=settings.HALL_URLCONFS[hall.kind])
    notify(
        kind=kind,
        cause_id=cause_id,
        title=title,
        path=path,
        hall_id=hall.pk,
        positions=positions or (),
        people=people or (),
    )
