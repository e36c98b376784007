"""Which column of somebody's sheet is which of ours: by its national name, else by what it is called."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, Final

from foundation.workbooks import Sheet
from standards.items import Table
from standards.items.exchange import words
from standards.items.exchange.cells import Spot
from standards.items.exchange.items import Faults
from standards.items.exchange.labels import HALL_SUFFIX, cells_of, element_of, normal, normal_label
from standards.items.exchange.tables import LIST_OF, SHEETS, AnyColumn, SheetColumn

# rows in which a head may stand
_HEAD_AMONG: Final = 12
# so many columns must be known, or a line of values would pass for a head
_LEAST_KNOWN: Final = 2


@dataclass(frozen=True, slots=True)
class Head:
    """``columns``: number (from 0) -> ours; ``row``: the last row of the head."""

    row: int
    columns: Mapping[int, AnyColumn]

    def number_of(self, element: str, cell: str | None = None, *, is_hall: bool = False) -> int:
        """The column's number from 1; 0 where there is none."""
        for number, column in self.columns.items():
            if isinstance(column, SheetColumn) and column.element.name == element and column.is_hall == is_hall:
                name = column.cell.name if column.cell else None
                if name == cell or (cell is None and column.cell is not None):
                    return number + 1
        return 0


def table_of(sheet: str) -> Table | None:
    """By the sheet's name, in Chinese or as the exchange calls the table."""
    name = normal(sheet)
    return next((table for table in Table if normal_label(sheet) == table.label or name == table.value), None)


def head_of(sheet: Sheet, table: Table, faults: Faults) -> tuple[Head | None, Iterator[tuple[int, list[Any]]]]:
    """The head, and the numbered rows below it."""
    numbered = enumerate(sheet.rows(), start=1)
    first = list(islice(numbered, _HEAD_AMONG))
    names = {normal(column.name): column for column in SHEETS[table]}
    labels = _Labels(table)
    by_name = [_matches(cells, lambda text: names.get(normal(text))) for _, cells in first]
    by_label = [_matches(cells, labels.find) for _, cells in first]
    name_at = max(range(len(first)), key=lambda at: len(by_name[at]), default=0)
    label_at = max(range(len(first)), key=lambda at: len(by_label[at]), default=0)
    is_named = bool(first) and len(by_name[name_at]) >= _LEAST_KNOWN
    is_labelled = bool(first) and len(by_label[label_at]) >= _LEAST_KNOWN
    if not is_named and not is_labelled:
        return None, iter(())
    if is_named and is_labelled and abs(name_at - label_at) > 1:
        is_labelled = False
    last = max(name_at if is_named else 0, label_at if is_labelled else 0)
    columns = _columns(by_name[name_at] if is_named else {}, by_label[label_at] if is_labelled else {}, sheet, faults)
    _notice_unknown(sheet, first[label_at if is_labelled else name_at], columns, faults)
    below = chain(((row, cells) for row, cells in first if row > first[last][0]), numbered)
    return Head(first[last][0], columns), below


def _columns(
    named: Mapping[int, AnyColumn], labelled: Mapping[int, AnyColumn], sheet: Sheet, faults: Faults
) -> dict[int, AnyColumn]:
    columns: dict[int, AnyColumn] = {}
    taken: dict[str, int] = {}
    for number, column in sorted({**labelled, **named}.items()):
        if column.name in taken:
            spots = [Spot(sheet.name, 1, at + 1) for at in (taken[column.name], number)]
            faults.add(
                spots[1].where, f"{spots[1].words}「{column.label}」已经有一列了（{spots[0].where}），请删去一列。"
            )
        else:
            taken[column.name] = number
            columns[number] = column
    return columns


def _notice_unknown(
    sheet: Sheet, head: tuple[int, Sequence[Any]], columns: Mapping[int, AnyColumn], faults: Faults
) -> None:
    row, cells = head
    for number, cell in enumerate(cells):
        if number not in columns and (label := words.text(cell)):
            spot = Spot(sheet.name, row, number + 1)
            faults.notice(spot.where, f"{spot.words}“{label:.20}”认不出是哪个要素，这一列没有导入。")


def _matches(cells: Sequence[Any], find: Callable[[str], AnyColumn | None]) -> dict[int, AnyColumn]:
    found = {}
    for number, cell in enumerate(cells):
        if isinstance(cell, str) and cell and (column := find(cell.strip())):
            found[number] = column
    return found


class _Labels:
    """Our columns by what they are called, also by others."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._known = {normal_label(column.label): column for column in SHEETS[table]}
        self._plain = {column.path: column for column in SHEETS[table] if isinstance(column, SheetColumn)}
        self._hall = {
            column.path: column for column in SHEETS[table] if isinstance(column, SheetColumn) and column.is_hall
        }
        self._plain |= {
            column.path: column for column in SHEETS[table] if isinstance(column, SheetColumn) and not column.is_hall
        }

    def find(self, text: str) -> AnyColumn | None:
        label = normal_label(text)
        if not label:
            return None
        if exact := self._known.get(label):
            return exact
        if name := element_of(text):
            is_hall = name.startswith("hall.") or normal_label(text).endswith(normal(HALL_SUFFIX))
            return (self._hall if is_hall else self._plain).get(name.removeprefix("hall."))
        cells = cells_of(text)
        lists = [LIST_OF[self._table].name] if self._table in LIST_OF else list(cells)
        return next((self._plain[path] for one in lists if (path := f"{one}.{cells.get(one)}") in self._plain), None)
