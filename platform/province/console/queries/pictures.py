"""What is going on in the province, or in one place of it, as pictures and lights: of facts that apps contribute."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from foundation.design.charts import FigureChart
from province.console.slots import CHARTS, LIGHTS, Area, ChartPart, FindingKind, Light
from province.rights.actors import Actor
from province.rights.queries import may


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a place is not green: so many of one kind, and the page that lists them ("" where there is none)."""

    light: Light
    number: int
    words: str
    address: str


def charts_for(by: Actor, area: Area) -> list[FigureChart]:
    """The pictures that the actor may see of that area."""
    parts = [part for part in _parts() if may(by, part.permission, prefix=area.prefix or None)]
    return [chart for part in parts for chart in part.draw(area)]


def all_charts(area: Area) -> list[FigureChart]:
    """For the wall: who may open it has been asked already."""
    return [chart for part in _parts() for chart in part.draw(area)]


def findings(area: Area) -> Mapping[str, Mapping[str, int]]:
    """First digits of a place's code -> kind of finding -> how many. A place where all is well is left out."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for part in LIGHTS.entries():
        for one in part.find(area):
            found[one.code][one.kind] += one.number
    return found


def reasons_of(counted: Mapping[str, int], *, code: str, area: Area) -> list[Reason]:
    """What was found in the place of that 12-digit code, in words, the worst first."""
    kinds = finding_kinds()
    found = [
        Reason(kinds[kind].light, number, kinds[kind].words, kinds[kind].address(code) if area.is_console else "")
        for kind, number in counted.items()
        if number
    ]
    return sorted(found, key=lambda one: (list(Light).index(one.light), -one.number))


def light_of(reasons: Sequence[Reason]) -> Light:
    """The worst of them; green where there is none."""
    lights = {one.light for one in reasons}
    return next((light for light in Light if light in lights), Light.GREEN)


def finding_kinds() -> dict[str, FindingKind]:
    return {name: kind for part in LIGHTS.entries() for name, kind in part.kinds.items()}


def _parts() -> list[ChartPart]:
    return sorted(CHARTS.entries(), key=lambda part: part.order)
