"""What an import would change, said before anything is imported."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from province.catalogue.definition import BY_NAME, ELEMENTS, Element, Filler, Kind
from province.catalogue.definition.columns import cite
from province.catalogue.definition.elements.grounds import LAW_CELLS
from province.catalogue.definition.values import is_blank
from province.catalogue.definition.words import label_of
from province.catalogue.exchange import words
from province.catalogue.exchange.items import ExchangeItem, ReadItem, is_hall_element
from province.catalogue.exchange.labels import HALL_SUFFIX


@dataclass(frozen=True, slots=True)
class ElementChange:
    """``name`` is the element's; ``before`` and ``after`` are as people read them, empty where there is nothing."""

    name: str
    label: str
    before: str
    after: str

    @property
    def sentence(self) -> str:
        if not self.before:
            return f"增加{self.label}:{self.after}"
        if not self.after:
            return f"删去{self.label}:{self.before}"
        return f"{self.label}由“{self.before}”改为“{self.after}”"


@dataclass(frozen=True, slots=True)
class ItemChange:
    before: ExchangeItem
    after: ExchangeItem
    changes: tuple[ElementChange, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """``removed`` are those that the file does not have: an import leaves them as they are."""

    new: tuple[ExchangeItem, ...]
    changed: tuple[ItemChange, ...]
    unchanged: tuple[ExchangeItem, ...]
    removed: tuple[ExchangeItem, ...]


def difference_preview(old: Iterable[ExchangeItem], new: Iterable[ReadItem]) -> Preview:
    """Items are the same by their basic code; one that was read without it, by name and department."""
    known = list(old)
    by_code = {item.code: item for item in known if item.code}
    by_name = _by_name(known)
    added, changed, unchanged = [], [], []
    met: set[int] = set()
    for read in new:
        before = by_code.get(read.item.code) if read.item.code else by_name.get(_name(read.item))
        after = merged(read, before)
        if before is None:
            added.append(after)
            continue
        met.add(id(before))
        changes = changes_between(before, after)
        if changes:
            changed.append(ItemChange(before, after, changes))
        else:
            unchanged.append(before)
    removed = [item for item in known if id(item) not in met]
    return Preview(tuple(added), tuple(changed), tuple(unchanged), tuple(removed))


def _name(item: ExchangeItem) -> tuple[str, str]:
    return item.name, str(item.values.get("department") or "")


def _by_name(items: Sequence[ExchangeItem]) -> dict[tuple[str, str], ExchangeItem]:
    """Only names that one item has."""
    counts = Counter(map(_name, items))
    return {_name(item): item for item in items if counts[_name(item)] == 1}


def merged(read: ReadItem, before: ExchangeItem | None) -> ExchangeItem:
    """The item as an import leaves it: of what the file has no place for, everything stays as it was."""
    if before is None:
        return read.item
    values, hall = dict(read.item.values), dict(read.item.hall_values)
    for element in ELEMENTS:
        if element.name == "item_type":
            continue
        is_hall = is_hall_element(element.name)
        parts = [(hall if is_hall else values, before.hall_values if is_hall else before.values, element.name)]
        if element.by is Filler.BOTH:
            parts.append((hall, before.hall_values, f"hall.{element.name}"))
        for part, was, name in parts:
            if name not in read.given:
                _keep(part, element.name, was.get(element.name))
            elif element.kind is Kind.ROWS and element.name in part:
                part[element.name] = _completed(element, part[element.name], was.get(element.name) or [], read.given)
    return ExchangeItem(read.item.item_type or before.item_type, values, hall)


def _keep(part: dict[str, Any], name: str, value: Any) -> None:
    if is_blank(value):
        part.pop(name, None)
    else:
        part[name] = value


def _completed(element: Element, rows: Any, was: Sequence[Any], given: frozenset[str]) -> Any:
    """Rows with the cells for which the file had no column, from the row that was called the same."""
    known = {cell.name for cell in element.cells if f"{element.name}.{cell.name}" in given}
    lacking = {cell.name for cell in element.cells} - known
    if not known or not lacking or not _are_rows(rows) or not _are_rows(was):
        return rows
    # by the first cell that the file has; those called the same, in their order
    first = next(cell.name for cell in element.cells if cell.name in known)
    before: dict[str, list[Mapping[str, Any]]] = {}
    for row in was:
        before.setdefault(str(row.get(first)), []).append(row)
    completed = []
    for row in rows:
        same = before.get(str(row.get(first)), [])
        old = same.pop(0) if same else {}
        completed.append({name: value for name, value in old.items() if name in lacking} | row)
    return completed


def _are_rows(rows: Any) -> bool:
    return isinstance(rows, list) and all(isinstance(row, Mapping) for row in rows)


def changes_between(before: ExchangeItem, after: ExchangeItem) -> tuple[ElementChange, ...]:
    """Element by element, in the order of forms; what a hall says of the province's word is marked."""
    found: list[ElementChange] = []
    if before.item_type != after.item_type:
        types = BY_NAME["item_type"]
        labels = [label_of(types.codes, item.item_type) for item in (before, after)]
        found.append(ElementChange("item_type", _quoted(types.label), *labels))
    for element in ELEMENTS:
        for is_hall in (False, True):
            was, now = ((item.hall_values if is_hall else item.values).get(element.name) for item in (before, after))
            if was == now or (is_blank(was) and is_blank(now)):
                continue
            suffix = HALL_SUFFIX if is_hall and element.by is Filler.BOTH else ""
            label = _quoted(element.label + suffix)
            if element.kind is Kind.ROWS and _are_rows(was or []) and _are_rows(now or []):
                found += _row_changes(element, label, was or [], now or [])
            else:
                found.append(ElementChange(element.name, label, _said(element, was), _said(element, now)))
    return tuple(found)


def _quoted(label: str) -> str:
    return f"「{label}」"


def _said(element: Element, value: Any) -> str:
    try:
        return words.text(words.write(element, value))
    except (AttributeError, TypeError, ValueError):
        # not yet checked
        return str(value)


def _row_changes(
    element: Element, label: str, was: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]
) -> Iterator[ElementChange]:
    """Rows are the same by their first cell; legal bases by all of them."""
    olds, news = ([(_key(element, row), row) for row in rows] for rows in (was, now))
    old_rows, new_rows = dict(olds), dict(news)
    is_clear = len(old_rows) == len(olds) and len(new_rows) == len(news)
    if not is_clear:
        yield ElementChange(element.name, label, _said(element, was), _said(element, now))
        return
    yield from (ElementChange(element.name, label, key, "") for key in old_rows if key not in new_rows)
    yield from (ElementChange(element.name, label, "", key) for key in new_rows if key not in old_rows)
    for key, row in new_rows.items():
        before = old_rows.get(key, row)
        for cell in element.cells:
            if before.get(cell.name) != row.get(cell.name):
                said = [_said(cell, one.get(cell.name)) for one in (before, row)]
                yield ElementChange(element.name, f"{label}“{key:.40}”的{_quoted(cell.label)}", *said)
    kept_before = [key for key in old_rows if key in new_rows]
    kept_now = [key for key in new_rows if key in old_rows]
    if kept_before != kept_now:
        yield ElementChange(element.name, f"{label}的顺序", "、".join(kept_before), "、".join(kept_now))


def _key(element: Element, row: Mapping[str, Any]) -> str:
    if element.cells is LAW_CELLS:
        return cite(row)
    return _said(element.cells[0], row.get(element.cells[0].name))
