"""Reads a form's definition as somebody sent it."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final

from pydantic import ValidationError

from foundation.errors import Fault, Invalid
from standards.forms.definition import MOST_FIELDS, FormDefinition
from standards.forms.fields import CELL_TYPE_NAMES, FIELD_TYPES
from standards.forms.fields.base import BaseField
from standards.forms.fields.groups import GroupField
from standards.forms.plans import RESERVED

LARGEST: Final = 1024 * 1024  # bytes of JSON
DEEPEST: Final = 12
_MOST_FAULTS: Final = 50
_SAID: Final[Mapping[str, str]] = {
    "extra_forbidden": "没有“{name}”这个属性，请删去。",
    "missing": "缺少属性“{name}”。",
    "union_tag_not_found": "字段缺少属性“type”（类型）。",
    "string_too_long": "最多 {max_length} 个字。",
    "string_too_short": "不能是空的。",
    "too_long": "最多 {max_length} 个，现在有 {actual_length} 个。",
    "too_short": "至少 {min_length} 个。",
    "string_type": "应当是文字。",
    "bool_type": "应当是 true 或 false。",
    "bool_parsing": "应当是 true 或 false。",
    "int_type": "应当是整数。",
    "int_parsing": "应当是整数。",
    "tuple_type": "应当是一个列表。",
    "model_type": "应当是一组属性。",
    "model_attributes_type": "应当是一组属性。",
    "mapping_type": "应当是一组属性。",
    "literal_error": "只能是 {expected}。",
    "enum": "只能是 {expected}。",
    "greater_than_equal": "不能小于 {ge}。",
    "less_than_equal": "不能大于 {le}。",
    "value_error": "{error}。",
}
_PATTERNS: Final[Mapping[str, str]] = {
    "name": "名称只能用小写英文字母、数字和单个下划线，以字母开头，最多 40 个字符，例如 applicant_name。",
    "code": "代码只能用英文字母、数字、点、横线和下划线，最多 40 个字符。",
}


def read_definition(raw: str | bytes | Mapping[str, Any]) -> FormDefinition:
    """The definition, checked: types, limits, names, expressions, rights. Raises Invalid; each fault says where it is
    (``parts.0.fields.2.label``), and in Chinese what is wrong and what to do."""
    definition = _structure(_json_of(raw))
    _refuse(_faults_of_names(definition))
    places = _places(definition)
    _refuse(
        [
            *(Fault(places[field.name], said) for field in definition.fields for said in field.own_faults()),
            *_faults_of_rights(definition),
            *(
                Fault(f"{places.get(name, 'parts')}.{attribute}", said)
                for name, attribute, said in definition.plan.faults
            ),
        ]
    )
    return definition


def _json_of(raw: str | bytes | Mapping[str, Any]) -> object:
    if isinstance(raw, Mapping):
        try:
            raw = json.dumps(raw, ensure_ascii=False)
        except (TypeError, ValueError, RecursionError):
            raise Invalid("表单定义里有不能保存的内容，或者嵌套太深。") from None
    size = len(raw) if isinstance(raw, bytes) else len(raw.encode(errors="replace"))
    if size > LARGEST:
        message = f"表单定义有 {size / 1024:,.0f} KB，最多 {LARGEST // 1024:,} KB：请拆成几张表单。"
        raise Invalid(message)
    try:
        found: object = json.loads(raw, object_pairs_hook=_without_doubles, parse_constant=_no_constant)
    except RecursionError:
        raise Invalid("表单定义嵌套太深。") from None
    except ValueError as error:
        place = f"第 {error.lineno} 行第 {error.colno} 个字符处" if isinstance(error, json.JSONDecodeError) else ""
        message = f"表单定义不是正确的 JSON，{place}读不下去。"
        raise Invalid(message) from None
    if _depth(found) > DEEPEST:
        raise Invalid("表单定义嵌套太深。")
    return found


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        double = next(name for name, many in Counter(name for name, _ in pairs).items() if many > 1)
        message = f"表单定义里“{double[:40]}”在同一处写了两次。"
        raise Invalid(message)
    return found


def _no_constant(text: str) -> float:
    message = f"表单定义里不能写 {text}。"
    raise Invalid(message)


def _depth(found: object) -> int:
    """How deep lists and mappings stand in one another; level by level, for nothing here may recurse."""
    depth, level = 0, [found]
    while level and depth <= DEEPEST:
        depth += 1
        level = [
            one
            for item in level
            if isinstance(item, dict | list)
            for one in (item.values() if isinstance(item, dict) else item)
        ]
    return depth


def _structure(raw: object) -> FormDefinition:
    if isinstance(raw, dict) and raw.get("format") != 1:
        raise Invalid.at("format", f"表单定义的格式版本是“{str(raw.get('format'))[:20]}”，本系统能读的是 1。")
    try:
        return FormDefinition.model_validate_json(json.dumps(raw))
    except ValidationError as error:
        found = error.errors(include_url=False)
        # a list whose one entry is wrong also counts as empty
        wrong = {one["loc"][:end] for one in found for end in range(len(one["loc"]))}
        faults = [_fault_of(one) for one in found if one["type"] != "too_short" or one["loc"] not in wrong]
        raise Invalid.of(faults[:_MOST_FAULTS], many=f"表单定义有 {len(faults)} 处错误，请按提示修改。") from None


def _fault_of(error: Any) -> Fault:
    # pydantic names the chosen type in the path: no part of the JSON
    path = [str(part) for place, part in enumerate(error["loc"]) if not _is_tag(error["loc"], place)]
    where = ".".join(path)
    name = next((part[:40] for part in reversed(path) if not part.isdigit()), "")
    context = error.get("ctx", {})
    kind = error["type"]
    if kind == "union_tag_invalid":
        return Fault(f"{where}.type", _unknown_type(str(context["tag"]), is_cell="cells" in path))
    if kind == "string_pattern_mismatch":
        return Fault(where, _PATTERNS.get(name, f"“{name}”的写法不对。"))
    said = _SAID.get(kind, "“{name}”的内容不对。").format_map({"name": name, **context})
    return Fault(where, said if "{name}" in _SAID.get(kind, "{name}") else f"“{name}”{said}")


def _is_tag(path: Sequence[object], place: int) -> bool:
    return place > 0 and isinstance(path[place - 1], int) and path[place] in FIELD_TYPES


def _unknown_type(tag: str, *, is_cell: bool) -> str:
    if is_cell and tag in FIELD_TYPES:
        return f"明细的一行里不能放“{FIELD_TYPES[tag].title}”（{tag}）。"
    known = sorted(CELL_TYPE_NAMES) if is_cell else list(FIELD_TYPES)
    near = get_close_matches(tag, known, n=1, cutoff=0.5)
    hint = f"最接近的是“{near[0]}”（{FIELD_TYPES[near[0]].title}）。" if near else f"可用的有：{'、'.join(known)}。"
    return f"没有“{tag[:40]}”这种字段类型。{hint}"


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        raise Invalid.of(faults[:_MOST_FAULTS], many=f"表单定义有 {len(faults)} 处错误，请按提示修改。")


def _named(definition: FormDefinition) -> Iterator[tuple[str, BaseField]]:
    """Where each field stands, cells too."""
    for part_at, part in enumerate(definition.parts):
        for at, field in enumerate(part.fields):
            where = f"parts.{part_at}.fields.{at}"
            yield where, field
            if isinstance(field, GroupField):
                yield from ((f"{where}.cells.{place}", cell) for place, cell in enumerate(field.cells))


def _places(definition: FormDefinition) -> dict[str, str]:
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


def _faults_of_rights(definition: FormDefinition) -> Iterator[Fault]:
    seen: set[tuple[str, str]] = set()
    for at, rule in enumerate(definition.rights):
        if (rule.step, rule.role) in seen:
            said = f"步骤“{rule.step or '填写'}”、角色“{rule.role or '所有角色'}”的权限写了两次，请合并。"
            yield Fault(f"rights.{at}", said)
        seen.add((rule.step, rule.role))
        for name in rule.rights:
            if name not in definition.by_name:
                near = get_close_matches(name, definition.by_name, n=1, cutoff=0.4)
                hint = f"最接近的是“{near[0]}”。" if near else ""
                yield Fault(f"rights.{at}.rights.{name}", f"权限里的“{name}”不是这张表单的字段。{hint}")
