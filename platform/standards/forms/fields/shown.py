"""What nobody fills in: headings, notes and computed values."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Any, ClassVar, Literal, override

from pydantic import Field

from standards.forms.expressions.kinds import NamedValue, ValueKind
from standards.forms.fields.amounts import number_of
from standards.forms.fields.base import BaseField, Cell, FormulaText, LongWords, PaletteGroup, Value, titled
from standards.forms.filling import FillingContext
from standards.numbers.amounts import LARGEST_IN_WORDS, amount_in_words


class HeadingField(BaseField):
    """小标题."""

    title: ClassVar[str] = "小标题"
    group: ClassVar[PaletteGroup] = PaletteGroup.LAYOUT
    also_called: ClassVar[str] = "标题 分段"
    kind: ClassVar[ValueKind] = ValueKind.EMPTY
    is_filled: ClassVar[bool] = False

    type: Literal["heading"]


class NoteField(BaseField):
    """说明文字."""

    title: ClassVar[str] = "说明"
    group: ClassVar[PaletteGroup] = PaletteGroup.LAYOUT
    also_called: ClassVar[str] = "提示 文字"
    start: ClassVar[Mapping[str, Any]] = {"words": "请在这里写说明。"}
    kind: ClassVar[ValueKind] = ValueKind.EMPTY
    is_filled: ClassVar[bool] = False

    type: Literal["note"]
    words: Annotated[LongWords, Field(min_length=1), titled("文字")]


class ComputedField(BaseField):
    """计算: what follows from other fields by an expression."""

    title: ClassVar[str] = "计算"
    group: ClassVar[PaletteGroup] = PaletteGroup.LAYOUT
    also_called: ClassVar[str] = "公式 合计 自动算"
    start: ClassVar[Mapping[str, Any]] = {"expression": "", "result": "number"}
    is_filled: ClassVar[bool] = False

    type: Literal["computed"]
    expression: Annotated[FormulaText, Field(min_length=1)]
    result: Annotated[
        Literal["number", "money", "text", "yes_no"],
        titled("算出来的是", words={"number": "数字", "money": "金额", "text": "文字", "yes_no": "是或否"}),
    ]
    decimals: Annotated[int, Field(ge=0, le=6), titled("小数位数", unit="位")] = 2
    unit: Annotated[str, Field(max_length=10), titled("单位", "例如：天、人、平方米。")] = ""

    @property
    def result_kind(self) -> ValueKind:
        return ValueKind.NUMBER if self.result == "money" else ValueKind(self.result)

    def kept(self, result: Decimal | str | bool | None) -> Value:  # noqa: FBT001 - a value like the others
        """The result as a value: numbers are rounded half up."""
        if isinstance(result, Decimal):
            places = 2 if self.result == "money" else self.decimals
            rounded = result.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP) + 0
            return f"{rounded:f}"
        return result

    @override
    def read(self, raw: object, context: FillingContext, before: Value = None) -> Value:
        return None

    @override
    def text(self, value: Value) -> str:
        if isinstance(value, bool):
            return "是" if value else "否"
        number = number_of(value)
        if number is None or self.result == "text":
            return str(value or "")
        return f"{number:,.2f} 元" if self.result == "money" else f"{value}{self.unit and f' {self.unit}'}"

    @override
    def printed(self, value: Value) -> str:
        number = number_of(value)
        if self.result != "money" or number is None or abs(number) >= LARGEST_IN_WORDS:
            return self.text(value)
        return f"{self.text(value)}（大写：{amount_in_words(number)}）"

    @override
    def cell(self, value: Value) -> Cell:
        number = number_of(value) if self.result in {"number", "money"} else None
        return self.text(value) if number is None else number

    @override
    def named(self) -> NamedValue:
        return NamedValue(self.label, self.result_kind)

    @override
    def expressed(self, value: Value) -> Any:
        if self.result_kind == ValueKind.NUMBER:
            number = number_of(value)
            return None if number is None else float(number)
        return value

    @override
    def value_schema(self) -> dict[str, Any]:
        if self.result == "yes_no":
            return {"type": "boolean"}
        return {"type": "string"} if self.result == "text" else {"type": "string", "format": "decimal"}
