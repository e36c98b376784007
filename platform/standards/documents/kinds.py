"""What is said of a kind of document: its fields, by the words that a template names them by."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, Final


class FieldType(StrEnum):
    """What a field's value is. ``TEXT``, ``LONG_TEXT``: text, the latter of several paragraphs; ``DATE``: a
    ``datetime.date``; ``NUMBER``: an int or a Decimal; ``ROWS``: a sequence of mappings, column → text."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    DATE = "date"
    NUMBER = "number"
    ROWS = "rows"


FIELD_TYPE_NAMES: Final[Mapping[FieldType, str]] = {
    FieldType.TEXT: "文字",
    FieldType.LONG_TEXT: "多段文字",
    FieldType.DATE: "日期",
    FieldType.NUMBER: "数字",
    FieldType.ROWS: "多行",
}


@dataclass(frozen=True, slots=True)
class DocumentColumn:
    """A column of a field of rows. ``name``: as programs say it; ``label``: as templates do."""

    name: str
    label: str
    example: str = ""


@dataclass(frozen=True, slots=True)
class DocumentField:
    """``name``: as programs say it; ``label``: as templates do, ``{{label}}``. ``example``: shown in previews.
    ``is_public``: anybody who checks a document may read it."""

    name: str
    label: str
    type: FieldType = FieldType.TEXT
    is_required: bool = True
    is_public: bool = False
    example: Any = ""
    columns: tuple[DocumentColumn, ...] = ()

    @property
    def type_name(self) -> str:
        return FIELD_TYPE_NAMES[self.type]


@dataclass(frozen=True)
class DocumentKind:
    """``code`` never changes: rows name the kind by it. ``name``: 受理通知书. ``rule``: of its numbers, until a hall
    says its own (``numbering``). ``default``: the template that holds until a hall loads one, as ``samples`` reads
    it. ``ended_elsewhere``: where its documents end, in words, if another register keeps them."""

    code: str
    name: str
    fields: tuple[DocumentField, ...]
    rule: str
    default: Mapping[str, Any]
    ended_elsewhere: str = ""

    @cached_property
    def by_label(self) -> Mapping[str, DocumentField]:
        return {field.label: field for field in self.fields}

    @property
    def public_fields(self) -> tuple[DocumentField, ...]:
        return tuple(field for field in self.fields if field.is_public)


# what every document has besides; the platform says it
NUMBER: Final = "文号"
ISSUER: Final = "制发机关"
ISSUED_ON: Final = "制发日期"
CODE: Final = "验证码"
ADDRESS: Final = "验证网址"
# places, each alone in a paragraph
QR_PLACE: Final = "验证二维码"
SEAL_PLACE: Final = "印章"
GIVEN: Final = (NUMBER, ISSUER, ISSUED_ON, CODE, ADDRESS)
PLACES: Final = (QR_PLACE, SEAL_PLACE)
# in each field of rows: which row it is, from 1 on
ORDINAL: Final = "序号"
