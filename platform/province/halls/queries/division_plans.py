"""Plans of division changes, and their lines."""

from collections.abc import Collection, Iterator
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from foundation.errors import NotFound
from province.console.slots import Waiting
from province.halls.models import CodeMove, Division, DivisionChange, DivisionPlan
from province.halls.states import DECIDED, UNDECIDED, ChangeState, PlanState
from province.rights.actors import Actor
from province.rights.queries import may
from standards.numbers.divisions import level_of


def plans_table(state: str = "") -> QuerySet[DivisionPlan]:
    """The plans, the latest first, each with ``line_count`` and ``open_count`` (lines that are neither carried out nor
    given up)."""
    is_open = Q(changes__state__in=(*UNDECIDED, *DECIDED))
    plans = DivisionPlan.objects.annotate(line_count=Count("changes"), open_count=Count("changes", filter=is_open))
    return plans.filter(state=state).order_by("-pk") if state else plans.order_by("-pk")


def plan_with_id(plan_id: UUID) -> DivisionPlan:
    """Raises NotFound."""
    plan = DivisionPlan.objects.filter(pk=plan_id).first()
    if plan is None:
        raise NotFound("没有这份区划变更。")
    return plan


def changes_of(plan: DivisionPlan, kind: str = "", state: str = "") -> QuerySet[DivisionChange]:
    """The plan's lines in their order, each with the division's ``hall`` where it has one."""
    lines = plan.changes.select_related("division__hall").order_by("pk")
    lines = lines.filter(kind=kind) if kind else lines
    return lines.filter(state=state) if state else lines


def changes_with_ids(plan: DivisionPlan, ids: Collection[UUID]) -> list[DivisionChange]:
    """Those lines of the plan, in their order."""
    return list(changes_of(plan).filter(pk__in=ids))


def change_ids(plan: DivisionPlan, kind: str = "", state: str = "") -> list[UUID]:
    return list(changes_of(plan, kind, state).values_list("pk", flat=True))


def moves_of(line: DivisionChange) -> list[CodeMove]:
    """When it was carried out and taken back, the earliest first."""
    return list(line.moves.order_by("pk"))


def change_with_id(plan: DivisionPlan, change_id: UUID) -> DivisionChange:
    """Raises NotFound."""
    line = changes_of(plan).select_related("division__parent", "taken_by", "left_by", "moved_hall").filter(pk=change_id)
    found = line.first()
    if found is None:
        raise NotFound("这份区划变更里没有这一项。")
    return found


def change_counts(plan: DivisionPlan) -> dict[str, int]:
    """Lines of each kind that the plan has, in the order in which kinds are listed."""
    counted = dict(plan.changes.values_list("kind").annotate(lines=Count("pk")))
    return {str(kind): counted[kind] for kind in DivisionChange.Kind if kind in counted}


def state_counts(plan: DivisionPlan) -> dict[str, int]:
    """Lines in each state that occurs, in the order of the states."""
    counted = dict(plan.changes.values_list("state").annotate(lines=Count("pk")))
    return {str(state): counted[state] for state in ChangeState if state in counted}


def changes_waiting(by: Actor) -> Iterator[Waiting]:
    """Lines of open plans that nobody has decided, and those that are decided and not carried out though their day has
    come: one query."""
    if not may(by, "halls.manage"):
        return
    lines = DivisionChange.objects.filter(plan__state=PlanState.DRAFT)
    counted = dict(lines.values_list("state").annotate(lines=Count("pk")))
    address = reverse("console-divisions")
    yield Waiting("待决定的区划变更", counted.get(ChangeState.PROPOSED, 0), f"{address}#plans")
    yield Waiting("暂缓的区划变更", counted.get(ChangeState.POSTPONED, 0), f"{address}#plans")
    decided = sum(counted.get(state, 0) for state in DECIDED)
    yield Waiting("已决定、尚未生效的区划变更", decided, f"{address}#plans")


def candidates(line: DivisionChange, most: int = 200) -> list[tuple[str, str]]:
    """(code, name) that a correction of the line may name: places of its level that the same file newly names, then its
    neighbours in force."""
    level = line.old_code or line.new_code
    named = line.plan.changes.filter(kind__in=("add", "split"), state__in=(*UNDECIDED, *DECIDED)).exclude(pk=line.pk)
    new = [(code, name) for code, name in named.values_list("new_code", "new_name") if _is_like(code, level)]
    parents = [line.division.parent_id] if line.division else []
    near = _neighbours(level, parents)
    return list(dict.fromkeys([*new, *near]))[:most]


def _neighbours(code: str, parents: Collection[UUID | None]) -> list[tuple[str, str]]:
    below = Q(parent__in=[one for one in parents if one]) | Q(code__startswith=code[:6])
    found = Division.objects.filter(below, valid_to=None).exclude(code=code).order_by("code")
    return [pair for pair in found.values_list("code", "name") if _is_like(pair[0], code)]


def _is_like(code: str, other: str) -> bool:
    return level_of(code) == level_of(other)
