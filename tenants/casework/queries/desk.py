"""What the desk shows of cases."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
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
)
from django.utils import timezone

from foundation.counting import count_once
from foundation.text_encoding import nfkc
from foundation.texts import visible
from foundation.written import models_once, rows_once
from province.cases.models import CaseApplicant, CaseOffer
from province.cases.queries.applicants import applicants_sought
from province.cases.states import CASE_KIND, OPEN_CASES, CaseState
from province.halls.models import Hall
from province.people.models import Unit
from province.workdays.models import Clock
from province.workdays.queries.clocks import clocks_of, days_left
from province.workdays.states import ClockKind, ClockState
from standards.items.codelists import CaseType
from tenants.casework.models import SHORT_NUMBER, Case, JointOpinion, number_backwards
from tenants.casework.queries.access import cases_of
from tenants.casework.queries.due import DueLine
from tenants.casework.queries.joint import JointProgress, joint_progress
from tenants.casework.states import OPEN_LACKING, JointState, LackingState
from tenants.shell.slots import Desk
from tenants.workflow.models import Run

# what a hall does in time; how long the applicant takes is another thing
HALLS_OWN: Final = (ClockKind.ACCEPTANCE, ClockKind.PROMISED, ClockKind.STATUTORY, ClockKind.DELIVERY)
_LONGEST_ID: Final = 18
_LEAST_DIGITS: Final = 4
FILTERS: Final[Mapping[str, str]] = {
    "open": "在办",
    "mine": "我的",
    "late": "已超期",
    "soon": "快到期",
    LackingState.PROMISED.value: "容缺待补",
    LackingState.BROUGHT.value: "补交待核对",
    "joint": "待联办意见",
    "joint-late": "联办超期",
    **{state.value: state.label for state in CaseState},
}


_OF_OPEN: Final = ("open", "mine", "late", "soon", *OPEN_LACKING, "joint", "joint-late")


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
    number, words of the item's name as it is now, or what ``applicants_sought`` finds an applicant by."""
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
    return state in {*_OF_OPEN, *OPEN_CASES}


def due_first(hall: Hall, rows: QuerySet[Case], first: int, last: int) -> list[Case]:
    """Of open ones, as ``cases_at_desk`` has them, those from one place to another in its order. It is found from the
    clocks' side, in the order of their index: to ask the first clock of each of twenty thousand cases takes ten times
    as long."""
    running = Clock.objects.filter(owner_id__in=rows.order_by().values("pk"), **_running_of(hall))
    # a case has one of each kind at most, so that among so many clocks there are those of ``last`` cases
    clocks = running.order_by("due_on", "owner_id").values_list("owner_id", flat=True)[: last * len(HALLS_OWN)]
    ordered = list(dict.fromkeys(clocks))
    ids = ordered[first:last]
    if len(ids) < last - first:
        # behind them those whose clocks stand
        others = rows.filter(~Exists(Clock.objects.filter(owner_id=OuterRef("pk"), **_running_of(hall))))
        before = len(ordered)
        ids += others.order_by("pk").values_list("pk", flat=True)[max(first - before, 0) : last - before]
    found = _by_ids(Case, _cases, ids)
    return [found[one] for one in ids if one in found]


def cases_by_filter(desk: Desk) -> dict[str, int]:
    """How many open cases each of FILTERS has: three queries, by the indexes of what is open. One with a count for each
    filter takes Django longer to put together than the database to answer."""
    rows = cases_of(desk).filter(ended_at=None).order_by()
    counts = dict.fromkeys((key for key in FILTERS if key in OPEN_CASES or key in _OF_OPEN), 0)
    is_mine = ExpressionWrapper(Q(owner_id=_own_id(desk)), output_field=BooleanField())
    grouped = rows.annotate(is_mine=is_mine).values_list("state", "lacking", "is_mine").annotate(number=Count("pk"))
    for state, lacking, mine, number in grouped:
        for key in ("open", state, *([lacking] if lacking in counts else []), *(["mine"] if mine else [])):
            counts[key] += number
    today = timezone.localdate()
    is_late = Q(due_on__lt=today)
    running = Clock.objects.filter(owner_id__in=rows.values("pk"), **_running_of(desk.hall))
    near = running.filter(is_late | Q(near_on__lte=today)).aggregate(
        late=Count("owner_id", distinct=True, filter=is_late), soon=Count("owner_id", distinct=True, filter=~is_late)
    )
    waiting = JointOpinion.objects.filter(case__in=rows.filter(case_type=CaseType.JOINT), state=JointState.WAITING)
    joint = waiting.aggregate(
        **{
            "joint": Count("case_id", distinct=True),
            "joint-late": Count("case_id", distinct=True, filter=Q(Exists(_run_out(today)))),
        }
    )
    return counts | near | joint


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
        case "open":
            return Q(ended_at=None)
        case "mine":
            return Q(ended_at=None, owner_id=_own_id(desk))
        case "late" | "soon":
            days = {"due_on__lt": today} if key == "late" else {"due_on__gte": today, "near_on__lte": today}
            running = Clock.objects.filter(owner_id=OuterRef("pk"), **_running_of(desk.hall))
            return Q(Exists(running.filter(**days)), ended_at=None)
        case LackingState.PROMISED | LackingState.BROUGHT:
            return Q(lacking=key, ended_at=None)
        case "joint" | "joint-late":
            return _has_opinion_waiting(is_late=key == "joint-late")
        case _:
            # what is open is found by the index of what is open
            return Q(state=key, ended_at=None) if key in OPEN_CASES else Q(state=key)


def _own_id(desk: Desk) -> UUID | None:
    return desk.by.acting_for_id or desk.by.id


def _running_of(hall: Hall) -> dict[str, Any]:
    """Of a clock. Of the hall, and so by the index of its open clocks where many cases are asked."""
    return {"hall": hall, "state": ClockState.RUNNING, "kind__in": HALLS_OWN}


def _run_out(today: date) -> QuerySet[Clock]:
    """Of an opinion whose department is late."""
    return Clock.objects.filter(owner_id=OuterRef("pk"), state=ClockState.RUNNING, due_on__lt=today)


def _has_opinion_waiting(*, is_late: bool) -> Q:
    """The type stands first: of all other cases nothing is asked."""
    waiting = JointOpinion.objects.filter(case=OuterRef("pk"), state=JointState.WAITING)
    if is_late:
        waiting = waiting.filter(Exists(_run_out(timezone.localdate())))
    return Q(case_type=CaseType.JOINT) & Q(ended_at=None) & Q(Exists(waiting))


def _sought(hall: Hall, words: str) -> Q:
    # asked first: of two questions with an or between them the database reads every case
    of_applicants = Q(pk__in=applicants_sought(hall.pk, words))
    typed = "".join(nfkc(words).split())
    if typed.isascii() and len(typed) == _LONGEST_ID:
        return of_applicants
    if typed.isascii() and typed.isalnum() and len(typed) >= _LEAST_DIGITS:
        ends = typed.upper()
        found = Q(backwards__startswith=ends[: -SHORT_NUMBER - 1 : -1])
        # beyond the short number the index tells nothing
        return (found & Q(number__endswith=ends) if len(ends) > SHORT_NUMBER else found) | of_applicants
    # names of items are few, and cases many
    named = CaseOffer.objects.filter(hall=hall, item_name__icontains=words).values_list("pk", flat=True)
    return Q(setup__in=list(named)) | of_applicants
