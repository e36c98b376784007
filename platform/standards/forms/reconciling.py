"""A form that a hall took and changed, with the one that replaces it: by fields, which are known by their names."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from standards.forms.definition import DefinitionPart, FormDefinition
from standards.forms.expressions.wording import in_words
from standards.forms.fields.base import BaseField
from standards.forms.fields.groups import GroupField
from standards.forms.fields.times import DAY_FIELD
from standards.forms.rights import FieldRight, RightsRule
from standards.reconciling import (
    Clash,
    Json,
    Reconciling,
    Side,
    Telling,
    Thing,
    Three,
    by_key,
    of_side,
    plain_word,
    three,
)

_CONDITIONS: Final = frozenset({"visible_when", "required_when", "expression"})
# what the law's item says of any field; of a material it says everything
_FIXED: Final = frozenset({"required", "required_when"})
_MATERIAL: Final = "material"


@dataclass(frozen=True, slots=True)
class ReconciledForm:
    """``definition``: as it is written, which may still have faults; ``clashes``: what was chosen between."""

    definition: Json
    clashes: tuple[Clash, ...]


def reconcile_forms(
    before: FormDefinition, ours: FormDefinition, theirs: FormDefinition, choices: Mapping[str, Side] | None = None
) -> ReconciledForm:
    """One form of both, where ``before`` is what both were made of. ``choices``: key of a clash → whose holds."""
    return _Forms((before, ours, theirs), choices or {}).done()


class _Forms:
    def __init__(self, forms: Three[FormDefinition], choices: Mapping[str, Side]) -> None:
        self._forms = forms
        self._with = Reconciling(choices)
        self._names = three({field.name: field.named() for field in one.fields} for one in forms)
        self._fields = three(by_key(one.fields, lambda field: field.name) for one in forms)
        self._parts = three(by_key(one.parts, lambda part: part.name) for one in forms)
        self._places = three({field.name: part.name for part in one.parts for field in part.fields} for one in forms)

    def done(self) -> ReconciledForm:
        whole: Json = {"format": 1}
        whole |= self._with.attributes(
            "form",
            "表单",
            three(Thing({"title": one.title, "hint": one.hint}, one.as_json()) for one in self._forms),
            titles=lambda name: "名称" if name == "title" else "说明",
            telling=lambda name, side: plain_word(getattr(of_side(self._forms, side), name)),
        )
        fields = self._merged_fields("field", self._fields)
        located: dict[str, dict[str, Json]] = {}
        for name, written in fields.items():
            located.setdefault(self._place(name, str(written.get("label") or name)), {})[name] = written
        order = self._with.ordered("parts.order", "各部分的顺序", *three(map(list, self._parts)), located)
        whole["parts"] = [self._part(name, located[name]) for name in order]
        is_written = all("rights" in one.model_fields_set for one in self._forms[1:])
        if (rights := self._rights(set(fields))) or is_written:
            whole["rights"] = rights
        return ReconciledForm(whole, tuple(self._with.clashes))

    def _merged_fields(self, key: str, fields: Three[Mapping[str, BaseField]]) -> dict[str, Json]:
        found: dict[str, Json] = {}
        for name in dict.fromkeys([*fields[1], *fields[2]]):
            if written := self._field(f"{key}.{name}", three(one.get(name) for one in fields)):
                found[name] = written
        return found

    def _field(self, key: str, own: Three[BaseField | None]) -> Json | None:
        _, ours, theirs = own
        known = ours or theirs
        assert known is not None  # noqa: S101 - one of them has it
        said, is_material = f"“{known.label}”", known.type == _MATERIAL
        default: Side = "theirs" if is_material else "ours"
        things = three(map(_thing, own))
        if not self._with.stays(key, said, things, default=default):
            return None
        if ours and theirs and len({one.type for one in own if one}) > 1:
            # a field whose type somebody changed is one side's as a whole
            words = (f"“{ours.label}”（{ours.title}）", f"“{theirs.label}”（{theirs.title}）")
            values = three(dict(one.full) if one else None for one in things)
            side = self._with.chosen(f"{key}.type", f"{said}整个字段", values, words, default=default)
            whole = of_side(things, side)
            return dict(whole.written) if whole else None
        written = self._with.attributes(
            key,
            said,
            things,
            titles=lambda name: type(known).model_fields[name].title or name,
            telling=lambda name, side: self._word(name, side, own),
            fixed=_FIXED,
            is_fixed=is_material,
            but={"cells"} if ours and theirs else (),
        )
        if ours and theirs and isinstance(ours, GroupField):
            written["cells"] = self._cells(key, said, own)
        return written

    def _word(self, name: str, side: Side, own: Three[BaseField | None]) -> str:
        field = of_side(own, side)
        value = field.model_dump(mode="json").get(name) if field else None
        if name in _CONDITIONS and value:
            return in_words(value, of_side(self._names, side), {})
        if name == DAY_FIELD and (named := of_side(self._names, side).get(str(value))):
            return plain_word(named.label)
        return plain_word(value)

    def _cells(self, key: str, said: str, own: Three[BaseField | None]) -> list[Json]:
        cells = three({cell.name: cell for cell in getattr(one, "cells", ())} for one in own)
        found = self._merged_fields(f"{key}.cells", cells)
        order = self._with.ordered(f"{key}.cells.order", f"{said}各列的顺序", *three(map(list, cells)), found)
        return [found[name] for name in order]

    def _place(self, name: str, label: str) -> str:
        """In which part the field stands."""
        places = three(one.get(name) for one in self._places)
        _, ours, theirs = places
        if ours is None or theirs is None:
            return str(ours or theirs)
        words = (self._parts[1][ours].label, self._parts[2][theirs].label)
        side = self._with.chosen(f"field.{name}.part", f"“{label}”放在哪一部分", places, words)
        return ours if side == "ours" else theirs

    def _part(self, name: str, fields: dict[str, Json]) -> Json:
        own = three(one.get(name) for one in self._parts)
        label = next(one.label for one in own[1:] if one)
        written = self._with.attributes(
            f"part.{name}",
            f"“{label}”这一部分",
            three(map(_head, own)),
            titles=lambda one: "名称" if one == "label" else "说明",
            telling=lambda one, side: plain_word(getattr(of_side(own, side), one)),
        )
        orders = three([field.name for field in one.fields] if one else [] for one in own)
        order = self._with.ordered(f"part.{name}.order", f"“{label}”里字段的顺序", *orders, fields)
        return {"name": name, **written, "fields": [fields[one] for one in order]}

    def _rights(self, fields: set[str]) -> list[Json]:
        """What is said of a field that is gone is no change of a rule: one that both left alone otherwise may go."""
        written = three([_of_fields(rule, fields) for rule in one.rights] for one in self._forms)
        rules = three(by_key(one, lambda rule: f"{rule.step}/{rule.role}") for one in written)
        labels = {one.name: one.label for form in self._forms for one in form.fields}
        made: dict[str, Json] = {}
        for name in dict.fromkeys([*rules[1], *rules[2]]):
            own = three(one.get(name) for one in rules)
            key, said = f"rights.{name}", f"权限（步骤“{name.split('/')[0] or '填写'}”）"
            things = three(map(_rule, own))
            if not self._with.stays(key, said, things):
                continue
            is_both = bool(own[1] and own[2])
            made[name] = self._with.attributes(
                key,
                said,
                things,
                titles=lambda _: "其他字段",
                telling=_otherwise(own),
                but={"rights"} if is_both else (),
            )
            if is_both:
                rights = three(dict(one.rights) if one else {} for one in own)
                found = self._with.mapping(key, said, *rights, label=lambda one: labels.get(one, one), word=_right)
                if found or (own[1] and "rights" in own[1].model_fields_set):
                    made[name]["rights"] = found
            if rights_said := made[name].get("rights"):
                made[name]["rights"] = {one: str(right) for one, right in rights_said.items()}
        order = self._with.ordered("rights.order", "权限的顺序", *three(map(list, rules)), made, is_silent=True)
        return [made[name] for name in order]


def _of_fields(rule: RightsRule, fields: set[str]) -> RightsRule:
    """Only what the rule says of these fields."""
    if "rights" not in rule.model_fields_set:
        return rule
    return rule.model_copy(update={"rights": {one: right for one, right in rule.rights.items() if one in fields}})


def _otherwise(own: Three[RightsRule | None]) -> Telling:
    return lambda name, side: _right(getattr(of_side(own, side), name, None))


def _thing(field: BaseField | None) -> Thing | None:
    if field is None:
        return None
    return Thing(field.model_dump(mode="json"), field.model_dump(mode="json", exclude_unset=True))


def _head(part: DefinitionPart | None) -> Thing | None:
    """A part without its fields."""
    if part is None:
        return None
    own = part.model_dump(mode="json", exclude={"fields", "name"})
    return Thing(own, part.model_dump(mode="json", exclude={"fields", "name"}, exclude_unset=True))


def _rule(rule: RightsRule | None) -> Thing | None:
    if rule is None:
        return None
    return Thing(rule.model_dump(mode="json"), rule.model_dump(mode="json", exclude_unset=True))


def _right(right: Any) -> str:
    return FieldRight(right).label if right else "没有写"
