"""What a file says of an item, together with what it does not say."""

from collections.abc import Mapping, Sequence
from typing import Any

from standards.items import KNOWN_ELEMENTS, Element, Filler, Kind
from standards.items.exchange.items import ExchangeItem, ReadItem, is_hall_element
from standards.items.values import is_blank


def merged(read: ReadItem, before: ExchangeItem | None) -> ExchangeItem:
    """The item as an import leaves it: of what the file has no place for, everything stays as it was."""
    if before is None:
        return read.item
    values, hall = dict(read.item.values), dict(read.item.hall_values)
    for element in KNOWN_ELEMENTS:
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
