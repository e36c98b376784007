"""One sheet an item, as offices keep them: label left, value right, lists as tables below their name."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO, Final

from foundation.errors import Invalid
from standards.items import ELEMENTS, Bound, Element, Filler, Kind, Section
from standards.items.codelists import ItemType
from standards.items.exchange import words
from standards.items.exchange.items import ExchangeItem, is_hall_element
from standards.items.exchange.labels import HALL_SUFFIX
from standards.items.exchange.looks import Book, is_always_needed, new_book
from standards.items.exchange.tables import BY, BY_HALL, BY_PROVINCE, ORDER
from standards.items.values import is_blank

# sheets of a workbook that people still find their way in
MOST_FORMS: Final = 500
# label, and the cells to its right that the value's are merged of
LAST_COLUMN: Final = 7
_EMPTY_ROWS: Final = 5
_NOT_IN_NAMES: Final = re.compile(r"[\[\]:*?/\\：？'\x00-\x1f]")
_LONGEST_NAME: Final = 31
_HALL_PART: Final = "本厅与省里不同的说法（没有的不填）"
_OTHERS: Final = "其他"


def write_forms(items: Iterable[ExchangeItem], out: BinaryIO) -> int:
    """A sheet for every item; answers how many. Raises Invalid for more than MOST_FORMS of them."""
    count = 0
    with new_book(out, elements=ELEMENTS, is_streamed=False) as book:
        for count, item in enumerate(items, start=1):
            if count > MOST_FORMS:
                message = f"一事一表最多导出 {MOST_FORMS} 个事项，请分批导出，或者改用按国家栏目的表格。"
                raise Invalid(message)
            _Form(book, f"{count}.{item.name}", item.item_type, item).write()
        if not count:
            book.book.add_worksheet("空")
    return count


def write_blank_form(item_type: str, out: BinaryIO) -> None:
    """The form to be filled for an item of the type."""
    with new_book(out, elements=ELEMENTS, is_streamed=False) as book:
        _Form(book, f"{ItemType(item_type).label}事项表", item_type, None).write()


class _Form:
    def __init__(self, book: Book, name: str, item_type: str, item: ExchangeItem | None) -> None:
        self._book = book
        self._item = item
        self._type = item_type
        self._sheet = book.book.add_worksheet(_NOT_IN_NAMES.sub("", name)[:_LONGEST_NAME])
        self._row = 0

    def write(self) -> None:
        self._sheet.set_column(0, 0, 24)
        self._sheet.set_column(1, LAST_COLUMN + len(max(ELEMENTS, key=lambda one: len(one.cells)).cells), 18)
        self._across(self._item.name if self._item else f"{ItemType(self._type).label}事项表", "title")
        for section, elements in _sections(self._type):
            self._across(section, "section")
            for element in elements:
                self._element(element)
        self._hall_part()

    def _across(self, text: str, look: str) -> None:
        self._sheet.merge_range(self._row, 0, self._row, LAST_COLUMN, text, self._book.formats[look])
        self._row += 1

    def _element(self, element: Element) -> None:
        value = self._value(element, is_hall=is_hall_element(element.name))
        if element.kind is not Kind.ROWS:
            self._pair(element, element.label, value)
            return
        rows = [(BY_PROVINCE, row) for row in value or ()]
        if element.bound is Bound.MAY_ADD:
            rows += [(BY_HALL, row) for row in self._value(element, is_hall=True) or ()]
        self._list(element, rows)

    def _value(self, element: Element, *, is_hall: bool) -> Any:
        if element.name == "item_type":
            return self._type
        if self._item is None:
            return None
        return (self._item.hall_values if is_hall else self._item.values).get(element.name)

    def _pair(self, element: Element, label: str, value: Any) -> None:
        star = "*" if is_always_needed(element) and self._type in element.needed else ""
        self._sheet.write_string(self._row, 0, star + label, self._book.formats["label"])
        self._sheet.merge_range(self._row, 1, self._row, LAST_COLUMN, "", self._book.formats["text"])
        written = words.write(element, value)
        self._book.write(self._sheet, self._row, 1, written)
        self._book.offer(self._sheet, element, rows=(self._row, self._row), column=1)
        lines = str(written).count("\n") + len(str(written)) // 60
        if lines:
            self._sheet.set_row(self._row, 15 * min(lines + 1, 20))
        self._row += 1

    def _list(self, element: Element, rows: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
        star = "*" if is_always_needed(element) and self._type in element.needed else ""
        self._sheet.write_string(self._row, 0, star + element.label, self._book.formats["label"])
        self._row += 1
        self._sheet.write_string(self._row, 0, ORDER.label, self._book.formats["head"])
        for number, cell in enumerate(element.cells, start=1):
            star = "*" if is_always_needed(cell) else ""
            self._sheet.write_string(self._row, number, star + cell.label, self._book.formats["head"])
        by_at = len(element.cells) + 1
        if element.bound is Bound.MAY_ADD:
            self._sheet.write_string(self._row, by_at, BY.label, self._book.formats["head"])
        self._row += 1
        empty: list[tuple[str, Mapping[str, Any]]] = [] if self._item else [("", {})] * _EMPTY_ROWS
        first = self._row
        for order, (by, row) in enumerate([*rows, *empty], start=1):
            self._book.write(self._sheet, self._row, 0, order)
            for number, cell in enumerate(element.cells, start=1):
                value = row.get(cell.name)
                if is_blank(value):
                    self._sheet.write_blank(self._row, number, None, self._book.formats["text"])
                else:
                    self._book.write(self._sheet, self._row, number, words.write(cell, value))
            if element.bound is Bound.MAY_ADD:
                self._book.write(self._sheet, self._row, by_at, by)
            self._row += 1
        if self._row > first:
            for number, cell in enumerate(element.cells, start=1):
                self._book.offer(self._sheet, cell, rows=(first, self._row - 1), column=number)

    def _hall_part(self) -> None:
        self._across(_HALL_PART, "section")
        for element in ELEMENTS:
            is_shared = element.by is Filler.BOTH and self._type in element.applies
            if is_shared and element.kind is not Kind.ROWS:
                self._pair(element, element.label + HALL_SUFFIX, self._value(element, is_hall=True))


def _sections(item_type: str) -> Iterator[tuple[str, list[Element]]]:
    """In the order in which people ask; what citizens do not see comes last. What names the item comes first."""
    found: dict[Section | None, list[Element]] = {section: [] for section in (*Section, None)}
    for element in ELEMENTS:
        if item_type in element.applies:
            found[element.section].append(element)
    for section, elements in found.items():
        if elements:
            yield (section.label if section else _OTHERS), elements
