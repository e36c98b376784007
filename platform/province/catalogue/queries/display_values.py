"""An item's elements with all that is said of them, as reviewers read it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from standards.items import Element, Kind
from standards.items.values import is_blank
from standards.items.words import as_written


@dataclass(frozen=True, slots=True)
class DisplayValue:
    """One element: its words, or the entries of a list with the values of their cells."""

    name: str
    label: str
    words: str = ""
    rows: "tuple[tuple[DisplayValue, ...], ...]" = ()


def display_values_of(elements: Iterable[Element], values: Mapping[str, Any]) -> list[DisplayValue]:
    """The elements that say something, in the order of the definition; a unit stands with its number."""
    elements = tuple(elements)
    units = {element.unit_in for element in elements if not is_blank(values.get(element.name))}
    return [
        _display_value(element, values[element.name], values)
        for element in elements
        if element.name not in units and not is_blank(values.get(element.name))
    ]


def _display_value(element: Element, value: Any, beside: Mapping[str, Any]) -> DisplayValue:
    if element.kind is Kind.ROWS:
        rows = tuple(tuple(display_values_of(element.cells, row)) for row in value)
        return DisplayValue(element.name, element.label, rows=rows)
    words = "有文件" if element.kind is Kind.FILE else as_written(element, value, beside)
    return DisplayValue(element.name, element.label, words)
