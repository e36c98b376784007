"""A form of the hall as a page shows it to one person: what is hidden from them is not in it."""

from collections.abc import Collection, Iterable, Mapping
from functools import partial
from typing import Any

from foundation.errors import Fault
from province.designers.queries.showing import FormLists, FormShower, only_read
from province.designers.queries.shown import ShownForm
from province.halls.models import Hall
from standards.forms.filling import FillingContext
from standards.forms.posted import FilledResult
from tenants.workflow.models import FilledForm
from tenants.workflow.queries.contexts import filling_context
from tenants.workflow.queries.field_choices import offered_names
from tenants.workflow.queries.filled import FormFiller, rights_of, values_of
from tenants.workflow.queries.forms import definition_of
from tenants.workflow.queries.places import offered_places


def lists_for(hall: Hall, who: FormFiller) -> FormLists:
    """What this person chooses from in fields of the hall's forms."""
    return FormLists(partial(offered_names, hall, who), offered_places)


def shower_for(hall: Hall, who: FormFiller, **given: Any) -> FormShower:
    """Shows a form to this person; ``given``: what else ``FormShower`` takes."""
    return FormShower(lists=lists_for(hall, who), **given)


def show_filling(
    hall: Hall,
    who: FormFiller,
    filled: FilledForm,
    *,
    typed: tuple[FilledResult, FillingContext] | None = None,
    faults: Iterable[Fault] = (),
    pages: Collection[str] | None = None,
    more: Mapping[str, int] | None = None,
    is_read: bool = False,
) -> ShownForm:
    """A form as who fills it in sees it; ``is_read``: only to be read. ``typed``: what ``read_filling`` gave,
    None: what is kept; ``pages``: the names of those that are shown, None: the whole form; ``more``: how many blank
    lines, by the group's name."""
    context = typed[1] if typed else filling_context(hall, who, filled)
    values = typed[0].values if typed else values_of(hall, filled)
    rights = rights_of(who, filled)
    shower = shower_for(
        hall,
        who,
        definition=definition_of(filled.version),
        rights=only_read(rights) if is_read else rights,
        context=context,
        origins=filled.origins,
        more_lines=more or {},
    )
    return shower.show(values, faults, pages=pages)
