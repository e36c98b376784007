"""A calendar was published: the answers that are still due are counted by it."""

from uuid import UUID

from django.db import transaction

from province.halls.models import Hall
from province.opinion.states import QuestionState
from province.rights.queries import system_actor
from province.workdays.operations import hold_calendar
from tenants.engagement.models import LimitMove, Question
from tenants.engagement.operations.rows import count_limit, keep, record
from tenants.portal.operations.figures import check_inside


@transaction.atomic
def recount_limits(*, hall: Hall, calendar_id: UUID, why: str) -> int:
    """Count every limit anew that runs here; returns how many moved. Each keeps what it was and why. Once more, it
    finds nothing to do. What was answered is not looked at again."""
    check_inside(hall)
    calendar = hold_calendar(hall)
    moved = 0
    for question in Question.objects.select_for_update().filter(state=QuestionState.WAITING).order_by("pk"):
        before = question.due_on, question.is_due_assumed
        count_limit(question, calendar)
        if (question.due_on, question.is_due_assumed) == before:
            continue
        if question.answered_at is None and not question.is_overdue:
            # it was late by the former calendar alone
            question.was_late = False
        keep(hall, question)
        if question.due_on != before[0]:
            moved += 1
            LimitMove.objects.create(
                question=question, calendar_id=calendar_id, before=before[0], after=question.due_on, why=why
            )
            changes = {"due_on": [str(before[0]), str(question.due_on)]}
            record(system_actor(), hall, question, "move_limit", reason=why, changes=changes)
    return moved
