"""What every type of field says about itself."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from foundation.masking import MASKS
from foundation.text_encoding import without_spaces
from standards.forms.expressions.grammar import LONGEST as LONGEST_EXPRESSION
from standards.forms.expressions.kinds import NamedValue, ValueKind
from standards.forms.filling import FillingContext

# what one value can hold, however much was sent
LONGEST_VALUE: Final = 10_000
MOST_VALUES: Final = 200
NAME_PATTERN: Final = r"^[a-z](?:_?[a-z0-9])*\Z"
LONGEST_NAME: Final = 40
_BREAKS: Final = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c]")
# what is no text: control characters, halves of pairs, marks that turn or hide what is written
_REFUSED: Final = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff]"
)


def readable(words: str) -> str:
    """The words. Raises ValueError, in Chinese, for characters that nobody can see or XML cannot hold."""
    if _REFUSED.search(words):
        raise ValueError("文字里有看不见的字符，请删去")
    return words


# no double underline: it parts a value from its members in expressions
FieldName = Annotated[str, StringConstraints(pattern=NAME_PATTERN, max_length=LONGEST_NAME)]
Words = Annotated[
    str,
    StringConstraints(min_length=1, max_length=100, pattern=r"^\S(?:.*\S)?\Z"),
    AfterValidator(readable),
]
LongWords = Annotated[str, StringConstraints(max_length=2_000), AfterValidator(readable)]
ExpressionText = Annotated[str, StringConstraints(max_length=LONGEST_EXPRESSION)]


class PaletteGroup(StrEnum):
    """Where a type stands in the designer's palette, in this order."""

    TEXT = "文字"
    IDENTITY = "身份和单位"
    AMOUNT = "数字和金额"
    TIME = "日期和时间"
    CHOICE = "选择"
    PLACE = "地点"
    FILE = "材料和签名"
    OFFICE = "公文和审批"
    LAYOUT = "版面和计算"


def titled(title: str, hint: str = "", **more: Any) -> Any:
    """What the designer says of an attribute. ``more``: ``words`` (in Chinese, for each value of a closed list),
    ``control`` (how it is edited, where its kind does not say so), ``picks`` (out of what: ``cells``, ``options``),
    ``unit``, ``section`` (``conditions`` or ``advanced``), ``needs`` (the attribute without which it says nothing)."""
    return Field(title=title, description=hint or None, json_schema_extra=more)


ConditionText = Annotated[ExpressionText, titled("条件", control="condition", section="conditions")]
FormulaText = Annotated[ExpressionText, titled("算式", control="formula")]

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
    group: ClassVar[PaletteGroup] = PaletteGroup.TEXT
    # other words by which people look for it
    also_called: ClassVar[str] = ""
    # what a new field of the type begins with, beside its name and label
    start: ClassVar[Mapping[str, Any]] = {}
    # where it is posted in several parts: what each is called, and its kind
    parts: ClassVar[Mapping[str, tuple[str, ValueKind]]] = {}
    kind: ClassVar[ValueKind] = ValueKind.TEXT
    # what people may not see in full, by a name of foundation.masking; "" where everybody may
    mask: ClassVar[str] = ""
    # whether people fill it in
    is_filled: ClassVar[bool] = True

    type: str
    name: Annotated[
        FieldName, titled("代码", "程序和接口用的名称；发布以后不要改。", control="name", section="advanced")
    ]
    label: Annotated[Words, titled("名称")]
    hint: Annotated[LongWords, titled("填写提示", "写在格子上面，告诉填写的人怎么填。")] = ""
    required: Annotated[bool, titled("必填")] = False
    visible_when: Annotated[ConditionText, titled("显示条件", "不写就总是显示。")] = ""
    required_when: Annotated[ConditionText, titled("必填条件", "符合条件时才必填。")] = ""
    # what becomes of its value when a condition takes it off the page
    when_hidden: Annotated[
        Literal["drop", "keep"],
        titled("不显示时，已填的内容", words={"drop": "清除", "keep": "保留"}, section="conditions"),
    ] = "drop"
    together: Annotated[
        bool,
        titled("与上一个字段同页", "群众一页答一题。选了，就和上面的字段放在同一页，适合姓名和证件号这样一起答的。"),
    ] = False
    # also for types that are not personal by themselves
    personal: Annotated[bool, titled("按个人信息保护", "列表和记录里只显示星号。", section="advanced")] = False

    def read(self, raw: object, context: FillingContext, before: Value = None) -> Value:  # noqa: ARG002 - types use it
        """The value of what was posted, normalised; ``before`` is the one that it replaces."""
        return line_of(raw) or None

    def faults(self, value: Value, context: FillingContext) -> list[str]:  # noqa: ARG002 - types use it
        """What is wrong with a value that is there, in Chinese: the field by its label, and what to do."""
        return []

    def faults_beside(
        self,
        value: Value,  # noqa: ARG002 - types use it
        beside: Mapping[str, Value],  # noqa: ARG002 - types use it
        context: FillingContext,  # noqa: ARG002 - types use it
    ) -> list[str]:
        """What is wrong with a value because of others (by the names of their fields), where it is right by itself."""
        return []

    def remark(
        self,
        value: Value,  # noqa: ARG002 - types use it
        beside: Mapping[str, Value],  # noqa: ARG002 - types use it
        context: FillingContext,  # noqa: ARG002 - types use it
    ) -> str:
        """What has to be known of a value that is right today, in Chinese; "" for nothing."""
        return ""

    def advice(
        self,
        value: Value,  # noqa: ARG002 - types use it
        beside: Mapping[str, Value],  # noqa: ARG002 - types use it
        context: FillingContext,  # noqa: ARG002 - types use it
    ) -> str:
        """What who fills it in is told of what may stand here now; "" for nothing."""
        return ""

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
        return NamedValue(self.label, self.kind, frozenset(self.choices()))

    def choices(self) -> Mapping[str, str]:
        """All that it can be, label by code, where that is a closed list that stands in the form."""
        return {}

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
    return without_spaces(text_of(raw)[:400])


def texts_of(raw: object) -> list[str]:
    """Each of several posted values once, as lines."""
    several = raw if isinstance(raw, list | tuple) else [raw]
    found = (line_of(one) for one in several[: MOST_VALUES + 1])
    return list(dict.fromkeys(one for one in found if one))


def part_of(raw: object, part: str) -> object:
    """One part of a value that is posted in several; None where it is not there."""
    return raw.get(part) if isinstance(raw, Mapping) else None
