"""Formulas (算式) as designers of forms see them: fields by their labels; and ready ones, into which fields are put."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from standards.forms.expressions.kinds import ExpressionFault, NamedValue, ValueKind

# texts stay as they are; a name with what follows from it; the cell of a line
_NAMES: Final = re.compile(r"(\"[^\"]*\"|'[^']*')|#\.([A-Za-z_]\w*)|([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)?)", re.ASCII)
_LABELS: Final = re.compile(r"(\"[^\"]*\"|'[^']*')|(#?)【([^【】]*)】")


@dataclass(frozen=True, slots=True)
class ReadyFormula:
    """``slots``: name in ``template`` → what is put there (in Chinese) and its kind; ``cells``: a number of the lines
    that the first slot holds."""

    label: str
    template: str
    slots: Mapping[str, tuple[str, str]]
    result: str = "number"

    def as_json(self) -> dict[str, Any]:
        slots = [{"name": name, "label": label, "kind": kind} for name, (label, kind) in self.slots.items()]
        return {"label": self.label, "template": self.template, "slots": slots, "result": self.result}


_NUMBERS: Final = {"a": ("第一个数", "number"), "b": ("第二个数", "number")}
READY_FORMULAS: Final = (
    ReadyFormula("取一个数（例如起止日期的天数）", "{a}", {"a": ("哪个数", "number")}),
    ReadyFormula(
        "两个日期之间的天数（首尾都算）",
        "(date({b}) - date({a})) / 86400 + 1",
        {"a": ("开始日期", "date"), "b": ("结束日期", "date")},
    ),
    ReadyFormula("两个数相加", "{a} + {b}", _NUMBERS),
    ReadyFormula("两个数相减", "{a} - {b}", _NUMBERS),
    ReadyFormula("两个数相乘", "{a} * {b}", _NUMBERS),
    ReadyFormula("两个数相除", "{a} / {b}", _NUMBERS),
    ReadyFormula("明细合计", "sum(map({a}, #.{b}))", {"a": ("哪个明细", "lines"), "b": ("合计哪一列", "cells")}),
    ReadyFormula("明细行数", "len({a})", {"a": ("哪个明细", "lines")}),
)


def shown_names(names: Mapping[str, NamedValue]) -> dict[str, str]:
    """How each name stands in a formula that people read: ``【数量】``."""
    return {name: f"【{label}】" for name, label in _labels(names).items()}


def shown_formula(text: str, names: Mapping[str, NamedValue]) -> str:
    """``count * price`` as ``【数量】 * 【单价】``. What is no field stays as it is."""
    return ShownFormulas(names).shown(text)


class ShownFormulas:
    """Shows many formulas over the same names, whose labels are put together once."""

    def __init__(self, names: Mapping[str, NamedValue]) -> None:
        self._labels, self._cells = shown_names(names), shown_names(_cells(names))

    def shown(self, text: str) -> str:
        """``count * price`` as ``【数量】 * 【单价】``."""
        return _NAMES.sub(self._part, text)

    def _part(self, found: re.Match[str]) -> str:
        quoted, cell, name = found.groups()
        if cell:
            return f"#{self._cells[cell]}" if cell in self._cells else found[0]
        return self._labels[name] if not quoted and name in self._labels else found[0]


def written_formula(shown: str, names: Mapping[str, NamedValue]) -> str:
    """The expression of what ``shown_formula`` shows. Raises ExpressionFault for a label that no field has."""
    fields = {label: name for name, label in _labels(names).items()}
    cells = {label: name for name, label in _labels(_cells(names)).items()}

    def written(found: re.Match[str]) -> str:
        quoted, cell, label = found.groups()
        if quoted:
            return found[0]
        known = cells if cell else fields
        if label.strip() not in known:
            message = f"没有叫“{label[:40]}”的字段，请从列表里选。"
            raise ExpressionFault(message)
        return f"#.{known[label.strip()]}" if cell else known[label.strip()]

    return _LABELS.sub(written, shown)


def _cells(names: Mapping[str, NamedValue]) -> dict[str, NamedValue]:
    return {cell: named for one in names.values() if one.kind == ValueKind.LINES for cell, named in one.cells.items()}


def _labels(names: Mapping[str, NamedValue]) -> dict[str, str]:
    """A label for each name; where two have the same, the name stands behind it."""
    plain = {name: re.sub(r"[【】]", "", one.label) for name, one in names.items()}
    doubles = _doubles(plain.values())
    return {name: f"{label}｜{name}" if label in doubles else label for name, label in plain.items()}


def _doubles(labels: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    return {label for label in labels if label in seen or seen.add(label)}  # type: ignore[func-returns-value]
