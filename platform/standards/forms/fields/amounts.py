"""Numbers and money. A value is its digits as text: exact, however many there are."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Final, Literal, override

from pydantic import Field

from standards.forms.expressions.kinds import NamedValue, ValueKind
from standards.forms.fields.base import BaseField, Cell, PaletteGroup, Value, code_of, titled
from standards.forms.fields.texts import bounds_fault
from standards.forms.filling import FillingContext
from standards.numbers.amounts import amount_in_words

# with six decimals more, expressions are exact
LARGEST: Final = 999_999_999
LARGEST_MONEY: Final = 9_999_999_999_999
_NUMBER: Final = re.compile(r"-?\d{1,20}(?:\.\d{0,10})?", re.ASCII)
_PLAIN: Final = re.compile(r"-?(?:0|[1-9]\d{0,19})(?:\.\d{1,10})?", re.ASCII)
_MONEY_SIGNS: Final = re.compile(r"^(?:人民币|RMB|CNY|[¥￥])|(?:元整?|圆整?|RMB|CNY)$")
_THOUSANDS: Final = re.compile(r"-?\d{1,3}(?:[,，]\d{3})+(?:\.\d*)?", re.ASCII)


class NumberField(BaseField):
    """A number, perhaps with a unit."""

    title: ClassVar[str] = "数字"
    group: ClassVar[PaletteGroup] = PaletteGroup.AMOUNT
    also_called: ClassVar[str] = "数量 天数 人数"
    kind: ClassVar[ValueKind] = ValueKind.NUMBER

    type: Literal["number"]
    unit: Annotated[str, Field(max_length=10), titled("单位", "例如：天、人、平方米。")] = ""
    decimals: Annotated[int, Field(ge=0, le=6), titled("小数位数", unit="位")] = 0
    least: Annotated[Decimal, Field(ge=-LARGEST, le=LARGEST), titled("最小")] = Decimal(0)
    most: Annotated[Decimal, Field(ge=-LARGEST, le=LARGEST), titled("最大")] = Decimal(LARGEST)

    @override
    def read(self, raw: object, context: FillingContext, before: Value = None) -> Value:
        code = code_of(raw)
        if self.unit and code.endswith(self.unit) and code != self.unit:
            code = code.removesuffix(self.unit)
        return plain_number(code) or None

    @override
    def faults(self, value: Value, context: FillingContext) -> list[str]:
        return number_faults(self.label, value, self.decimals, (self.least, self.most), self.unit)

    @override
    def text(self, value: Value) -> str:
        return f"{value}{self.unit and f' {self.unit}'}" if number_of(value) is not None else str(value or "")

    @override
    def cell(self, value: Value) -> Cell:
        number = number_of(value)
        return self.text(value) if number is None else number

    @override
    def expressed(self, value: Value) -> Any:
        return _float(number_of(value))

    @override
    def value_schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "decimal", "pattern": r"^-?[0-9]{1,9}(\.[0-9]{1,6})?$"}

    @override
    def own_faults(self) -> list[str]:
        return bounds_fault(self.label, float(self.least), float(self.most))


class MoneyField(BaseField):
    """金额 in yuan, with 大写."""

    title: ClassVar[str] = "金额"
    group: ClassVar[PaletteGroup] = PaletteGroup.AMOUNT
    also_called: ClassVar[str] = "钱 费用 大写"
    kind: ClassVar[ValueKind] = ValueKind.NUMBER

    type: Literal["money"]
    least: Annotated[Decimal, Field(ge=-LARGEST_MONEY, le=LARGEST_MONEY), titled("最小", unit="元")] = Decimal(0)
    most: Annotated[Decimal, Field(ge=-LARGEST_MONEY, le=LARGEST_MONEY), titled("最大", unit="元")] = Decimal(
        LARGEST_MONEY
    )
    in_words: Annotated[bool, titled("打印时写大写")] = True

    @override
    def read(self, raw: object, context: FillingContext, before: Value = None) -> Value:
        plain = plain_number(_MONEY_SIGNS.sub("", _MONEY_SIGNS.sub("", code_of(raw))))
        number = number_of(plain)
        if number is None or number != round(number, 2):
            return plain or None
        return str(round(number, 2) + 0)

    @override
    def faults(self, value: Value, context: FillingContext) -> list[str]:
        return number_faults(self.label, value, 2, (self.least, self.most), "元")

    @override
    def text(self, value: Value) -> str:
        number = number_of(value)
        return str(value or "") if number is None else f"{number:,.2f} 元"

    @override
    def printed(self, value: Value) -> str:
        words = self.derived(value, None).get("in_words")
        return f"{self.text(value)}（大写：{words}）" if words and self.in_words else self.text(value)

    @override
    def cell(self, value: Value) -> Cell:
        number = number_of(value)
        return self.text(value) if number is None else number

    @override
    def derived(self, value: Value, context: FillingContext | None) -> Mapping[str, Value]:
        number = number_of(value)
        if number is None or number != round(number, 2) or abs(number) > LARGEST_MONEY:
            return {}
        return {"in_words": amount_in_words(number)}

    @override
    def members(self) -> Mapping[str, NamedValue]:
        return {"in_words": NamedValue(f"{self.label}：大写", ValueKind.TEXT)}

    @override
    def expressed(self, value: Value) -> Any:
        return _float(number_of(value))

    @override
    def value_schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "decimal", "pattern": r"^-?[0-9]{1,13}\.[0-9]{2}$"}

    @override
    def own_faults(self) -> list[str]:
        return bounds_fault(self.label, float(self.least), float(self.most))


def plain_number(code: str) -> str:
    """Digits as this program writes them: no separators, no leading zeros, no sign before 0; what is no number
    stays."""
    if _THOUSANDS.fullmatch(code):
        code = re.sub(r"[,，]", "", code)
    code = code.removeprefix("+").replace("−", "-").replace("。", ".")
    if not _NUMBER.fullmatch(code):
        return code
    number = Decimal(code.rstrip("."))
    plain = f"{number:f}"
    return "0" if not number else plain.rstrip("0").rstrip(".") if "." in plain else plain


def number_of(value: object) -> Decimal | None:
    """The number of a value; None where it is none."""
    return Decimal(value) if isinstance(value, str) and _PLAIN.fullmatch(value) else None


def number_faults(label: str, value: Value, decimals: int, bounds: tuple[Decimal, Decimal], unit: str) -> list[str]:
    number = number_of(value)
    if number is None:
        return [f"“{label}”应当是数字，现在是“{str(value)[:20]}”，请只写数字。"]
    if number != round(number, decimals):
        return [f"“{label}”应当是整数。" if not decimals else f"“{label}”最多 {decimals} 位小数，请四舍五入后填写。"]
    least, most = bounds
    if number < least:
        return [f"“{label}”不能小于 {least:,f}{unit}，现在是 {number:,f}{unit}。"]
    return [f"“{label}”不能大于 {most:,f}{unit}，现在是 {number:,f}{unit}。"] if number > most else []


def _float(number: Decimal | None) -> float | None:
    # of what is wrong, expressions get nothing: only so many digits are exact
    return None if number is None or abs(number) > LARGEST_MONEY else float(number)
