"""A form's draft as people would see it. Nothing is kept, and nothing in it can do anything."""

from collections.abc import Collection
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_POST

from foundation.errors import Invalid
from standards.forms.posted import read_posted
from standards.forms.reading import read_definition
from standards.forms.rights import CITIZEN_ROLE, FIRST_STEP
from tenants.shell.slots import Desk
from tenants.workflow.layouts import at_design
from tenants.workflow.queries.asking import FillingPages, PagePlace
from tenants.workflow.queries.contexts import context_without_rows
from tenants.workflow.queries.filled import FormFiller, rights_at_beginning
from tenants.workflow.queries.forms import form_with_id
from tenants.workflow.queries.pages import FormShower, only_read
from tenants.workflow.queries.shown import ShownForm, ShownPart

# no script runs in it and no form is sent from it
_SANDBOX: dict[str, Collection[str] | str] = {
    "default-src": [CSP.SELF],
    **{key: [CSP.NONE] for key in ("script-src", "object-src", "base-uri", "form-action", "connect-src")},
    "img-src": [CSP.SELF, "data:"],
    "frame-ancestors": [CSP.SELF],
    "sandbox": ["allow-same-origin"],
}


@csp_override(_SANDBOX)
@at_design
@require_POST
def preview(request: HttpRequest, desk: Desk, form_id: UUID) -> HttpResponse:
    """POST ``definition`` (JSON); ``as``: citizen (every page that they would go through, one below the other) or
    staff; ``mode``: elder; ``look``: print."""
    form_with_id(form_id)
    is_citizen, is_print = request.POST.get("as") == "citizen", request.POST.get("look") == "print"
    context = {
        "hall": desk.hall,
        "mode": "elder" if request.POST.get("mode") == "elder" else "",
        "is_citizen": is_citizen,
        "is_print": is_print,
    }
    try:
        definition = read_definition(request.POST.get("definition", ""))
    except Invalid as refusal:
        return render(request, "workflow/preview.html", context | {"refusal": refusal}, status=422)
    who = FormFiller(desk.by)
    as_citizen = definition.rights_at(step=FIRST_STEP, roles=(CITIZEN_ROLE,))
    rights = as_citizen if is_citizen else rights_at_beginning(who, definition)
    facts = context_without_rows(desk.hall, who, definition, {})
    shower = FormShower(
        hall=desk.hall,
        who=who,
        definition=definition,
        rights=only_read(rights) if is_print else rights,
        context=facts,
    )
    result = read_posted(definition, rights, {}, {}, facts)
    shown = shower.show(result.values)
    pages = _pages_of(FillingPages.of(definition, rights, result, facts), shown) if is_citizen else []
    return render(request, "workflow/preview.html", context | {"shown": shown, "pages": pages})


def _pages_of(pages: FillingPages, shown: ShownForm) -> list[tuple[ShownPart, PagePlace | None, bool]]:
    """Each page with its place, and whether its part begins there."""
    fields = {one.field.name: one for part in shown.parts for one in part.fields}
    parts = {part.name: part.part for part in shown.parts}
    found = []
    begun: set[str] = set()
    for page in pages.asked:
        own = tuple(fields[one.name] for one in page.fields if one.name in fields)
        found.append((ShownPart(parts[page.part], own), pages.place(page.name), page.part not in begun))
        begun.add(page.part)
    return found
