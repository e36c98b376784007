"""What the fields of a form have to know of the world: a few queries, however many fields there are."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from foundation.design.forms import ids_of
from province.catalogue.models import HallItem
from province.catalogue.queries.items import names_of_items
from province.halls.models import Hall
from province.halls.queries.divisions import names_of_codes
from province.people.models import Account, Position, Unit
from standards.forms.definition import FormDefinition
from standards.forms.fields.base import BaseField, Value, code_of, part_of
from standards.forms.fields.choices import OF_STAFF, ListedField
from standards.forms.fields.groups import GroupField
from standards.forms.fields.identity import ResidentNumberField
from standards.forms.fields.office import EARLIER_CASE, EARLIER_FORM, EarlierCaseField, EarlierFormField
from standards.forms.fields.places import AddressField, DivisionField, MapPlaceField
from standards.forms.filling import FillingContext, UploadFacts
from standards.numbers.divisions import CODE_LENGTH
from tenants.workflow.models import FilledForm
from tenants.workflow.queries.earlier import earlier_cases, earlier_forms
from tenants.workflow.queries.filled import FormFiller, values_of
from tenants.workflow.queries.forms import definition_of
from tenants.workflow.queries.office_days import office_days
from tenants.workflow.queries.places import KnownPlaces
from tenants.workflow.states import FilledState

_DIVISION: Final = "division"
_ISSUED: Final = 6  # digits of a resident number that say where it was first issued
_MOST_WANTED: Final = 5_000


def filling_context(
    hall: Hall,
    who: FormFiller,
    filled: FilledForm,
    *,
    posted: Mapping[str, object] | None = None,
    is_carried: bool = False,
) -> FillingContext:
    """For reading and showing what this person posts into this form. ``is_carried``: ``posted`` was sent before, in
    another form or at another hall."""
    definition = definition_of(filled.version)
    wanted = _wanted_codes(definition, posted or {})
    values = values_of(hall, filled)
    _want_regions(definition, values, wanted)
    # a draft is sent with places as they are now, what was sent keeps them as they were
    kept = posted or {} if is_carried else {} if filled.state == FilledState.DRAFT else values
    chosen = [kept.get(one.name) for one in definition.fields if isinstance(one, MapPlaceField)]
    return context_for(hall, who, wanted, _Uploads(filled.uploads.all()), KnownPlaces(chosen, is_carried=is_carried))


def context_without_rows(
    hall: Hall, who: FormFiller, definition: FormDefinition, posted: Mapping[str, object]
) -> FillingContext:
    """For trying out a form that nobody has begun: nothing was uploaded for it."""
    return context_for(hall, who, _wanted_codes(definition, posted), None, KnownPlaces())


def context_of_values(
    hall: Hall,
    who: FormFiller,
    definition: FormDefinition,
    *,
    posted: Mapping[str, object],
    values: Mapping[str, Value],
    uploads: QuerySet[Any],
    office: Callable[[], Hall],
) -> FillingContext:
    """For reading and showing what is posted into a form that another hall designs, and what was written before;
    ``uploads``: the files for it (rows of a ``StoredFile``); ``office``: by whose days and hours it is judged, where a
    field asks. Its places stand in the definition."""
    wanted = _wanted_codes(definition, posted)
    _want_regions(definition, values, wanted)
    return context_for(hall, who, wanted, _Uploads(uploads), KnownPlaces(), office=office)


def context_for(
    hall: Hall,
    who: FormFiller,
    wanted: Mapping[str, set[str]],
    uploads: "_Uploads | None",
    places: KnownPlaces,
    office: Callable[[], Hall] | None = None,
) -> FillingContext:
    days, open_at = office_days(office or (lambda: hall))
    names = _Names(hall, who, wanted)
    given = {"upload": uploads.facts} if uploads else {}
    return FillingContext(
        today=timezone.localdate(),
        person=who.name,
        days=days,
        open_at=open_at,
        name_of=names.name_of,
        place=places.place,
        **given,
    )


class _Uploads:
    """What was uploaded for a form: read at the first question."""

    def __init__(self, rows: QuerySet[Any]) -> None:
        self._rows = rows
        self._found: dict[str, UploadFacts] | None = None

    def facts(self, code: str) -> UploadFacts | None:
        if self._found is None:
            rows = self._rows.values_list("pk", "name", "key", "size")
            self._found = {str(pk): UploadFacts(name, key.rpartition(".")[2], size) for pk, name, key, size in rows}
        return self._found.get(code)


class _Names:
    """Names by their codes: those that are wanted of one list are read together, at the first question for it."""

    def __init__(self, hall: Hall, who: FormFiller, wanted: Mapping[str, set[str]]) -> None:
        self._hall = hall
        self._who = who
        self._wanted = wanted
        self._found: dict[str, Mapping[str, str]] = {}

    def name_of(self, source: str, code: str) -> str:
        if source not in self._found:
            self._found[source] = self._read(source)
        return self._found[source].get(code, "")

    def _read(self, source: str) -> Mapping[str, str]:
        codes = self._wanted.get(source, set())
        if not codes or (self._who.citizen and source in OF_STAFF):
            return {}
        if source == _DIVISION:
            return names_of_codes(codes)
        if source == EARLIER_CASE:
            return earlier_cases(self._hall, self._who, codes)
        if source.startswith(EARLIER_FORM):
            return earlier_forms(self._who, source, ids_of(codes))
        return names_in_list(self._hall, source, ids_of(codes))


def names_in_list(hall: Hall, source: str, ids: Iterable[UUID] | None = None) -> dict[str, str]:
    """Name by code (an id) of what this hall's people may choose from a list; ``ids``: these alone, None: all.

    ``department``: the hall's own departments; ``person``, ``position``: who works there; ``item``: what it has
    adopted. One query, two for items. A list that nobody keeps yet is empty.
    """
    only = {} if ids is None else {"pk__in": list(ids)}
    if source == "department":
        units = Unit.objects.filter(hall_id=hall.pk, retired_at=None, **only).order_by("order", "pk")
        return {str(pk): name for pk, name in units.values_list("pk", "name")}
    if source == "person":
        people = Account.objects.filter(is_active=True, positions__hall_id=hall.pk, **only).distinct().order_by("name")
        return {str(pk): name for pk, name in people.values_list("pk", "name")}
    if source == "position":
        positions = Position.objects.filter(hall_id=hall.pk, account__is_active=True, **only)
        found = positions.select_related("account", "own_role", "unit").order_by("unit__order", "pk")
        return {str(one.pk): f"{one.account.name}（{one.title or one.role_name}）" for one in found}
    if source == "item":
        items = HallItem.objects.filter(hall_id=hall.pk)
        if ids is not None:
            items = items.filter(item_id__in=list(ids))
        names = names_of_items(list(items.values_list("item_id", flat=True)))
        return {str(pk): name for pk, name in sorted(names.items(), key=lambda one: one[1])}
    return {}


def _wanted_codes(definition: FormDefinition, posted: Mapping[str, object]) -> dict[str, set[str]]:
    """Every text that stands where a field looks for a code, by the list in which it will look. What is kept already
    has its names with it."""
    wanted: dict[str, set[str]] = {}
    for field in definition.fields:
        if field.name in posted:
            _want(field, posted[field.name], wanted)
    return wanted


def _want_regions(definition: FormDefinition, values: Mapping[str, Value], wanted: dict[str, set[str]]) -> None:
    """The place of issue follows anew from every number that is kept, also in lines."""
    for field in definition.fields:
        if isinstance(field, ResidentNumberField | GroupField) and field.name in values:
            _want(field, values[field.name], wanted)


def _want(field: BaseField, value: object, wanted: dict[str, set[str]]) -> None:
    if isinstance(field, GroupField):
        for line in value if isinstance(value, list | tuple) else [value]:
            for cell in field.cells:
                if isinstance(line, Mapping) and cell.name in line:
                    _want(cell, line[cell.name], wanted)
    elif isinstance(field, ResidentNumberField):
        # from a number the place of issue follows
        _add(wanted, _DIVISION, (text[:_ISSUED].ljust(CODE_LENGTH, "0") for text in _texts(value)))
    elif isinstance(field, AddressField):
        _add(wanted, _DIVISION, _texts(part_of(value, "division")))
    elif isinstance(field, DivisionField):
        _add(wanted, _DIVISION, _texts(value))
    elif isinstance(field, EarlierCaseField):
        _add(wanted, EARLIER_CASE, _texts(value))
    elif isinstance(field, ListedField | EarlierFormField):
        _add(wanted, field.source, _texts(value))


def _add(wanted: dict[str, set[str]], source: str, texts: Iterable[str]) -> None:
    codes = wanted.setdefault(source, set())
    for text in texts:
        if len(codes) < _MOST_WANTED:
            codes.add(text)


def _texts(value: Value) -> Iterator[str]:
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)
    elif text := code_of(value):
        yield text
