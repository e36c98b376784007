"""Names of fields in a template: ``{{申请人}}``, ``{{材料/名称}}``."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from standards.documents.kinds import GIVEN, ORDINAL, PLACES, DocumentKind, FieldType
from standards.nearest import nearest

# no brace, no line break: nothing in it is ever evaluated
NAMED: Final = re.compile(r"\{\{\s*([^{}\n]{1,60}?)\s*\}\}")
# as people type it
_DIVIDERS: Final = str.maketrans(dict.fromkeys("／.．。·", "/"))
BRACES: Final = re.compile(r"\{\{|\}\}")


@dataclass(frozen=True, slots=True)
class FieldName:
    """``column``: "" for a field that is not one of rows."""

    field: str
    column: str = ""

    @classmethod
    def of(cls, text: str) -> "FieldName":
        field, _, column = text.translate(_DIVIDERS).partition("/")
        return cls(field.strip(), column.strip())

    def __str__(self) -> str:
        return f"{self.field}/{self.column}" if self.column else self.field


def names_in(text: str) -> Iterator[FieldName]:
    for found in NAMED.finditer(text):
        yield FieldName.of(found.group(1))


def known_names(kind: DocumentKind) -> list[str]:
    """Every name that a template of this kind may write."""
    found = [*GIVEN, *PLACES]
    for field in kind.fields:
        if field.type == FieldType.ROWS:
            found += [f"{field.label}/{label}" for label in (ORDINAL, *(column.label for column in field.columns))]
        else:
            found.append(field.label)
    return found


def fault_of(name: FieldName, kind: DocumentKind) -> str:
    """What is wrong with a name, with the nearest right one; "" where nothing is."""
    known = known_names(kind)
    if str(name) in known:
        return ""
    said = f"没有名为“{name}”的字段"
    field = kind.by_label.get(name.field)
    if field and field.type == FieldType.ROWS and not name.column:
        columns = "、".join(f"{{{{{field.label}/{column.label}}}}}" for column in field.columns)
        return f"“{name}”有多行，请写它的列：{columns}。"
    # of names of two or three characters one that shares one is near
    near = nearest(str(name), known)
    return f"{said}，是不是“{near}”？" if near else f"{said}。可以写的字段见本页的表。"
