"""What every type of field says about itself."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from foundation.masking import MASKS
from foundation.text_encoding import nfkc
from standards.forms.expressions.grammar import LONGEST as LONGEST_EXPRESSION
from standards.forms.expressions.kinds import NamedValue, ValueKind
from standards.forms.filling import FillingContext

# what one value can hold, however much was sent
LONGEST_VALUE: Final = 10_000
MOST_VALUES: Final = 200
_BREAKS: Final = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c]")
# what is no text: control characters, halves of pairs, marks that turn or hide what is written
_REFUSED: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def _readable(words: str) -> str:
    if _REFUSED.search(words):
        raise ValueError("文字里有看不见的字符，请删去")
    return words


# no double underline: it parts a value from its members in expressions
FieldName = Annotated[str, StringConstraints(pattern=r"^[a-z](?:_?[a-z0-9])*\Z", max_length=40)]
Words = Annotated[
    str,
    StringConstraints(min_length=1, max_length=100, pattern=r"^\S(?:.*\S)?\Z"),
    AfterValidator(_readable),
]
LongWords = Annotated[str, StringConstraints(max_length=2_000), AfterValidator(_readable)]
ExpressionText = Annotated[str, StringConstraints(max_length=LONGEST_EXPRESSION)]

Value = Any
Cell = str | Decimal | date | None


class Strict(BaseModel):
    """Part of a definition: unknown attributes are refused, and nothing changes once it was read."""

    model_config = ConfigDict(extra="forbid", frozen=True, regex_engine="python-re")


class BaseField(Strict):
    """A field. Its class is everything that the program knows of the type.

    ``read`` never fails: what it cannot read stays as it was typed, and ``faults`` says so. A value is None where
    nothing was filled in, else plain JSON; reading a value gives that value again.
    """

    title: ClassVar[str]
    kind: ClassVar[ValueKind] = ValueKind.TEXT
    # what people may not see in full, by a name of foundation.masking; "" where everybody may
    mask: ClassVar[str] = ""
    # whether people fill it in
    is_filled: ClassVar[bool] = True

    type: str
    name: FieldName
    label: Words
    hint: LongWords = ""
    required: bool = False
    visible_when: ExpressionText = ""
    required_when: ExpressionText = ""
    # what becomes of its value when a condition takes it off the page
    when_hidden: Literal["drop", "keep"] = "drop"
    # also for types that are not personal by themselves
    personal: bool = False

    def read(self, raw: object, context: FillingContext, before: Value = None) -> Value:  # noqa: ARG002 - types use it
        """The value of what was posted, normalised; ``before`` is the one that it replaces."""
        return line_of(raw) or None

    def faults(self, value: Value, context: FillingContext) -> list[str]:  # noqa: ARG002 - types use it
        """What is wrong with a value that is there, in Chinese: the field by its label, and what to do."""
        return []

    def text(self, value: Value) -> str:
        """As people read it; "" where there is none."""
        return "" if value is None else str(value)

    def printed(self, value: Value) -> str:
        """As paper shows it."""
        return self.text(value)

    def cell(self, value: Value) -> Cell:
        """As Excel keeps it: text, a number or a day."""
        return self.text(value)

    def masked(self, value: Value) -> str:
        """As people read it who need not know it."""
        text = self.text(value)
        if self.mask:
            return MASKS[self.mask](text)
        return "****" if self.personal and text else text

    @property
    def is_personal(self) -> bool:
        return bool(self.mask) or self.personal

    def typed(self, value: Value) -> Any:
        """What stands in its boxes on a page; reading it gives the value again."""
        return "" if value is None else value

    def derived(self, value: Value, context: FillingContext) -> Mapping[str, Value]:  # noqa: ARG002 - types use it
        """What follows from the value, by member: ``birth_on``."""
        return {}

    def members(self) -> Mapping[str, NamedValue]:
        """What expressions may call by ``name.member``."""
        return {}

    def named(self) -> NamedValue:
        """What expressions know of it."""
        return NamedValue(self.label, self.kind)

    def expressed(self, value: Value) -> Any:
        """What expressions get; None where it is empty or wrong."""
        return value if isinstance(value, str) else None

    def value_schema(self) -> dict[str, Any]:
        """JSON schema (2020-12) of a value, for those who send or receive it; it judges the form, not the sense."""
        return {"type": "string", "maxLength": LONGEST_VALUE}

    def own_faults(self) -> list[str]:
        """What is wrong with the field itself, in Chinese, beyond what its attributes' types say."""
        return []


def text_of(raw: object) -> str:
    """Any posted value as clean text of bounded length: one line break, no control or invisible characters."""
    if isinstance(raw, list | tuple):
        raw = raw[0] if raw else ""
    if isinstance(raw, bool) or raw is None or not isinstance(raw, str | int | float | Decimal):
        return ""
    try:
        text = str(raw)
    except ValueError:  # an integer of more digits than Python writes
        return "9" * 400
    text = text[: LONGEST_VALUE + 1]
    if text.isprintable():
        return text.strip()
    return _REFUSED.sub("", _BREAKS.sub("\n", text)).strip()


def line_of(raw: object) -> str:
    """One line of it: breaks and runs of blanks are one blank."""
    return " ".join(text_of(raw).split())


def code_of(raw: object) -> str:
    """A number or code of it: without blanks, full-width characters as half-width ones."""
    return "".join(nfkc(text_of(raw)[:400]).split())


def texts_of(raw: object) -> list[str]:
    """Each of several posted values once, as lines."""
    several = raw if isinstance(raw, list | tuple) else [raw]
    found = (line_of(one) for one in several[: MOST_VALUES + 1])
    return list(dict.fromkeys(one for one in found if one))


def part_of(raw: object, part: str) -> object:
    """One part of a value that is posted in several; None where it is not there."""
    return raw.get(part) if isinstance(raw, Mapping) else None
