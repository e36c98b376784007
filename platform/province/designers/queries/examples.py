"""Entries of lists that every hall keeps for itself, so that a form of the province can be looked at: each says that it
is an example. They are shown and never taken: what is posted is read against no list at all."""

from collections.abc import Iterable, Mapping
from typing import Final

from province.designers.queries.places import OfferedPlaces
from province.designers.queries.showing import FormLists
from province.designers.queries.shown import OfferedOption, ShownField
from standards.forms.definition import FormDefinition
from standards.forms.fields.choices import ListedField
from standards.forms.fields.places import MappedPlace, MapPlaceField
from standards.forms.reading import every_field
from standards.workdays import OfficeHours, WorkCalendar

_MARK: Final = "（示例）"
_CODE: Final = "example-"
_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "department": ("窗口一科", "审批二科", "办公室"),
    "person": ("张某", "李某", "王某"),
    "position": ("张某（窗口人员）", "李某（审批人员）"),
    "item": ("事项一", "事项二"),
}
_PLACES: Final = ("服务点一", "服务点二")


def example_hours(calendar: WorkCalendar) -> OfficeHours:
    """When most halls are open."""
    return OfficeHours(
        dict.fromkeys(range(1, 6), (("08:30", "12:00"), ("14:00", "17:30"))), calendar=calendar, mark=_MARK
    )


def example_lists(definition: FormDefinition) -> FormLists:
    """For the fields of this form; a list that no form of the province may name has nothing in it."""
    return FormLists(_names, lambda: _places(definition))


def shows_examples(fields: Iterable[ShownField]) -> bool:
    """Whether something is offered in them, or in their lines, that is an example."""
    return any(
        (isinstance(one.field, ListedField | MapPlaceField) and any(map(_is_example, one.options)))
        or _MARK in one.advice
        or any(map(shows_examples, one.lines))
        for one in fields
    )


def _is_example(option: OfferedOption) -> bool:
    return option.value.startswith(_CODE) and option.label.startswith(_MARK)


def _names(source: str) -> dict[str, str]:
    return {f"{_CODE}{number}": _MARK + name for number, name in enumerate(_NAMES.get(source, ()), start=1)}


def _places(definition: FormDefinition) -> OfferedPlaces:
    """Two of each kind that a field asks for. Nobody can say where they are: they stand in no map."""
    wanted = sorted({kind for one in every_field(definition) if isinstance(one, MapPlaceField) for kind in one.kinds})
    named = [(kind, name) for kind in wanted or [""] for name in _PLACES]
    codes = [f"{_CODE}{number}" for number in range(len(named))]
    places = [
        MappedPlace(code=code, label=_MARK + kind + name) for code, (kind, name) in zip(codes, named, strict=True)
    ]
    kinds = {code: kind for code, (kind, _) in zip(codes, named, strict=True)}
    return OfferedPlaces(tuple(places), "cgcs2000", {}, kinds)
