"""The clocks of a case (province.workdays): which of them run in which state."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from province.cases.states import CASE_KIND, CaseState
from province.halls.models import Hall
from province.rights.actors import Actor
from province.workdays.models import Clock
from province.workdays.operations.clocks import (
    ClockWish,
    drop_clocks,
    end_clocks,
    extend_clock,
    pause_clocks,
    resume_clocks,
    start_clocks,
)
from province.workdays.states import ClockKind, ClockState
from standards.items.codelists import CaseType
from standards.workdays import Limit
from tenants.casework.models import Case, JointOpinion
from tenants.casework.queries.guides import DELIVERY, CaseGuide
from tenants.casework.states import JOINT_KIND, JointState, LackingState

_EXAMINATION: Final = (ClockKind.STATUTORY, ClockKind.PROMISED)
# what stands while the examination does: of the case, and of the departments that are asked
_EXAMINED: Final = (*_EXAMINATION, ClockKind.STEP)


def begin_acceptance(hall: Hall, case: Case, guide: CaseGuide) -> None:
    """受理时限 runs from today: five working days, or the fewer that the guide says (行政许可法 art. 32)."""
    _start(hall, case, {ClockKind.ACCEPTANCE: guide.acceptance}, timezone.localdate())


def acceptance_of(case: Case) -> Clock | None:
    """受理时限 while it runs: it began when what is to be accepted was received, after 补正 the full set."""
    return Clock.objects.filter(owner_id=case.pk, kind=ClockKind.ACCEPTANCE, ended_on=None).first()


def is_silent(acceptance: Clock | None) -> bool:
    """Whether the time to tell the applicant is over (行政许可法 art. 32), whether the sweep has come or not."""
    return bool(acceptance and acceptance.due_on and acceptance.due_on < timezone.localdate())


def end_acceptance(hall: Hall, case: Case) -> None:
    """The applicant has been told in time, or late."""
    _end(hall, case, ClockKind.ACCEPTANCE)


def begin_correction(hall: Hall, case: Case, limit: Limit) -> date | None:
    """The applicant's own time to bring what is missing; returns its last day."""
    return _start(hall, case, {ClockKind.SUPPLEMENT: limit}, timezone.localdate())[0].due_on


def may_still_correct(case: Case) -> bool:
    """Whether the applicant's time to bring what is missing is not over, or has no end."""
    bringing = Clock.objects.filter(owner_id=case.pk, kind=ClockKind.SUPPLEMENT, ended_on=None)
    return not bringing.filter(due_on__lt=timezone.localdate()).exists()


def end_correction(hall: Hall, case: Case) -> None:
    """The applicant has brought it, or nobody waits for it; whose time was over is not the hall's lateness."""
    end_clocks(hall=hall, owner_ids=[case.pk], kinds=[ClockKind.SUPPLEMENT])


def begin_lapse(hall: Hall, case: Case, limit: Limit) -> date:
    """容缺补齐时限: the applicant's own time for what was promised. It ends with what the hall itself has for its
    decision at the latest, since until it is in nothing is decided. Returns its last day."""
    wish = ClockWish(
        owner_kind=CASE_KIND,
        owner_id=case.pk,
        kind=ClockKind.LAPSE,
        limit=limit,
        began_on=timezone.localdate(),
        within_id=case.pk,
    )
    due_on = start_clocks(hall=hall, wishes=[wish])[0].due_on
    assert due_on  # noqa: S101 - it runs
    return due_on


def settle_lapse(hall: Hall, case: Case) -> None:
    """Let the applicant's time stand while the hall looks at what was brought, and while the examination is suspended;
    otherwise it runs as long as something is owed. Once more changes nothing."""
    given: dict[str, Any] = {"hall": hall, "owner_ids": [case.pk], "kinds": [ClockKind.LAPSE]}
    if case.lacking in {LackingState.COMPLETE, LackingState.LAPSED}:
        end_clocks(**given)
    elif case.lacking == LackingState.PROMISED and case.state != CaseState.SUSPENDED:
        resume_clocks(**given)
    elif case.lacking:
        pause_clocks(**given, why="核对补交材料" if case.lacking == LackingState.BROUGHT else "中止审查")


def has_lapsed(case: Case, on: date | None = None) -> bool:
    """Whether the applicant's time for what was promised was over on that day, or is today."""
    lapse = Clock.objects.filter(owner_id=case.pk, kind=ClockKind.LAPSE, ended_on=None)
    return lapse.filter(due_on__lt=on or timezone.localdate()).exists()


def begin_examination(hall: Hall, case: Case, guide: CaseGuide, since: date) -> None:
    """法定时限 and 承诺时限 run side by side from the day of acceptance."""
    limits = {ClockKind.STATUTORY: guide.statutory, ClockKind.PROMISED: guide.promised}
    _start(hall, case, {kind: limit for kind, limit in limits.items() if limit}, since)


def pause_examination(hall: Hall, case: Case, *, why: str, since: date, allowed: Limit | None) -> None:
    """行政许可法 art. 45: the time of a special procedure does not count, for as long as it may take; nor does that of
    the departments which are asked (联办)."""
    pause_clocks(hall=hall, owner_ids=_examiners(case), why=why, on=since, most=allowed, kinds=_EXAMINED)


def resume_examination(hall: Hall, case: Case, since: date) -> None:
    resume_clocks(hall=hall, owner_ids=_examiners(case), on=since, kinds=_EXAMINED)


def extend_examination(hall: Hall, case: Case, limit: Limit, by: Actor) -> None:
    """行政许可法 art. 42: what the law sets and what was promised get longer by the same."""
    approved_by = by.acting_for_id or by.id
    assert approved_by  # noqa: S101 - who decides is a person
    for clock in Clock.objects.filter(owner_id=case.pk, kind__in=_EXAMINATION, ended_on=None):
        extend_clock(hall=hall, owner_id=case.pk, kind=ClockKind(clock.kind), extension=limit, approved_by=approved_by)


def end_examination(hall: Hall, case: Case) -> None:
    """It is decided."""
    _end(hall, case, *_EXAMINATION)


def begin_opinions(hall: Hall, case: Case, limits: Mapping[UUID, Limit]) -> None:
    """联办: each department that is asked has its own time (opinion → limit), no longer than the case has."""
    start_clocks(
        hall=hall,
        wishes=[
            ClockWish(
                owner_kind=JOINT_KIND,
                owner_id=opinion_id,
                kind=ClockKind.STEP,
                limit=limit,
                began_on=timezone.localdate(),
                within_id=case.pk,
            )
            for opinion_id, limit in limits.items()
        ],
    )


def end_opinion(hall: Hall, opinion: JointOpinion) -> None:
    """The department has answered in time, or late."""
    end_clocks(hall=hall, owner_ids=[opinion.pk])


def drop_opinions(hall: Hall, case: Case) -> None:
    """The case has ended: of departments that have not answered nothing is judged."""
    drop_clocks(hall=hall, owner_ids=_examiners(case)[1:])


def begin_delivery(hall: Hall, case: Case) -> None:
    """送达时限: ten working days from the decision (行政许可法 art. 44). Of a decision that was put right before it was
    served nothing is judged."""
    drop_clocks(hall=hall, owner_ids=[case.pk], kinds=[ClockKind.DELIVERY])
    _start(hall, case, {ClockKind.DELIVERY: DELIVERY}, timezone.localdate())


def end_delivery(hall: Hall, case: Case) -> None:
    _end(hall, case, ClockKind.DELIVERY)


def begin_opening(hall: Hall, case: Case) -> None:
    """查收时限: within so many working days, as the item's setup says, what was served electronically is to be opened.
    Nothing is judged by it: after it the desk serves on paper."""
    drop_opening(hall, case)
    _start(hall, case, {ClockKind.OPENING: Limit(case.setup.opening_workdays, "wd")}, timezone.localdate())


def drop_opening(hall: Hall, case: Case) -> None:
    """It was opened, or nobody waits for that any more."""
    drop_clocks(hall=hall, owner_ids=[case.pk], kinds=[ClockKind.OPENING])


def stop_clocks(hall: Hall, case: Case) -> None:
    """The case has ended without a decision: nothing of it is judged any more."""
    drop_clocks(hall=hall, owner_ids=[case.pk])


def _examiners(case: Case) -> list[UUID]:
    """Whose clocks stand and run together: the case itself, then the opinions that it waits for."""
    if case.case_type != CaseType.JOINT:
        return [case.pk]
    waiting = JointOpinion.objects.filter(case=case, state=JointState.WAITING)
    return [case.pk, *waiting.order_by("position", "pk").values_list("pk", flat=True)]


def _start(hall: Hall, case: Case, limits: dict[ClockKind, Limit], began_on: date) -> list[Clock]:
    wishes = [
        ClockWish(owner_kind=CASE_KIND, owner_id=case.pk, kind=kind, limit=limit, began_on=began_on)
        for kind, limit in limits.items()
    ]
    return start_clocks(hall=hall, wishes=wishes) if wishes else []


def _end(hall: Hall, case: Case, *kinds: ClockKind) -> None:
    """The hall's own time has ended; what was late makes the case late. The case is not written here."""
    ended = end_clocks(hall=hall, owner_ids=[case.pk], kinds=kinds)
    case.was_late = case.was_late or any(one.state == ClockState.LATE for one in ended)
