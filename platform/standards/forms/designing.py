"""What a designer of forms is told of a definition while it grows: faults, names, and conditions in words."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from foundation.errors import Fault, Invalid
from standards.forms.expressions.kinds import NamedValue
from standards.forms.expressions.wording import in_words, understood
from standards.forms.fields import AnyField
from standards.forms.fields.base import BaseField
from standards.forms.fields.groups import GroupField
from standards.forms.fields.shown import ComputedField
from standards.forms.formulas import shown_formula
from standards.forms.plans import RESERVED, names_of
from standards.forms.reading import read_definition

_LONGEST_STEM: Final = 35
_FIELD: Final[TypeAdapter[BaseField]] = TypeAdapter(AnyField)
_CONDITIONS: Final = ("visible_when", "required_when")


@dataclass(frozen=True, slots=True)
class DesignStudy:
    """``faults``: as ``read_definition`` finds them; ``names``: what expressions may call; ``choices``: of a field,
    label by code; ``words``: ``field.attribute`` → the condition or formula as people say it."""

    faults: tuple[Fault, ...]
    names: Mapping[str, NamedValue]
    choices: Mapping[str, Mapping[str, str]]
    words: Mapping[str, str]


def study_definition(raw: str | Mapping[str, Any]) -> DesignStudy:
    """Judge a definition that may still be unfinished: fields that cannot be read are left out of the names. Never
    fails."""
    try:
        fields: tuple[BaseField, ...] = read_definition(raw).fields
        faults: tuple[Fault, ...] = ()
    except Invalid as refusal:
        faults = tuple(refusal.faults) or (Fault("", refusal.message),)
        fields = tuple(_readable_fields(raw))
    names = names_of(fields)
    choices = {field.name: field.choices() for field in fields if field.choices()}
    return DesignStudy(faults, names, choices, dict(_words(fields, names, choices)))


def names_in(fields: Collection[BaseField], group: str = "") -> dict[str, NamedValue]:
    """What an expression may call; ``group``: that of the lines in which it stands."""
    names = names_of(fields)
    lines = next((one for one in fields if isinstance(one, GroupField) and one.name == group), None)
    if not lines:
        return names
    return {name: one for name, one in names.items() if name.split(".")[0] != group} | names_of(lines.cells)


def readable_fields(raw: str | Mapping[str, Any]) -> tuple[BaseField, ...]:
    """The fields of a definition that can be read, whatever else is wrong with it."""
    return tuple(_readable_fields(raw))


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


def _words(
    fields: tuple[BaseField, ...], names: Mapping[str, NamedValue], choices: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[str, str]]:
    for field in fields:
        for attribute in _CONDITIONS:
            if text := getattr(field, attribute):
                rows = understood(text, names)
                said = in_words(rows, names, choices) if rows else shown_formula(text, names)
                yield f"{field.name}.{attribute}", said
        if isinstance(field, ComputedField):
            yield f"{field.name}.expression", shown_formula(field.expression, names)
        if isinstance(field, GroupField):
            known = names_in(fields, field.name)
            for cell in field.computed_cells:
                yield f"{cell.name}.expression", shown_formula(cell.expression, known)
