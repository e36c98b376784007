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
from tenants.engagement.models import Question
from tenants.engagement.queries.readers import answerers_of

_ASSIGNED: Final = NoticeKind("engagement.assigned", "咨询待我答复", can_be_switched_off=False)
_PUBLISHED: Final = NoticeKind("engagement.published", "我的答复已公开")
_LATE: Final = NoticeKind("engagement.late", "咨询超期未答复")
_COMPLAINT: Final = NoticeKind("engagement.complaint", "投诉待我处理", can_be_switched_off=False)
_COMPLAINT_LATE: Final = NoticeKind("engagement.complaint_late", "投诉超期未处理")
QUESTION_NOTICES: Final = (_ASSIGNED, _PUBLISHED, _LATE, _COMPLAINT, _COMPLAINT_LATE)


@transaction.atomic
def tell_answerers(*, hall: Hall, question_id: UUID, cause_id: UUID) -> None:
    """Tell the people of the department whose it is now, or those who answer for the whole hall; of a complaint those
    who answer complaints and have had no hand in the case. What was answered meanwhile waits for nobody."""
    question = Question.objects.filter(pk=question_id, state=QuestionState.WAITING).first()
    if question is not None:
        title = f"{question.get_kind_display()} {question.number} 待答复，最晚 {question.due_on:%Y-%m-%d}"
        kind = _COMPLAINT if question.is_complaint else _ASSIGNED
        _tell(hall, question, kind, cause_id, title, positions=answerers_of(hall, question))


def tell_overdue(hall: Hall, question: Question) -> None:
    """In the transaction in which it is known to be late."""
    title = f"{question.get_kind_display()} {question.number} 已超期，请尽快答复"
    kind = _COMPLAINT_LATE if question.is_complaint else _LATE
    _tell(hall, question, kind, question.pk, title, positions=answerers_of(hall, question))


def tell_author_published(hall: Hall, question: Question, author_id: UUID | None, *, by_id: UUID | None) -> None:
    """In the transaction in which it is published: tell who wrote the answer, but for the one who publishes it."""
    if author_id and author_id != by_id:
        title = f"您对{question.get_kind_display()} {question.number} 的答复已在网站公开"
        _tell(hall, question, _PUBLISHED, question.pk, title, people=[author_id])


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
