"""A hall's guides out of the workbook in which they were filled in, with a fault for every cell that is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from foundation.errors import Fault, Invalid
from foundation.text_encoding import nfkc
from foundation.workbooks import MEGABYTE, Bounds, Sheet, open_workbook
from standards.items import Element, Filler
from standards.items.exchange import words
from standards.items.exchange.cells import Spot, covered_cells, unreadable_cells
from standards.items.exchange.guide_tables import (
    CODE,
    GUIDE_ELEMENTS,
    GUIDE_LISTS,
    GUIDES_SHEET,
    IDENTITY,
    MOST_GUIDES,
    NAME,
    REVISION,
    GuideReading,
    ReadGuide,
    label_in_sheet,
)
from standards.items.exchange.items import ExchangeItem, Faults, ReadItem
from standards.items.exchange.labels import normal_label
from standards.items.exchange.looks import CHOICES_SHEET, NOTES_SHEET
from standards.items.values import is_blank

BOUNDS: Final = Bounds(
    file=20 * MEGABYTE, unpacked=100 * MEGABYTE, rows=40_000, columns=128, seconds=30, answer=200 * MEGABYTE
)
_HEAD_AMONG: Final = 5
_UNITS: Final = words.units_of(GUIDE_ELEMENTS)
_FACTS: Final = {normal_label(label): label for label in IDENTITY}
_ELEMENTS: Final = {
    normal_label(label): element for element in GUIDE_ELEMENTS for label in (element.label, label_in_sheet(element))
}
_LISTS: Final = {normal_label(label_in_sheet(element)): element for element in GUIDE_LISTS} | {
    normal_label(element.label): element for element in GUIDE_LISTS
}


def read_guides(content: bytes) -> GuideReading:
    """Read every guide, and a fault for every cell that is wrong. Raises Invalid for what is no such workbook."""
    with open_workbook(content, BOUNDS) as sheets:
        return _Guides(sheets).read()


@dataclass(slots=True)
class _Found:
    code: str
    spot: Spot
    revision: int | None = None
    name: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    spots: dict[str, Spot] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


@dataclass(slots=True)
class _Open:
    """A sheet below its head: ``columns`` by their number from 0."""

    sheet: Sheet
    columns: Mapping[int, Element]
    facts: Mapping[str, int]
    below: list[tuple[int, list[Any]]]
    unreadable: Mapping[tuple[int, int], str]

    def spot(self, row: int, number: int) -> Spot:
        return Spot(self.sheet.name, row, number + 1)

    def fact(self, cells: Sequence[Any], label: str) -> str:
        number = self.facts.get(label, -1)
        return words.text(cells[number]) if 0 <= number < len(cells) else ""


class _Guides:
    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self._sheets = sheets
        self._faults = Faults()
        self._found: dict[str, _Found] = {}
        self._given: set[str] = set()

    def read(self) -> GuideReading:
        main = next((sheet for sheet in self._sheets if normal_label(sheet.name) == GUIDES_SHEET), None)
        if main is None:
            message = f"工作簿里没有“{GUIDES_SHEET}”工作表：请用“批量填写和交换”里下载的表格填写。"
            raise Invalid(message)
        opened = self._open(main, _ELEMENTS)
        if opened is None:
            message = f"“{main.name}”缺少「{CODE}」这一列：请用下载的表格填写。"
            raise Invalid(message)
        self._read_main(opened)
        for sheet in self._sheets:
            element = _LISTS.get(normal_label(sheet.name))
            if element:
                self._read_list(sheet, element)
            elif sheet is not main and sheet.seen.last_row and sheet.name not in {CHOICES_SHEET, NOTES_SHEET}:
                self._faults.notice(sheet.name, f"“{sheet.name}”不是这种表格的工作表，没有导入。")
        given = frozenset(self._given)
        guides = [self._guide(one, given) for one in self._found.values()]
        found = self._faults
        return GuideReading(tuple(guides), tuple(found.found), found.more, tuple(found.notices))

    def _guide(self, one: _Found, given: frozenset[str]) -> ReadGuide:
        item = ExchangeItem("", {"basic_code": one.code, "name": one.name}, one.values)
        return ReadGuide(ReadItem(item, one.spot.words, given, tuple(one.faults)), one.revision, one.spots)

    def _open(self, sheet: Sheet, known: Mapping[str, Element]) -> _Open | None:
        numbered = list(enumerate(sheet.rows(), start=1))
        head = next(
            ((row, cells) for row, cells in numbered[:_HEAD_AMONG] if any(_label(cell) == CODE for cell in cells)), None
        )
        if head is None:
            return None
        facts: dict[str, int] = {}
        columns: dict[int, Element] = {}
        for number, cell in enumerate(head[1]):
            label = _label(cell)
            if label in _FACTS and _FACTS[label] not in facts:
                facts[_FACTS[label]] = number
            elif label in known and known[label] not in columns.values():
                columns[number] = known[label]
            elif label:
                spot = Spot(sheet.name, head[0], number + 1)
                again = label in known or label in _FACTS
                words_for = "已经有一列了，后面的这一列" if again else "认不出是哪个要素，这一列"
                self._faults.notice(spot.where, f"{spot.words}“{words.text(cell):.20}”{words_for}没有导入。")
        below = [(row, cells) for row, cells in numbered if row > head[0]]
        known_columns = [number + 1 for number in (*columns, *facts.values())]
        covered = covered_cells(sheet, below=head[0], columns=known_columns)
        return _Open(sheet, columns, facts, below, {**covered, **unreadable_cells(sheet)})

    def _read_main(self, opened: _Open) -> None:
        self._given |= {name for one in opened.columns.values() for name in _given(one)}
        for row, cells in opened.below:
            if not any(words.text(cell) for cell in cells):
                continue
            code = nfkc(opened.fact(cells, CODE))
            spot = opened.spot(row, opened.facts[CODE])
            if not code or code in self._found:
                if reason := opened.unreadable.get((row, opened.facts[CODE] + 1)):
                    self._faults.add(spot.where, f"{spot.words}「{CODE}」{reason}")
                    continue
                again = f"“{code:.40}”与{self._found[code].spot.words}重复" if code else "空着"
                self._faults.add(spot.where, f"{spot.words}「{CODE}」{again}，这一行没有导入。")
                continue
            if len(self._found) >= MOST_GUIDES:
                message = f"最多 {MOST_GUIDES:,} 个事项，请分成几份导入。"
                raise Invalid(message)
            revision = nfkc(opened.fact(cells, REVISION))
            found = self._found[code] = _Found(
                code,
                Spot(opened.sheet.name, row),
                int(revision) if revision.isascii() and revision.isdecimal() and len(revision) < 10 else None,  # noqa: PLR2004 - no count of saves
                opened.fact(cells, NAME),
            )
            self._take(opened, found, row, cells)
            words.take_units(_UNITS, found.values)

    def _take(self, opened: _Open, found: _Found, row: int, cells: Sequence[Any]) -> None:
        for number, element in opened.columns.items():
            found.spots[element.name] = opened.spot(row, number)
            value = self._value(opened, element, row, number, cells, found)
            if not is_blank(value):
                found.values[element.name] = value

    def _value(
        self, opened: _Open, element: Element, row: int, number: int, cells: Sequence[Any], found: _Found
    ) -> Any:
        spot = opened.spot(row, number)
        if reason := opened.unreadable.get((row, number + 1)):
            value, message = None, reason
        else:
            cell = cells[number] if number < len(cells) else ""
            value, message = words.read(element, cell) if cell != "" else (None, "")
        if message:
            fault = Fault(spot.where, f"{spot.words}「{element.label}」{message}")
            self._faults.add(fault.where, fault.message)
            found.faults.append(fault)
        return value

    def _read_list(self, sheet: Sheet, element: Element) -> None:
        cells_of = {normal_label(cell.label): cell for cell in element.cells}
        opened = self._open(sheet, cells_of)
        if opened is None:
            if sheet.seen.last_row:
                self._faults.add(sheet.name, f"“{sheet.name}”缺少「{CODE}」这一列，这张工作表没有导入。")
            return
        self._given |= _given(element, {cell.name for cell in opened.columns.values()})
        for row, cells in opened.below:
            if not any(words.text(cells[number]) for number in opened.columns if number < len(cells)):
                continue
            code = nfkc(opened.fact(cells, CODE))
            found = self._found.get(code)
            if found is None:
                spot = opened.spot(row, opened.facts[CODE])
                what = f"“{code:.40}”在“{GUIDES_SHEET}”里没有" if code else "空着"
                self._faults.add(spot.where, f"{spot.words}「{CODE}」{what}，这一行没有导入。")
                continue
            rows = found.values.setdefault(element.name, [])
            entry: dict[str, Any] = {}
            path = f"{element.name}.{len(rows) + 1}"
            found.spots[path] = Spot(sheet.name, row)
            for number, cell in opened.columns.items():
                found.spots[f"{path}.{cell.name}"] = opened.spot(row, number)
                value = self._value(opened, cell, row, number, cells, found)
                if not is_blank(value):
                    entry[cell.name] = value
            rows.append(entry)


def _given(element: Element, cells: set[str] | None = None) -> set[str]:
    """As a reading of items says what it has a place for: what both fill in is the hall's here."""
    prefix = "hall." if element.by is Filler.BOTH else ""
    known = {cell.name for cell in element.cells} if cells is None else cells
    return {f"{prefix}{element.name}"} | {f"{element.name}.{name}" for name in known}


def _label(cell: Any) -> str:
    return normal_label(words.text(cell))
