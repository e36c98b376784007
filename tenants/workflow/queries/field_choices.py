"""What people may choose in a field that looks into a list of the hall: the same for its page and for a program."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from foundation.errors import NotFound
from province.designers.queries.places import places_of_field
from province.halls.models import Hall
from standards.forms.definition import FormDefinition
from standards.forms.fields.base import BaseField
from standards.forms.fields.choices import OF_STAFF, ListedField
from standards.forms.fields.groups import GroupField
from standards.forms.fields.office import EARLIER_FORM, EarlierFormField
from standards.forms.fields.places import MapPlaceField
from standards.forms.rights import FieldRight, Rights
from tenants.workflow.queries.contexts import names_in_list
from tenants.workflow.queries.earlier import earlier_forms
from tenants.workflow.queries.filled import FormFiller
from tenants.workflow.queries.places import offered_places

_LONGEST_SEARCH: Final = 60
_NO_FIELD: Final = "这张表单没有要从清单里选的这个字段。"


@dataclass(frozen=True, slots=True)
class FieldChoice:
    """One that can be chosen: its ``id`` is what a program sends. ``hint``: what the page says beneath it."""

    id: UUID
    name: str
    hint: str = ""


def offered_names(hall: Hall, who: FormFiller, source: str) -> dict[str, str]:
    """Name by code (an id) of what this person may choose from a list. One query, two for items."""
    if source.startswith(EARLIER_FORM):
        return earlier_forms(who, source)
    return {} if who.citizen and source in OF_STAFF else names_in_list(hall, source)


def choices_of_field(
    hall: Hall, who: FormFiller, definition: FormDefinition | None, rights: Rights, name: str, *, search: str = ""
) -> list[FieldChoice]:
    """In the order of their ids; ``definition``: None where there is no form; ``name``: of a field, or of a cell of
    lines; ``search``: words that are in the name.

    Raises NotFound for a field that the form has not, that this person does not fill in, or that looks into no list.
    """
    field = next((one for one in _filled_in(definition, rights) if one.name == name), None)
    if isinstance(field, ListedField | EarlierFormField):
        names = offered_names(hall, who, field.source)
        found = [FieldChoice(UUID(code), label) for code, label in names.items()]
    elif isinstance(field, MapPlaceField) and field.is_of_hall:
        offered = places_of_field(field, offered_places())
        found = [FieldChoice(UUID(one.code), one.label, offered.hints.get(one.code, "")) for one in offered.places]
    else:
        raise NotFound(_NO_FIELD)
    words = search[:_LONGEST_SEARCH].lower().split()
    return sorted((one for one in found if all(word in one.name.lower() for word in words)), key=lambda one: one.id)


def _filled_in(definition: FormDefinition | None, rights: Rights) -> Iterator[BaseField]:
    """Fields that this person may write, with the cells of their lines."""
    for field in definition.fields if definition else ():
        if rights.get(field.name, FieldRight.HIDDEN).is_writable:
            yield field
            if isinstance(field, GroupField):
                yield from field.cells
