"""A map of places to choose from, drawn of their coordinates alone: halls' networks have no service of map tiles.

North is up, and all directions have one scale. A place is a dot where it lies and a number to press beside it; where
numbers would cover each other or another dot they step aside, at the end of a line. Where the map is enlarged, dots
move apart and numbers keep their size, so that more of them find room.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from province.designers.queries.places import OfferedPlaces
from standards.forms.fields.places import DATUM_LABELS, Datum, MappedPlace

# units of the drawing, of which a phone of 360 px shows about one a px
_WIDTH: Final = 320
_HEIGHTS: Final = (150, 340)
# so large a number can be pressed by a finger: 26 units across (WCAG 2.2, 2.5.8 asks for 24 px)
_RADIUS: Final = 13
_MARGIN: Final = 26
_APART: Final = 2 * _RADIUS + 1
# from a number to a dot that it must not hide
_CLEAR: Final = _RADIUS + 4
# how far aside it may stand, in twelve directions, the nearest first
_STEPS: Final = tuple(
    (ring * math.sin(step * math.pi / 6), -ring * math.cos(step * math.pi / 6))
    for ring in (24, 38, 54)
    for step in range(12)
)
_LONGEST_BAR: Final = 90
# how much larger it can be looked at; at the last, two numbers meet that are 3 px apart here
ZOOMS: Final = (1, 2, 4, 8)
_EARTH_RADIUS: Final = 6_371_008.8  # metres, mean; good to half a percent of any distance on the drawing
# of the ground, in metres: nothing is drawn larger, however close the places are
_LEAST_SPAN: Final = 50.0


@dataclass(frozen=True, slots=True)
class PlacePoint:
    """A place on the drawing. ``number``: of its line in the list, from 1; ``x``, ``y``: of its dot; ``mark``: the
    middle of its number, None where there was no room for one; ``steps``: at each of ZOOMS, how far its number stands
    from its dot (``0,-24``), ``-`` where there is no room for one."""

    number: int
    code: str
    label: str
    x: float
    y: float
    mark: tuple[float, float] | None
    steps: str

    @property
    def end(self) -> tuple[float, float]:
        """Of the line that leads from its dot to its number; the dot itself where there is none."""
        return self.mark or (self.x, self.y)

    @property
    def corner(self) -> tuple[float, float]:
        """The upper left of its number."""
        return round(self.end[0] - _RADIUS, 1), round(self.end[1] - _RADIUS, 1)


@dataclass(frozen=True, slots=True)
class PlaceMap:
    """``bar``: length of the scale bar in units, ``bar_label``: what it stands for, ``bars``: both at each of ZOOMS
    (``80|200 米``), parted by ``;``; ``crowded``: how many places have a dot alone; ``unplaced``: how many have no
    coordinates; ``datum``: in Chinese."""

    points: tuple[PlacePoint, ...]
    height: int
    bar: float
    bar_label: str
    bars: str
    crowded: int
    unplaced: int
    datum: str

    width = _WIDTH
    size = 2 * _RADIUS

    @property
    def bar_x(self) -> float:
        """Where the scale bar begins."""
        return round(_WIDTH - self.bar - 10, 1)


def map_of(offered: OfferedPlaces) -> PlaceMap | None:
    """The map of the places; None where fewer than two of them lie at places of their own. The last ones are kept: to
    find room for the numbers of 200 places takes some 150 ms."""
    return _drawn(offered.places, offered.datum)


@lru_cache(maxsize=64)
def _drawn(places: tuple[MappedPlace, ...], datum: Datum) -> PlaceMap | None:
    known = [(number, one, one.point) for number, one in enumerate(places, start=1)]
    located = [(number, one, point) for number, one, point in known if point]
    if len({point for _, _, point in located}) < 2:  # noqa: PLR2004 - one dot shows nothing
        return None
    metres = _in_metres([point for _, _, point in located])
    across = max(x for x, _ in metres) - min(x for x, _ in metres)
    up = max(y for _, y in metres) - min(y for _, y in metres)
    room = _WIDTH - 2 * _MARGIN, _HEIGHTS[1] - 2 * _MARGIN
    a_unit = max(across / room[0], up / room[1], _LEAST_SPAN / room[0])
    height = max(_HEIGHTS[0], math.ceil(up / a_unit) + 2 * _MARGIN)
    middle = [(min(values) + max(values)) / 2 for values in zip(*metres, strict=True)]
    dots = [
        (round(_WIDTH / 2 + (x - middle[0]) / a_unit, 1), round(height / 2 - (y - middle[1]) / a_unit, 1))
        for x, y in metres
    ]
    at_zooms = [_marks([(x * zoom, y * zoom) for x, y in dots], height * zoom, _WIDTH * zoom) for zoom in ZOOMS]
    marks = at_zooms[0]
    bars = [_bar(a_unit / zoom) for zoom in ZOOMS]
    return PlaceMap(
        points=tuple(_points([(number, one) for number, one, _ in located], dots, at_zooms)),
        height=height,
        bar=bars[0][0],
        bar_label=bars[0][1],
        bars=";".join(f"{length:g}|{label}" for length, label in bars),
        crowded=marks.count(None),
        unplaced=len(known) - len(located),
        datum=DATUM_LABELS[datum],
    )


def _points(
    places: Sequence[tuple[int, MappedPlace]],
    dots: Sequence[tuple[float, float]],
    at_zooms: Sequence[Sequence[tuple[float, float] | None]],
) -> Iterator[PlacePoint]:
    for at, ((number, one), (x, y)) in enumerate(zip(places, dots, strict=True)):
        steps = (_step(marks[at], (x * zoom, y * zoom)) for marks, zoom in zip(at_zooms, ZOOMS, strict=True))
        yield PlacePoint(number, one.code, one.label, x, y, at_zooms[0][at], " ".join(steps))


def _step(mark: tuple[float, float] | None, dot: tuple[float, float]) -> str:
    return f"{mark[0] - dot[0]:.0f},{mark[1] - dot[1]:.0f}" if mark else "-"


def _in_metres(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """East and north of the equator's zero, true to scale in the middle of the points (an equirectangular
    projection)."""
    latitudes = [latitude for _, latitude in points]
    narrowed = math.cos(math.radians((min(latitudes) + max(latitudes)) / 2))
    return [
        (math.radians(longitude) * narrowed * _EARTH_RADIUS, math.radians(latitude) * _EARTH_RADIUS)
        for longitude, latitude in points
    ]


def _marks(dots: Sequence[tuple[float, float]], height: int, width: int) -> list[tuple[float, float] | None]:
    """A place for each number, in the order of the list: on its dot, or as near as there is room."""
    taken, all_dots = _Grid(), _Grid()
    for dot in set(dots):
        all_dots.add(dot)
    found: list[tuple[float, float] | None] = []
    for dot in dots:
        free = (one for one in _tries(dot, height, width) if taken.is_clear(one, _APART))
        mark = next((one for one in free if all_dots.is_clear(one, _CLEAR, but=dot)), None)
        if mark:
            taken.add(mark)
        found.append(mark)
    return found


def _tries(dot: tuple[float, float], height: int, width: int) -> Iterator[tuple[float, float]]:
    yield dot
    for across, down in _STEPS:
        x, y = dot[0] + across, dot[1] + down
        if _RADIUS <= x <= width - _RADIUS and _RADIUS <= y <= height - _RADIUS:
            yield round(x, 1), round(y, 1)


class _Grid:
    """Points by the square in which they lie, so that one looks at its neighbours alone."""

    def __init__(self) -> None:
        self._squares: defaultdict[tuple[int, int], list[tuple[float, float]]] = defaultdict(list)

    def add(self, point: tuple[float, float]) -> None:
        """Known to the nine squares of whose points it may be near."""
        column, row = _square(point)
        for x in (column - 1, column, column + 1):
            for y in (row - 1, row, row + 1):
                self._squares[x, y].append(point)

    def is_clear(self, point: tuple[float, float], distance: float, *, but: tuple[float, float] | None = None) -> bool:
        """Whether none lies nearer than ``distance`` (at most _APART) but that one."""
        near = self._squares.get(_square(point), ())
        return all(math.dist(point, other) >= distance or other == but for other in near)


def _square(point: tuple[float, float]) -> tuple[int, int]:
    return int(point[0] // _APART), int(point[1] // _APART)


def _bar(a_unit: float) -> tuple[float, str]:
    """The longest of 1, 2, 5, 10 … metres that the bar can show; its length and words."""
    most = a_unit * _LONGEST_BAR
    power = 10.0 ** math.floor(math.log10(most))
    metres = next(step * power for step in (5, 2, 1) if step * power <= most)
    words = f"{metres / 1000:g} 千米" if metres >= 1000 else f"{metres:g} 米"  # noqa: PLR2004 - a kilometre
    return round(metres / a_unit, 1), words
