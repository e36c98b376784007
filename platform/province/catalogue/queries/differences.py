"""What changed between two versions, element by element, in plain Chinese."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from province.catalogue.definition import ELEMENTS, Element, Kind
from province.catalogue.definition.values import is_blank
from province.catalogue.definition.words import label_of

# of a long text a sentence quotes so much
_QUOTED = 60


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
                return f"“{self.name}”的{';'.join(cell.sentence for cell in self.cells)}"


@dataclass(frozen=True, slots=True)
class ElementDifference:
    """One element; ``rows`` where it is a list of entries. ``before`` and ``after`` are words, "" where there is
    nothing."""

    name: str
    label: str
    change: Differs
    before: str
    after: str
    rows: tuple[RowDifference, ...] = ()

    @property
    def sentence(self) -> str:
        if self.rows:
            return f"「{self.label}」{';'.join(row.sentence for row in self.rows)}。"
        if self.change is Differs.CHANGED and self.before == self.after:
            return f"「{self.label}」调整了顺序。"
        return f"{_sentence(f'「{self.label}」', self.before, self.after)}。"


def difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[ElementDifference]:
    """Between the values of any two versions, or of a version and the draft; only what differs, in the order of the
    definition."""
    return [
        found
        for element in ELEMENTS
        if (found := _difference(element, old.get(element.name), new.get(element.name))) is not None
    ]


def words_of_value(element: Element, value: Any) -> str:
    """As people read it."""
    if is_blank(value):
        return ""
    return _WORDS.get(element.kind, _plain)(element, value)


def _plain(_: Element, value: Any) -> str:
    return str(value)


def _flag(_: Element, value: Any) -> str:
    return "是" if value else "否"


def _names(_: Element, value: Any) -> str:
    return "、".join(value)


def _labels(element: Element, value: Any) -> str:
    return "、".join(_label(element, one) for one in value)


def _rows(element: Element, value: Any) -> str:
    return "、".join(_names_of_rows(element, value))


def _label(element: Element, code: Any) -> str:
    return label_of(element.codes, code)


def _difference(element: Element, old: Any, new: Any) -> ElementDifference | None:
    if old == new or (is_blank(old) and is_blank(new)):
        return None
    change = Differs.ADDED if is_blank(old) else Differs.REMOVED if is_blank(new) else Differs.CHANGED
    before, after = words_of_value(element, old), words_of_value(element, new)
    is_list = element.kind is Kind.ROWS and change is Differs.CHANGED
    rows = tuple(_row_differences(element, old, new)) if is_list else ()
    if is_list and not rows:
        # the same entries in another order
        before = after
    return ElementDifference(element.name, element.label, change, before, after, rows)


def _row_differences(
    element: Element, old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]
) -> Iterator[RowDifference]:
    """By the names of the entries; of several with one name the first of each, the second of each, and so on."""
    olds = dict(zip(_names_of_rows(element, old), old, strict=True))
    news = dict(zip(_names_of_rows(element, new), new, strict=True))
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
            yield CellDifference(cell.name, cell.label, words_of_value(cell, before), words_of_value(cell, after))


def _names_of_rows(element: Element, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """What each entry is called: its first cell, of a law with the article; the same once more gets a number."""
    names, seen = [], Counter[str]()
    for row in rows:
        name = "".join(words_of_value(cell, row.get(cell.name)) for cell in _naming_cells(element))
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name}({seen[name]})")
    return names


def _naming_cells(element: Element) -> tuple[Element, ...]:
    first, *others = element.cells
    return (first, *(cell for cell in others if first.name == "law" and cell.name == "article"))


def _sentence(what: str, before: str, after: str) -> str:
    if not before:
        return f"{what}增加“{_quoted(after)}”"
    if not after:
        return f"{what}删去“{_quoted(before)}”"
    return f"{what}由“{_quoted(before)}”改为“{_quoted(after)}”"


def _quoted(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…"


_WORDS: Mapping[Kind, Callable[[Element, Any], str]] = {
    Kind.FLAG: _flag,
    Kind.CHOICE: _label,
    Kind.CHOICES: _labels,
    Kind.NAMES: _names,
    Kind.ROWS: _rows,
}
