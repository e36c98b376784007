"""A form's draft as those would see it who fill it in. Nothing is kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from province.designers.queries.asking import FillingPages, PagePlace
from province.designers.queries.examples import shows_examples
from province.designers.queries.showing import FormLists, FormShower, only_read
from province.designers.queries.shown import ShownField, ShownForm, ShownPart
from standards.forms.definition import FormDefinition
from standards.forms.fields.choices import OF_STAFF, ListedField
from standards.forms.filling import FillingContext
from standards.forms.posted import read_posted
from standards.forms.rights import CITIZEN_ROLE, FIRST_STEP, Rights

type PreviewPage = tuple[ShownPart, PagePlace | None, bool]


@dataclass(frozen=True, slots=True)
class PreviewWorld:
    """Where it would be filled in. ``staff``: what somebody who works there may do with its fields."""

    staff: Rights
    context: FillingContext
    lists: FormLists


@dataclass(frozen=True, slots=True)
class FormPreview:
    """``pages``: each page that a citizen would go through with its place, and whether its part begins there;
    ``has_examples``: something is offered that no hall has; ``lacks_colleagues``: a citizen is asked to choose somebody
    who works there, and has nobody to choose."""

    shown: ShownForm
    pages: list[PreviewPage]
    has_examples: bool
    lacks_colleagues: bool


def preview_of(definition: FormDefinition, world: PreviewWorld, *, is_citizen: bool, is_print: bool) -> FormPreview:
    """As a citizen sees it, or somebody of the staff; ``is_print``: to be read alone."""
    rights = definition.rights_at(step=FIRST_STEP, roles=(CITIZEN_ROLE,)) if is_citizen else world.staff
    shower = FormShower(
        lists=replace(world.lists, names=lambda source: _offered(world.lists, source)) if is_citizen else world.lists,
        definition=definition,
        rights=only_read(rights) if is_print else rights,
        context=world.context,
    )
    result = read_posted(definition, rights, {}, {}, world.context)
    shown = shower.show(result.values)
    pages = FillingPages.of(definition, rights, result, world.context)
    fields = [one for part in shown.parts for one in part.fields]
    return FormPreview(
        shown,
        _pages_of(pages, shown) if is_citizen else [],
        has_examples=shows_examples(fields),
        lacks_colleagues=is_citizen and _asks_for_colleagues(fields),
    )


def _offered(lists: FormLists, source: str) -> Mapping[str, str]:
    """What a citizen chooses from."""
    return {} if source in OF_STAFF else lists.names(source)


def _asks_for_colleagues(fields: Iterable[ShownField]) -> bool:
    return any(
        (isinstance(one.field, ListedField) and one.is_writable and one.field.source in OF_STAFF)
        or any(map(_asks_for_colleagues, one.lines))
        for one in fields
    )


def _pages_of(pages: FillingPages, shown: ShownForm) -> list[PreviewPage]:
    fields = {one.field.name: one for part in shown.parts for one in part.fields}
    parts = {part.name: part.part for part in shown.parts}
    found = []
    begun: set[str] = set()
    for page in pages.asked:
        own = tuple(fields[one.name] for one in page.fields if one.name in fields)
        found.append((ShownPart(parts[page.part], own), pages.place(page.name), page.part not in begun))
        begun.add(page.part)
    return found
