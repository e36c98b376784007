"""Reads a form's definition as somebody sent it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final

from foundation.errors import Fault
from standards.definitions import MOST_FAULTS, DefinitionReader
from standards.forms.definition import MOST_FIELDS, FormDefinition
from standards.forms.fields import CELL_TYPE_NAMES, FIELD_TYPES
from standards.forms.fields.base import BaseField
from standards.forms.fields.groups import GroupField
from standards.forms.fields.times import DAY_FIELD, DateField, TimeField
from standards.forms.plans import RESERVED
from standards.nearest import nearest

# what a designer never shows, and what has another title at each type of field
_CALLED: Final[Mapping[str, str]] = {
    "type": "类型",
    "format": "格式版本",
    "label": "名称",
    "title": "名称",
    "hint": "说明",
    "least": "最少",
    "most": "最多",
    "megabytes": "每个文件最大",
    "options": "选项",
    "otherwise": "其他人的权限",
    "role": "岗位",
    "step": "环节",
    "words": "文字",
}
_PATTERNS: Final[Mapping[str, str]] = {
    "name": "名称只能用小写英文字母、数字和单个下划线，以字母开头，最多 40 个字符，例如 applicant_name。",
    "code": "代码只能用英文字母、数字、点、横线和下划线，最多 40 个字符。",
}


@cache
def _titles() -> dict[str, str]:
    """As the designer titles them; the last of several titles, for each is right somewhere."""
    schema = FormDefinition.model_json_schema()
    models = [*schema["$defs"].values(), schema]
    titles = {name: said.get("title", "") for one in models for name, said in one.get("properties", {}).items()}
    return {**titles, **_CALLED}


def read_definition(raw: str | bytes | Mapping[str, Any]) -> FormDefinition:
    """The definition, checked: types, limits, names, expressions, rights. Raises Invalid; each fault says where it is
    (``parts.0.fields.2.label``), and in Chinese what is wrong and what to do."""
    definition = _READER.read(raw)
    _READER.refuse(_faults_of_names(definition))
    places = places_of(definition)
    _READER.refuse(
        [
            *(Fault(places[field.name], said) for field in definition.fields for said in field.own_faults()),
            *_faults_of_days(definition, places),
            *_faults_of_rights(definition),
            *(
                Fault(f"{places.get(name, 'parts')}.{attribute}", said)
                for name, attribute, said in definition.plan.faults
            ),
        ]
    )
    return definition


def keepable_draft(raw: Mapping[str, Any]) -> dict[str, Any]:
    """A definition that may still be wrong, as it can be kept. Raises Invalid for one that is too large or holds what
    cannot be kept."""
    return _READER.keepable(raw)


def _unknown_type(path: Sequence[str], tag: str) -> str:
    is_cell = "cells" in path
    if is_cell and tag in FIELD_TYPES:
        return f"明细的一行里不能放“{FIELD_TYPES[tag].title}”（{tag}）。"
    known = sorted(CELL_TYPE_NAMES) if is_cell else list(FIELD_TYPES)
    near = nearest(tag, known, cutoff=0.5)
    listed = "、".join(f"{FIELD_TYPES[one].title}（{one}）" for one in known)
    hint = f"最接近的是“{near}”（{FIELD_TYPES[near].title}）。" if near else f"可用的有：{listed}。"
    return f"没有“{tag[:40]}”这种字段类型。{hint}"


_READER: Final = DefinitionReader(
    FormDefinition,
    noun="表单定义",
    deepest=12,
    part="字段",
    advice="请拆成几张表单。",
    is_tag=lambda before, part: isinstance(before, int) and part in FIELD_TYPES,
    unknown=_unknown_type,
    called=lambda name: _titles().get(name),
    patterns=_PATTERNS,
)


def _named(definition: FormDefinition) -> Iterator[tuple[str, BaseField]]:
    """Where each field stands, cells too."""
    for part_at, part in enumerate(definition.parts):
        for at, field in enumerate(part.fields):
            where = f"parts.{part_at}.fields.{at}"
            yield where, field
            if isinstance(field, GroupField):
                yield from ((f"{where}.cells.{place}", cell) for place, cell in enumerate(field.cells))


def every_field(definition: FormDefinition) -> Iterator[BaseField]:
    """In the order of the form, the cells of a group's lines behind it."""
    return (field for _, field in _named(definition))


def places_of(definition: FormDefinition) -> dict[str, str]:
    """Where each field stands, by its name, cells of lines too: as faults say it (``parts.0.fields.2``)."""
    return {field.name: where for where, field in _named(definition)}


def _faults_of_names(definition: FormDefinition) -> list[Fault]:
    named = list(_named(definition))
    faults = []
    if len(named) > MOST_FIELDS:
        faults.append(Fault("parts", f"一张表单最多 {MOST_FIELDS:,} 个字段，现在有 {len(named):,} 个。"))
    seen: dict[str, BaseField] = {}
    for where, field in named:
        if field.name in RESERVED:
            faults.append(Fault(f"{where}.name", f"“{field.name}”是表达式里的词，字段“{field.label}”请换一个名称。"))
        elif other := seen.get(field.name):
            said = f"字段“{other.label}”和“{field.label}”的名称都是“{field.name}”，请改掉一个。"
            faults.append(Fault(f"{where}.name", said))
        seen[field.name] = field
    parts = Counter(part.name for part in definition.parts)
    faults += [
        Fault("parts", f"有两个部分的名称都是“{name}”，请改掉一个。") for name, many in parts.items() if many > 1
    ]
    return faults


def _faults_of_days(definition: FormDefinition, places: Mapping[str, str]) -> Iterator[Fault]:
    """Times by the office hours of a day that no date field beside them says."""
    beside = {field.name for field in definition.fields if isinstance(field, DateField)}
    for field in definition.fields:
        cells = field.cells if isinstance(field, GroupField) else ()
        known = beside | {cell.name for cell in cells if isinstance(cell, DateField)}
        for one in (field, *cells):
            if isinstance(one, TimeField) and one.day_field and one.day_field not in known:
                said = (
                    f"“{one.label}”看哪一天的办公时间，要从这张表单的日期字段里选一个（现在写的是“{one.day_field}”）。"
                )
                yield Fault(f"{places[one.name]}.{DAY_FIELD}", said)


def _faults_of_rights(definition: FormDefinition) -> Iterator[Fault]:
    seen: set[tuple[str, str]] = set()
    hints = MOST_FAULTS
    for at, rule in enumerate(definition.rights):
        if (rule.step, rule.role) in seen:
            said = f"步骤“{rule.step or '填写'}”、角色“{rule.role or '所有角色'}”的权限写了两次，请合并。"
            yield Fault(f"rights.{at}", said)
        seen.add((rule.step, rule.role))
        for name in rule.rights:
            if name not in definition.named_fields:
                near = nearest(name, definition.named_fields) if hints > 0 else ""
                hints -= 1
                hint = f"最接近的是“{near}”。" if near else ""
                yield Fault(f"rights.{at}.rights.{name}", f"权限里的“{name}”不是这张表单的字段。{hint}")
