"""The form of the hall above, as it is filled in here."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from foundation.errors import Fault
from province.cases.models import CaseOffer
from province.cases.queries.referrals import NO_OFFER
from province.designers.queries.showing import only_read
from province.designers.queries.shown import ShownForm
from province.halls.models import Hall
from province.rights.actors import Actor
from standards.forms.definition import FormDefinition
from standards.forms.fields.base import Value
from standards.forms.fields.office import EarlierCaseField, EarlierFormField
from standards.forms.fields.places import MapPlaceField
from standards.forms.filling import FillingContext
from standards.forms.posted import FilledResult, read_posted
from standards.forms.reading import read_definition
from standards.forms.results import seen_values
from standards.forms.rights import FieldRight
from tenants.assistance.models import Assistance, AssistanceFile
from tenants.assistance.queries.assistances import whole_files
from tenants.assistance.states import AssistanceState
from tenants.workflow.queries.contexts import context_of_values
from tenants.workflow.queries.filled import FormFiller, rights_at_beginning
from tenants.workflow.queries.pages import shower_for

# of 200 fields each takes a megabyte
_KEPT: Final = 32
# who it is for was settled before the form: the person agreed to that
SETTLED: Final = frozenset({"applicant_name", "applicant_number"})


@dataclass(frozen=True, slots=True)
class OfferedForm:
    """``refusal``: why it cannot be handed over now, "" where it can; ``definition``: as the hall above has published
    it last, None where it takes none any more."""

    definition: FormDefinition | None
    refusal: str = ""


def form_of(assistance: Assistance) -> OfferedForm:
    """The form that is filled in. One query."""
    offer = CaseOffer.objects.select_related("hall").filter(pk=assistance.offer_id).first()
    definition = definition_of_offer(offer) if offer else None
    return OfferedForm(definition, "" if definition else NO_OFFER)


def definition_of_offer(offer: CaseOffer) -> FormDefinition | None:
    """None where applications are not taken any more."""
    return _read(json.dumps(offer.form, ensure_ascii=False)) if offer.is_open and offer.form else None


@lru_cache(maxsize=_KEPT)
def _read(text: str) -> FormDefinition:
    return read_definition(text)


def kept_values(hall: Hall, assistance: Assistance) -> dict[str, Any]:
    """Name of a field → its value. Raises Damaged."""
    found: dict[str, Any] = assistance.values.opened(hall.pk)
    values: dict[str, Any] = found.get("form", {})
    return values


def papers_of(hall: Hall, assistance: Assistance) -> list[AssistanceFile]:
    """Pictures of the written mandate."""
    found: dict[str, Any] = assistance.values.opened(hall.pk)
    return list(whole_files(assistance).filter(pk__in=found.get("papers", [])))


def read_assistance(
    by: Actor, hall: Hall, assistance: Assistance, definition: FormDefinition, posted: Mapping[str, object]
) -> tuple[FilledResult, FillingContext]:
    """What would be kept of it, and what is wrong."""
    values = kept_values(hall, assistance)
    who = FormFiller(by)

    def office() -> Hall:
        """It designed the form."""
        return CaseOffer.objects.select_related("hall__division").get(pk=assistance.offer_id).hall

    uploads = whole_files(assistance)
    context = context_of_values(hall, who, definition, posted=posted, values=values, uploads=uploads, office=office)
    return read_posted(definition, _rights(who, definition, values), posted, values, context), context


def show_assistance(
    by: Actor,
    hall: Hall,
    definition: FormDefinition,
    typed: tuple[FilledResult, FillingContext],
    *,
    faults: Iterable[Fault] = (),
    more: Mapping[str, int] | None = None,
    is_read: bool = False,
) -> ShownForm:
    """The form as the clerk sees it; ``is_read``: only to be read; ``more``: how many blank lines, by the group's
    name."""
    result, context = typed
    who = FormFiller(by)
    rights = _rights(who, definition, result.values)
    shower = shower_for(
        hall,
        who,
        definition=definition,
        rights=only_read(rights) if is_read else rights,
        context=context,
        more_lines=more or {},
    )
    return shower.show(result.values, faults)


def _rights(who: FormFiller, definition: FormDefinition, values: Mapping[str, Value]) -> dict[str, FieldRight]:
    rights = rights_at_beginning(who, definition)
    for field in definition.fields:
        if isinstance(field, EarlierCaseField | EarlierFormField) or _is_of_hall(field):
            # what the hall above has, and this one does not know
            rights[field.name] = FieldRight.HIDDEN
        elif field.name in SETTLED and field.name in values:
            rights[field.name] = min(rights[field.name], FieldRight.READ, key=tuple(FieldRight).index)
    return rights


def _is_of_hall(field: object) -> bool:
    return isinstance(field, MapPlaceField) and field.is_of_hall


def seen_of(by: Actor, hall: Hall, assistance: Assistance) -> tuple[dict[str, Any], tuple[Fault, ...]]:
    """Of a draft, what is filled in and what is still wrong, for programs; nothing of what was handed over."""
    form = form_of(assistance) if assistance.state == AssistanceState.DRAFT else OfferedForm(None)
    if form.definition is None:
        return {}, ()
    result, context = read_assistance(by, hall, assistance, form.definition, {})
    rights = _rights(FormFiller(by), form.definition, result.values)
    return seen_values(form.definition, result.values, rights, context), result.faults
