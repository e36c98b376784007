"""Who answers questions here, and which of them are theirs."""

from uuid import UUID

from django.db.models import QuerySet, UUIDField, Value

from foundation.errors import NotFound
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import may, require_work_at, within_reach
from tenants.engagement.models import Question
from tenants.shell.slots import Desk


def require_answerer(by: Actor, hall: Hall) -> None:
    """Raises NotAllowed for who answers no question here."""
    require_work_at(by, "engagement.answer", hall_id=hall.pk)


def may_over(by: Actor, permission: str, hall: Hall, question: Question) -> bool:
    """Whether one of the positions carries the permission over this question: over its hall, or its department."""
    return may(by, permission, hall_id=hall.pk, unit_id=question.unit_id)


def questions_of(desk: Desk) -> QuerySet[Question]:
    """The questions that the person at this desk may answer, by the rule of ``may_over``."""
    here = Question.objects.alias(at_hall=Value(desk.hall.pk, output_field=UUIDField()))
    return here.filter(within_reach(desk.by, "engagement.answer", hall="at_hall", unit="unit_id"))


def is_question_of(desk: Desk, question_id: UUID) -> bool:
    """Whether the person at this desk may answer it."""
    return questions_of(desk).filter(pk=question_id).exists()


def question_of(desk: Desk, question_id: UUID) -> Question:
    """Raises NotFound, also for another department's and another hall's."""
    found = questions_of(desk).filter(pk=question_id).first()
    if found is None:
        raise NotFound("没有这条咨询，可能已转给其他部门，或属于其他服务厅。")
    return found
