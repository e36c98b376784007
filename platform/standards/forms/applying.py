"""The application form that an item's guide asks for, to begin a form with (申请表), and what such a form must have."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from foundation.errors import Fault
from standards.forms.blocks import BLOCKS
from standards.forms.definition import FormDefinition
from standards.forms.fields.attached import MaterialField
from standards.forms.reading import places_of

_PARTS: Final = ("applicant", "agent")
_LONGEST: Final = 100
_LONGEST_HINT: Final = 400
# as standards.items.elements.materials has them
_NEEDED: Final = "needed"
MATERIAL: Final = "material"
# of the ready blocks: without these nobody knows who applies
APPLICANT_NAMES: Final[Mapping[str, str]] = {"applicant_name": "申请人姓名", "applicant_mobile": "联系手机"}


def application_form(name: str, materials: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """A definition: who applies, who comes for them, each material of the item of this name, and the applicant's
    promise, which needs no drawn signature: a citizen is signed in, and at the window the printed form is signed."""
    parts: list[dict[str, Any]] = [_block(name) for name in _PARTS]
    if fields := list(material_fields(materials)):
        parts.append({"name": "materials", "label": "申请材料", "fields": fields})
    promise = _block("promise")
    promise["fields"] = [one for one in promise["fields"] if one["type"] != "signature"]
    parts.append(promise)
    return {"format": 1, "title": f"{name}申请表"[:_LONGEST], "parts": parts}


def material_fields(materials: Iterable[Mapping[str, Any]]) -> Iterable[dict[str, Any]]:
    """One field for each material, named ``material_1`` and so on by its place in the guide: a case finds its files by
    that."""
    for place, row in enumerate(materials, start=1):
        field: dict[str, Any] = {
            "type": "material",
            "name": field_of_material(place),
            "label": name_of_material(row)[:_LONGEST],
            "material": code_of_material(place),
        }
        if hint := str(row.get("fill_note") or "").strip()[:_LONGEST_HINT]:
            field["hint"] = hint
        yield field


def name_of_material(row: Mapping[str, Any]) -> str:
    return str(row.get("name") or "材料")


def field_of_material(place: int) -> str:
    return f"{MATERIAL}_{place}"


def code_of_material(place: int) -> str:
    """To what its field is bound."""
    return f"{MATERIAL}-{place}"


def place_of_field(name: str) -> int | None:
    """The place in the guide of the material whose field has this name; None for another field."""
    found = re.fullmatch(rf"{MATERIAL}_([1-9]\d{{0,2}})", name)
    return int(found[1]) if found else None


def missing_names(form: FormDefinition) -> list[str]:
    """Labels of what every application form must have and this one has not."""
    return [f"{label}（{name}）" for name, label in APPLICANT_NAMES.items() if name not in form.named_fields]


def faults_of_materials(form: FormDefinition, materials: Iterable[Mapping[str, Any]]) -> Iterator[Fault]:
    """Fields of materials that no longer stand where the guide has theirs: a case would file papers under another
    name."""
    places, names = places_of(form), [name_of_material(row) for row in materials]
    for field in form.fields:
        if not isinstance(field, MaterialField) or (place := place_of_field(field.name)) is None:
            continue
        if place > len(names):
            said = f"“{field.label}”（{field.name}）对应的第 {place} 份材料在申请材料里没有：请删去，或者补上这份材料。"
            yield Fault(places[field.name], said)
        elif field.label != names[place - 1][:_LONGEST]:
            said = f"“{field.label}”（{field.name}）对应的第 {place} 份材料是“{names[place - 1]}”：请改成一致。"
            yield Fault(places[field.name], said)


def _block(name: str) -> dict[str, Any]:
    label, fields = BLOCKS[name]
    return {"name": name, "label": label, "fields": [dict(field) for field in fields]}
