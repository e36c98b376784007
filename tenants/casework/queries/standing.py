"""Whether the time of a case stands, for the steps of the flow that examines it."""

from datetime import date, timedelta

from django.utils import timezone

from province.cases.states import CaseState
from province.halls.models import Hall
from province.workdays.queries import calendar_of_hall
from standards.workdays import ClockPause, Limit
from tenants.casework.models import Case, SpecialProcedure
from tenants.workflow.models import Run


def case_of_run_stands(hall: Hall, run: Run) -> bool:
    """Whether the case that the run examines is suspended, or in a special procedure that has not taken longer than it
    may. False for a run that examines none."""
    case = Case.objects.filter(run=run).first()
    if case is None or case.state != CaseState.PAUSED:
        return case is not None and case.state == CaseState.SUSPENDED
    made = SpecialProcedure.objects.filter(case=case, ends_on=None).first()
    return made is not None and timezone.localdate() < counts_from(hall, made)


def counts_from(hall: Hall, made: SpecialProcedure) -> date:
    """The first day that counts again, however long the procedure takes."""
    allowed = ClockPause(made.begins_on, None, most=Limit.read(made.limit))
    last_day = allowed.last_day(calendar_of_hall(hall))
    assert last_day  # noqa: S101 - how long it may take is always said
    return last_day + timedelta(days=1)
