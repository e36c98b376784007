"""What a designer of forms works with, as data: every type of field with its attributes, all derived from its class."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from pydantic import BaseModel

from standards.forms.blocks import BLOCKS
from standards.forms.definition import MOST_FIELDS, MOST_PARTS, DefinitionPart, FormDefinition
from standards.forms.expressions.kinds import ValueKind
from standards.forms.expressions.wording import OPERATORS
from standards.forms.fields import CELL_TYPE_NAMES, FIELD_TYPES
from standards.forms.fields.base import BaseField, PaletteGroup
from standards.forms.formulas import READY_FORMULAS
from standards.forms.plans import RESERVED
from standards.forms.rights import FieldRight

# from so many characters on, a text has several lines
_LONG: Final = 500
# where they say nothing: nobody fills the field in; it holds no value; it stands in a line
_NOT_FILLED: Final = frozenset({"required", "required_when", "together"})
_EMPTY: Final = frozenset({"when_hidden", "personal", "hint"})
_NOT_IN_LINES: Final = ("when_hidden", "together")


@cache
def palette() -> dict[str, Any]:
    """Plain JSON. ``groups``: types in the order of the palette; ``types``: each with its attributes; ``blocks``: ready
    fields; ``part`` and ``form``: attributes of a part and of the form; ``rights``: to a
    field; ``operators``: by kind of value; ``formulas``:
    ready ones; ``not_in_lines``: attributes that a cell of a group has not."""
    return {
        "groups": [
            {
                "label": group.value,
                "types": [name for name, one in FIELD_TYPES.items() if one.group == group],
            }
            for group in PaletteGroup
        ],
        "types": {name: _described(name, one) for name, one in FIELD_TYPES.items()},
        "blocks": [{"label": label, "fields": [dict(field) for field in fields]} for label, fields in BLOCKS.values()],
        "part": _attributes(DefinitionPart),
        "form": [one for one in _attributes(FormDefinition) if one["name"] in {"title", "hint", "rights"}],
        "rights": [{"code": one.value, "label": one.label} for one in FieldRight],
        "operators": OPERATORS,
        "formulas": [one.as_json() for one in READY_FORMULAS],
        "not_in_lines": _NOT_IN_LINES,
        "most_fields": MOST_FIELDS,
        "most_parts": MOST_PARTS,
    }


def _described(name: str, one: type[BaseField]) -> dict[str, Any]:
    unasked = (frozenset() if one.is_filled else _NOT_FILLED) | (_EMPTY if one.kind == ValueKind.EMPTY else frozenset())
    return {
        "title": one.title,
        "group": one.group.value,
        "also_called": one.also_called,
        "is_cell": name in CELL_TYPE_NAMES,
        # what a field is called before it has a name of its own
        "stem": f"{name}_field" if name in RESERVED else name,
        "start": dict(one.start),
        "kind": one.kind.value,
        "parts": [{"name": part, "label": label, "kind": kind.value} for part, (label, kind) in one.parts.items()],
        "attributes": [attribute for attribute in _attributes(one) if attribute["name"] not in unasked],
    }


def _attributes(model: type[BaseModel]) -> list[dict[str, Any]]:
    schema = model.model_json_schema()
    return _of_schema(schema, schema.get("$defs", {}))


def _of_schema(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> list[dict[str, Any]]:
    needed = set(schema.get("required", ()))
    return [
        {"name": name, "is_needed": name in needed, **_attribute(node, definitions)}
        for name, node in schema["properties"].items()
        if name not in {"type", "format"}
    ]


def _attribute(node: Mapping[str, Any], definitions: Mapping[str, Any]) -> dict[str, Any]:
    """``control``: how it is edited: line, long, number, switch, choice, several, rows, one_of, picked, or what the
    class says."""
    kinds = [_resolved(one, definitions) for one in node.get("anyOf", [node])]
    is_optional = any(one.get("type") == "null" for one in kinds)
    kind = next(one for one in kinds if one.get("type") != "null")
    found = {
        "label": node.get("title", ""),
        "hint": node.get("description", ""),
        "section": node.get("section", "own"),
        "unit": node.get("unit", ""),
        "needs": node.get("needs", ""),
        "default": node.get("default"),
        "is_optional": is_optional,
    }
    control = _control({**kind, **{name: node[name] for name in ("control", "picks", "words") if name in node}})
    if control["control"] in {"rows", "one_of"}:
        model = kind if control["control"] == "one_of" else _resolved(kind["items"], definitions)
        control["attributes"] = _of_schema(model, definitions)
    # what is empty need not travel
    return {name: value for name, value in (found | control).items() if value not in ("", None) and value is not False}


_BOUNDS: Final[Mapping[str, str]] = {
    "least": "minimum",
    "most": "maximum",
    "longest": "maxLength",
    "fewest": "minItems",
    "most_rows": "maxItems",
}


def _control(kind: Mapping[str, Any]) -> dict[str, Any]:
    bounds = {ours: kind[theirs] for ours, theirs in _BOUNDS.items() if theirs in kind}
    items = kind.get("items", {})
    if "control" in kind:
        return {"control": kind["control"], **bounds}
    if "picks" in kind:
        return {"control": "picked", "picks": kind["picks"]}
    if codes := kind.get("enum") or items.get("enum"):
        choices = [{"code": one, "label": kind.get("words", {}).get(one, "")} for one in codes]
        return {"control": "several" if items else "choice", "choices": choices}
    if kind["type"] in {"integer", "number"}:
        return {"control": "number", "is_whole": kind["type"] == "integer", **bounds}
    is_day = kind.get("format") == "date"
    if kind["type"] == "string" and not is_day:
        return {"control": "long" if kind.get("maxLength", 0) >= _LONG else "line", **bounds}
    return {"control": _CONTROLS[kind["type"]], **bounds}


_CONTROLS: Final[Mapping[str, str]] = {"boolean": "switch", "object": "one_of", "array": "rows", "string": "day"}


def _resolved(node: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    return definitions[node["$ref"].rsplit("/", 1)[-1]] if "$ref" in node else node
