"""What changed between two sets of an item's values, element by element, in plain Chinese: versions, drafts, files."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile
from typing import Any, Final

from standards.items import KNOWN_ELEMENTS, Element, Kind
from standards.items.elements.grounds import LAW_CELLS
from standards.items.values import is_blank
from standards.items.words import as_written, citation

# of a long text a sentence quotes so much, and so much of what comes before the first difference
_QUOTED: Final = 60
_LEAD: Final = 10
_A_FILE: Final = "有文件"


class Differs(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class CellDifference:
    """One cell of a row, as people read it."""

    name: str
    label: str
    before: str
    after: str

    @property
    def sentence(self) -> str:
        return _sentence(f"「{self.label}」", self.before, self.after)


@dataclass(frozen=True, slots=True)
class RowDifference:
    """One entry of a list, known by its name."""

    name: str
    change: Differs
    cells: tuple[CellDifference, ...] = ()

    @property
    def sentence(self) -> str:
        match self.change:
            case Differs.ADDED:
                return f"增加“{self.name}”"
            case Differs.REMOVED:
                return f"删去“{self.name}”"
            case _:
                return f"“{self.name}”的{'；'.join(cell.sentence for cell in self.cells)}"


@dataclass(frozen=True, slots=True)
class ElementDifference:
    """One element; ``rows`` where it is a list of entries, ``is_reordered`` where those that stayed stand in another
    order. ``before`` and ``after`` are words, "" where there is nothing."""

    name: str
    label: str
    change: Differs
    before: str
    after: str
    rows: tuple[RowDifference, ...] = ()
    is_reordered: bool = False

    @property
    def sentence(self) -> str:
        said = [row.sentence for row in self.rows] + (["调整了顺序"] if self.is_reordered else [])
        if said:
            return f"「{self.label}」{'；'.join(said)}。"
        return f"{_sentence(f'「{self.label}」', self.before, self.after)}。"


def difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[ElementDifference]:
    """What differs between the values of any two versions, of a version and the draft, or of the draft and a file,
    in the order of the definition."""
    return [found for element in KNOWN_ELEMENTS if (found := _difference(element, old, new)) is not None]


def _difference(element: Element, old: Mapping[str, Any], new: Mapping[str, Any]) -> ElementDifference | None:
    was, now = (values.get(element.name) for values in (old, new))
    if was == now or (is_blank(was) and is_blank(now)):
        return None
    change = Differs.ADDED if is_blank(was) else Differs.REMOVED if is_blank(now) else Differs.CHANGED
    if element.kind is not Kind.ROWS or change is not Differs.CHANGED:
        return ElementDifference(element.name, element.label, change, *_both_said(element, old, new))
    olds, news = (dict(zip(_names_of_rows(element, rows), rows, strict=True)) for rows in (was or [], now or []))
    return ElementDifference(
        element.name,
        element.label,
        change,
        "、".join(olds),
        "、".join(news),
        tuple(_row_differences(element, olds, news)),
        is_reordered=[name for name in olds if name in news] != [name for name in news if name in olds],
    )


def _both_said(element: Element, old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[str, str]:
    """Both values as people read them. Numbers that read alike (0 or 1 day of what is done at once) stay numbers."""
    before, after = (_said(element, values.get(element.name), values) for values in (old, new))
    if before == after and element.kind is Kind.NUMBER:
        return str(old.get(element.name)), str(new.get(element.name))
    return before, after


def _said(element: Element, value: Any, beside: Mapping[str, Any]) -> str:
    if is_blank(value):
        return ""
    if element.kind is Kind.ROWS:
        return "、".join(_names_of_rows(element, value))
    return _A_FILE if element.kind is Kind.FILE else as_written(element, value, beside) or str(value)


def _row_differences(
    element: Element, olds: Mapping[str, Mapping[str, Any]], news: Mapping[str, Mapping[str, Any]]
) -> Iterator[RowDifference]:
    """By the names of the entries; of several with one name the first of each, the second of each, and so on."""
    for name, row in news.items():
        before = olds.get(name)
        if before is None:
            yield RowDifference(name, Differs.ADDED)
        elif cells := tuple(_cell_differences(element, before, row)):
            yield RowDifference(name, Differs.CHANGED, cells)
    yield from (RowDifference(name, Differs.REMOVED) for name in olds if name not in news)


def _cell_differences(element: Element, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[CellDifference]:
    for cell in element.cells:
        before, after = old.get(cell.name), new.get(cell.name)
        if before != after and not (is_blank(before) and is_blank(after)):
            yield CellDifference(cell.name, cell.label, *_both_said(cell, old, new))


def _names_of_rows(element: Element, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """What each entry is called: its first cell, a law by its citation; the same once more gets a number."""
    names, seen = [], Counter[str]()
    first = element.cells[0]
    for row in rows:
        name = citation(row) if element.cells is LAW_CELLS else _said(first, row.get(first.name), row)
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name}（{seen[name]}）")
    return names


def _sentence(what: str, before: str, after: str) -> str:
    if not before:
        return f"{what}增加“{_quoted(after)}”"
    if not after:
        return f"{what}删去“{_quoted(before)}”"
    before, after = (" ".join(text.split()) for text in (before, after))
    if before == after:
        return f"{what}{'换了文件' if before == _A_FILE else '调整了空格或换行'}"
    # of two long texts, from shortly before where they part
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))
    start = 0 if max(len(before), len(after)) <= _QUOTED else max(0, same - _LEAD)
    return f"{what}由“{_quoted(before, start)}”改为“{_quoted(after, start)}”"


def _quoted(text: str, start: int = 0) -> str:
    text = " ".join(text.split())
    end = start + _QUOTED
    return f"{'…' if start else ''}{text[start:end]}{'…' if len(text) > end else ''}"
