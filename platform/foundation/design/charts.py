"""Pictures of figures, drawn on the server as SVG: readable without JavaScript, at any width, on paper and by a screen
reader, with the table of their figures behind them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

# px: of one bar with the line of text above it; of the field of columns; of one line of text below it
_BAR, _COLUMNS, _LINE = 44, 160, 24
# bars drawn at most; the table has all
MOST_BARS = 12
_FULL = 100.0


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """What is counted, one number a series, and the page that lists it ("" where there is none)."""

    label: str
    values: tuple[int, ...]
    address: str = ""


@dataclass(frozen=True, slots=True)
class ChartShape:
    """A bar or a column as it is drawn. ``x``, ``y``, ``width`` and ``height`` are in percent or px, as the chart says;
    ``series`` counts from 1."""

    point: ChartPoint
    value: int
    series: int
    x: float
    y: float
    width: float
    height: float
    text_x: float = 0
    text_y: float = 0
    # every second label of many is left out on a phone
    is_minor: bool = False


@dataclass(frozen=True, slots=True)
class FigureChart:
    """One picture. ``key``: its id on the page. ``is_over_time``: columns from left to right, else bars from top to
    bottom, of which the first 12 are drawn. ``series``: what each number of a point is, in the order of the points.
    ``unit`` follows numbers in words (个). ``note``: what is counted, for those who doubt it."""

    key: str
    title: str
    points: Sequence[ChartPoint]
    series: tuple[str, ...]
    unit: str = "个"
    note: str = ""
    address: str = ""
    is_over_time: bool = False
    heading: str = "名称"
    shapes: Sequence[ChartShape] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "shapes", list(self._columns() if self.is_over_time else self._bars()))

    @property
    def height(self) -> int:
        if self.is_over_time:
            return _COLUMNS + _LINE
        return _BAR * len(self.points[:MOST_BARS])

    @property
    def is_empty(self) -> bool:
        return not any(any(point.values) for point in self.points)

    @property
    def words(self) -> str:
        """The picture in one sentence, for those who do not see it."""
        said = "；".join(
            f"{point.label} {'、'.join(f'{value:,}' for value in point.values)} {self.unit}"
            for point in self.points[:MOST_BARS]
        )
        return f"{'、'.join(self.series)}：{said}" if said else "没有数据"

    @property
    def left_out(self) -> int:
        """Points that only the table has."""
        return 0 if self.is_over_time else max(0, len(self.points) - MOST_BARS)

    def _most(self) -> int:
        return max((value for point in self.points for value in point.values), default=0) or 1

    def _bars(self) -> Iterator[ChartShape]:
        most = self._most()
        for row, point in enumerate(self.points[:MOST_BARS]):
            value = point.values[0] if point.values else 0
            width = round(_FULL * value / most, 2)
            yield ChartShape(point, value, 1, 0, row * _BAR + 22, width, 14, text_y=row * _BAR + 16)

    def _columns(self) -> Iterator[ChartShape]:
        most, number = self._most(), len(self.points) or 1
        room = _FULL / number
        width = room * 0.7 / (len(self.series) or 1)
        for place, point in enumerate(self.points):
            for series, value in enumerate(point.values):
                height = round((_COLUMNS - 24) * value / most, 1)
                x = round(place * room + room * 0.15 + series * width, 2)
                yield ChartShape(
                    *(point, value, series + 1, x, round(_COLUMNS - height, 1), round(width * 0.9, 2), height),
                    text_x=round(place * room + room / 2, 2),
                    text_y=_COLUMNS + 18,
                    is_minor=bool((number - 1 - place) % 3),
                )
