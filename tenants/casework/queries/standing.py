"""Whether the time of a case stands, and until when it runs, for the steps of the flow that examines it."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from province.cases.states import CASE_KIND, CaseState
from province.halls.models import Hall
from province.workdays.models import Clock
from province.workdays.queries import calendar_of_hall
from province.workdays.states import OUTER_KINDS, ClockState
from standards.workdays import ClockPause, Limit
from tenants.casework.models import Case, SpecialProcedure
from tenants.workflow.models import Run
from tenants.workflow.slots import LastDay


def case_of_run_stands(hall: Hall, run: Run) -> bool:
    """Whether the case that the run examines is suspended, or in a special procedure that has not taken longer than it
    may. False for a run that examines none."""
    case = Case.objects.filter(run=run).first()
    if case is None or case.state != CaseState.PAUSED:
        return case is not None and case.state == CaseState.SUSPENDED
    made = SpecialProcedure.objects.filter(case=case, ends_on=None).first()
    return made is not None and timezone.localdate() < counts_from(hall, made)


def last_day_of_case_of_run(run_id: UUID) -> LastDay | None:
    """The last day of the case that the run examines; None for a run that examines none, or while its time stands."""
    return _first_end(Case.objects.filter(run=run_id).values("pk"))


def last_day_of_case(case: Case) -> LastDay | None:
    """The day by which the case is to be decided: of 法定时限 and 承诺时限 the one that ends first, as the desk works.
    None while they stand, or where the guide sets none."""
    return _first_end([case.pk])


def _first_end(case_ids: Collection[UUID] | QuerySet[Any]) -> LastDay | None:
    running = Clock.objects.filter(owner_kind=CASE_KIND, state=ClockState.RUNNING, kind__in=OUTER_KINDS)
    first = running.filter(owner_id__in=case_ids).order_by("due_on").only("due_on", "is_assumed").first()
    return LastDay(first.due_on, first.is_assumed) if first and first.due_on else None


def counts_from(hall: Hall, made: SpecialProcedure) -> date:
    """The first day that counts again, however long the procedure takes."""
    allowed = ClockPause(made.begins_on, None, most=Limit.read(made.limit))
    last_day = allowed.last_day(calendar_of_hall(hall))
    assert last_day  # noqa: S101 - how long it may take is always said
    return last_day + timedelta(days=1)
