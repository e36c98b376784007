"""Excel workbooks that somebody sent: looked at and read in a process of its own, and handed over row by row."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import IO, Any

from foundation.confinement import MEGABYTE, Limits, confined
from foundation.errors import Invalid
from foundation.workbooks.looking import ROWS_BESIDE, Bounds, SeenSheet, column_letters
from foundation.workbooks.reading import END_OF_ROWS, read_line

__all__ = ["MEGABYTE", "ROWS_BESIDE", "Bounds", "Grid", "SeenSheet", "Sheet", "column_letters", "open_workbook"]

_TOO_HARD = "这个工作簿太大或太复杂，读取它要的时间或内存超过了限度。请另存为新的 .xlsx，或分成几份再导入。"


@dataclass(frozen=True, slots=True)
class Grid:
    """A small sheet at once. ``merged``: top, left, bottom, right, counted from 1."""

    rows: list[list[Any]]
    merged: list[tuple[int, int, int, int]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of an open workbook; its rows are read when they are asked for."""

    name: str
    is_hidden: bool
    seen: SeenSheet
    _merged: list[tuple[int, int, int, int]]
    _answer: IO[bytes]
    # where its rows begin
    _place: int

    def rows(self) -> Iterator[list[Any]]:
        """From row 1 and column A, empty ones too; empty cells are ``""``."""
        place = self._place
        while True:
            # somebody may read another sheet meanwhile
            self._answer.seek(place)
            line = self._answer.readline()
            if line == END_OF_ROWS:
                return
            place += len(line)
            yield read_line(line)

    @property
    def merged(self) -> list[tuple[int, int, int, int]]:
        """Top, left, bottom and right of what is merged, counted from 1."""
        return self._merged

    def grid(self) -> Grid:
        return Grid(list(self.rows()), self._merged)


@contextmanager
def open_workbook(content: bytes, bounds: Bounds, *, is_first_alone: bool = False) -> Iterator[list[Sheet]]:
    """The workbook's sheets in their order, for as long as it is open. ``is_first_alone``: others' rows are not read.

    Raises Invalid for what is no workbook, is protected by a password, has macros or is beyond the bounds, be it those
    of the process that reads it.
    """
    if len(content) > bounds.file:
        message = f"文件超过 {bounds.file // MEGABYTE} MB。"
        raise Invalid(message)
    with confined(
        "foundation.workbooks.reading:read_workbook_file",
        content,
        limits=Limits(bounds.seconds, bounds.memory, bounds.answer),
        too_much=_TOO_HARD,
        bounds=asdict(bounds),
        is_first_alone=is_first_alone,
    ) as answer:
        yield [_sheet(answer) for _ in range(read_line(answer.readline()))]


def _sheet(answer: IO[bytes]) -> Sheet:
    facts = read_line(answer.readline())
    seen = SeenSheet(facts["formulas"], set(facts["errors"]), *facts["last"])
    place = answer.tell()
    while answer.readline() != END_OF_ROWS:
        pass
    merged = [tuple(one) for one in facts["merged"]]
    return Sheet(facts["name"], facts["is_hidden"], seen, merged, answer, place)
