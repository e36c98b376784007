"""What is known of who fills in, before they have typed anything, and from where."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from province.citizens.models import Citizen
from province.halls.models import Hall
from province.people.models import Position
from standards.forms.definition import FormDefinition
from standards.forms.fields.attached import MaterialField, PictureField, SignatureField
from standards.forms.fields.base import BaseField, Value
from standards.forms.fields.choices import DeclarationField
from standards.forms.fields.groups import GroupField
from standards.forms.fields.office import EarlierCaseField, EarlierFormField, OpinionField
from standards.forms.posted import read_posted
from standards.forms.rights import Rights
from tenants.workflow.models import FormVersion
from tenants.workflow.queries.contexts import context_without_rows
from tenants.workflow.queries.filled import FormFiller, own_filled_forms, values_of
from tenants.workflow.queries.forms import definition_of
from tenants.workflow.states import FilledState

OF_ACCOUNT: Final = "您的工作账号"
OF_CITIZEN: Final = "您的实名信息"
OF_HALL: Final = "本厅"
OF_EARLIER: Final = "您上次填的这张表"
# belongs to the moment at which it was given, or to the form for which it was uploaded or chosen
_NEVER_TAKEN: Final = (
    *(MaterialField, PictureField, SignatureField, OpinionField, DeclarationField),
    *(EarlierCaseField, EarlierFormField),
)


@dataclass(frozen=True, slots=True)
class KnownValue:
    """``origin``: as the page says it, where the value came from."""

    value: Value
    origin: str


@dataclass(frozen=True, slots=True)
class KnownForm:
    """A form as it begins: values by the names of their fields, and where each came from."""

    values: dict[str, Value]
    origins: dict[str, str]


def known_at_beginning(hall: Hall, who: FormFiller, version: FormVersion, rights: Rights) -> KnownForm:
    """What is known of the person, as far as ``rights`` let them write it. Nothing is kept."""
    known = prefilled_values(hall, who, version)
    offered = {name: one.value for name, one in known.items() if rights[name].is_writable}
    if not offered:
        return KnownForm({}, {})
    definition = definition_of(version)
    context = context_without_rows(hall, who, definition, offered)
    values = dict(read_posted(definition, rights, offered, {}, context).values)
    return KnownForm(values, {name: known[name].origin for name in values if name in known})


def prefilled_values(hall: Hall, who: FormFiller, version: FormVersion) -> dict[str, KnownValue]:
    """By the names of fields. What is known of the person goes before what they sent last in the same form, and that
    before what the hall says of itself, which is for its staff alone. Three queries at most."""
    definition = definition_of(version)
    found = own_values(who, definition) if who.citizen else _matched(definition, _of_account(hall, who))
    earlier = _earlier(hall, who, version)
    for field in definition.fields:
        if field.name in found or not field.is_filled:
            continue
        if field.name in earlier and not isinstance(field, _NEVER_TAKEN) and not _holds_files(field):
            found[field.name] = KnownValue(earlier[field.name], OF_EARLIER)
    return {**_matched(definition, _of_hall(hall)), **found} if who.by.id and not who.citizen else found


def own_values(who: FormFiller, definition: FormDefinition) -> dict[str, KnownValue]:
    """What the province knows of a citizen, by the names of the fields that ask for it. No query."""
    return _matched(definition, _of_citizen(who.citizen)) if who.citizen else {}


def _matched(definition: FormDefinition, identity: Iterable[tuple[str, KnownValue]]) -> dict[str, KnownValue]:
    """The first field of a kind is the person's own: a second name or number in a form is somebody else's."""
    left = dict(identity)
    keys = {field.name: f"{field.type}.{getattr(field, 'source', '')}" for field in definition.fields}
    return {name: left.pop(key) for name, key in keys.items() if key in left}


def _of_citizen(citizen: Citizen) -> Iterator[tuple[str, KnownValue]]:
    own = (("person_name.", citizen.name), ("resident_number.", citizen.number), ("mobile.", citizen.phone))
    for key, value in own:
        if value:
            yield key, KnownValue(value.plain, OF_CITIZEN)


def _of_account(hall: Hall, who: FormFiller) -> Iterator[tuple[str, KnownValue]]:
    if who.by.id is None:
        return
    yield "person_name.", KnownValue(who.by.name, OF_ACCOUNT)
    positions = list(Position.objects.filter(account_id=who.by.id, hall_id=hall.pk).order_by("pk")[:2])
    # of several, nobody but the person knows which one is meant
    if len(positions) == 1 and positions[0].unit_id:
        # a person or position that is picked is somebody else: who writes of themselves writes their name
        yield "listed.department", KnownValue(str(positions[0].unit_id), OF_ACCOUNT)


def _of_hall(hall: Hall) -> Iterator[tuple[str, KnownValue]]:
    if hall.phone:
        yield "landline.", KnownValue(hall.phone, OF_HALL)
    yield "division.", KnownValue(hall.division.code, OF_HALL)


def _earlier(hall: Hall, who: FormFiller, version: FormVersion) -> Mapping[str, Any]:
    """What the person sent last of the same form, as far as its fields are of one type still."""
    last = own_filled_forms(who).filter(form_id=version.form_id).exclude(state=FilledState.DRAFT).first()
    if last is None:
        return {}
    now, then = definition_of(version).named_fields, definition_of(last.version).named_fields
    values = values_of(hall, last)
    return {name: value for name, value in values.items() if name in now and now[name].type == then[name].type}


def _holds_files(field: BaseField) -> bool:
    return isinstance(field, GroupField) and any(isinstance(cell, MaterialField | PictureField) for cell in field.cells)
