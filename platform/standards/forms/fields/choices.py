"""Choices: from a list that stands in the form, or from one that the hall or the province keeps."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final, Literal, override

from pydantic import Field, StringConstraints

from standards.forms.expressions.kinds import NamedValue, ValueKind
from standards.forms.fields.base import (
    BaseField,
    LongWords,
    PaletteGroup,
    Strict,
    Value,
    Words,
    line_of,
    part_of,
    texts_of,
    titled,
)
from standards.forms.fields.texts import bounds_fault
from standards.forms.filling import FillingContext

MOST_OPTIONS = 500
OptionCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,40}\Z")]
# lists of colleagues: a citizen is offered nothing of them
OF_STAFF: Final = frozenset({"person", "position"})
_YES = frozenset({"true", "1", "yes", "on", "是"})
_NO = frozenset({"false", "0", "no", "off", "否"})
_TWO_OPTIONS: Final[Mapping[str, Any]] = {
    "options": [{"code": "option_1", "label": "选项 1"}, {"code": "option_2", "label": "选项 2"}]
}


class ChoiceOption(Strict):
    """``code`` is what is kept, ``label`` what people read."""

    code: Annotated[OptionCode, titled("代码", control="code", section="advanced")]
    label: Annotated[Words, titled("名称")]
    hint: Annotated[str, Field(max_length=300), titled("说明")] = ""


Options = Annotated[tuple[ChoiceOption, ...], Field(min_length=1, max_length=MOST_OPTIONS)]


class ChoiceField(BaseField):
    """单选."""

    title: ClassVar[str] = "单选"
    group: ClassVar[PaletteGroup] = PaletteGroup.CHOICE
    also_called: ClassVar[str] = "下拉 选项"
    start: ClassVar[Mapping[str, Any]] = _TWO_OPTIONS

    type: Literal["choice"]
    options: Annotated[Options, titled("选项")]

    @override
    def faults(self, value: Value, context: FillingContext) -> list[str]:
        return _strange_options(self.label, [value], self.options)

    @override
    def text(self, value: Value) -> str:
        return _label_of(value, self.options) if value else ""

    @override
    def choices(self) -> Mapping[str, str]:
        return {option.code: option.label for option in self.options}

    @override
    def value_schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": [option.code for option in self.options]}

    @override
    def own_faults(self) -> list[str]:
        return _double_options(self.label, self.options)


class ChoicesField(BaseField):
    """多选."""

    title: ClassVar[str] = "多选"
    group: ClassVar[PaletteGroup] = PaletteGroup.CHOICE
    also_called: ClassVar[str] = "复选 选项"
    start: ClassVar[Mapping[str, Any]] = _TWO_OPTIONS
    kind: ClassVar[ValueKind] = ValueKind.TEXTS

    type: Literal["choices"]
    options: Annotated[Options, titled("选项")]
    least: Annotated[int, Field(ge=0, le=MOST_OPTIONS), titled("至少选几项", unit="项")] = 0
    most: Annotated[int, Field(ge=1, le=MOST_OPTIONS), titled("最多选几项", unit="项")] = MOST_OPTIONS

    @override
    def read(self, raw: object, context: FillingContext, before: Value = None) -> Value:
        found = texts_of(raw)
        order = {option.code: place for place, option in enumerate(self.options)}
        return sorted(found, key=lambda code: order.get(code, len(order))) or None

    @override
    def faults(self, value: Value, context: FillingContext) -> list[str]:
        if strange := _strange_options(self.label, value, self.options):
            return strange
        if len(value) < self.least:
            return [f"“{self.label}”至少选 {self.least} 项，现在选了 {len(value)} 项。"]
        return [f"“{self.label}”最多选 {self.most} 项，现在选了 {len(value)} 项。"] if len(value) > self.most else []

    @override
    def text(self, value: Value) -> str:
        return "、".join(_label_of(code, self.options) for code in value or ())

    @override
    def typed(self, value: Value) -> Any:
        return value or []

    @override
    def choices(self) -> Mapping[str, str]:
        return {option.code: option.label for option in self.options}

    @override
    def expressed(self, value: Value) -> Any:
        return value or []

    @override
    def value_schema(self) -> dict[str, Any]:
        codes = [option.code for option in self.options]
        return {"type": "array", "items": {"enum": codes}, "uniqueItems": True, "minItems": 1}

    @override
    def own_faults(self) -> list[str]:
        return _double_options(self.label, self.options) or bounds_fault(
            self.label, self.least, min(self.most, len(self.options))
        )


class YesNoField(BaseField):
    """是或否."""

    title: ClassVar[str] = "是或否"
    group: ClassVar[PaletteGroup] = PaletteGroup.CHOICE
    also_called: ClassVar[str] = "判断 开关"
    kind: ClassVar[ValueKind] = ValueKind.YES_NO

    type: Literal["yes_no"]
    yes: Annotated[Words, titled("“是”写作")] = "是"
    no: Annotated[Words, titled("“否”写作")] = "否"

    @override
    def read(self, raw: object, context: FillingContext, before: Value = None) -> Value:
        if isinstance(raw, bool):
            return raw
        code = line_of(raw)
        return True if code.lower() in _YES else False if code.lower() in _NO else code or None

    @override
    def faults(self, value: Value, context: FillingContext) -> list[str]:
        return [] if isinstance(value, bool) else [f"“{self.label}”请选“{self.yes}”或“{self.no}”。"]

    @override
    def text(self, value: Value) -> str:
        return (self.yes if value else self.no) if isinstance(value, bool) else str(value or "")

    @override
    def typed(self, value: Value) -> Any:
        return str(value).lower() if isinstance(value, bool) else str(value or "")

    @override
    def expressed(self, value: Value) -> Any:
        return value if isinstance(value, bool) else None

    @override
    def value_schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


class DeclarationField(BaseField):
    """承诺: a text that is agreed to; who does not agree cannot go on where it is required."""

    title: ClassVar[str] = "承诺"
    group: ClassVar[PaletteGroup] = PaletteGroup.FILE
    also_called: ClassVar[str] = "承诺书 同意 勾选"
    start: ClassVar[Mapping[str, Any]] = {"words": "本人承诺所填内容真实、完整、有效。"}
    kind: ClassVar[ValueKind] = ValueKind.YES_NO

    type: Literal["declaration"]
    words: Annotated[LongWords, Field(min_length=1), titled("承诺的内容")]

    @override
    def read(self, raw: object, context: FillingContext, before: Value = None) -> Value:
        is_agreed = raw is True or any(code.lower() in _YES for code in texts_of(raw))
        return True if is_agreed else None

    @override
    def text(self, value: Value) -> str:
        return "已承诺" if value else ""

    @override
    def printed(self, value: Value) -> str:
        return f"{self.words}\n{'☑' if value else '☐'} {self.label}"

    @override
    def typed(self, value: Value) -> Any:
        return "true" if value else ""

    @override
    def expressed(self, value: Value) -> Any:
        return value is True

    @override
    def value_schema(self) -> dict[str, Any]:
        return {"const": True}


class EntryField(BaseField):
    """One entry out of what is kept elsewhere, by its code: ``{"code", "name"}``."""

    @override
    def text(self, value: Value) -> str:
        return listed_text(value)

    @override
    def typed(self, value: Value) -> Any:
        return value["code"] if value else ""

    @override
    def members(self) -> Mapping[str, NamedValue]:
        return {"name": NamedValue(f"{self.label}：名称", ValueKind.TEXT)}

    @override
    def derived(self, value: Value, context: FillingContext) -> Mapping[str, Value]:
        return {"name": value["name"]} if value and value["name"] else {}

    @override
    def expressed(self, value: Value) -> Any:
        return value["code"] if value else None

    @override
    def value_schema(self) -> dict[str, Any]:
        return listed_schema()


class ListedField(EntryField):
    """One out of a list that is kept elsewhere. A value keeps the name that it had when it was chosen."""

    title: ClassVar[str] = "从名录里选"
    group: ClassVar[PaletteGroup] = PaletteGroup.CHOICE
    also_called: ClassVar[str] = "科室 部门 人员 岗位 事项"
    start: ClassVar[Mapping[str, Any]] = {"source": "department"}

    type: Literal["listed"]
    source: Annotated[
        Literal["department", "person", "position", "item"],
        titled("名录", words={"department": "科室", "person": "人员", "position": "岗位", "item": "事项"}),
    ]

    @override
    def read(self, raw: object, context: FillingContext, before: Value = None) -> Value:
        return read_listed(self.source, raw, context, before)

    @override
    def faults(self, value: Value, context: FillingContext) -> list[str]:
        return [] if value["name"] else [f"“{self.label}”里没有“{value['code'][:40]}”，请从列表里选。"]


def read_listed(source: str, raw: object, context: FillingContext, before: Value) -> Value:
    """The entry of a list by its code: its name comes from the list, never from what was posted."""
    code = line_of(part_of(raw, "code") if isinstance(raw, Mapping) else raw)[:200]
    if not code:
        return None
    name = context.name_of(source, code)
    # an entry that has ended since keeps the name under which it was chosen
    if not name and isinstance(before, Mapping) and before.get("code") == code:
        name = line_of(before.get("name"))
    return {"code": code, "name": name}


def listed_text(value: Value) -> str:
    return str(value["name"] or value["code"]) if value else ""


def listed_schema() -> dict[str, Any]:
    """``name`` is written by the server; who sends one is not believed."""
    properties = {"code": {"type": "string", "maxLength": 200}, "name": {"type": "string"}}
    return {"type": "object", "properties": properties, "required": ["code"], "additionalProperties": False}


def _label_of(code: str, options: tuple[ChoiceOption, ...]) -> str:
    return next((option.label for option in options if option.code == code), code)


def _strange_options(label: str, codes: list[str], options: tuple[ChoiceOption, ...]) -> list[str]:
    known = {option.code for option in options}
    strange = next((code for code in codes if code not in known), None)
    return [f"“{label}”里没有“{strange[:40]}”这一项，请从列出的选项里选。"] if strange is not None else []


def _double_options(label: str, options: tuple[ChoiceOption, ...]) -> list[str]:
    for attribute, said in (("code", "代码"), ("label", "名称")):
        seen: set[str] = set()
        for option in options:
            text = getattr(option, attribute)
            if text in seen:
                return [f"“{label}”有两个选项的{said}都是“{text}”，请改掉一个。"]
            seen.add(text)
    return []
