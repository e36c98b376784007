"""What a designer of forms is told of a definition while it grows: faults, names, and conditions in words."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from foundation.errors import Fault, Invalid
from standards.forms.definition import MOST_FIELDS, MOST_PARTS
from standards.forms.expressions.kinds import NamedValue
from standards.forms.expressions.wording import Comparisons, in_words, understood, written
from standards.forms.fields import FIELD_TYPES, AnyField
from standards.forms.fields.base import BaseField
from standards.forms.fields.groups import GroupField
from standards.forms.fields.shown import ComputedField
from standards.forms.formulas import ShownFormulas, shown_formula, shown_names, written_formula
from standards.forms.plans import RESERVED, make_plan, names_of
from standards.forms.reading import keepable_draft, read_definition

_LONGEST_STEM: Final = 35
_FIELD: Final[TypeAdapter[BaseField]] = TypeAdapter(AnyField)
_MOST_CIRCLES_SAID: Final = 3
_CONDITIONS: Final = ("visible_when", "required_when")


@dataclass(frozen=True, slots=True)
class ReadExpression:
    """``words``: as people say it; ``shown``: with labels for names; ``comparisons``: where it is no more than some."""

    text: str
    words: str
    shown: str
    comparisons: Comparisons | None


@dataclass(frozen=True, slots=True)
class DesignStudy:
    """``faults``: as ``read_definition`` finds them; ``fields``: those that can be read; ``expressions``: of
    ``field.attribute``."""

    faults: tuple[Fault, ...]
    fields: tuple[BaseField, ...]
    expressions: Mapping[str, ReadExpression]

    def as_json(self) -> dict[str, Any]:
        """Plain JSON for a designer's program; ``names``: what may be chosen, with its kind, choices and cells."""
        choices = {field.name: field.choices() for field in self.fields}
        cells = {
            group.name: {cell.name: cell.choices() for cell in group.cells}
            for group in self.fields
            if isinstance(group, GroupField)
        }
        return {
            "faults": [{"where": fault.where, "message": fault.message} for fault in self.faults],
            "names": _names_as_json(names_of(self.fields), choices, cells),
            "expressions": {name: asdict(one) for name, one in self.expressions.items()},
        }


def _names_as_json(
    names: Mapping[str, NamedValue],
    choices: Mapping[str, Mapping[str, str]],
    cells: Mapping[str, Mapping[str, Mapping[str, str]]],
) -> list[dict[str, Any]]:
    shown = shown_names(names)
    return [
        {
            "name": name,
            "label": one.label,
            "shown": shown[name],
            "kind": one.kind.value,
            "kind_label": one.kind.label,
            "choices": [{"code": code, "label": label} for code, label in _choices(one, choices.get(name, {}))],
            "cells": _names_as_json(one.cells, cells.get(name, {}), {}) if one.cells else [],
        }
        for name, one in names.items()
    ]


def _choices(one: NamedValue, labels: Mapping[str, str]) -> list[tuple[str, str]]:
    return list(labels.items()) or [(code, code) for code in sorted(one.codes)]


def is_editable(raw: object) -> bool:
    """Whether a designer can show it: pages with fields of known types, whatever else is missing."""
    parts = raw.get("parts") if isinstance(raw, Mapping) else None
    if not isinstance(parts, list) or not 0 < len(parts) <= MOST_PARTS:
        return False
    fields = [field for part in parts for field in _listed(part, "fields") or [None]]
    cells = [cell for field in fields for cell in (_listed(field, "cells") if _has(field, "cells") else [])]
    return len(fields) + len(cells) <= MOST_FIELDS and all(_is_field(one) for one in (*fields, *cells))


def _has(raw: object, name: str) -> bool:
    return isinstance(raw, Mapping) and bool(raw.get(name))


def _listed(raw: object, name: str) -> list[object]:
    """The list of that name; one thing that is no field where something else stands there."""
    found = raw.get(name) if isinstance(raw, Mapping) else None
    return found if isinstance(found, list) else [None]


def _is_field(raw: object) -> bool:
    if not isinstance(raw, Mapping):
        return False
    kind, name = raw.get("type"), raw.get("name")
    return isinstance(kind, str) and kind in FIELD_TYPES and isinstance(name, str)


def study_definition(raw: str | Mapping[str, Any]) -> DesignStudy:
    """Judge a definition that may still be unfinished: fields that cannot be read are left out of the names. Never
    fails."""
    try:
        fields: tuple[BaseField, ...] = read_definition(raw).fields
        faults: tuple[Fault, ...] = ()
    except Invalid as refusal:
        faults = tuple(refusal.faults) or (Fault("", refusal.message),)
        fields = tuple(_readable_fields(raw))
    return DesignStudy(faults, fields, dict(_expressions(fields)))


def savable_draft(raw: Mapping[str, Any]) -> dict[str, Any]:
    """A definition that may still be wrong, as it can be kept. Raises Invalid for one that is too large or holds what
    cannot be kept, and for conditions and formulas that read one another in a circle: each circle at one of its fields,
    with the labels of all of them."""
    draft = keepable_draft(raw)
    if faults := circular_faults(draft):
        raise Invalid.of(faults, many="".join(one.message for one in faults[:_MOST_CIRCLES_SAID]))
    return draft


def circular_faults(raw: Mapping[str, Any]) -> tuple[Fault, ...]:
    """Each circle of the fields that can be read, whatever else is wrong with the definition."""
    fields = tuple(_readable_fields(raw))
    if not any(_has_expression(one) for one in _with_cells(fields)):
        return ()
    places = _written_places(raw)
    return tuple(Fault(f"{places[name]}.{attribute}", said) for name, attribute, said in make_plan(fields).circles)


def _with_cells(fields: Iterable[BaseField]) -> Iterator[BaseField]:
    for field in fields:
        yield field
        if isinstance(field, GroupField):
            yield from field.cells


def _written_places(raw: Mapping[str, Any]) -> dict[str, str]:
    """Where each name stands for the first time, in a definition in which not all can be read."""
    found: dict[str, str] = {}
    for part_at, part in enumerate(raw["parts"]):
        for at, field in enumerate(_listed(part, "fields")):
            where = f"parts.{part_at}.fields.{at}"
            cells = _listed(field, "cells") if _has(field, "cells") else []
            for place, one in (
                (where, field),
                *((f"{where}.cells.{cell_at}", cell) for cell_at, cell in enumerate(cells)),
            ):
                if isinstance(one, Mapping):
                    found.setdefault(str(one.get("name")), place)
    return found


def readable_fields(raw: object, *, group: str = "") -> tuple[BaseField, ...]:
    """The fields of a definition that can be read, whatever else is wrong with it; ``group``: seen from one of its
    lines, whose cells stand in its place."""
    return seen_from(tuple(_readable_fields(raw)), group)


def seen_from(fields: tuple[BaseField, ...], group: str) -> tuple[BaseField, ...]:
    """What can be called in a line of the group, or where ``group`` is "" anywhere."""
    lines = next((one for one in fields if isinstance(one, GroupField) and one.name == group), None)
    return (*(one for one in fields if one is not lines), *lines.cells) if lines else fields


def write_expression(
    fields: tuple[BaseField, ...], *, comparisons: Comparisons | None = None, shown: str = ""
) -> tuple[str, str]:
    """The expression of a condition or of a formula as people say it, and the words that will stand for it. Raises
    ExpressionFault."""
    names = names_of(fields)
    if comparisons is None:
        expression = written_formula(shown, names)
        return expression, shown_formula(expression, names)
    choices = {field.name: field.choices() for field in fields}
    expression = written(comparisons, names)
    return expression, in_words(expression, names, choices)


def draw_name(label: str, taken: Collection[str], *, otherwise: str = "field") -> str:
    """A name for a field that is labelled so: its pinyin, with a number behind it where that is taken."""
    # 47,000 phrases, for those alone who spell
    from pypinyin import lazy_pinyin  # noqa: PLC0415

    syllables = "_".join(lazy_pinyin(label[:20])).lower()
    name = re.sub(r"[^a-z0-9]+", "_", syllables).strip("_")
    name = name if re.match(r"[a-z]", name) else f"{otherwise}_{name}".strip("_")
    # a number may come behind it, and half a syllable is no word
    name = name[:_LONGEST_STEM].rsplit("_", 1)[0] if len(name) > _LONGEST_STEM else name
    used = {*taken, *RESERVED}
    return next(one for one in (name, *(f"{name}_{count}" for count in range(2, 9_999))) if one not in used)


def _readable_fields(raw: object) -> Iterator[BaseField]:
    parts = raw.get("parts") if isinstance(raw, Mapping) else None
    seen: set[str] = set()
    for part in parts if isinstance(parts, list) else []:
        fields = part.get("fields") if isinstance(part, Mapping) else None
        for one in fields if isinstance(fields, list) else []:
            try:
                field = _FIELD.validate_python(one)
            except ValidationError:
                continue
            if field.name not in seen:
                seen.add(field.name)
                yield field


def _expressions(fields: tuple[BaseField, ...]) -> Iterator[tuple[str, ReadExpression]]:
    names, choices = names_of(fields), {field.name: field.choices() for field in fields}
    yield from _expressions_of(fields, names, choices)
    for group in fields:
        if isinstance(group, GroupField) and any(map(_has_expression, group.cells)):
            # put together out of what all groups see, for there may be hundreds of them
            above = {name: one for name, one in names.items() if name.partition(".")[0] != group.name}
            own = {cell.name: cell.choices() for cell in group.cells}
            yield from _expressions_of(group.cells, above | names_of(group.cells), choices | own)


def _has_expression(field: BaseField) -> bool:
    return isinstance(field, ComputedField) or any(getattr(field, attribute) for attribute in _CONDITIONS)


def _expressions_of(
    fields: Iterable[BaseField], names: Mapping[str, NamedValue], choices: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[str, ReadExpression]]:
    """``names`` and ``choices``: of what these may call."""
    formulas = ShownFormulas(names)
    for field in fields:
        for attribute in _CONDITIONS:
            if text := getattr(field, attribute):
                comparisons = understood(text, names)
                shown, words = formulas.shown(text), in_words(text, names, choices)
                yield f"{field.name}.{attribute}", ReadExpression(text, words, shown, comparisons)
        if isinstance(field, ComputedField):
            shown = formulas.shown(field.expression)
            yield f"{field.name}.expression", ReadExpression(field.expression, shown, shown, None)
