"""Texts of all kinds, as people write them."""

import re
from typing import Annotated, Any, ClassVar, Final, Literal, override

from pydantic import Field

from standards.forms.fields.base import LONGEST_VALUE, BaseField, PaletteGroup, Value, code_of, line_of, text_of, titled
from standards.forms.filling import FillingContext

_PERSON: Final = re.compile(r"[^\W\d_]+(?:[ ·'’-][^\W\d_]+)*\.?")
_EMAIL: Final = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,5}[A-Za-z]{2,24}", re.ASCII)
_POSTCODE: Final = re.compile(r"\d{6}", re.ASCII)
_CHINESE: Final = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
LONGEST_PERSON_NAME: Final = 50


class ShortTextField(BaseField):
    """One line."""

    title: ClassVar[str] = "单行文字"
    also_called: ClassVar[str] = "文本框 填空 事由"

    type: Literal["short_text"]
    least: Annotated[int, Field(ge=0, le=500), titled("最少字数", unit="字")] = 0
    most: Annotated[int, Field(ge=1, le=500), titled("最多字数", unit="字")] = 100

    @override
    def faults(self, value: Value, context: FillingContext) -> list[str]:
        return length_faults(self.label, value, self.least, self.most)

    @override
    def value_schema(self) -> dict[str, Any]:
        return {"type": "string", "minLength": self.least, "maxLength": self.most}

    @override
    def own_faults(self) -> list[str]:
        return bounds_fault(self.label, self.least, self.most)


class LongTextField(BaseField):
    """Several lines."""

    title: ClassVar[str] = "多行文字"
    also_called: ClassVar[str] = "文本域 大段文字 说明 理由"

    type: Literal["long_text"]
    least: Annotated[int, Field(ge=0, le=LONGEST_VALUE), titled("最少字数", unit="字")] = 0
    most: Annotated[int, Field(ge=1, le=LONGEST_VALUE), titled("最多字数", unit="字")] = 1_000

    @override
    def read(self, raw: object, context: FillingContext, before: Value = None) -> Value:
        return text_of(raw) or None

    @override
    def faults(self, value: Value, context: FillingContext) -> list[str]:
        return length_faults(self.label, value, self.least, self.most)

    @override
    def value_schema(self) -> dict[str, Any]:
        return {"type": "string", "minLength": self.least, "maxLength": self.most}

    @override
    def own_faults(self) -> list[str]:
        return bounds_fault(self.label, self.least, self.most)


# what takes any words
FREE_TEXTS: Final = (ShortTextField, LongTextField)


class PersonNameField(BaseField):
    """姓名. Names of several nationalities have a middle dot (·); foreigners' have blanks."""

    title: ClassVar[str] = "姓名"
    group: ClassVar[PaletteGroup] = PaletteGroup.IDENTITY
    also_called: ClassVar[str] = "名字 人名"
    mask: ClassVar[str] = "name"

    type: Literal["person_name"]

    @override
    def read(self, raw: object, context: FillingContext, before: Value = None) -> Value:
        name = re.sub(r"\s*[•・‧∙⋅．●]\s*", "·", line_of(raw))
        # 张 三 is written so to fill a box; John Smith needs his blank
        return (name.replace(" ", "") if _CHINESE.search(name) else name) or None

    @override
    def faults(self, value: Value, context: FillingContext) -> list[str]:
        if len(value) > LONGEST_PERSON_NAME:
            return length_faults(self.label, value, 1, LONGEST_PERSON_NAME)
        if not _PERSON.fullmatch(value):
            return [f"“{self.label}”只能写文字和间隔号“·”，请按证件上的姓名填写。"]
        return []

    @override
    def value_schema(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": LONGEST_PERSON_NAME}


class EmailField(BaseField):
    """电子邮箱."""

    title: ClassVar[str] = "电子邮箱"

    type: Literal["email"]
    personal: Annotated[bool, titled("按个人信息保护", section="advanced")] = True

    @override
    def read(self, raw: object, context: FillingContext, before: Value = None) -> Value:
        return code_of(raw) or None

    @override
    def faults(self, value: Value, context: FillingContext) -> list[str]:
        return [] if _EMAIL.fullmatch(value) else [f"“{self.label}”不是电子邮箱地址，应当像 name@example.cn 这样。"]

    @override
    def value_schema(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": 254}


class PostcodeField(BaseField):
    """邮政编码."""

    title: ClassVar[str] = "邮政编码"

    type: Literal["postcode"]

    @override
    def read(self, raw: object, context: FillingContext, before: Value = None) -> Value:
        return code_of(raw) or None

    @override
    def faults(self, value: Value, context: FillingContext) -> list[str]:
        return [] if _POSTCODE.fullmatch(value) else [f"“{self.label}”应当是 6 位数字，例如 444100。"]

    @override
    def value_schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[0-9]{6}$"}


def length_faults(label: str, text: str, least: int, most: int) -> list[str]:
    """What is wrong with the length of a text."""
    if len(text) > most:
        return [f"“{label}”最多 {most} 个字，现在有 {len(text)} 个，请缩短。"]
    return [f"“{label}”至少 {least} 个字，现在有 {len(text)} 个，请写详细些。"] if len(text) < least else []


def bounds_fault(label: str, least: float, most: float) -> list[str]:
    """What is wrong with a definition's bounds."""
    return [f"“{label}”的下限 {least} 大于上限 {most}，什么也填不了。"] if least > most else []
