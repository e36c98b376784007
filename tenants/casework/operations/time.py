"""What comes of a case by its clocks. Each may be told twice, and too late."""

from typing import Final
from uuid import UUID

from django.db import transaction

from province.cases.states import CASE_KIND, CaseState
from province.halls.models import Hall
from province.rights.queries import system_actor
from province.workdays.models import Clock
from province.workdays.states import ClockKind
from tenants.casework.models import Case
from tenants.casework.operations.acceptance import deem_accepted
from tenants.casework.operations.clocks import may_still_correct
from tenants.casework.operations.handlers import tell_of_time, tell_of_uncorrected
from tenants.casework.operations.lacking import lapse_case, remind_of_lacking
from tenants.casework.operations.rows import held_case, keep, note_act
from tenants.casework.operations.serving import note_unopened
from tenants.casework.queries.desk import HALLS_OWN

_TOLD_OF: Final = frozenset(HALLS_OWN)


@transaction.atomic
def note_near_end(*, hall: Hall, case_id: UUID, kind: str, cause_id: UUID) -> None:
    """Tell who has the case that one of the hall's own clocks is nearly over, and the applicant of what is owed."""
    if kind == ClockKind.LAPSE:
        remind_of_lacking(hall=hall, case_id=case_id)
        return
    case = _open(case_id, kind)
    if case is not None:
        tell_of_time(hall, case, cause_id, is_over=False)


@transaction.atomic
def note_ran_out(*, hall: Hall, case_id: UUID, kind: str, cause_id: UUID) -> None:
    """One of the hall's own clocks has run out: the case is late. Where nobody was told of acceptance in time, it
    counts as accepted (行政许可法 art. 32). What was not brought in time (补正) waits for the hall again; what was
    promised (容缺) and did not come in time terminates the case. What was served electronically and was not opened is
    the desk's to serve otherwise."""
    if kind == ClockKind.LAPSE:
        lapse_case(hall=hall, case_id=case_id, cause_id=cause_id)
        return
    if kind == ClockKind.SUPPLEMENT:
        note_uncorrected(hall=hall, case_id=case_id, cause_id=cause_id)
        return
    if kind == ClockKind.OPENING:
        note_unopened(hall=hall, case_id=case_id, cause_id=cause_id)
        return
    case = _open(case_id, kind)
    if case is None:
        return
    if kind == ClockKind.ACCEPTANCE and case.state == CaseState.RECEIVED:
        deem_accepted(hall=hall, case_id=case_id)
    elif not case.was_late:
        case.was_late = True
        keep(hall, case)
        note_act(system_actor(), hall, case, "late", note=ClockKind(kind).label)
    tell_of_time(hall, case, cause_id, is_over=True)


@transaction.atomic
def note_uncorrected(*, hall: Hall, case_id: UUID, cause_id: UUID) -> None:
    """The applicant's time to bring what is missing (补正) is over: tell who has the case, which waits for them now."""
    case = held_case(case_id)
    if case.state == CaseState.CORRECTING and not may_still_correct(case):
        tell_of_uncorrected(hall, case, cause_id)


def _open(case_id: UUID, kind: str) -> Case | None:
    """The case, held, while that clock of it runs; None for one that has ended meanwhile."""
    if kind not in _TOLD_OF:
        return None
    case = Case.objects.select_for_update(of=("self",)).select_related("setup").filter(pk=case_id).first()
    runs = Clock.objects.filter(owner_kind=CASE_KIND, owner_id=case_id, kind=kind, ended_on=None).exists()
    return case if case and runs and case.is_open else None
