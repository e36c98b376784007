"""A form as a page shows it to one person: what is hidden from them is not in it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Q

from foundation.errors import Fault
from province.designers.queries.place_maps import map_of
from province.designers.queries.places import OfferedPlaces, places_of_field
from province.designers.queries.shown import (
    LevelChoice,
    OfferedOption,
    ShownField,
    ShownForm,
    ShownPart,
    digest,
    placed_faults,
)
from province.halls.models import Division
from standards.forms.definition import FormDefinition
from standards.forms.fields.base import BaseField, Value
from standards.forms.fields.choices import ListedField, YesNoField
from standards.forms.fields.groups import MOST_LINES, GroupField
from standards.forms.fields.office import EarlierFormField
from standards.forms.fields.places import AddressField, DivisionField, MapPlaceField
from standards.forms.filling import FillingContext
from standards.forms.pages import asked_pages
from standards.forms.plans import NEW_LINE, WorkedForm, work_through
from standards.forms.rights import FieldRight, Rights
from standards.numbers.divisions import CODE_LENGTH, PREFIX_LENGTH

_LEVELS: Final = dict(zip(PREFIX_LENGTH, ("省", "市", "县（市、区）", "乡镇（街道）", "村（社区）"), strict=True))


def _nothing_offered(_source: str) -> Mapping[str, str]:
    return {}


def _no_places() -> None:
    """Nobody keeps a list of them."""


@dataclass(frozen=True, slots=True)
class FormLists:
    """What fields choose from where the form is filled in. ``names``: name by code of the list that a field names as
    its source; ``places``: the list of places that is kept there, None where none is."""

    names: Callable[[str], Mapping[str, str]] = _nothing_offered
    places: Callable[[], OfferedPlaces | None] = _no_places


@dataclass(slots=True, kw_only=True)
class FormShower:
    """Shows a form to one person: every list that its fields choose from is read once, however many they are."""

    lists: FormLists
    definition: FormDefinition
    rights: Rights
    context: FillingContext
    origins: Mapping[str, str] = field(default_factory=dict)
    # blank lines besides those that are filled in, by the group's name
    more_lines: Mapping[str, int] = field(default_factory=dict)
    _lists: dict[str, Mapping[str, str]] = field(default_factory=dict)
    _children: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    _of_hall: OfferedPlaces | None = None

    def show(
        self, values: Mapping[str, Value], faults: Iterable[Fault] = (), *, pages: Collection[str] | None = None
    ) -> ShownForm:
        """``pages``: names of the pages that are shown, as far as something is asked there; None: the whole form."""
        worked = work_through(self.definition.plan, values, self.context)
        said: dict[str, list[str]] = {}
        for fault in faults:
            said.setdefault(fault.where, []).append(fault.message)
        fields = self.definition.fields
        if pages is not None:
            asked = asked_pages(self.definition.pages, worked.visible, self.rights)
            fields = tuple(one for page in asked if page.name in pages for one in page.fields)
        self._read_children(fields, values)
        names = {one.name for one in fields}
        chosen = [(part, [one for one in part.fields if one.name in names]) for part in self.definition.parts]
        parts = [ShownPart(part, tuple(self._fields(own, worked, said))) for part, own in chosen]
        parts = [part for part in parts if part.fields]
        placed = [pair for part in parts for one in part.fields for pair in placed_faults(one)]
        known = {message for _, message in placed}
        elsewhere = [("", message) for messages in said.values() for message in messages if message not in known]
        return ShownForm(self.definition, tuple(parts), (*placed, *elsewhere), digest(parts))

    def _fields(
        self, fields: Iterable[BaseField], worked: WorkedForm, said: Mapping[str, Sequence[str]]
    ) -> Iterator[ShownField]:
        seen = (name for name, right in self.rights.items() if right != FieldRight.HIDDEN)
        beside = {name: worked.shown[name] for name in seen if name in worked.shown}
        for one in fields:
            right = self.rights.get(one.name, FieldRight.HIDDEN)
            if right == FieldRight.HIDDEN or one.name not in worked.visible:
                continue
            is_needed = right == FieldRight.REQUIRED or (one.name in worked.required and right.is_writable)
            value, given = worked.shown.get(one.name), {}
            if isinstance(one, GroupField):
                by_name = {cell.name: cell for cell in one.cells}
                given = {
                    "lines": tuple(self._lines(one, value, right, worked, said, beside)),
                    "sums": tuple(
                        (by_name[cell].label, by_name[cell].text(f"{one.sum_of(value, cell):f}")) for cell in one.sums
                    ),
                }
            yield self._shown(one, one.name, value, right, said, beside, is_needed=is_needed, **given)

    def _shown(
        self,
        one: BaseField,
        name: str,
        value: Value,
        right: FieldRight,
        said: Mapping[str, Sequence[str]],
        beside: Mapping[str, Value],
        *,
        is_needed: bool,
        **given: Any,
    ) -> ShownField:
        is_writable = right.is_writable and one.is_filled
        if is_writable and not isinstance(one, GroupField):
            given["options"] = tuple(self._options(one, value))
            given["levels"] = tuple(self._levels(one, value))
            given["place_map"] = map_of(self._places(one)) if isinstance(one, MapPlaceField) else None
        derived = one.derived(value, self.context) if value is not None and not isinstance(one, GroupField) else {}
        return ShownField(
            field=one,
            name=name,
            right=right,
            is_needed=is_needed,
            typed=one.typed(value),
            value=value,
            text=one.text(value) if value is not None else "",
            errors=tuple(said.get(name, ())),
            origin=self.origins.get(name, "") if is_writable and value is not None else "",
            told=_told(one, derived),
            advice=one.advice(value, beside, self.context) if is_writable else "",
            remark=one.remark(value, beside, self.context) if value is not None else "",
            **given,
        )

    def _lines(
        self,
        group: GroupField,
        value: Value,
        right: FieldRight,
        worked: WorkedForm,
        said: Mapping[str, Sequence[str]],
        beside: Mapping[str, Value],
    ) -> Iterator[tuple[ShownField, ...]]:
        lines = list(value or ())
        begun = len(lines)
        if right.is_writable:
            blank = max(self.more_lines.get(group.name, 0), max(group.least, 1) - begun)
            lines += [{}] * min(blank, MOST_LINES - begun)
        for place, line in enumerate(lines):
            judged = {cell.name: group.place_of(place if place < begun else NEW_LINE, cell) for cell in group.cells}
            yield tuple(
                self._shown(
                    cell,
                    group.place_of(place, cell),
                    line.get(cell.name),
                    right,
                    said,
                    {**beside, **line},
                    is_needed=cell.required or judged[cell.name] in worked.required,
                )
                for cell in group.cells
                if judged[cell.name] not in worked.hidden
            )

    def _options(self, one: BaseField, value: Value) -> Iterator[OfferedOption]:
        if isinstance(one, YesNoField):
            for code, label in (("true", one.yes), ("false", one.no)):
                yield OfferedOption(code, label, is_chosen=one.typed(value) == code)
        elif isinstance(one, MapPlaceField):
            offered, chosen = self._places(one), one.typed(value)
            for place in offered.places:
                hint = offered.hints.get(place.code, "")
                yield OfferedOption(place.code, place.label, hint, is_chosen=place.code == chosen)
            # what has gone out of use since stays chosen as it was; behind the others, as numbers on the map are theirs
            known = {place.code for place in offered.places}
            if isinstance(value, Mapping) and value.get("name") and chosen not in known:
                yield OfferedOption(
                    chosen, one.text(value), "已经停用，或者改了类别" if one.kinds else "已经停用", is_chosen=True
                )
        elif isinstance(one, ListedField | EarlierFormField):
            chosen = value["code"] if value else ""
            found = self._list(one.source)
            # what has ended since stays chosen under the name that it had
            for code, label in ({chosen: value["name"]} if chosen and chosen not in found else {}).items():
                yield OfferedOption(code, label or code, is_chosen=True)
            for code, label in found.items():
                yield OfferedOption(code, label, is_chosen=code == chosen)
        else:
            chosen_codes = _codes(value)
            for option in getattr(one, "options", getattr(one, "licences", ())):
                yield OfferedOption(option.code, option.label, option.hint, is_chosen=option.code in chosen_codes)

    def _places(self, one: MapPlaceField) -> OfferedPlaces:
        if one.is_of_hall and self._of_hall is None:
            self._of_hall = self.lists.places()
        return places_of_field(one, self._of_hall)

    def _list(self, source: str) -> Mapping[str, str]:
        if source not in self._lists:
            self._lists[source] = self.lists.names(source)
        return self._lists[source]

    def _levels(self, one: BaseField, value: Value) -> Iterator[LevelChoice]:
        """The choices from the first level down to the one below what is chosen."""
        if not isinstance(one, DivisionField | AddressField):
            return
        chosen, above = _division_code(value), ""
        levels = list(_LEVELS)
        for level in levels[: levels.index(one.deepest) + 1]:
            fitting = [(code, label) for code, label in self._children.get(above, []) if _fits(code, one.within)]
            if not fitting:
                return
            own = code_at(chosen, level)
            yield LevelChoice(
                level,
                _LEVELS[level],
                tuple(OfferedOption(one, label, is_chosen=one == own) for one, label in fitting),
            )
            if own not in dict(fitting):
                return
            above = own

    def _read_children(self, fields: Sequence[BaseField], values: Mapping[str, Value]) -> None:
        """One query for the lists of all divisions on the page."""
        if not any(isinstance(one, DivisionField | AddressField) for one in _with_cells(fields)):
            return
        above = {code_at(code, level) for code in _division_codes(values) for level in _LEVELS}
        rows = Division.objects.filter(Q(parent=None) | Q(parent__code__in=above), valid_to=None).order_by("code")
        for code, name, parent in rows.values_list("code", "name", "parent__code"):
            self._children.setdefault(parent or "", []).append((code, name))


def only_read(rights: Rights) -> dict[str, FieldRight]:
    """These rights, with nothing to write."""
    return {name: FieldRight.READ if right.is_writable else right for name, right in rights.items()}


def code_at(code: str, level: str) -> str:
    """The code of the division of that level to which the one with this code belongs; "" for none."""
    return code[: PREFIX_LENGTH[level]].ljust(CODE_LENGTH, "0") if code else ""


def _fits(code: str, within: str) -> bool:
    """Whether a division lies within those digits, or above them."""
    own = code.rstrip("0")
    return code.startswith(within) or within.startswith(own)


def _with_cells(fields: Iterable[BaseField]) -> Iterator[BaseField]:
    for one in fields:
        yield one
        if isinstance(one, GroupField):
            yield from one.cells


def _division_codes(value: Value) -> Iterator[str]:
    if isinstance(value, Mapping):
        code = value.get("code")
        if isinstance(code, str) and len(code) == CODE_LENGTH and code.isdigit():
            yield code
        for inner in value.values():
            yield from _division_codes(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _division_codes(inner)


def _division_code(value: Value) -> str:
    found = value.get("division", value) if isinstance(value, Mapping) else None
    return next(_division_codes(found), "")


def _codes(value: Value) -> Collection[str]:
    if isinstance(value, Mapping):
        return {str(value.get(name)) for name in ("decision", "licence") if value.get(name)}
    several = value if isinstance(value, list) else [value]
    return {one for one in several if isinstance(one, str)}


def _told(one: BaseField, derived: Mapping[str, Value]) -> str:
    """What follows from a value and people want to see at once."""
    if one.type == "resident_number" and derived:
        return f"{derived['sex']}，{derived['birth_on']} 出生，{derived['age']} 岁，{derived['region']}"
    if one.type == "money" and derived.get("in_words") and getattr(one, "in_words", False):
        return f"大写：{derived['in_words']}"
    if one.type == "period" and derived:
        return f"共 {derived['days']} 天，{derived['workdays']} 个工作日"
    return ""
