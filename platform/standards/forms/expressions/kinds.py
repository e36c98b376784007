"""What an expression can hold, and what may be called by name in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class ValueKind(StrEnum):
    """``label``: as a fault calls it."""

    NUMBER = "number"
    TEXT = "text"
    YES_NO = "yes_no"
    DATE = "date"
    TEXTS = "texts"
    NUMBERS = "numbers"
    LINES = "lines"
    EMPTY = "empty"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS: Final[Mapping[str, str]] = {
    "number": "数字",
    "text": "文字",
    "yes_no": "是或否",
    "date": "日期",
    "texts": "多个选项",
    "numbers": "一列数字",
    "lines": "明细",
    "empty": "空",
}


@dataclass(frozen=True, slots=True)
class NamedValue:
    """A value that expressions may call by its name. ``codes``: all that it can be, where that is a closed list;
    ``cells``: of a group, the values of one line."""

    label: str
    kind: ValueKind
    codes: frozenset[str] = frozenset()
    cells: Mapping[str, "NamedValue"] = field(default_factory=dict)


class ExpressionFault(Exception):
    """An expression that is not taken. ``message``: in Chinese, what is wrong and what to write instead."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
