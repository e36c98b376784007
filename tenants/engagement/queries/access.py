"""Who answers questions here, and who complaints; and which of them are theirs.

Nobody reads a complaint about a case in which they have had a hand, whatever their rights are, nor does who stands in
for them.
"""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet, UUIDField, Value

from foundation.errors import NotFound
from province.halls.models import Hall
from province.opinion.states import QuestionKind
from province.rights.actors import Actor
from province.rights.queries import may, require, require_work_at, within_reach, works_at
from tenants.engagement.models import Question
from tenants.engagement.slots import COMPLAINT_SUBJECTS
from tenants.shell.queries.apps import shown_at
from tenants.shell.slots import Desk

ANSWER: Final = "engagement.answer"
COMPLAINTS: Final = "engagement.answer_complaints"
_PERMISSIONS: Final[Mapping[str, str]] = {QuestionKind.QUESTION: ANSWER, QuestionKind.COMPLAINT: COMPLAINTS}


def require_answerer(by: Actor, hall: Hall) -> None:
    """Raises NotAllowed for who answers neither questions nor complaints here."""
    if not works_at(by, COMPLAINTS, hall_id=hall.pk):
        require_work_at(by, ANSWER, hall_id=hall.pk)


def require_complaints(by: Actor, hall: Hall) -> None:
    """Raises NotAllowed for who answers no complaints here."""
    require(by, COMPLAINTS, hall_id=hall.pk)


def may_over(by: Actor, permission: str, hall: Hall, question: Question) -> bool:
    """Whether one of the positions carries the permission over this question: over its hall, or its department."""
    return may(by, permission, hall_id=hall.pk, unit_id=question.unit_id)


def may_answer(by: Actor, hall: Hall, question: Question) -> bool:
    """Whether the actor may read and answer it."""
    if not may_over(by, _PERMISSIONS[question.kind], hall, question):
        return False
    return not has_had_a_hand(by, hall, question)


def has_had_a_hand(by: Actor, hall: Hall, question: Question) -> bool:
    """Whether a complaint is about a case in which the actor, or whom they stand in for, has had a hand."""
    return question.is_complaint and Question.objects.filter(_about_oneself(by, hall), pk=question.pk).exists()


def questions_of(desk: Desk, kind: QuestionKind = QuestionKind.QUESTION) -> QuerySet[Question]:
    """Those of this kind that the person at this desk may answer, by the rule of ``may_answer``."""
    return _here(desk).filter(_of_kind(desk, kind))


def is_question_of(desk: Desk, question_id: UUID) -> bool:
    """Whether the person at this desk may answer it, of whichever kind it is."""
    return _any_of(desk).filter(pk=question_id).exists()


def question_of(desk: Desk, question_id: UUID) -> Question:
    """Of either kind. Raises NotFound, also for another department's, another hall's and a complaint about oneself."""
    found = _any_of(desk).filter(pk=question_id).first()
    if found is None:
        raise NotFound("没有这条咨询或投诉，可能已转给其他部门，或属于其他服务厅。")
    return found


def _here(desk: Desk) -> QuerySet[Question]:
    return Question.objects.alias(at_hall=Value(desk.hall.pk, output_field=UUIDField()))


def _any_of(desk: Desk) -> QuerySet[Question]:
    return _here(desk).filter(_of_kind(desk, QuestionKind.QUESTION) | _of_kind(desk, QuestionKind.COMPLAINT))


def _of_kind(desk: Desk, kind: QuestionKind) -> Q:
    reached = Q(kind=kind) & within_reach(desk.by, _PERMISSIONS[kind], hall="at_hall", unit="unit_id")
    return reached & ~_about_oneself(desk.by, desk.hall) if kind == QuestionKind.COMPLAINT else reached


def _about_oneself(by: Actor, hall: Hall) -> Q:
    """Complaints about cases in which the actor, or whom they stand in for, has had a hand."""
    me = [one for one in (by.id, by.acting_for_id) if one]
    found = Q(kept_from__overlap=me)
    for subject in shown_at(COMPLAINT_SUBJECTS, hall):
        # of those that somebody has complained of: they are few
        complained = Question.objects.filter(case_id__isnull=False).values("case_id")
        found |= Q(case_id__in=subject.handled_by(me).filter(pk__in=complained).values("pk"))
    return found
