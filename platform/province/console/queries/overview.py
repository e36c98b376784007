"""What the console's first page shows of each app."""

from dataclasses import dataclass

from foundation.design.charts import FigureChart
from province.console.queries.pictures import charts_for
from province.console.slots import FIRST_STEPS, OVERVIEW, WAITING, Area, FirstStep, OverviewPart, OverviewShare, Waiting
from province.rights.actors import Actor
from province.rights.queries import has_anywhere


@dataclass(frozen=True, slots=True)
class ConsoleOverview:
    """``first_steps``: only where nothing is there yet."""

    shares: list[OverviewShare]
    waiting: list[Waiting]
    charts: list[FigureChart]
    first_steps: list[FirstStep]


def has_overview(by: Actor) -> bool:
    """Whether this person begins at the overview: some part of it gives them a reason to."""
    return any(part.is_reason for part in _parts_for(by))


def overview_of(by: Actor) -> ConsoleOverview:
    shares = [part.show(by) for part in _parts_for(by)]
    steps = FIRST_STEPS.entries() if any(share.is_beginning for share in shares) else []
    return ConsoleOverview(shares, waiting_for(by), charts_for(by, Area()), sorted(steps, key=lambda step: step.order))


def _parts_for(by: Actor) -> list[OverviewPart]:
    return [part for part in OVERVIEW.entries() if has_anywhere(by, part.permission) and part.is_open(by)]


def waiting_for(by: Actor) -> list[Waiting]:
    """Only what there is."""
    return [one for counter in WAITING.entries() for one in counter(by) if one.number]
