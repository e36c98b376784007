"""Detail lines: some fields, as often as needed, with sums below."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Final, Literal, override

from pydantic import Field

from standards.forms.expressions.kinds import NamedValue, ValueKind
from standards.forms.fields.amounts import MoneyField, NumberField, number_of
from standards.forms.fields.attached import MaterialField, PictureField
from standards.forms.fields.base import BaseField, FieldName, PaletteGroup, Value, titled
from standards.forms.fields.choices import ChoiceField, ChoicesField, ListedField, YesNoField
from standards.forms.fields.identity import (
    BankAccountField,
    CreditCodeField,
    LandlineField,
    MobileField,
    ResidentNumberField,
)
from standards.forms.fields.office import DocumentNumberField, FileNumberField, LicenceField
from standards.forms.fields.places import AddressField, DivisionField
from standards.forms.fields.shown import ComputedField
from standards.forms.fields.texts import EmailField, LongTextField, PersonNameField, PostcodeField, ShortTextField
from standards.forms.fields.times import DateField, PeriodField, TimeField
from standards.forms.filling import FillingContext

MOST_LINES: Final = 200
MOST_CELLS: Final = 30
CELL_TYPES: Final = (
    *(ShortTextField, LongTextField, PersonNameField, EmailField, PostcodeField),
    *(ResidentNumberField, CreditCodeField, MobileField, LandlineField, BankAccountField),
    *(NumberField, MoneyField, DateField, TimeField, PeriodField),
    *(ChoiceField, ChoicesField, YesNoField, ListedField, DivisionField, AddressField),
    *(MaterialField, PictureField, DocumentNumberField, FileNumberField, LicenceField, ComputedField),
)
AnyCell = Annotated[
    ShortTextField
    | LongTextField
    | PersonNameField
    | EmailField
    | PostcodeField
    | ResidentNumberField
    | CreditCodeField
    | MobileField
    | LandlineField
    | BankAccountField
    | NumberField
    | MoneyField
    | DateField
    | TimeField
    | PeriodField
    | ChoiceField
    | ChoicesField
    | YesNoField
    | ListedField
    | DivisionField
    | AddressField
    | MaterialField
    | PictureField
    | DocumentNumberField
    | FileNumberField
    | LicenceField
    | ComputedField,
    Field(discriminator="type"),
]


class GroupField(BaseField):
    """重复填写的一组. A value is its lines; a line holds what was filled in, by the names of its cells.

    A computed cell, and the conditions of a cell, see the cells of the line by their names and every field beside the
    group. ``sums``: cells whose sum stands below.
    """

    title: ClassVar[str] = "明细（可增加行）"
    group: ClassVar[PaletteGroup] = PaletteGroup.LAYOUT
    also_called: ClassVar[str] = "表格 重复 多行 子表"
    start: ClassVar[Mapping[str, Any]] = {"cells": [{"type": "short_text", "name": "cell", "label": "名称"}]}
    kind: ClassVar[ValueKind] = ValueKind.LINES

    type: Literal["group"]
    cells: Annotated[
        tuple[AnyCell, ...], Field(min_length=1, max_length=MOST_CELLS), titled("一行里的字段", control="cells")
    ]
    least: Annotated[int, Field(ge=0, le=MOST_LINES), titled("至少几行", unit="行")] = 0
    most: Annotated[int, Field(ge=1, le=MOST_LINES), titled("最多几行", unit="行")] = 50
    sums: Annotated[
        tuple[FieldName, ...],
        Field(max_length=MOST_CELLS),
        titled("下面写合计", "只有数字和金额能合计。", picks="cells"),
    ] = ()

    @property
    @override
    def is_personal(self) -> bool:
        return self.personal or any(cell.is_personal for cell in self.cells)

    @override
    def read(self, raw: object, context: FillingContext, before: Value = None) -> Value:
        """Lines in which nothing was filled in fall out."""
        lines = raw if isinstance(raw, list | tuple) else [raw]
        known = before if isinstance(before, list) else []
        read = []
        for place, line in enumerate(lines[: MOST_LINES + 1]):
            old = known[place] if place < len(known) else {}
            if isinstance(line, Mapping):
                read.append(self._read_line(line, context, old))
        return [line for line in read if line] or None

    def _read_line(self, raw: Mapping[str, Any], context: FillingContext, before: Mapping[str, Value]) -> Value:
        found = {
            cell.name: cell.read(raw.get(cell.name), context, before.get(cell.name))
            for cell in self.cells
            if cell.is_filled
        }
        return {name: value for name, value in found.items() if value is not None}

    @override
    def faults(self, value: Value, context: FillingContext) -> list[str]:
        """Of the lines as a whole; ``cell_faults`` has those of each cell."""
        if len(value) < self.least:
            return [f"“{self.label}”至少填 {self.least} 行，现在有 {len(value)} 行。"]
        return [f"“{self.label}”最多填 {self.most} 行，现在有 {len(value)} 行。"] if len(value) > self.most else []

    def cell_faults(
        self,
        value: Value,
        context: FillingContext,
        *,
        hidden: Collection[str] = (),
        required: Collection[str] = (),
        beside: Mapping[str, Value] = MappingProxyType({}),
    ) -> list[tuple[str, str]]:
        """What is wrong in each line: where (``lines.2.amount``, counted from 0) and what. ``hidden`` and ``required``:
        the cells that a condition takes off the page, and those that one asks for, named so; ``beside``: values of the
        fields beside the group."""
        found: list[tuple[str, str]] = []
        for place, line in enumerate(value[:MOST_LINES]):
            for cell in self.cells:
                where = self.place_of(place, cell)
                if where in hidden:
                    continue
                said = _faults_of_cell(cell, line, {**beside, **line}, context, is_needed=where in required)
                found += [(where, f"“{self.label}”第 {place + 1} 行：{message}") for message in said]
        return found

    def place_of(self, place: int | str, cell: BaseField) -> str:
        """As a cell of a line is posted and named by faults."""
        return f"{self.name}.{place}.{cell.name}"

    def sum_of(self, value: Value, name: str) -> Decimal:
        """The sum of a cell over all lines; what is no number counts as 0."""
        numbers = (number_of(line.get(name)) for line in value or ())
        return sum((number for number in numbers if number is not None), Decimal(0))

    @override
    def text(self, value: Value) -> str:
        lines = (
            "；".join(f"{cell.label}：{cell.text(line[cell.name])}" for cell in self.cells if cell.name in line)
            for line in value or ()
        )
        return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1))

    @override
    def printed(self, value: Value) -> str:
        by_name = {cell.name: cell for cell in self.cells}
        sums = (
            f"{by_name[name].label}合计：{by_name[name].printed(f'{self.sum_of(value, name):f}')}" for name in self.sums
        )
        return "\n".join(part for part in (self.text(value), "；".join(sums) if value else "") if part)

    @override
    def masked(self, value: Value) -> str:
        if self.personal:
            return "****" if value else ""
        lines = (
            "；".join(f"{cell.label}：{cell.masked(line[cell.name])}" for cell in self.cells if cell.name in line)
            for line in value or ()
        )
        return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1))

    @override
    def typed(self, value: Value) -> Any:
        return [
            {cell.name: cell.typed(line.get(cell.name)) for cell in self.cells if cell.is_filled}
            for line in value or ()
        ]

    @override
    def named(self) -> NamedValue:
        return NamedValue(self.label, self.kind, cells={cell.name: cell.named() for cell in self.cells})

    @override
    def expressed(self, value: Value) -> Any:
        return [{cell.name: cell.expressed(line.get(cell.name)) for cell in self.cells} for line in value or ()]

    @override
    def value_schema(self) -> dict[str, Any]:
        properties = {cell.name: cell.value_schema() for cell in self.cells}
        line = {"type": "object", "properties": properties, "additionalProperties": False}
        return {"type": "array", "items": line, "maxItems": self.most}

    @override
    def own_faults(self) -> list[str]:
        numeric = {cell.name for cell in self.cells if cell.named().kind == ValueKind.NUMBER}
        if self.least > self.most:
            return [f"“{self.label}”至少的行数多于最多的行数，什么也填不了。"]
        if strange := next((name for name in self.sums if name not in numeric), None):
            return [f"“{self.label}”要对“{strange}”求和，但它不是明细里的数字。"]
        # lines are known by their places alone: what is not on the page cannot be found again
        if odd := next((cell for cell in self.cells if cell.when_hidden != "drop"), None):
            return [f"“{self.label}”里的“{odd.label}”不显示时，已填的内容只能清除，不能保留。"]
        return [fault for cell in self.cells for fault in cell.own_faults()]


def _faults_of_cell(
    cell: AnyCell,
    line: Mapping[str, Value],
    beside: Mapping[str, Value],
    context: FillingContext,
    *,
    is_needed: bool,
) -> list[str]:
    if not cell.is_filled:
        return []
    value = line.get(cell.name)
    if value is None:
        return [f"请填写“{cell.label}”。"] if cell.required or is_needed else []
    return cell.faults(value, context) or cell.faults_beside(value, beside, context)
