"""What an action outside takes and gives, as a flow's check knows it: ports by name, each with its kind of value."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from standards.forms.expressions.kinds import NamedValue, ValueKind

# of one call, before a person takes over
MOST_ATTEMPTS: Final = 12


class ContentRight(StrEnum):
    """What of a form may be handed to an input."""

    NOTHING = "nothing"  # only what the designer writes out
    PLAIN = "plain"  # fields that are not personal
    PERSONAL = "personal"  # any field


def _takes_all(_text: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class PluginPort:
    """One input or output. ``words``: of a closed list, label by code. ``refusal``: why a text written out in the flow
    is not taken for it, in Chinese; "" where it is. ``as_read``: of a text, that it is handed what people read in a
    field, whatever its kind: the label of an option, 2,000.00, 是; ``has_lines``: of several lines as well, each by
    its number."""

    label: str
    kind: ValueKind = ValueKind.TEXT
    required: bool = False
    words: Mapping[str, str] = field(default_factory=dict)
    right: ContentRight = ContentRight.PLAIN
    refusal: Callable[[str], str] = _takes_all
    as_read: bool = False
    has_lines: bool = False

    def named(self, label: str) -> NamedValue:
        """As conditions know an output."""
        return NamedValue(label, self.kind, frozenset(self.words))

    def takes(self, kind: ValueKind) -> bool:
        """Whether a value of this kind can be handed to it; a date is taken for a text."""
        if self.as_read:
            return self.has_lines if kind is ValueKind.LINES else kind is not ValueKind.EMPTY
        return kind == self.kind or (self.kind == ValueKind.TEXT and kind == ValueKind.DATE)


@dataclass(frozen=True, slots=True)
class PluginPorts:
    """An action outside: what it is called, its inputs and outputs by name."""

    label: str
    inputs: Mapping[str, PluginPort]
    outputs: Mapping[str, PluginPort]
