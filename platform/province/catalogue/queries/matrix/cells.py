"""Items × halls: how each item stands in each hall of a place, by what the halls report; no schema is opened.

A county has some 190 halls and 400 items: a cell is one byte, and its score another.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cached_property
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.utils import timezone

from foundation.errors import NotFound
from foundation.texts import visible
from province.catalogue.events import ITEMS_ASSIGNED
from province.catalogue.queries.narrowing import is_done_by, narrowed
from province.catalogue.queries.validity import items_valid_at, newest_numbers_sql
from province.catalogue.states import CellState
from province.halls.models import Division, Hall, HallKind
from province.halls.states import HallState
from standards.items.codelists import Family

_LONGEST = 80
_NONE = CellState.NONE.value.encode()
_ELSEWHERE = CellState.ELSEWHERE.value.encode()
_ASSIGNED = CellState.ASSIGNED.value.encode()[0]
# of a row's drawing: px
CELL = 24
_LABELS = {ord(state): str(state.label) for state in CellState}

_REPORTED = f"""
SELECT report.item_id, array_agg(hall.place), array_agg(report.score), string_agg(CASE
        WHEN report.state = 'stopped' THEN 'x'
        WHEN report.state = 'published' AND report.version_number < newest.required THEN 'o'
        WHEN report.state = 'published' AND report.version_number = ANY(newest.incomplete) THEN 'i'
        WHEN report.state = 'published' AND report.version_number < newest.latest THEN 'n'
        WHEN report.state = 'published' AND report.guide_state = 'done' THEN 'p'
        WHEN report.state = 'published' THEN 'c'
        WHEN report.guide_state = 'submitted' THEN 's'
        WHEN report.guide_state = 'returned' THEN 'r'
        ELSE 'f' END, '')
FROM unnest(%(halls)s::uuid[]) WITH ORDINALITY AS hall (id, place)
    JOIN catalogue_hallitem AS report ON report.hall_id = hall.id
    JOIN ({newest_numbers_sql()}) AS newest ON newest.item_id = report.item_id
GROUP BY report.item_id
"""  # noqa: S608 - only constants of ours

# by order: the items, and the halls that have not taken them up yet
_WAITING = """
SELECT assignment.item_ids, array_agg(event.hall_id)
FROM catalogue_assignment AS assignment JOIN events_undone AS event
    ON event.kind = %(kind)s AND event.subject_id = assignment.id
WHERE assignment.ended_at IS NULL AND event.hall_id = ANY(%(halls)s::uuid[])
    AND (starts_with(assignment.prefix, %(prefix)s) OR starts_with(%(prefix)s, assignment.prefix))
GROUP BY assignment.id
"""


@dataclass(frozen=True, slots=True)
class MatrixFilters:
    """What a page asks for: everything, or less. ``below``: the code of a division directly below; ``item`` and
    ``hall``: the codes of one of each."""

    kind: str = ""
    below: str = ""
    family: str = ""
    department: str = ""
    words: str = ""
    state: str = ""
    item: str = ""
    hall: str = ""

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> "MatrixFilters":
        """Read them from an address; what no filter knows is left out."""
        given = {one.name: visible(asked.get(one.name, "")).strip()[:_LONGEST] for one in fields(cls)}
        known = {"kind": HallKind.values, "family": Family.values, "state": CellState.values}
        return cls(**{name: "" if one not in known.get(name, (one,)) else one for name, one in given.items()})

    @property
    def is_narrow(self) -> bool:
        """Whether anything is left out; one item or one hall is a page of its own."""
        return any((self.kind, self.below, self.family, self.department, self.words, self.state))

    @property
    def is_detail(self) -> bool:
        return bool(self.item or self.hall)


@dataclass(frozen=True, slots=True)
class MatrixHall:
    """A column."""

    pk: UUID
    code: str
    name: str
    kind: str

    @property
    def kind_label(self) -> str:
        return str(HallKind(self.kind).label)


@dataclass(frozen=True)
class MatrixRow:
    """An item, and by hall its state (CellState) and its score in percent, a byte each."""

    item_id: UUID
    code: str
    name: str
    family: str
    department: str
    cells: bytes
    scores: bytes

    @property
    def letters(self) -> str:
        return self.cells.decode()

    @cached_property
    def counts(self) -> list[tuple[CellState, int]]:
        return counts_in(self.cells)

    @property
    def shown(self) -> int:
        return shown_in(self.cells)

    @cached_property
    def strokes(self) -> list[tuple[str, str]]:
        """A line of SVG for each state that there is: the runs of its cells."""
        ends = dict.fromkeys(CellState.values, 0)
        drawn: dict[str, list[str]] = {}
        place = 0
        for letter, run in groupby(self.letters):
            length = len(list(run))
            # nothing is drawn where nothing is
            if letter != CellState.NONE:
                start = "M0 12" if letter not in drawn else ""
                drawn.setdefault(letter, []).append(f"{start}m{(place - ends[letter]) * CELL} 0h{length * CELL}")
                ends[letter] = place + length
            place += length
        return [(letter, "".join(pieces)) for letter, pieces in drawn.items()]


@dataclass(frozen=True, slots=True)
class MatrixColumn:
    """``due``: items that the hall shows or should: what its level does not do is left out."""

    hall: MatrixHall
    counts: list[tuple[CellState, int]]
    shown: int
    due: int


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """One item in one hall."""

    row: MatrixRow
    hall: MatrixHall
    state: CellState
    score: int

    @property
    def words(self) -> str:
        return words_of_cell(ord(self.state), self.score)


@dataclass(frozen=True)
class Matrix:
    """``halls`` are the columns of every row's cells."""

    halls: list[MatrixHall]
    rows: list[MatrixRow]
    filters: MatrixFilters

    @cached_property
    def columns(self) -> list[MatrixColumn]:
        """The halls with what stands in them."""
        cells = zip(*(row.cells for row in self.rows), strict=True) if self.rows else [()] * len(self.halls)
        return [
            MatrixColumn(hall, counts_in(one), shown_in(one), len(one) - one.count(_ELSEWHERE))
            for hall, one in zip(self.halls, map(bytes, cells), strict=True)
        ]

    @cached_property
    def counts(self) -> list[tuple[CellState, int]]:
        return counts_in(b"".join(row.cells for row in self.rows), with_nothing=True)

    @property
    def width(self) -> int:
        return len(self.halls) * CELL

    @property
    def size(self) -> int:
        return len(self.halls) * len(self.rows)

    def list_cells(self) -> Iterator[MatrixCell]:
        """One after the other; where a state is asked for, those in it."""
        wanted = self.filters.state
        for row in self.rows:
            for hall, letter, score in zip(self.halls, row.letters, row.scores, strict=True):
                if not wanted or letter == wanted:
                    yield MatrixCell(row, hall, CellState(letter), score)

    def lines(self) -> Iterator[list[Any]]:
        """As a table to take away: a line an item, a column a hall."""
        for row in self.rows:
            words = map(words_of_cell, row.cells, row.scores)
            yield [row.code, row.name, Family(row.family).label, row.department, row.shown, *words]

    @property
    def headings(self) -> list[str]:
        return ["基本编码", "事项名称", "类别", "主管部门", "已公布的厅数", *(hall.name for hall in self.halls)]


def matrix_of(prefix: str, filters: MatrixFilters | None = None, at: datetime | None = None) -> Matrix:
    """The items of the catalogue in the place's own hall and those below it; four queries.

    Raises NotFound for an item that nobody can adopt now, and for a hall that is not the place's or below it. Where a
    state is asked for, only the items and halls that have it somewhere are left.
    """
    filters = filters or MatrixFilters()
    now = at or timezone.now()
    halls, items = _halls(prefix, filters), _items(filters, now)
    blanks = {item.levels: _blank(item.levels, halls) for item in items}
    cells = {item.item_id: bytearray(blanks[item.levels]) for item in items}
    scores = {item_id: bytearray(len(halls)) for item_id in cells}
    _fill_waiting(cells, prefix, halls)
    _fill_reported(cells, scores, halls, now)
    rows = [
        MatrixRow(
            *(item.item_id, item.code, item.name, item.family, item.department),
            cells=bytes(cells[item.item_id]),
            scores=bytes(scores[item.item_id]),
        )
        for item in items
    ]
    found = Matrix(halls, rows, filters)
    return _with_state(found, filters.state.encode()[0]) if filters.state else found


def counts_in(cells: bytes, *, with_nothing: bool = False) -> list[tuple[CellState, int]]:
    """How many cells are in each state; what a level does not do is no state of its work."""
    counts = ((state, cells.count(ord(state))) for state in CellState if state != CellState.ELSEWHERE)
    return [(state, number) for state, number in counts if number or with_nothing]


def shown_in(cells: bytes) -> int:
    """In how many cells citizens read a guide of the item."""
    return sum(map(cells.count, b"pcno"))


def words_of_cell(letter: int, score: int) -> str:
    return f"{_LABELS[letter]} {score}%" if letter == ord(CellState.FILLING) else _LABELS[letter]


def places_below(prefix: str) -> list[tuple[str, str]]:
    """The divisions directly below the place, by which its halls can be narrowed: code and name."""
    parent = Division.objects.filter(code=prefix.ljust(12, "0"), valid_to=None)
    return list(Division.objects.filter(parent__in=parent, valid_to=None).order_by("code").values_list("code", "name"))


def _halls(prefix: str, filters: MatrixFilters) -> list[MatrixHall]:
    found = Hall.objects.filter(division__code__startswith=prefix).exclude(state=HallState.RETIRED)
    if filters.hall:
        found = found.filter(division__code=filters.hall)
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.below:
        below = Division.objects.filter(code=filters.below, code__startswith=prefix, valid_to=None).first()
        found = found.filter(division__code__startswith=below.prefix) if below else found.none()
    rows = found.order_by("division__code", "number")
    halls = [MatrixHall(*one) for one in rows.values_list("pk", "division__code", "short_name", "kind")]
    if filters.hall and not halls:
        raise NotFound("没有这个服务厅，或者不在这里的范围内。")
    return halls


class _ItemOfRow(NamedTuple):
    item_id: UUID
    code: str
    name: str
    family: str
    department: str
    levels: tuple[str, ...]


def _blank(levels: tuple[str, ...], halls: list[MatrixHall]) -> bytes:
    """A row of which no hall has reported anything."""
    return b"".join(_NONE if is_done_by(hall.kind, levels) else _ELSEWHERE for hall in halls)


def _items(filters: MatrixFilters, now: datetime) -> list[_ItemOfRow]:
    found = items_valid_at(now)
    if filters.item:
        found = found.filter(item__item_codes__code=filters.item)
    found = narrowed(found, words=filters.words.split(), family=filters.family, department=filters.department)
    rows = found.order_by("department__name", "item__basic_code")
    names = ("item_id", "item__basic_code", "name", "item__family", "department__name", "values__levels")
    items = [
        _ItemOfRow(item_id, code, name, family, department, tuple(levels or ()))
        for item_id, code, name, family, department, levels in rows.values_list(*names)
    ]
    if filters.item and not items:
        raise NotFound("目录里现在没有这个事项，可能已经暂停或废止。")
    return items


def _fill_reported(
    cells: dict[UUID, bytearray], scores: dict[UUID, bytearray], halls: list[MatrixHall], now: datetime
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_REPORTED, {"halls": [hall.pk for hall in halls], "now": now})
        reported = cursor.fetchall()
    for item_id, places, its_scores, letters in reported:
        if item_id in cells:
            row, percents = cells[item_id], scores[item_id]
            for place, score, letter in zip(places, its_scores, letters.encode(), strict=True):
                row[place - 1], percents[place - 1] = letter, score


def _fill_waiting(cells: dict[UUID, bytearray], prefix: str, halls: list[MatrixHall]) -> None:
    places = {hall.pk: place for place, hall in enumerate(halls)}
    asked: dict[str, Any] = {
        "kind": ITEMS_ASSIGNED.name,
        "halls": list(places),
        "prefix": prefix,
    }
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, asked)
        waiting = cursor.fetchall()
    for item_ids, hall_ids in waiting:
        for item_id in cells.keys() & set(item_ids):
            for hall_id in hall_ids:
                cells[item_id][places[hall_id]] = _ASSIGNED


def _with_state(matrix: Matrix, letter: int) -> Matrix:
    rows = [row for row in matrix.rows if letter in row.cells]
    places = sorted({place for row in rows for place, one in enumerate(row.cells) if one == letter})
    halls = [matrix.halls[place] for place in places]
    narrowed = [
        MatrixRow(
            *(row.item_id, row.code, row.name, row.family, row.department),
            cells=bytes(row.cells[place] for place in places),
            scores=bytes(row.scores[place] for place in places),
        )
        for row in rows
    ]
    return Matrix(halls, narrowed, matrix.filters)
