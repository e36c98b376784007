"""An item's elements with all that is said of them, as those read it who check it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from province.catalogue.definition import Element, Kind
from province.catalogue.definition.values import is_blank
from province.catalogue.definition.words import as_written


@dataclass(frozen=True, slots=True)
class Reading:
    """One element: its words, or the entries of a list with the readings of their cells."""

    name: str
    label: str
    words: str = ""
    rows: "tuple[tuple[Reading, ...], ...]" = ()


def readings_of(elements: Iterable[Element], values: Mapping[str, Any]) -> list[Reading]:
    """Only what is said, in the order of the definition; a unit stands with its number."""
    elements = tuple(elements)
    units = {element.unit_in for element in elements if not is_blank(values.get(element.name))}
    return [
        _reading(element, values[element.name], values)
        for element in elements
        if element.name not in units and not is_blank(values.get(element.name))
    ]


def _reading(element: Element, value: Any, beside: Mapping[str, Any]) -> Reading:
    if element.kind is Kind.ROWS:
        rows = tuple(tuple(readings_of(element.cells, row)) for row in value)
        return Reading(element.name, element.label, rows=rows)
    words = "有文件" if element.kind is Kind.FILE else as_written(element, value, beside)
    return Reading(element.name, element.label, words)
