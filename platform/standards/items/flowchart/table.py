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
    """One cell of a flow's table: the element it answers, the value as it was typed, and what is wrong with it."""

    element: Element
    value: Any
    messages: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name of the cell's element."""
        return self.element.name


@dataclass(frozen=True, slots=True)
class FlowRow:
    """One step of a flow. ``number`` counts from 1; ``messages`` say what is wrong with the step as a whole."""

    number: int
    cells: tuple[FlowCell, ...]
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FlowTable:
    """A flow as a table to fill in: a row for each step. ``messages`` say what is wrong with all of it."""

    columns: tuple[Element, ...]
    rows: tuple[FlowRow, ...]
    messages: tuple[str, ...]

    @property
    def is_sound(self) -> bool:
        """Say whether nothing is wrong anywhere in it."""
        return not self.messages and not any(
            row.messages or any(cell.messages for cell in row.cells) for row in self.rows
        )


def table_of(flow: Any, *, limits: Mapping[str, Any] | None = None) -> FlowTable:
    """Return a flow as a table with what is wrong at its place, whatever the flow is, as it was typed; what is no list
    of steps has no rows.

    With ``limits`` (``promised_days``, ``promised_unit``) the steps must also keep to the promised time.
    """
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
