"""Two versions of a form: how they differ, and what becomes of values when a running form moves to the newer one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from standards.forms.definition import FormDefinition
from standards.forms.fields.base import BaseField, Value
from standards.forms.fields.groups import GroupField
from standards.forms.fields.times import DAY_FIELD
from standards.forms.filling import FillingContext


@dataclass(frozen=True, slots=True)
class DefinitionChange:
    """One difference; ``where``: the field's name, or ``title``, ``parts``, ``rights``. ``said`` in Chinese."""

    where: str
    said: str


class Fate(StrEnum):
    """What became of a value."""

    KEPT = "kept"
    CONVERTED = "converted"
    DOUBTFUL = "doubtful"
    LOST = "lost"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class MovedValue:
    """``said``: in Chinese, what happened and why; ``text``: the old value as people read it."""

    name: str
    label: str
    fate: Fate
    said: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class MoveReport:
    """``values``: those under the newer definition. Nothing is lost that is not named in ``moved``."""

    values: Mapping[str, Value]
    moved: tuple[MovedValue, ...]

    def of(self, fate: Fate) -> tuple[MovedValue, ...]:
        return tuple(one for one in self.moved if one.fate == fate)


def compare_definitions(old: FormDefinition, new: FormDefinition) -> list[DefinitionChange]:
    """Every difference in the order of the newer form, then what is gone."""
    return list(_differences(old, new))


def _differences(old: FormDefinition, new: FormDefinition) -> Iterator[DefinitionChange]:
    if old.title != new.title:
        yield DefinitionChange("title", f"表单名称由“{old.title}”改为“{new.title}”。")
    if [(part.name, part.label, part.hint) for part in old.parts] != [
        (part.name, part.label, part.hint) for part in new.parts
    ]:
        yield DefinitionChange("parts", f"各部分由“{_parts(old)}”改为“{_parts(new)}”。")
    order = {field.name: place for place, field in enumerate(one for one in old.fields if one.name in new.named_fields)}
    stayed = [field for field in new.fields if field.name in old.named_fields]
    for field in new.fields:
        if field.name not in old.named_fields:
            yield DefinitionChange(field.name, f"新增“{field.label}”（{field.title}）。")
            continue
        yield from _field_differences(old, new, field.name)
    for place, field in enumerate(stayed):
        if order[field.name] != place and _place(old, field.name) != _place(new, field.name):
            yield DefinitionChange(field.name, f"“{field.label}”换了位置。")
    for field in old.fields:
        if field.name not in new.named_fields:
            yield DefinitionChange(field.name, f"删去“{field.label}”（{field.title}）。")
    if old.rights != new.rights:
        yield DefinitionChange("rights", "各步骤的权限有改动。")


def _parts(definition: FormDefinition) -> str:
    return "、".join(part.label for part in definition.parts)


def _place(definition: FormDefinition, name: str) -> int:
    return next(place for place, field in enumerate(definition.fields) if field.name == name)


def _field_differences(before: FormDefinition, after: FormDefinition, name: str) -> Iterator[DefinitionChange]:
    old, new = before.named_fields[name], after.named_fields[name]
    if old.type != new.type:
        yield DefinitionChange(new.name, f"“{new.label}”的类型由“{old.title}”改为“{new.title}”。")
        return
    was, now = (field.model_dump(mode="json") for field in (old, new))
    for attribute in now:
        if was[attribute] != now[attribute]:
            said = type(new).model_fields[attribute].title
            values = was[attribute], now[attribute]
            if attribute == DAY_FIELD:
                # people know a field by its label
                values = _label(before, values[0]), _label(after, values[1])
            yield DefinitionChange(new.name, f"“{new.label}”的{said}{_how(*values)}。")


def _label(definition: FormDefinition, name: str) -> str:
    field = definition.named_fields.get(name)
    return field.label if field else name


def _how(was: Any, now: Any) -> str:
    if isinstance(was, list) or isinstance(now, list):
        gone, come = ([one for one in first if one not in second] for first, second in ((was, now), (now, was)))
        parts = [f"去掉 {len(gone)} 个" if gone else "", f"增加 {len(come)} 个" if come else ""]
        return "，".join(part for part in parts if part) or "换了顺序"
    return f"由“{_said(was)}”改为“{_said(now)}”"


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return "无" if value in (None, "") else str(value)[:60]


def move_values(
    old: FormDefinition,
    new: FormDefinition,
    values: Mapping[str, Value],
    context: FillingContext,
    *,
    renamed: Mapping[str, str] | None = None,
) -> MoveReport:
    """Take values over into a newer definition; ``renamed``: new name → old name.

    A value that the newer field refuses is kept where both are of one type, and called doubtful; it is lost where it
    cannot be read as the newer type. Nothing is written anywhere.
    """
    kept: dict[str, Value] = {}
    moved: list[MovedValue] = []
    taken = set()
    for field in new.fields:
        source = (renamed or {}).get(field.name, field.name)
        before = old.named_fields.get(source)
        if not field.is_filled:
            continue
        if before is None:
            moved.append(MovedValue(field.name, field.label, Fate.NEW, f"“{field.label}”是新增的，需要补填。"))
            continue
        taken.add(source)
        value = values.get(source)
        if value is None:
            continue
        result, one = _moved(before, field, value, context)
        moved.append(one)
        if result is not None:
            kept[field.name] = result
    for name, value in values.items():
        gone = old.named_fields.get(name)
        if gone and name not in taken and value is not None:
            said = f"新版没有“{gone.label}”，原来填的不再保留。"
            moved.append(MovedValue(name, gone.label, Fate.LOST, said, gone.text(value)))
    return MoveReport(kept, tuple(moved))


def _moved(old: BaseField, new: BaseField, value: Value, context: FillingContext) -> tuple[Value, MovedValue]:
    text = old.text(value)
    if old.type == new.type:
        result = new.read(value, context, value)
        if result is None or result != value:
            said = f"“{new.label}”的内容有一部分新版没有，请核对。"
            return result, MovedValue(new.name, new.label, Fate.DOUBTFUL, said, text)
        if wrong := faults_of(new, result, context):
            return result, MovedValue(new.name, new.label, Fate.DOUBTFUL, f"按新版的要求：{wrong[0]}", text)
        return result, MovedValue(new.name, new.label, Fate.KEPT, f"“{new.label}”保留。", text)
    result = new.read(text, context)
    if result is None or faults_of(new, result, context):
        said = f"“{new.label}”的类型由“{old.title}”改为“{new.title}”，原来填的读不成新的类型，需要重填。"
        return None, MovedValue(new.name, new.label, Fate.LOST, said, text)
    said = f"“{new.label}”由“{old.title}”转为“{new.title}”，请核对。"
    return result, MovedValue(new.name, new.label, Fate.CONVERTED, said, text)


def faults_of(field: BaseField, value: Value, context: FillingContext) -> list[str]:
    """Everything that is wrong with a value, its lines' cells with it."""
    cells = field.cell_faults(value, context) if isinstance(field, GroupField) else []
    return [*field.faults(value, context), *(said for _, said in cells)]
