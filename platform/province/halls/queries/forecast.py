"""What carrying out some lines of a plan would touch, said before anybody decides."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from foundation.contributions import Slot
from province.halls.models import Division, DivisionChange, DivisionPlan, Hall, HallDomain
from province.halls.models.division_plans import CHANGES_ONE, FREES_A_CODE
from standards.numbers.divisions import prefix_of_code

Kind = DivisionChange.Kind


@dataclass(frozen=True, slots=True)
class CodeUse:
    """What else is bound to division codes: ``count`` tells how many of them are at exactly these prefixes. ``label``
    follows the number (条推稿)."""

    order: int
    label: str
    count: Callable[[Collection[str]], int]


CODE_USES = Slot[CodeUse]("halls.code_uses", keys=lambda use: [use.order, use.label])


@dataclass(frozen=True, slots=True)
class Forecast:
    """``prefixes``: that halls will answer to beside those that they answer to now. ``uses``: label -> number of what
    is bound to a code that changes or ends, and goes on to be shown where it is shown now. ``staying``: halls whose
    division ends and that stay with it, answering at their former codes."""

    lines: int
    halls: int
    staying: int
    domains: int
    prefixes: int
    uses: dict[str, int]


def forecast(plan: DivisionPlan, line_ids: Collection[UUID]) -> Forecast:
    """Of these lines of the plan: some eight queries, whatever their number."""
    found = plan.changes.filter(pk__in=line_ids)
    lines = list(found.values_list("kind", "division_id", "old_code", "new_code"))
    own = [line for line in lines if line[0] in CHANGES_ONE]
    heirs = {new for kind, _, _, new in own if kind == Kind.MERGE}
    touched = Q(division__in=[division for _, division, _, _ in own])
    touched |= Q(division__code__in=heirs, division__valid_to=None)
    halls = list(Hall.objects.filter(touched).values_list("pk", "division_id", "division__code", "prefixes"))
    of_division = {division: set(prefixes) for _, division, _, prefixes in halls}
    prefixes = {
        prefix_of_code(new)
        for kind, division, _, new in own
        if kind in (Kind.RECODE, Kind.MERGE)
        and division in of_division
        and prefix_of_code(new) not in of_division[division]
    }
    taken = set(
        Division.objects.filter(code__in=heirs, valid_to=None, hall__isnull=False).values_list("code", flat=True)
    )
    staying = sum(
        1
        for kind, division, _, new in own
        if division in of_division and (kind == Kind.REMOVE or (kind == Kind.MERGE and new in taken))
    )
    former = {prefix_of_code(old) for kind, _, old, _ in own if kind in FREES_A_CODE}
    return Forecast(
        lines=len(lines),
        halls=len(halls),
        staying=staying,
        domains=HallDomain.objects.filter(tenant__in=[hall for hall, *_ in halls]).count(),
        prefixes=len(prefixes),
        uses={use.label: use.count(former) if former else 0 for use in _uses()},
    )


def _uses() -> list[CodeUse]:
    return sorted(CODE_USES.entries(), key=lambda use: use.order)
