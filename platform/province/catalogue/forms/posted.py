"""From what a browser posts to plain data. Whatever is sent it answers with faults, and works no more than was sent."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict

from foundation.design.dates import iso_day
from foundation.design.inputs import ROWS_ACT
from foundation.errors import DomainError, Fault
from standards.items import BY_NAME, Element, Kind
from standards.items.codes import plain_code
from standards.items.values import is_blank

type Upload = UploadedFile[Any]
type Keep = Callable[[Upload], str]

_ROW: Final = re.compile(r"[1-9]\d{0,5}", re.ASCII)
_NUMBER: Final = re.compile(r"[+-]?\d{1,18}")
# an element, a row, a cell, a row in it, a cell of that, and once more: handling items have questions, these answers
_DEEPEST: Final = 7
_MOST_FAULTS: Final = 20


@dataclass(slots=True)
class Posted:
    """``focus`` is where the writer goes on after an act on rows: the act and the place of a row, or of a list."""

    values: dict[str, Any]
    faults: list[Fault] = field(default_factory=list)
    is_at_rows: bool = False
    focus: tuple[str, str] = ("", "")


class PostedForm:
    """A form over elements. A view shows it again, and saves nothing, unless ``is_valid()``.

    Its makers set ``is_bound`` (something was posted), ``_posted`` and ``_faults``.
    """

    is_bound: bool
    _posted: Posted
    _faults: list[Fault]

    @property
    def is_at_rows(self) -> bool:
        """A button added, removed or moved a row: the form is shown again, nobody wants to save."""
        return self._posted.is_at_rows

    def is_valid(self) -> bool:
        return self.is_bound and not self.is_at_rows and not self._faults

    def values(self) -> dict[str, Any]:
        """What was filled in, as plain data without blanks."""
        return dict(without_blanks(self._posted.values))

    def take_faults(self, refusal: DomainError) -> None:
        """Shows what an operation found wrong, too."""
        self._faults += refusal.faults or [Fault("", refusal.message)]


def read_posted(
    elements: Mapping[str, Element], data: MultiValueDict[str, str], files: MultiValueDict[str, Any], keep: Keep | None
) -> Posted:
    """The values of ``elements``; blank ones are left out, except where somebody is at work on rows."""
    posted = Posted({})
    tree: dict[str, Any] = {}
    for key, texts in data.lists():
        _take(key, [text for text in texts if isinstance(text, str)], elements, tree, posted)
    for key in files:
        _take(key, files[key], elements, tree, posted)
    for name, raw in tree.items():
        posted.values[name] = _value(elements[name], raw, name, posted.faults)
    posted.is_at_rows = ROWS_ACT in data
    if posted.is_at_rows:
        posted.focus = _act(str(data[ROWS_ACT]), elements, posted.values)
    else:
        posted.values = without_blanks(posted.values)
    for name in [name for name in posted.values if name in elements]:
        posted.values[name] = _store(elements[name], posted.values[name], name, keep, posted.faults)
    return posted


def without_blanks(value: Any) -> Any:
    """Drop what says nothing: empty texts, lists and rows, at any depth."""
    if isinstance(value, Mapping):
        kept = {name: without_blanks(one) for name, one in value.items()}
        return {name: one for name, one in kept.items() if not is_blank(one)}
    if isinstance(value, list):
        return [one for one in map(without_blanks, value) if not is_blank(one)]
    return value


def _take(key: str, given: Any, elements: Mapping[str, Element], tree: dict[str, Any], posted: Posted) -> None:
    name, *place = key.split(".", _DEEPEST)
    element = elements.get(name)
    if element and _put(tree, element, place, given):
        return
    # what is neither here nor anywhere an element is another field of the same page
    if name in BY_NAME and len(posted.faults) < _MOST_FAULTS:
        label = BY_NAME[name].label
        words = f"没有“{key[:60]}”这一栏。" if element else f"「{label}」不在这里填写。"
        posted.faults.append(Fault(name, words))


def _put(tree: dict[str, Any], element: Element, place: Sequence[str], given: Any) -> bool:
    """Whether there is such a place for it."""
    if element.kind is not Kind.ROWS:
        is_right = not place and (element.kind is Kind.FILE or not isinstance(given, UploadedFile))
        if is_right:
            tree[element.name] = given
        return is_right
    if len(place) < 2 or not _ROW.fullmatch(place[0]):  # noqa: PLR2004 - a row and a cell
        return False
    cell = next((cell for cell in element.cells if cell.name == place[1]), None)
    rows = tree.setdefault(element.name, {})
    return cell is not None and _put(rows.setdefault(int(place[0]), {}), cell, place[2:], given)


def _value(element: Element, raw: Any, where: str, faults: list[Fault]) -> Any:
    if element.kind is not Kind.ROWS:
        return _read(element, raw)
    numbers = sorted(raw)
    if len(numbers) > element.most:
        faults.append(Fault(where, f"「{element.label}」最多 {element.most} 项，现在有 {len(numbers)} 项。"))
    cells = {cell.name: cell for cell in element.cells}
    return [
        {name: _value(cells[name], one, f"{where}.{nth}.{name}", faults) for name, one in raw[number].items()}
        for nth, number in enumerate(numbers[: element.most], start=1)
    ]


def _read(element: Element, given: Any) -> Any:  # noqa: PLR0911 - one a kind
    if isinstance(given, UploadedFile):
        return given
    texts = [text.replace("\r\n", "\n").replace("\r", "\n") for text in given]
    last = texts[-1] if texts else ""
    match element.kind:
        case Kind.TEXT:
            return last.strip("\n").rstrip()
        case Kind.LINE if element.is_code:
            return plain_code(last).strip()
        case Kind.NUMBER:
            return int(last) if _NUMBER.fullmatch(last.strip()) else last.strip()
        case Kind.FLAG:
            return {"true": True, "false": False}.get(last, last)
        case Kind.CHOICES:
            known = len(element.codes or ())
            return [text for text in texts[: 2 * known] if text]
        case Kind.DAY:
            return iso_day(last.strip())
        case Kind.NAMES:
            return [name.strip() for name in last.split("\n") if name.strip()]
        case Kind.FILE:
            return next(filter(None, texts), "")
        case _:
            return last.strip()


def _act(act: str, elements: Mapping[str, Element], values: dict[str, Any]) -> tuple[str, str]:
    """Does to the rows what a button asks, and says where the writer goes on; nothing where there are no such rows."""
    verb, _, place = act.partition(" ")
    if verb == "add":
        if found := _list_at(elements, values, place.split(".", _DEEPEST)):
            element, rows = found
            if len(rows) < element.most:
                rows.append({})
            return verb, f"{place}.{len(rows)}"
        return "", ""
    name, _, last = place.rpartition(".")
    found = _list_at(elements, values, name.split(".", _DEEPEST))
    number = int(last) if _ROW.fullmatch(last) else 0
    if not found or not 1 <= number <= len(found[1]):
        return "", ""
    rows = found[1]
    if verb == "remove":
        del rows[number - 1]
        return (verb, f"{name}.{min(number, len(rows))}") if rows else ("add", name)
    target = number + {"up": -1, "down": 1}.get(verb, 0)
    if 1 <= target <= len(rows):
        rows.insert(target - 1, rows.pop(number - 1))
        number = target
    return verb, f"{name}.{number}"


def _list_at(
    elements: Mapping[str, Element], values: dict[str, Any], path: Sequence[str]
) -> tuple[Element, list[Any]] | None:
    """The rows at a place, made where there were none yet."""
    element = elements.get(path[0])
    if element is None or element.kind is not Kind.ROWS:
        return None
    rows = values.setdefault(element.name, [])
    if len(path) == 1:
        return element, rows
    if len(path) != 3 or not _ROW.fullmatch(path[1]) or int(path[1]) > len(rows):  # noqa: PLR2004 - list, row, cell
        return None
    return _list_at({cell.name: cell for cell in element.cells}, rows[int(path[1]) - 1], path[2:])


def _store(element: Element, value: Any, where: str, keep: Keep | None, faults: list[Fault]) -> Any:
    """The value with uploaded files kept, and their ids in their places."""
    if isinstance(value, UploadedFile):
        try:
            if keep is not None:
                return keep(value)
            faults.append(Fault(where, "这里不能上传文件。"))
        except DomainError as refusal:
            faults.append(Fault(where, refusal.message))
        return ""
    if element.kind is not Kind.ROWS:
        return value
    cells = {cell.name: cell for cell in element.cells}
    return [
        {name: _store(cells[name], one, f"{where}.{nth}.{name}", keep, faults) for name, one in row.items()}
        for nth, row in enumerate(value, start=1)
    ]
