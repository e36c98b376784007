"""What the desk shows of cases."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    Min,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from foundation.counting import count_once
from foundation.text_encoding import without_spaces
from foundation.texts import visible
from foundation.written import models_once, rows_once
from province.cases.models import SHORT_NUMBER, CaseApplicant, CaseOffer
from province.cases.queries.applicants import applicants_sought
from province.cases.states import CASE_KIND, OPEN_CASES, CaseState
from province.halls.models import Hall
from province.people.models import Unit
from province.workdays.models import Clock
from province.workdays.queries.clocks import clocks_of, days_left
from province.workdays.states import ClockKind, ClockState
from standards.items.codelists import CaseType
from tenants.casework.models import Case, JointOpinion, number_backwards
from tenants.casework.queries.access import cases_of, units_of
from tenants.casework.queries.due import DueLine
from tenants.casework.queries.joint import JointProgress, case_part_of, joint_progress
from tenants.casework.states import OPEN_LACKING, JointState, LackingState, ServiceTask
from tenants.shell.slots import Desk
from tenants.workflow.models import Run
from tenants.workflow.queries.run_access import NOBODY

# what a hall does in time; how long the applicant takes is another thing
HALLS_OWN: Final = (ClockKind.ACCEPTANCE, ClockKind.PROMISED, ClockKind.STATUTORY, ClockKind.DELIVERY)
_LONGEST_ID: Final = 18
_LEAST_DIGITS: Final = 4
# of who may decide: no flow examines the case (any more), and nobody else is waited for
TO_DECIDE: Final = "to-decide"
FILTERS: Final[Mapping[str, str]] = {
    "open": "在办",
    "mine": "我的",
    "late": "已超期",
    "soon": "快到期",
    TO_DECIDE: "待决定",
    LackingState.PROMISED.value: "容缺待补",
    LackingState.BROUGHT.value: "补交待核对",
    "joint": "待联办意见",
    "joint-late": "联办超期",
    ServiceTask.UNOPENED.value: "电子送达没有打开",
    ServiceTask.PAPER.value: "要纸质文书",
    **{state.value: state.label for state in CaseState},
}


_OF_OPEN: Final = ("open", "mine", "late", "soon", *OPEN_LACKING, "joint", "joint-late")
# with fewer cases the database begins, and with clocks where there are more
_FEW: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine(DueLine):
    """A case in a list. ``clock``: of the hall's own that run, the one that ends first; ``joint``: of a 联办件, what
    the departments have said."""

    case: Case
    applicant: CaseApplicant | None
    unit_name: str
    joint: JointProgress | None


def cases_at_desk(desk: Desk, *, state: str = "", unit: str = "", words: str = "") -> QuerySet[Case]:
    """The cases that are the person's business: of those that are open the one due first leads, of all others the
    newest. ``state``: a key of FILTERS, "" for all; ``unit``: a department's id, or "window"; ``words``: the end of a
    number, a 联办编号, words of the item's name as it is now, or what ``applicants_sought`` finds an applicant by."""
    rows = cases_of(desk)
    if state in FILTERS:
        rows = rows.filter(_condition(desk, state))
    if unit:
        rows = rows.filter(unit_id=None if unit == "window" else unit)
    if sought := visible(words).strip():
        rows = rows.alias(backwards=number_backwards()).filter(_sought(desk.hall, sought))
    if is_due_first(state):
        running = Clock.objects.filter(owner_id=OuterRef("pk"), state=ClockState.RUNNING, kind__in=HALLS_OWN)
        first = running.order_by().values("owner_id").annotate(first=Min("due_on")).values("first")
        return rows.annotate(due_on=Subquery(first)).order_by("due_on", "pk")
    return rows.order_by("-pk")


def is_due_first(state: str) -> bool:
    """Whether the list of this filter leads with what is due first."""
    return state in {*_OF_OPEN, *OPEN_CASES, TO_DECIDE}


def due_first(desk: Desk, rows: QuerySet[Case], first: int, last: int, *, all_open: int | None = None) -> list[Case]:
    """Of open ones, as ``cases_at_desk`` has them, those from one place to another in its order. It is found from the
    clocks' side, in the order of their index: to ask the first clock of each of twenty thousand cases takes ten times
    as long. ``all_open``: how many the rows are, where they are all that are open."""
    if last <= first:
        return []
    # a case has one of each kind at most, so that among so many clocks there are those of ``last`` cases
    most = last * len(HALLS_OWN)
    if all_open is None:
        clocks = _in_order(Clock.objects.filter(owner_id__in=rows.order_by().values("pk"), **_running_of(desk.hall.pk)))
        ordered = list(dict.fromkeys(clocks[:most]))
    else:
        ask = _first_clocks(most, is_of_many=all_open >= _FEW)
        units = _own_units(desk)
        owners = [] if units is None else rows_once(ask, desk.hall.pk, *units)
        ordered = list(dict.fromkeys(owner_id for (owner_id,) in owners))
    ids = ordered[first:last]
    if len(ids) < last - first:
        # behind them those whose clocks stand
        others = rows.filter(~Exists(Clock.objects.filter(owner_id=OuterRef("pk"), **_running_of(desk.hall.pk))))
        before = len(ordered)
        ids += others.order_by("pk").values_list("pk", flat=True)[max(first - before, 0) : last - before]
    found = _by_ids(Case, _cases, ids)
    return [found[one] for one in ids if one in found]


def cases_by_filter(desk: Desk) -> dict[str, int]:
    """How many open cases each of FILTERS has: three queries, by the indexes of what is open."""
    counts = dict.fromkeys((key for key in FILTERS if key in OPEN_CASES or key in _OF_OPEN), 0)
    units, today = _own_units(desk), timezone.localdate()
    if units is None:
        return counts
    for state, lacking, mine, number in rows_once(_by_state, _own_id(desk) or NOBODY, *units):
        for key in ("open", state, *([lacking] if lacking in counts else []), *(["mine"] if mine else [])):
            counts[key] += number
    ((_, late, soon),) = rows_once(_near_ends, desk.hall.pk, today, *units)
    ((_, joint, joint_late),) = rows_once(_waited_for, today, *units)
    return counts | {"late": late, "soon": soon, "joint": joint, "joint-late": joint_late}


def _own_units(desk: Desk) -> tuple[()] | tuple[Sequence[UUID]] | None:
    """For ``_open_of``: whose cases the person may handle; None: nobody's."""
    units = units_of(desk)
    return () if units is None else (sorted(units),) if units else None


def _open_of(*units: Sequence[UUID]) -> QuerySet[Case]:
    """Of these departments; without any: of the hall."""
    rows = Case.objects.filter(ended_at=None).order_by()
    return rows.filter(unit_id__in=units[0]) if units else rows


def _by_state(own_id: UUID, *units: Sequence[UUID]) -> QuerySet[Case, Any]:
    is_mine = ExpressionWrapper(Q(owner_id=own_id), output_field=BooleanField())
    rows = _open_of(*units).annotate(is_mine=is_mine)
    return rows.values_list("state", "lacking", "is_mine").annotate(number=Count("pk"))


def _near_ends(hall_id: UUID, today: date, *units: Sequence[UUID]) -> QuerySet[Clock, Any]:
    """One row: how many cases are late, and soon."""
    is_late = Q(due_on__lt=today)
    running = Clock.objects.filter(owner_id__in=_open_of(*units).values("pk"), **_running_of(hall_id))
    found = running.filter(is_late | Q(near_on__lte=today)).order_by().values_list(Value(1))
    return found.annotate(
        late=Count("owner_id", distinct=True, filter=is_late), soon=Count("owner_id", distinct=True, filter=~is_late)
    )


def _waited_for(today: date, *units: Sequence[UUID]) -> QuerySet[JointOpinion, Any]:
    """One row: of how many cases departments owe their opinion, and of how many they owe it too late."""
    joint = _open_of(*units).filter(case_type=CaseType.JOINT)
    found = JointOpinion.objects.filter(case__in=joint, state=JointState.WAITING).order_by().values_list(Value(1))
    return found.annotate(
        joint=Count("case_id", distinct=True),
        late=Count("case_id", distinct=True, filter=Q(Exists(_run_out(today)))),
    )


@lru_cache
def _first_clocks(most: int, *, is_of_many: bool) -> Callable[..., QuerySet[Clock, UUID]]:
    """Whose clocks of a hall, or of departments in it, end first. One function for each number: its statement is put
    together once."""

    def ask(hall_id: UUID, *units: Sequence[UUID]) -> QuerySet[Clock, UUID]:
        rows, running = _open_of(*units).values("pk"), Clock.objects.filter(**_running_of(hall_id))
        if units and is_of_many:
            # no join: the database would sort the clocks of the whole hall, instead of looking at each in the order of
            # their index until it has so many
            theirs = ExpressionWrapper(Q(owner_id__in=rows), output_field=BooleanField())
            return _in_order(running.filter(Coalesce(theirs, Value(False))))[:most]  # noqa: FBT003 - SQL's own
        return _in_order(running.filter(owner_id__in=rows))[:most]

    return ask


def _in_order(clocks: QuerySet[Clock]) -> QuerySet[Clock, UUID]:
    """Whose they are, what ends first leading."""
    return clocks.order_by("due_on", "owner_id").values_list("owner_id", flat=True)


def waiting_number(desk: Desk) -> int:
    """How many cases wait for acceptance by the person's department."""
    return count_once(_received, desk)


def _received(desk: Desk) -> QuerySet[Case]:
    return cases_of(desk).filter(state=CaseState.RECEIVED, ended_at=None)


def case_examined_by(run: Run) -> Case | None:
    """None for a run that examines none."""
    return Case.objects.filter(run=run).first()


def case_lines(hall: Hall, cases: Sequence[Case]) -> list[CaseLine]:
    """With applicants, departments and clocks: five queries whatever their number, six more where 联办件 are among
    them."""
    applicants = _by_ids(CaseApplicant, _applicants, [one.applicant_id for one in cases])
    units = dict(rows_once(_unit_names, hall.pk))
    clocks = clocks_of(CASE_KIND, [one.pk for one in cases])
    first = {pk: _first(found) for pk, found in clocks.items()}
    left = days_left([one for one in first.values() if one], hall=hall)
    joint = joint_progress(hall, cases)
    return [
        CaseLine(
            case=one,
            applicant=applicants.get(one.applicant_id),
            unit_name=units.get(one.unit_id, "") if one.unit_id else "综合窗口",
            clock=clock,
            left=left[clock.pk] if clock else None,
            joint=joint.get(one.pk),
        )
        for one in cases
        for clock in [first[one.pk]]
    ]


def _by_ids[RowT: Model](
    model: type[RowT], ask: Callable[[Sequence[UUID]], QuerySet[RowT]], ids: Sequence[UUID]
) -> dict[UUID, RowT]:
    """As ``in_bulk``, by a statement that is put together once for each number of ids: a page has a few of them."""
    return {one.pk: one for one in models_once(model, ask, ids)} if ids else {}


def _cases(ids: Sequence[UUID]) -> QuerySet[Case]:
    return Case.objects.filter(pk__in=ids)


def _applicants(ids: Sequence[UUID]) -> QuerySet[CaseApplicant]:
    return CaseApplicant.objects.filter(pk__in=ids)


def _unit_names(hall_id: UUID) -> QuerySet[Unit, tuple[UUID, str]]:
    return Unit.objects.filter(hall_id=hall_id).values_list("pk", "name")


def _first(clocks: Sequence[Clock]) -> Clock | None:
    running = [one for one in clocks if one.state == ClockState.RUNNING and one.kind in HALLS_OWN]
    return min(running, key=lambda one: one.due_on or date.max, default=None)


def _condition(desk: Desk, key: str) -> Q:
    today = timezone.localdate()
    match key:
        case "open" | "mine":
            return Q(ended_at=None, **({"owner_id": _own_id(desk)} if key == "mine" else {}))
        case "late" | "soon":
            days = {"due_on__lt": today} if key == "late" else {"due_on__gte": today, "near_on__lte": today}
            running = Clock.objects.filter(owner_id=OuterRef("pk"), **_running_of(desk.hall.pk))
            return Q(Exists(running.filter(**days)), ended_at=None)
        case LackingState.PROMISED | LackingState.BROUGHT | ServiceTask.UNOPENED | ServiceTask.PAPER:
            return Q(service_task=key) if key in ServiceTask else Q(lacking=key, ended_at=None)
        case "joint" | "joint-late":
            return _has_opinion_waiting(is_late=key == "joint-late")
        case _ if key == TO_DECIDE:
            return _is_to_decide()
        case _:
            # what is open is found by the index of what is open
            return Q(state=key, ended_at=None) if key in OPEN_CASES else Q(state=key)


def _own_id(desk: Desk) -> UUID | None:
    return desk.by.acting_for_id or desk.by.id


def _running_of(hall_id: UUID) -> dict[str, Any]:
    """Of a clock. Of the hall, and so by the index of its open clocks where many cases are asked."""
    return {"hall_id": hall_id, "state": ClockState.RUNNING, "kind__in": HALLS_OWN}


def _run_out(today: date) -> QuerySet[Clock]:
    """Of an opinion whose department is late."""
    return Clock.objects.filter(owner_id=OuterRef("pk"), state=ClockState.RUNNING, due_on__lt=today)


def _is_to_decide() -> Q:
    runs = Run.objects.filter(pk=OuterRef("run_id"), ended_at=None)
    is_free = ~Q(lacking__in=OPEN_LACKING) & ~_has_opinion_waiting(is_late=False)
    return Q(state=CaseState.ACCEPTED, ended_at=None) & is_free & (Q(run=None) | ~Q(Exists(runs)))


def _has_opinion_waiting(*, is_late: bool) -> Q:
    """The type stands first: of all other cases nothing is asked."""
    waiting = JointOpinion.objects.filter(case=OuterRef("pk"), state=JointState.WAITING)
    if is_late:
        waiting = waiting.filter(Exists(_run_out(timezone.localdate())))
    return Q(case_type=CaseType.JOINT) & Q(ended_at=None) & Q(Exists(waiting))


def _sought(hall: Hall, words: str) -> Q:
    # asked first: of two questions with an or between them the database reads every case
    of_applicants = Q(pk__in=applicants_sought(hall.pk, words))
    typed = without_spaces(words)
    if typed.isascii() and len(typed) == _LONGEST_ID:
        return of_applicants
    typed = case_part_of(typed) or typed
    if typed.isascii() and typed.isalnum() and len(typed) >= _LEAST_DIGITS:
        ends = typed.upper()
        found = Q(backwards__startswith=ends[: -SHORT_NUMBER - 1 : -1])
        # beyond the short number the index tells nothing
        return (found & Q(number__endswith=ends) if len(ends) > SHORT_NUMBER else found) | of_applicants
    # names of items are few, and cases many
    named = CaseOffer.objects.filter(hall=hall, item_name__icontains=words).values_list("pk", flat=True)
    return Q(setup__in=list(named)) | of_applicants
