"""Items out of one sheet each, as offices really have them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from foundation.workbooks import Sheet
from standards.items import BUILT_IN, BY_NAME, Bound, Element, Kind
from standards.items.exchange import words
from standards.items.exchange.cells import Spot
from standards.items.exchange.form_sheets import FormCell, FormLayout, layout_of
from standards.items.exchange.items import Faults, ReadItem, check_item, is_hall_element, item_of
from standards.items.exchange.labels import cells_of, element_of, normal, normal_label
from standards.items.exchange.tables import BY, BY_HALL
from standards.items.values import is_blank

# with fewer labels that we know, a sheet is something else
LEAST_LABELS: Final = 3
_LEAST_HEADS: Final = 2
# of what stands in a head, so much must be known to us
_KNOWN_SHARE: Final = 0.6
# lists of which forms often write the one entry as labels and values
_SINGLE: Final = ("windows", "results", "fees")
# an added one has its unit in its name
_UNITS: Final = words.units_of(BUILT_IN)
_JOINED: Final = frozenset({Kind.TEXT, Kind.CHOICES, Kind.NAMES, Kind.ROWS})


def read_form(sheet: Sheet, faults: Faults) -> ReadItem | None:
    """The sheet's item; None for a sheet in which no item was recognised."""
    before = faults.count
    form = _Form(layout_of(sheet), faults)
    form.read()
    if len(form.labels) < LEAST_LABELS:
        return None
    item = item_of(form.values, form.hall)
    if not item.name:
        spot = Spot(sheet.name, 1)
        faults.add(spot.where, f"“{sheet.name}”里没有填写「事项名称」。")
    check_item(item, faults, place=form.place)
    return ReadItem(item, f"“{sheet.name}”", frozenset(form.given), tuple(faults.since(before)))


@dataclass(frozen=True, slots=True)
class _Head:
    """The head of a list: which column holds which cell. ``by``: the column that says who has added the row."""

    element: Element
    columns: Mapping[int, Element]
    by: int = 0


@dataclass(slots=True)
class _Form:
    layout: FormLayout
    faults: Faults
    values: dict[str, Any] = field(default_factory=dict)
    hall: dict[str, Any] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)
    labels: set[str] = field(default_factory=set)
    spots: dict[tuple[str, bool], Spot] = field(default_factory=dict)
    # the list whose name was read last: several lists have the same columns
    _list: Element | None = None
    _singles: dict[str, dict[str, Any]] = field(default_factory=dict)

    def read(self) -> None:
        rows = list(self.layout.rows)
        at = 0
        while at < len(rows):
            row = rows[at]
            cells = self.layout.rows[row]
            head = self._head_of(row, cells)
            if head is None:
                self._pairs(row, cells)
                at += 1
                continue
            last = self._read_list(head, rows[at + 1 :])
            # the list's name to its left may have a value's label beside it, but no more
            at = next((number for number in range(at + 1, len(rows)) if rows[number] > last), len(rows))
        for name, row_of_one in self._singles.items():
            part = self._part(name)
            part.setdefault(name, [row_of_one])
        words.take_units(_UNITS, self.values)
        words.take_units(_UNITS, self.hall)

    def place(self, path: str, is_hall: bool) -> tuple[str, str]:  # noqa: FBT001 - as check_item asks
        name = path.split(".", maxsplit=1)[0]
        known = [path, ".".join(path.split(".")[:3]), ".".join(path.split(".")[:2]), name]
        found = next(
            (spot for one in known for by in (is_hall, not is_hall) if (spot := self.spots.get((one, by)))), None
        )
        return (found.where, found.words) if found else (self.layout.name, f"“{self.layout.name}”")

    def _part(self, name: str, *, is_hall: bool = False) -> dict[str, Any]:
        return self.hall if is_hall or is_hall_element(name) else self.values

    def _head_of(self, row: int, cells: Sequence[FormCell]) -> _Head | None:
        own = [cell for cell in cells if not self._names_list_to_the_left(cell)]
        known = {cell.left: found for cell in own if (found := cells_of(cell.text))}
        by = next((cell.left for cell in own if normal_label(cell.text) == BY.label), 0)
        others = [cell for cell in own if cell.left not in known and cell.left != by]
        others = [cell for cell in others if normal_label(cell.text) not in {"序号", "编号", "号"}]
        if len(known) < _LEAST_HEADS or len(known) < _KNOWN_SHARE * (len(known) + len(others)):
            return None
        counts: dict[str, int] = {}
        for lists in known.values():
            for name in lists:
                counts[name] = counts.get(name, 0) + 1
        context = self._context(row, cells)
        if context and counts.get(context.name, 0) == max(counts.values()):
            element = context
        else:
            element = BY_NAME[max(counts, key=lambda name: counts[name])]
        if counts[element.name] < _LEAST_HEADS:
            return None
        names = {one.name: one for one in element.cells}
        columns = {left: names[lists[element.name]] for left, lists in known.items() if element.name in lists}
        return _Head(element, columns, by)

    def _names_list_to_the_left(self, cell: FormCell) -> bool:
        """Its name beside the list, merged over the list's rows."""
        element = BY_NAME.get(element_of(cell.text) or "")
        return cell.bottom > cell.row and element is not None and element.kind is Kind.ROWS

    def _context(self, row: int, cells: Sequence[FormCell]) -> Element | None:
        beside = next((cell for cell in cells if self._names_list_to_the_left(cell)), None)
        if beside is None:
            beside = next(
                (
                    cell
                    for (at, _), cell in self.layout.covers.items()
                    if at == row and self._names_list_to_the_left(cell)
                ),
                None,
            )
        return BY_NAME[element_of(beside.text) or ""] if beside else self._list

    def _read_list(self, head: _Head, below: Sequence[int]) -> int:
        """Reads the rows below the head; answers the last of them."""
        element = head.element
        self._know(element.name)
        self.given |= {f"{element.name}.{cell.name}" for cell in head.columns.values()}
        first = min(head.columns)
        last = (below[0] if below else 1) - 1
        for row in below:
            cells = self.layout.rows[row]
            if self._ends_list(row, cells, first):
                break
            last = row
            read = self._read_row(head, row)
            if read is None:
                continue
            values, spots, is_own = read
            rows = self._part(element.name, is_hall=is_own).setdefault(element.name, [])
            rows.append(values)
            side = is_own or is_hall_element(element.name)
            for name, spot in spots.items():
                self.spots[f"{element.name}.{len(rows)}.{name}", side] = spot
            self.spots[f"{element.name}.{len(rows)}", side] = Spot(self.layout.name, row)
        self._list = None
        return last

    def _ends_list(self, row: int, cells: Sequence[FormCell], first: int) -> bool:
        """The next label, the next list's head, or a heading across."""
        lead = cells[0]
        if element_of(lead.text) or self._head_of(row, cells):
            return True
        return len(cells) == 1 and lead.right > lead.left + 1 and lead.left <= first

    def _read_row(self, head: _Head, row: int) -> tuple[dict[str, Any], dict[str, Spot], bool] | None:
        values: dict[str, Any] = {}
        spots: dict[str, Spot] = {}
        own = {cell.left for cell in self.layout.rows[row]}
        if not own & set(head.columns):
            return None
        for column, element in head.columns.items():
            spots[element.name] = Spot(self.layout.name, row, column)
            cell = self.layout.at(row, column)
            value = self._value(element, cell) if cell else None
            if not is_blank(value):
                values[element.name] = value
        words.take_units(words.units_of(head.element.cells), values)
        by = self.layout.at(row, head.by) if head.by else None
        is_own = bool(by and normal(by.text) in {normal(BY_HALL), "本厅"}) and head.element.bound is Bound.MAY_ADD
        return (values, spots, is_own) if values else None

    def _pairs(self, row: int, cells: Sequence[FormCell]) -> None:
        """Labels with what stands to their right; ``cells`` are those of one row."""
        known = [(cell, name) for cell in cells if (name := self._label(cell))]
        for number, (label, name) in enumerate(known):
            end = known[number + 1][0].left if number + 1 < len(known) else None
            beside = self._beside(label, end)
            is_alone = len(cells) == 1 and label.right > label.left + 1
            if not beside and is_alone:
                beside = self._below(row, label)
            self._take(name, label, beside)

    def _label(self, cell: FormCell) -> str:
        """The element's name (``hall.`` before what the hall says); list and cell for a list's only entry."""
        if not isinstance(cell.value, str):
            return ""
        if name := element_of(cell.text):
            return name
        lists = cells_of(cell.text)
        found = [name for name in lists if name in _SINGLE]
        return f"{found[0]}.{lists[found[0]]}" if len(lists) == 1 and found else ""

    def _beside(self, label: FormCell, end: int | None) -> list[FormCell]:
        """What stands right of the label, also in the further rows that it is merged over."""
        found = []
        for row in range(label.row, label.bottom + 1):
            right = [
                cell
                for cell in self.layout.rows.get(row, ())
                if cell.left > label.right and (end is None or cell.left < end)
            ]
            if row > label.row and right and self._label(right[0]):
                break
            found += right
        return found

    def _below(self, row: int, label: FormCell) -> list[FormCell]:
        following = next((cells for at, cells in self.layout.rows.items() if at > row), [])
        is_text = len(following) == 1 and following[0].left == label.left and not self._label(following[0])
        return list(following) if is_text else []

    def _take(self, name: str, label: FormCell, beside: Sequence[FormCell]) -> None:
        is_own = name.startswith("hall.")
        plain = name.removeprefix("hall.")
        if "." in plain:
            self._take_single(plain, label, beside)
            return
        element = BY_NAME[plain]
        if element.kind is Kind.ROWS and not beside:
            # a heading: only the list's own head below it gives the list a place
            self.labels.add(name)
            self._list = element
            return
        self._know(name)
        key = (plain, is_own or is_hall_element(plain))
        spot = Spot(self.layout.name, label.row, beside[0].left if beside else label.left)
        self.spots.setdefault(key, spot)
        value = self._joined(element, beside)
        part = self._part(plain, is_hall=is_own)
        if is_blank(value):
            return
        if plain in part and part[plain] != value:
            first = self.spots[key]
            self.faults.add(spot.where, f"{spot.words}「{element.label}」在 {first.where} 已经填写过，两处不一样。")
            return
        part[plain] = value

    def _take_single(self, path: str, label: FormCell, beside: Sequence[FormCell]) -> None:
        name, cell_name = path.split(".")
        element = next(cell for cell in BY_NAME[name].cells if cell.name == cell_name)
        self._know(name)
        self.given.add(path)
        spot = Spot(self.layout.name, label.row, beside[0].left if beside else label.left)
        value = self._joined(element, beside)
        if not is_blank(value):
            self._singles.setdefault(name, {}).setdefault(cell_name, value)
            self.spots.setdefault((f"{name}.1.{cell_name}", is_hall_element(name)), spot)

    def _know(self, name: str) -> None:
        self.labels.add(name)
        self.given.add(name)
        element = BY_NAME.get(name)
        if element and element.bound is Bound.MAY_ADD and element.kind is Kind.ROWS:
            self.given.add(f"hall.{name}")

    def _joined(self, element: Element, beside: Sequence[FormCell]) -> Any:
        if not beside:
            return None
        if len(beside) > 1 and all(not cell.trouble for cell in beside):
            if element.kind in _JOINED:
                return self._value(element, beside[0], "\n".join(cell.text for cell in beside))
            if element.name.endswith("_days"):
                # 10 | 个工作日
                return self._value(element, beside[0], "".join(cell.text for cell in beside[:2]))
        return self._value(element, beside[0])

    def _value(self, element: Element, cell: FormCell, joined: str | None = None) -> Any:
        spot = Spot(self.layout.name, cell.row, cell.left)
        if cell.trouble:
            self.faults.add(spot.where, f"{spot.words}「{element.label}」{cell.trouble}")
            return None
        value, message = words.read(element, cell.value if joined is None else joined)
        if message:
            self.faults.add(spot.where, f"{spot.words}「{element.label}」{message}")
        return value


def read_forms(sheets: Sequence[Sheet], faults: Faults) -> Iterator[ReadItem]:
    """Every sheet's item; a sheet in which none is recognised is noticed."""
    seen: dict[str, str] = {}
    for sheet in sheets:
        if sheet.is_hidden:
            continue
        found = read_form(sheet, faults)
        if found is None:
            if sheet.seen.last_row:
                faults.notice(sheet.name, f"“{sheet.name}”里没有认出事项的要素，没有导入。")
            continue
        code = found.item.code
        if code and code in seen:
            faults.add(sheet.name, f"“{sheet.name}”的「基本编码」“{code:.40}”与“{seen[code]}”重复，没有导入。")
            continue
        seen[code] = sheet.name
        yield found
