"""The application form that an item's guide asks for, to begin a form with (申请表)."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from standards.forms.blocks import BLOCKS
from tenants.casework.queries.guides import CaseGuide

_PARTS: Final = ("applicant", "agent")
_LONGEST: Final = 100
_LONGEST_HINT: Final = 400
# as standards.items.elements.materials has them
_NEEDED: Final = "needed"
MATERIAL: Final = "material"


def application_form(guide: CaseGuide) -> dict[str, Any]:
    """A definition: who applies, who comes for them, each material of the guide, and the applicant's promise, which
    needs no drawn signature: a citizen is signed in, and at the window the printed form is signed."""
    parts: list[dict[str, Any]] = [_block(name) for name in _PARTS]
    if fields := list(material_fields(guide.material_rows)):
        parts.append({"name": "materials", "label": "申请材料", "fields": fields})
    promise = _block("promise")
    promise["fields"] = [one for one in promise["fields"] if one["type"] != "signature"]
    parts.append(promise)
    return {"format": 1, "title": f"{guide.name}申请表"[:_LONGEST], "parts": parts}


def material_fields(materials: Iterable[Mapping[str, Any]]) -> Iterable[dict[str, Any]]:
    """One field for each material, named ``material_1`` and so on by its place in the guide: a case finds its files by
    that."""
    for place, row in enumerate(materials, start=1):
        field: dict[str, Any] = {
            "type": "material",
            "name": field_of_material(place),
            "label": str(row.get("name") or "材料")[:_LONGEST],
            "material": _code(place),
        }
        if hint := str(row.get("fill_note") or "").strip()[:_LONGEST_HINT]:
            field["hint"] = hint
        yield field


def field_of_material(place: int) -> str:
    return f"{MATERIAL}_{place}"


def place_of_field(name: str) -> int | None:
    """The place in the guide of the material whose field has this name; None for another field."""
    found = re.fullmatch(rf"{MATERIAL}_([1-9]\d{{0,2}})", name)
    return int(found[1]) if found else None


def _code(place: int) -> str:
    return f"{MATERIAL}-{place}"


def _block(name: str) -> dict[str, Any]:
    label, fields = BLOCKS[name]
    return {"name": name, "label": label, "fields": [dict(field) for field in fields]}
