"""A sheet as somebody laid it out: what stands where, whatever is merged, empty or in another order."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from foundation.errors import Invalid
from foundation.workbooks import Sheet
from standards.items.exchange import words
from standards.items.exchange.cells import unreadable_cells

# cells below the first of those merged with them
MOST_COVERED: Final = 50_000


@dataclass(frozen=True, slots=True)
class FormCell:
    """A cell of a form that says something, or should: ``trouble`` then says why it cannot be read.

    Rows and columns count from 1; ``right`` and ``bottom`` are the last column and row of what is merged with it.
    """

    row: int
    left: int
    right: int
    bottom: int
    value: Any
    trouble: str = ""

    @property
    def text(self) -> str:
        """What stands in the cell, as text without blanks around it."""
        return words.text(self.value)


@dataclass(slots=True)
class FormLayout:
    """A sheet as the cells that say something: by row, from left to right; rows without any are left out."""

    name: str
    rows: dict[int, list[FormCell]] = field(default_factory=dict)
    # place -> the merged cell that covers it
    covers: dict[tuple[int, int], FormCell] = field(default_factory=dict)

    def cells(self) -> Iterator[FormCell]:
        """Yield all cells, row by row."""
        for row in self.rows.values():
            yield from row

    def at(self, row: int, column: int) -> FormCell | None:
        """Return the cell that begins in this column and stands in this row, also the lower rows of one merged
        downwards; None where there is none."""
        own = next((cell for cell in self.rows.get(row, ()) if cell.left == column), None)
        if own:
            return own
        above = self.covers.get((row, column))
        return above if above and above.left == column else None


def layout_of(sheet: Sheet) -> FormLayout:
    """Read a sheet's cells with those that are merged. Raises Invalid where more cells are merged than any form has
    (MOST_COVERED)."""
    grid = sheet.grid()
    unreadable = unreadable_cells(sheet)
    merged: Mapping[tuple[int, int], tuple[int, int]] = {
        (top, left): (bottom, right) for top, left, bottom, right in grid.merged
    }
    layout = FormLayout(sheet.name)
    last = max([len(grid.rows), *(row for row, _ in unreadable)], default=0)
    for row in range(1, last + 1):
        values = grid.rows[row - 1] if row <= len(grid.rows) else []
        troubled = {column for at, column in unreadable if at == row} if unreadable else set()
        found = []
        for column in sorted({number for number, value in enumerate(values, start=1) if words.text(value)} | troubled):
            bottom, right = merged.get((row, column), (row, column))
            value = values[column - 1] if column <= len(values) else ""
            found.append(FormCell(row, column, right, bottom, value, unreadable.get((row, column), "")))
        if found:
            layout.rows[row] = found
    covered = 0
    for cell in layout.cells():
        below = range(cell.row + 1, min(cell.bottom, last) + 1)
        covered += len(below)
        if covered > MOST_COVERED:
            message = f"“{sheet.name}”里合并的单元格太多，不能导入。"
            raise Invalid(message)
        layout.covers |= dict.fromkeys(((row, cell.left) for row in below), cell)
    return layout
