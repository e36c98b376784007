"""Several forms as one, in which nothing is asked twice: 一表申请.

What two forms mean alike is known by its standard name: the fields of the ready blocks (``standards.forms.blocks``), as
they stand there, are asked once. Materials are the same where the caller says so. Everything else stays with its form,
under another name.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from standards.forms.blocks import BLOCKS
from standards.forms.definition import FORMAT, FormDefinition
from standards.forms.expressions.grammar import renamed
from standards.forms.fields import FIELD_TYPES
from standards.forms.fields.base import LONGEST_NAME, BaseField, Value
from standards.forms.fields.groups import GroupField
from standards.forms.fields.shown import HeadingField
from standards.forms.reading import read_definition
from standards.forms.rights import FIRST_STEP, FieldRight, Rights

_LONGEST_LABEL: Final = 100
_MATERIALS: Final = "materials"
_PROMISE: Final = "promise"
_ORDER: Final = tuple(FieldRight)
# what two forms may say differently of one field; ``material`` is its place in one guide
_OWN_WORDS: Final = frozenset({"label", "hint", "required", "together", "material"})
_EXPRESSIONS: Final = ("visible_when", "required_when", "expression")


@dataclass(frozen=True, slots=True)
class FormToMerge:
    """``key``: short, by which its own fields are told from the others'; ``title``: of what is applied for;
    ``materials``: names of the fields that are materials of the guide → what the material is, "" for one that this form
    alone knows; ``rights``: of who fills it in."""

    key: str
    title: str
    definition: FormDefinition
    materials: Mapping[str, str]
    rights: Rights


@dataclass(frozen=True, slots=True)
class MergedForm:
    """``names``: key of a form → its own name of each field and cell → the name in the merged form."""

    definition: FormDefinition
    names: Mapping[str, Mapping[str, str]]


def merge_forms(title: str, forms: Sequence[FormToMerge]) -> MergedForm:
    """One form of several. Raises Invalid where they are too large together."""
    merging = _Merging()
    for form in forms:
        merging.add(form)
    definition = {"format": FORMAT, "title": title[:_LONGEST_LABEL], "parts": merging.parts}
    if rights := {name: right.value for name, right in merging.rights.items() if right is not FieldRight.WRITE}:
        definition["rights"] = [{"step": FIRST_STEP, "role": "", "otherwise": "write", "rights": rights}]
    return MergedForm(read_definition(definition), merging.names)


def values_of_part(definition: FormDefinition, names: Mapping[str, str], values: Mapping[str, Value]) -> dict[str, Any]:
    """What was filled in for one of the merged forms, by its own names. ``names``: as ``MergedForm`` has them."""
    found: dict[str, Any] = {}
    for field in definition.fields:
        value = values.get(names.get(field.name, ""))
        if value is None:
            continue
        if isinstance(field, GroupField) and isinstance(value, list):
            own = {names[cell.name]: cell.name for cell in field.cells if cell.name in names}
            value = [{own.get(name, name): one for name, one in line.items()} for line in value]
        found[field.name] = value
    return found


class _Merging:
    def __init__(self) -> None:
        self.names: dict[str, dict[str, str]] = {}
        self.rights: dict[str, FieldRight] = {}
        self._shared: dict[str, dict[str, Any]] = {}
        # what a material is → its field; of those that one form alone knows, the place
        self._materials: dict[str, dict[str, Any]] = {}
        self._last_material = 0
        self._own: list[dict[str, Any]] = []

    @property
    def parts(self) -> list[dict[str, Any]]:
        """Who applies, what each item asks for by itself, the materials, the promise."""
        blocks = {name: list(self._of_block(name)) for name in BLOCKS}
        parts = [
            {"name": name, "label": BLOCKS[name][0], "fields": fields}
            for name, fields in blocks.items()
            if fields and name != _PROMISE
        ]
        parts += self._own
        if self._materials:
            parts.append({"name": _MATERIALS, "label": "申请材料", "fields": list(self._materials.values())})
        if blocks[_PROMISE]:
            parts.append({"name": _PROMISE, "label": BLOCKS[_PROMISE][0], "fields": blocks[_PROMISE]})
        return parts

    def add(self, form: FormToMerge) -> None:
        standard = _standard_names(form.definition)
        self.names[form.key] = names = self._names(form, standard)
        for part in form.definition.parts:
            own = []
            for field in part.fields:
                dump = _with_names(field.model_dump(mode="json", exclude_unset=True), names)
                self._give_right(names[field.name], form.rights.get(field.name, FieldRight.WRITE))
                if field.name in standard:
                    _ask_once(self._shared, field.name, dump)
                elif field.name in form.materials:
                    self._add_material(form, field, dump)
                else:
                    own.append((field, dump))
            if not all(isinstance(field, HeadingField) for field, _ in own):
                label = f"{form.title}：{part.label}"[:_LONGEST_LABEL]
                name = f"{form.key}_{part.name}"[:LONGEST_NAME].rstrip("_")
                self._own.append({"name": name, "label": label, "fields": [dump for _, dump in own]})

    def _names(self, form: FormToMerge, standard: frozenset[str]) -> dict[str, str]:
        names: dict[str, str] = {}
        for number, field in enumerate(_with_cells(form.definition), start=1):
            if field.name in standard:
                names[field.name] = field.name
            elif known := self._known_material(form, field):
                names[field.name] = known
            elif field.name in form.materials:
                self._last_material += 1
                names[field.name] = f"material_{self._last_material}"
            else:
                long = f"{form.key}_{field.name}"
                names[field.name] = long if len(long) <= LONGEST_NAME else f"{form.key}_field_{number}"
        return names

    def _known_material(self, form: FormToMerge, field: BaseField) -> str:
        """The name of the field that asks for the same material already; "" where there is none."""
        known = self._materials.get(form.materials.get(field.name) or "")
        if known is None:
            return ""
        is_same = _bare(known) == _bare(field.model_dump(mode="json", exclude_unset=True))
        return str(known["name"]) if is_same else ""

    def _add_material(self, form: FormToMerge, field: BaseField, dump: dict[str, Any]) -> None:
        what = form.materials[field.name]
        if self._known_material(form, field):
            self._materials[what]["required"] |= bool(dump.get("required"))
            return
        dump["required"] = bool(dump.get("required"))
        if not what or what in self._materials:
            dump["hint"] = "".join((f"用于“{form.title}”。"[:200], str(dump.get("hint") or "")))
            what = f"{form.key} {field.name}"
        self._materials[what] = dump

    def _of_block(self, block: str) -> Iterator[dict[str, Any]]:
        for field in BLOCKS[block][1]:
            if found := self._shared.get(str(field["name"])):
                yield found

    def _give_right(self, name: str, right: FieldRight) -> None:
        self.rights[name] = max(right, self.rights.get(name, right), key=_ORDER.index)


def _ask_once(shared: dict[str, dict[str, Any]], name: str, dump: dict[str, Any]) -> None:
    known = shared.setdefault(name, dump)
    if dump.get("required"):
        known["required"] = True


def _standard_names(definition: FormDefinition) -> frozenset[str]:
    """Names of those fields that stand in the form as in a ready block, and whose conditions read no others."""
    named = definition.named_fields
    alike = {
        name
        for name, usual in _USUAL.items()
        if name in named and _bare(named[name].model_dump(mode="json", exclude_unset=True)) == usual
    }
    return frozenset(name for name in alike if not _read_names(_USUAL[name]) - alike)


def _read_names(bare: Mapping[str, Any]) -> set[str]:
    """Of the fields of ready blocks those that the field's conditions name, and the one whose day it goes by."""
    found = {str(bare["day_field"])} if bare.get("day_field") else set()
    for one in _EXPRESSIONS:
        text = str(bare.get(one) or "")
        found |= {name for name in _USUAL if text and renamed(text, {name: f"{name}_"}) != text}
    return found


def _bare(dump: Mapping[str, Any]) -> dict[str, Any]:
    """What a field is, whatever it is called here and there."""
    kept = {name: value for name, value in dump.items() if name not in _OWN_WORDS and name != "name"}
    usual = FIELD_TYPES[str(dump["type"])].model_fields
    return {name: value for name, value in kept.items() if name == "type" or value != usual[name].default}


def _with_names(dump: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """The field under other names, in its conditions and cells, too."""
    found = dict(dump)
    found["name"] = names[dump["name"]]
    for one in _EXPRESSIONS:
        if text := found.get(one):
            found[one] = renamed(text, names)
    if cells := found.get("cells"):
        found["cells"] = [_with_names(cell, names) for cell in cells]
    if day := found.get("day_field"):
        found["day_field"] = names[day]
    if sums := found.get("sums"):
        found["sums"] = [names[one] for one in sums]
    return found


def _with_cells(definition: FormDefinition) -> Iterable[BaseField]:
    for field in definition.fields:
        yield field
        if isinstance(field, GroupField):
            yield from field.cells


_USUAL: Final[Mapping[str, Mapping[str, Any]]] = {
    str(field["name"]): _bare(field) for _, fields in BLOCKS.values() for field in fields
}
