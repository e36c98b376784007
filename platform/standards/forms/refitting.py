"""A form of an item with the materials of one of its handling items (业务办理项), and what else names its fields.

Materials are the same where they are called the same. The place in the guide is in a field's name, by which a case
finds its files: so a field moves to the name that its material has there.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from foundation.errors import Fault
from standards.forms.applying import MATERIAL, code_of_material, material_fields, place_of_field
from standards.forms.expressions.grammar import renamed

type Json = dict[str, Any]
_EXPRESSIONS: Final = ("visible_when", "required_when", "expression", "condition")


@dataclass(frozen=True, slots=True)
class Refitting:
    """``names``: name of a field before → after; "" for one whose material is not asked for; ``labels``: of all
    fields, by the name before; ``added``: labels of materials that the form did not ask for."""

    form: Json
    names: Mapping[str, str]
    labels: Mapping[str, str]
    added: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """Whether the form asks for these materials already."""
        return not self.added and all(old == new for old, new in self.names.items())

    def faults_in(self, form: Mapping[str, Any], flow: Mapping[str, Any] | None) -> tuple[Fault, ...]:
        """Conditions of what stays that hang on a material which is not asked for. Both under the former names."""
        stays = [
            {**part, "fields": [one for one in part["fields"] if self.names.get(one["name"], one["name"])]}
            for part in form["parts"]
        ]
        return (
            *(Fault("form", f"表单：{said}") for said in self._lost_in(stays)),
            *(Fault("flow", f"流程：{said}") for said in self._lost_in(flow)),
        )

    def flow(self, flow: Mapping[str, Any]) -> Json:
        """The flow with the names that the form has now."""
        written: Json = self.renamed(flow)
        for node in written["nodes"]:
            if isinstance(rights := node.get("fields"), dict):
                node["fields"] = self.kept(rights)
        return written

    def _lost_in(self, whole: Any) -> Iterator[str]:
        gone = {old for old, new in self.names.items() if not new}
        for owner, text in _expressions(whole, ""):
            for name in sorted(gone):
                if renamed(text, {name: f"{name}_gone"}) != text:
                    yield f"“{owner}”的条件用到了材料“{self.labels[name]}”，这里不要这份材料。"

    def kept(self, named: Mapping[str, Any]) -> Json:
        """What is said of each field by its name, under the names of now."""
        return {self.names.get(name, name): value for name, value in named.items() if self.names.get(name, name)}

    def renamed(self, whole: Any) -> Any:
        """A part of a definition with its expressions under the names of now."""
        if isinstance(whole, Mapping):
            return {
                key: self._text(value) if key in _EXPRESSIONS and isinstance(value, str) else self.renamed(value)
                for key, value in whole.items()
            }
        return [self.renamed(one) for one in whole] if isinstance(whole, list | tuple) else whole

    def _text(self, text: str) -> str:
        moved = {old: new for old, new in self.names.items() if new and old != new}
        return renamed(text, moved) if text and moved else text


def refit_form(form: Mapping[str, Any], materials: Sequence[Mapping[str, Any]]) -> Refitting:
    """The form (as it was read and written again) with one field for each of these materials and for no other. Whatever
    it says of a material that stays, stays; what is new stands behind the last one."""
    wanted = list(material_fields(materials))
    labels = {field["name"]: str(field.get("label") or "") for part in form["parts"] for field in part["fields"]}
    own = [field for part in form["parts"] for field in part["fields"] if _is_of_guide(field)]
    names, free = dict.fromkeys((field["name"] for field in own), ""), list(own)
    added = []
    for field in wanted:
        same = next((one for one in free if one.get("label") == field["label"]), None)
        if same is None:
            added.append(field)
        else:
            free.remove(same)
            names[same["name"]] = field["name"]
    found = Refitting({}, names, labels, tuple(str(one["label"]) for one in added))
    parts = [{**part, "fields": list(_refitted(found, part["fields"]))} for part in form["parts"]]
    _add(form, parts, added)
    written = {**form, "parts": [part for part in parts if part["fields"]]}
    if rules := form.get("rights"):
        written["rights"] = [{**rule, "rights": found.kept(rule.get("rights") or {})} for rule in rules]
    return Refitting(written, names, labels, found.added)


def _refitted(found: Refitting, fields: Sequence[Mapping[str, Any]]) -> Iterator[Json]:
    for field in fields:
        name = found.names.get(field["name"], field["name"])
        if not name:
            continue
        written = found.renamed(field)
        if name != field["name"] and field.get("material") == _code(field["name"]):
            written["material"] = _code(name)
        yield {**written, "name": name}


def _add(form: Mapping[str, Any], parts: list[Json], added: Sequence[Json]) -> None:
    """Behind the materials that stay, or where they stood; in a part of their own where the form asked for none."""
    if not added:
        return
    holders = [at for at, part in enumerate(form["parts"]) if any(_is_of_guide(one) for one in part["fields"])]
    if not holders:
        taken = {part["name"] for part in parts}
        name = next(one for one in ("materials", *(f"materials_{at}" for at in range(2, 200))) if one not in taken)
        # before what is promised at the end
        parts.insert(max(len(parts) - 1, 0), {"name": name, "label": "申请材料", "fields": list(added)})
        return
    fields = parts[holders[-1]]["fields"]
    last = max((at for at, one in enumerate(fields) if _is_of_guide(one)), default=-1)
    fields[last + 1 : last + 1] = added


def _is_of_guide(field: Mapping[str, Any]) -> bool:
    return field.get("type") == MATERIAL and place_of_field(str(field.get("name"))) is not None


def _code(name: str) -> str:
    place = place_of_field(name)
    return code_of_material(place) if place else ""


def _expressions(whole: Any, owner: str) -> Iterator[tuple[str, str]]:
    """Each expression, with the label of what it is of."""
    if isinstance(whole, Mapping):
        owner = str(whole.get("label") or whole.get("title") or owner)
        for key, value in whole.items():
            if key in _EXPRESSIONS and isinstance(value, str):
                yield owner, value
            else:
                yield from _expressions(value, owner)
    elif isinstance(whole, list | tuple):
        for one in whole:
            yield from _expressions(one, owner)
