"""What offices write: opinions, numbers of documents and files, licences, earlier cases."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Final, Literal, override

from pydantic import Field, StringConstraints

from standards.forms.expressions.kinds import ValueKind
from standards.forms.fields.base import BaseField, PaletteGroup, Value, code_of, line_of, part_of, text_of, titled
from standards.forms.fields.choices import EntryField, Options, listed_text, read_listed
from standards.forms.fields.texts import length_faults
from standards.forms.filling import FillingContext

LONGEST_OPINION: Final = 2_000
# the lists of earlier forms and of earlier cases
EARLIER_FORM: Final = "earlier_form"
EARLIER_CASE: Final = "case"
_BRACKETS: Final = str.maketrans(
    {"[": "〔", "]": "〕", "(": "〔", ")": "〕", "【": "〔", "】": "〕", "「": "〔", "」": "〕"}
)
_DOCUMENT: Final = re.compile(r"([\u3400-\u9fffA-Za-z]{1,20})〔((?:19|20)\d{2})〕([1-9]\d{0,5})号", re.ASCII)
_LOOSE: Final = re.compile(r"(.+?)〔(\d{4})年?〕第?0*(\d{1,6})号?", re.ASCII)
_FILE: Final = re.compile(r"[0-9A-Za-z\u3400-\u9fff·]+(?:-[0-9A-Za-z\u3400-\u9fff·]+){2,6}", re.ASCII)
_DASHES: Final = re.compile(r"[‐‑‒–—―－﹣]")
_LICENCE: Final = re.compile(r"[0-9A-Za-z\u3400-\u9fff()〔〕·./_-]{2,60}", re.ASCII)
_PARTS: Final = ("decision", "words")


class OpinionField(BaseField):
    """审批意见: a decision, some words, and who gave it when, which the program writes and nobody types."""

    title: ClassVar[str] = "审批意见"
    group: ClassVar[PaletteGroup] = PaletteGroup.OFFICE
    also_called: ClassVar[str] = "批示 审核 同意"
    start: ClassVar[Mapping[str, Any]] = {
        "options": [{"code": "agree", "label": "同意"}, {"code": "disagree", "label": "不同意"}],
        "words_needed_for": ["disagree"],
    }
    parts: ClassVar[Mapping[str, tuple[str, ValueKind]]] = {
        "decision": ("意见", ValueKind.TEXT),
        "words": ("理由", ValueKind.TEXT),
    }

    type: Literal["opinion"]
    options: Annotated[Options, titled("可选的意见")]
    words_needed_for: Annotated[
        tuple[str, ...], Field(max_length=50), titled("选了这些必须写理由", picks="options")
    ] = ()

    @override
    def read(self, raw: object, context: FillingContext, before: Value = None) -> Value:
        given = {
            "decision": line_of(part_of(raw, "decision"))[:40],
            "words": text_of(part_of(raw, "words"))[: LONGEST_OPINION + 1],
        }
        if not any(given.values()):
            return None
        if isinstance(before, Mapping) and all(before.get(part) == given[part] for part in _PARTS):
            return dict(before)
        return {**given, "by": context.person, "on": context.today.isoformat()}

    @override
    def faults(self, value: Value, context: FillingContext) -> list[str]:
        if value["decision"] not in {option.code for option in self.options}:
            return [f"“{self.label}”请先选一项：{'、'.join(option.label for option in self.options[:5])}。"]
        if value["decision"] in self.words_needed_for and not value["words"]:
            return [f"“{self.label}”选了“{self._said(value)}”，请写明理由。"]
        return length_faults(self.label, value["words"], 0, LONGEST_OPINION)

    @override
    def text(self, value: Value) -> str:
        if not value:
            return ""
        said = "：".join(part for part in (self._said(value), value["words"]) if part)
        return f"{said}（{'，'.join(part for part in (value['by'], value['on']) if part)}）"

    @override
    def typed(self, value: Value) -> Any:
        return {part: value[part] if value else "" for part in _PARTS}

    @override
    def choices(self) -> Mapping[str, str]:
        return {option.code: option.label for option in self.options}

    @override
    def expressed(self, value: Value) -> Any:
        return value["decision"] or None if value else None

    @override
    def value_schema(self) -> dict[str, Any]:
        properties = {
            "decision": {"type": "string", "enum": [option.code for option in self.options]},
            "words": {"type": "string", "maxLength": LONGEST_OPINION},
            "by": {"type": "string"},
            "on": {"type": "string", "format": "date"},
        }
        return {"type": "object", "properties": properties, "required": ["decision"], "additionalProperties": False}

    @override
    def own_faults(self) -> list[str]:
        strange = sorted(set(self.words_needed_for) - {option.code for option in self.options})
        return [f"“{self.label}”里没有代码是“{strange[0]}”的选项。"] if strange else []

    def _said(self, value: Value) -> str:
        found = (option.label for option in self.options if option.code == value["decision"])
        return next(found, value["decision"])


class DocumentNumberField(BaseField):
    """文号 (发文字号, GB/T 9704-2012, 7.2.5): the office's characters, 〔year〕, a number without 第 and
    leading zeros."""

    title: ClassVar[str] = "文号"
    group: ClassVar[PaletteGroup] = PaletteGroup.OFFICE
    also_called: ClassVar[str] = "发文字号"

    type: Literal["document_number"]

    @override
    def read(self, raw: object, context: FillingContext, before: Value = None) -> Value:
        code = code_of(raw).translate(_BRACKETS)
        loose = _LOOSE.fullmatch(code)
        return (f"{loose[1]}〔{loose[2]}〕{loose[3]}号" if loose else code) or None

    @override
    def faults(self, value: Value, context: FillingContext) -> list[str]:
        if _DOCUMENT.fullmatch(value):
            return []
        return [f"“{self.label}”不是发文字号，应当像 当政发〔2026〕12号 这样。"]

    @override
    def value_schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^.{1,20}〔[0-9]{4}〕[0-9]{1,6}号$"}


class FileNumberField(BaseField):
    """档号 (DA/T 13): segments from 全宗号 to 件号, with hyphens between."""

    title: ClassVar[str] = "档号"
    group: ClassVar[PaletteGroup] = PaletteGroup.OFFICE
    also_called: ClassVar[str] = "档案"

    type: Literal["file_number"]

    @override
    def read(self, raw: object, context: FillingContext, before: Value = None) -> Value:
        return _DASHES.sub("-", code_of(raw)).replace("．", "·").upper()[:100] or None

    @override
    def faults(self, value: Value, context: FillingContext) -> list[str]:
        if _FILE.fullmatch(value):
            return []
        return [f"“{self.label}”不是档号，应当像 0001-WS·2026·Y-BGS-0012 这样，至少三段，用“-”隔开。"]

    @override
    def value_schema(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": 100}


class LicenceField(BaseField):
    """证照: which licence, and its number."""

    title: ClassVar[str] = "证照"
    group: ClassVar[PaletteGroup] = PaletteGroup.OFFICE
    also_called: ClassVar[str] = "证件 证书"
    start: ClassVar[Mapping[str, Any]] = {"licences": [{"code": "resident", "label": "居民身份证"}]}
    parts: ClassVar[Mapping[str, tuple[str, ValueKind]]] = {
        "licence": ("种类", ValueKind.TEXT),
        "number": ("编号", ValueKind.TEXT),
    }

    type: Literal["licence"]
    licences: Annotated[Options, titled("证照种类")]
    personal: Annotated[bool, titled("按个人信息保护", section="advanced")] = True

    @override
    def read(self, raw: object, context: FillingContext, before: Value = None) -> Value:
        kind = line_of(part_of(raw, "licence"))[:40]
        if not kind and len(self.licences) == 1:
            kind = self.licences[0].code
        number = code_of(part_of(raw, "number")).upper()[:100]
        return {"licence": kind, "number": number} if number or (kind and len(self.licences) > 1) else None

    @override
    def faults(self, value: Value, context: FillingContext) -> list[str]:
        if value["licence"] not in {option.code for option in self.licences}:
            return [f"“{self.label}”请选证照的种类。"]
        if not _LICENCE.fullmatch(value["number"]):
            return [f"“{self.label}”的证照编号不对，请照证照填写，2 至 60 个字。"]
        return []

    @override
    def text(self, value: Value) -> str:
        if not value:
            return ""
        said = next((one.label for one in self.licences if one.code == value["licence"]), value["licence"])
        return " ".join(part for part in (said, value["number"]) if part)

    @override
    def typed(self, value: Value) -> Any:
        return value or {"licence": "", "number": ""}

    @override
    def choices(self) -> Mapping[str, str]:
        return {option.code: option.label for option in self.licences}

    @override
    def expressed(self, value: Value) -> Any:
        return value["licence"] or None if value else None

    @override
    def value_schema(self) -> dict[str, Any]:
        codes = [option.code for option in self.licences]
        properties = {"licence": {"type": "string", "enum": codes}, "number": {"type": "string", "maxLength": 100}}
        return {"type": "object", "properties": properties, "required": [*properties], "additionalProperties": False}


class EarlierCaseField(EntryField):
    """关联办件: an earlier case, by its number, of those that this person may see."""

    title: ClassVar[str] = "关联的办件"
    group: ClassVar[PaletteGroup] = PaletteGroup.OFFICE
    also_called: ClassVar[str] = "以前的办件"
    type: Literal["earlier_case"]

    @override
    def read(self, raw: object, context: FillingContext, before: Value = None) -> Value:
        code = code_of(part_of(raw, "code") if isinstance(raw, Mapping) else raw)
        return read_listed(EARLIER_CASE, code, context, before)

    @override
    def faults(self, value: Value, context: FillingContext) -> list[str]:
        if value["name"]:
            return []
        return [f"“{self.label}”没有找到办件“{value['code'][:40]}”，请照受理凭证上的办件编号填写。"]

    @override
    def text(self, value: Value) -> str:
        return f"{listed_text(value)}（{value['code']}）" if value and value["name"] else listed_text(value)


class Whose(StrEnum):
    """Whose earlier forms can be chosen."""

    OWN = "own"
    HALL = "hall"


class EarlierFormField(EntryField):
    """关联以前填的表单: one that was sent at this hall earlier, out of those that this person may relate to. A value
    keeps the name that it had when it was chosen."""

    title: ClassVar[str] = "关联以前填的表单"
    group: ClassVar[PaletteGroup] = PaletteGroup.OFFICE
    also_called: ClassVar[str] = "以前的申请 引用 销假"

    type: Literal["earlier_form"]
    form: Annotated[
        str,
        StringConstraints(pattern=r"^[a-z0-9_-]{0,41}\Z"),
        titled("哪张表单", "不选就是本厅的任何一张。", control="form"),
    ] = ""
    whose: Annotated[
        Whose,
        titled(
            "能选谁填的",
            "群众总是只能选自己填的。",
            words={Whose.OWN: "只能选本人填的", Whose.HALL: "工作人员可以选本厅任何人填的"},
        ),
    ] = Whose.OWN

    @property
    def source(self) -> str:
        """The list in which it looks."""
        return f"{EARLIER_FORM}:{self.whose}:{self.form}"

    @override
    def read(self, raw: object, context: FillingContext, before: Value = None) -> Value:
        return read_listed(self.source, raw, context, before)

    @override
    def faults(self, value: Value, context: FillingContext) -> list[str]:
        return [] if value["name"] else [f"“{self.label}”里没有您选的这份表单，请从列表里选。"]
