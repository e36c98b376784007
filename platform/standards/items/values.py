"""Whether a value is one that its element takes. Answers with faults whatever it is given, never with an exception."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from foundation.errors import Fault
from foundation.texts import visible
from standards.items.kinds import Element, Kind
from standards.items.live import offered_labels

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(slots=True)
class Report:
    """What a check has found so far: ``faults`` are wrong values, ``missing`` needed elements without one. ``where`` of
    each is the path of the element (``materials.2.copies``, rows counted from 1)."""

    faults: list[Fault] = field(default_factory=list)
    missing: list[Fault] = field(default_factory=list)

    def add_fault(self, where: str, message: str) -> None:
        """Note a wrong value at this path, with a message for people."""
        self.faults.append(Fault(where, message))


def is_blank(value: Any) -> bool:
    """Say whether a value says nothing: None, blank text, an empty list. ``False`` and 0 are answers."""
    return value is None or (isinstance(value, str) and not value.strip()) or value in ([], {}, ())


def rows_in(given: Any) -> list[Mapping[str, Any]]:
    """The rows of a list, whatever stands there: what are no rows is left out."""
    return [row for row in given if isinstance(row, Mapping)] if isinstance(given, list) else []


def file_ids_in(elements: Iterable[Element], values: Mapping[str, Any]) -> Iterator[str]:
    """Yield the ids of all files that these elements name, also in rows and in rows within rows."""
    for element in elements:
        value = values.get(element.name)
        if element.kind is Kind.FILE and isinstance(value, str):
            yield value
        elif element.kind is Kind.ROWS and isinstance(value, list):
            for row in value:
                if isinstance(row, Mapping):
                    yield from file_ids_in(element.cells, row)


def check_value(element: Element, value: Any, *, item_type: str, where: str, words: str, report: Report) -> None:
    """Add to ``report`` whatever is wrong with one value of the element; it raises nothing, whatever the value is.

    ``where`` is the element's path, ``words`` what messages call it: 「申请材料」第 2 项的「份数」.
    """
    if element.kind is Kind.ROWS:
        _check_rows(element, value, item_type=item_type, where=where, words=words, report=report)
    elif message := _CHECKS[element.kind](element, value):
        report.add_fault(where, f"{words}{message}")


def _check_rows(element: Element, value: Any, *, item_type: str, where: str, words: str, report: Report) -> None:
    if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
        report.add_fault(where, f"{words}应为列表。")
        return
    if len(value) > element.most:
        report.add_fault(where, f"{words}最多 {element.most} 项，现在有 {len(value)} 项。")
    known = {cell.name: cell for cell in element.cells}
    for number, row in enumerate(value, start=1):
        nth = f"{words}第 {number} 项"
        for name in row:
            if name not in known:
                report.add_fault(f"{where}.{number}", f"{nth}没有“{name}”这一栏。")
        for name, cell in known.items():
            place, given = f"{where}.{number}.{name}", row.get(name)
            if not is_blank(given):
                check_value(
                    cell, given, item_type=item_type, where=place, words=f"{nth}的「{cell.label}」", report=report
                )
            elif cell.is_needed(item_type, row):
                report.missing.append(Fault(place, f"{nth}缺少「{cell.label}」。"))


def _text(element: Element, value: Any) -> str:
    if not isinstance(value, str):
        return "应为文字。"
    if len(value) > element.most:
        return f"过长：最多 {element.most} 个字，现在有 {len(value)} 个。"
    if visible(value) != value:
        return "含有看不见的字符，请删去后重新输入。"
    return ""


def _line(element: Element, value: Any) -> str:
    message = _text(element, value)
    return message or ("应写成一行。" if "\n" in value or "\t" in value else "")


def _number(element: Element, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int):
        return "应为整数。"
    if not element.least <= value <= element.most:
        return f"应在 {element.least} 到 {element.most} 之间，现在是 {value}。"
    return ""


def _flag(_: Element, value: Any) -> str:
    return "" if isinstance(value, bool) else "应为“是”或“否”。"


def _day(_: Element, value: Any) -> str:
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            date.fromisoformat(value)
        except ValueError:
            pass
        else:
            return ""
    return "应为日期，例如 2026-11-26。"


def _link(element: Element, value: Any) -> str:
    if message := _line(element, value):
        return message
    try:
        parts = urlsplit(value)
        is_link = parts.scheme in {"http", "https"} and bool(parts.hostname) and " " not in value
    except ValueError:
        is_link = False
    return "" if is_link else "应为以 http:// 或 https:// 开头的网址。"


def _file(_: Element, value: Any) -> str:
    try:
        is_id = isinstance(value, str) and str(UUID(value)) == value
    except ValueError:
        is_id = False
    return "" if is_id else "应为已上传的文件。"


def _labels(element: Element) -> str:
    return "、".join(offered_labels(element.codes)) if element.codes else ""


def _choice(element: Element, value: Any) -> str:
    if element.codes is None or not isinstance(value, str) or value not in element.codes:
        return f"没有“{value!s:.20}”这个选项，可选的有：{_labels(element)}。"
    return ""


def _choices(element: Element, value: Any) -> str:
    if not isinstance(value, list):
        return "应为若干选项。"
    for one in value:
        if message := _choice(element, one):
            return message
    return "有重复的选项。" if len(set(value)) < len(value) else ""


def _names(element: Element, value: Any) -> str:
    if not isinstance(value, list):
        return "应为若干名称。"
    for one in value:
        if message := _line(element, one):
            return message
        if is_blank(one):
            return "有空白的名称。"
    return "有重复的名称。" if len(set(value)) < len(value) else ""


_CHECKS: Final = {
    Kind.LINE: _line,
    Kind.TEXT: _text,
    Kind.NUMBER: _number,
    Kind.FLAG: _flag,
    Kind.DAY: _day,
    Kind.LINK: _link,
    Kind.FILE: _file,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.NAMES: _names,
}
