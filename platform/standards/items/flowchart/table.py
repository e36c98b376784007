"""A flow as rows to be edited, each cell with what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from standards.items import Element, check
from standards.items.codelists import Family, ItemType
from standards.items.elements.guidance import STEP_CELLS
from standards.items.values import is_blank

# every type that takes a flow takes the same steps
_TYPE: Final = ItemType.OTHER_POWER
_NAME: Final = "flow"


@dataclass(frozen=True, slots=True)
class FlowCell:
    element: Element
    value: Any
    messages: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.element.name


@dataclass(frozen=True, slots=True)
class FlowRow:
    """``messages`` are about the row as a whole."""

    number: int
    cells: tuple[FlowCell, ...]
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FlowTable:
    """``messages`` are about the flow as a whole."""

    columns: tuple[Element, ...]
    rows: tuple[FlowRow, ...]
    messages: tuple[str, ...]

    @property
    def is_sound(self) -> bool:
        return not self.messages and not any(
            row.messages or any(cell.messages for cell in row.cells) for row in self.rows
        )


def table_of(flow: Any, *, limits: Mapping[str, Any] | None = None) -> FlowTable:
    """Whatever the flow is, as it was typed. With ``limits`` (``promised_days``, ``promised_unit``) the steps are also
    asked to keep to the promise."""
    promised = {name: value for name, value in (limits or {}).items() if name in {"promised_days", "promised_unit"}}
    values = {**promised, _NAME: flow}
    found = check(family=Family.POWER, item_type=_TYPE, values=values).province
    messages: dict[str, list[str]] = {}
    for fault in (*found.faults, *found.missing):
        if fault.where.split(".")[0] == _NAME and not (fault.where == _NAME and is_blank(flow)):
            messages.setdefault(fault.where, []).append(fault.message)

    def said(*place: object) -> tuple[str, ...]:
        return tuple(messages.get(".".join(map(str, (_NAME, *place))), ()))

    given = flow if isinstance(flow, list) else []
    rows = tuple(
        FlowRow(
            number,
            tuple(FlowCell(cell, _value(row, cell.name), said(number, cell.name)) for cell in STEP_CELLS),
            said(number),
        )
        for number, row in enumerate(given, start=1)
    )
    return FlowTable(STEP_CELLS, rows, said())


def _value(row: Any, name: str) -> Any:
    value = row.get(name) if isinstance(row, Mapping) else None
    return "" if value is None else value
