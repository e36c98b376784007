"""What comes out of a form: for people, paper, Excel and other programs. Hidden values come out of none of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from standards.forms.definition import FormDefinition
from standards.forms.fields.base import BaseField, Cell, Value
from standards.forms.fields.groups import GroupField
from standards.forms.fields.shown import NoteField
from standards.forms.filling import FillingContext
from standards.forms.plans import WorkedForm, work_through
from standards.forms.rights import FieldRight, Rights


@dataclass(frozen=True, slots=True)
class ValueChange:
    """``where``: the field, or the cell of a line (``lines.2.amount``); both texts as people read them."""

    where: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ResultSheet:
    """A sheet of a workbook: its title, the names of its columns, its rows."""

    title: str
    heading: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def visible_fields(definition: FormDefinition, worked: WorkedForm, rights: Rights) -> Iterator[BaseField]:
    """Fields that this person sees now, in their order."""
    for field in definition.fields:
        if field.name in worked.visible and rights.get(field.name, FieldRight.HIDDEN) != FieldRight.HIDDEN:
            yield field


def seen_values(
    definition: FormDefinition, values: Mapping[str, Value], rights: Rights, context: FillingContext
) -> dict[str, Value]:
    """Values as they may leave: those that this person sees, computed ones with them, and what follows from them;
    ``name.remark``: what has to be known of a value that may not stay right."""
    worked = work_through(definition.plan, values, context)
    seen = {field.name for field in visible_fields(definition, worked, rights)}
    found = {name: value for name, value in worked.shown.items() if name in seen}
    remarks = {f"{name}.remark": said for name, said in worked.remarks.items() if "." not in name}
    return found | {name: value for name, value in {**worked.derived, **remarks}.items() if name.split(".")[0] in seen}


def as_text(
    definition: FormDefinition,
    values: Mapping[str, Value],
    rights: Rights,
    context: FillingContext,
    *,
    masked: bool = False,
    printed: bool = False,
) -> str:
    """The form as lines of text, part by part; ``masked``: personal values as those see them who need not know them;
    ``printed``: as paper has it, with amounts in words and sums."""
    worked = work_through(definition.plan, values, context)
    seen = {field.name for field in visible_fields(definition, worked, rights)}
    lines = [definition.title]
    for part in definition.parts:
        fields = [field for field in part.fields if field.name in seen]
        said = [line for field in fields if (line := _line(field, worked, masked=masked, printed=printed))]
        if said:
            lines += ["", part.label, *said]
    return "\n".join(lines)


def _line(field: BaseField, worked: WorkedForm, *, masked: bool, printed: bool) -> str:
    if field.type == "heading":
        return field.label
    if isinstance(field, NoteField):
        return field.words if printed else ""
    value = worked.shown.get(field.name)
    if value is None:
        return ""
    # nothing that is masked is printed in full
    say = field.masked if masked else field.printed if printed else field.text
    text = say(value)
    if remark := worked.remarks.get(field.name):
        text = f"{text}（{remark}）"
    return f"{field.label}：\n{text}" if "\n" in text else f"{field.label}：{text}"


def as_sheets(
    definition: FormDefinition,
    filled: Sequence[tuple[str, Mapping[str, Value]]],
    rights: Rights,
    context: FillingContext,
    *,
    masked: bool = False,
) -> list[ResultSheet]:
    """Many forms as sheets: one with a row a form (``filled``: its number and its values), then one for each group
    with a row a line. Numbers stay numbers and days stay days; what has to be known of a value besides stands in a
    last column, where there is any."""
    worked = [(number, work_through(definition.plan, values, context)) for number, values in filled]
    fields = [
        field
        for field in definition.fields
        if rights.get(field.name, FieldRight.HIDDEN) != FieldRight.HIDDEN and field.type not in {"heading", "note"}
    ]
    single = [field for field in fields if not isinstance(field, GroupField)]
    rows = tuple(
        (
            number,
            *(_cell(field, one.shown.get(field.name), masked=masked) for field in single),
            _remarks((field.label, one.remarks.get(field.name)) for field in single),
        )
        for number, one in worked
    )
    sheets = [_sheet(definition.title, ("编号", *(field.label for field in single)), rows)]
    for group in (field for field in fields if isinstance(field, GroupField)):
        lines = tuple(
            (
                number,
                Decimal(place),
                *(_cell(cell, line.get(cell.name), masked=masked) for cell in group.cells),
                _remarks((cell.label, one.remarks.get(group.place_of(place - 1, cell))) for cell in group.cells),
            )
            for number, one in worked
            for place, line in enumerate(one.shown.get(group.name) or (), start=1)
        )
        sheets.append(_sheet(group.label, ("编号", "行", *(cell.label for cell in group.cells)), lines))
    return sheets


def _remarks(said: Iterable[tuple[str, str | None]]) -> str | None:
    return "；".join(f"{label}：{remark}" for label, remark in said if remark) or None


def _sheet(title: str, heading: tuple[str, ...], rows: tuple[tuple[Cell, ...], ...]) -> ResultSheet:
    """``rows``: with a last cell for remarks, which goes where no row has one."""
    if any(row[-1] for row in rows):
        return ResultSheet(title, (*heading, "说明"), rows)
    return ResultSheet(title, heading, tuple(row[:-1] for row in rows))


def _cell(field: BaseField, value: Value, *, masked: bool) -> Cell:
    if value is None:
        return None
    return field.masked(value) if masked and field.is_personal else field.cell(value)


def changes(
    definition: FormDefinition,
    before: Mapping[str, Value],
    after: Mapping[str, Value],
    rights: Rights,
    *,
    masked: bool = False,
) -> list[ValueChange]:
    """What changed between two states of a form, field by field and, in lines, cell by cell. Lines are compared by
    their place."""
    found: list[ValueChange] = []
    for field in definition.fields:
        if rights.get(field.name, FieldRight.HIDDEN) == FieldRight.HIDDEN:
            continue
        old, new = before.get(field.name), after.get(field.name)
        if old == new:
            continue
        if isinstance(field, GroupField):
            found += _changed_lines(field, old or (), new or (), masked=masked)
        else:
            found.append(_change(field, old, new, field.name, field.label, masked=masked))
    return found


def _changed_lines(
    group: GroupField, old: Sequence[Mapping[str, Value]], new: Sequence[Mapping[str, Value]], *, masked: bool
) -> Iterator[ValueChange]:
    for place in range(max(len(old), len(new))):
        was, now = (lines[place] if place < len(lines) else {} for lines in (old, new))
        for cell in group.cells:
            if was.get(cell.name) != now.get(cell.name):
                where, label = f"{group.name}.{place}.{cell.name}", f"{group.label}，第 {place + 1} 行：{cell.label}"
                yield _change(cell, was.get(cell.name), now.get(cell.name), where, label, masked=masked)


def _change(field: BaseField, old: Value, new: Value, where: str, label: str, *, masked: bool) -> ValueChange:
    say = field.masked if masked else field.text
    return ValueChange(where, label, "" if old is None else say(old), "" if new is None else say(new))


def json_schema(definition: FormDefinition, rights: Rights) -> dict[str, Any]:
    """JSON schema (2020-12) of the values that this person may send and gets; what only a condition asks for is not
    required in it."""
    fields = [
        field
        for field in definition.fields
        if rights.get(field.name, FieldRight.HIDDEN) != FieldRight.HIDDEN and field.type not in {"heading", "note"}
    ]
    properties = {field.name: _described(field, rights[field.name]) for field in fields}
    needed = [
        field.name
        for field in fields
        if rights[field.name] == FieldRight.REQUIRED
        or (field.required and not field.visible_when and rights[field.name].is_writable)
    ]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": definition.title,
        "type": "object",
        "properties": properties,
        "required": [name for name in needed if definition.named_fields[name].is_filled],
        "additionalProperties": False,
    }


def _described(field: BaseField, right: FieldRight) -> dict[str, Any]:
    described = {"title": field.label, **field.value_schema()}
    if said := "\n".join(one for one in (field.hint, described.get("description")) if one):
        described["description"] = said
    if not right.is_writable or not field.is_filled:
        described["readOnly"] = True
    return described
