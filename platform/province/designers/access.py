"""The frame in which a designer's page shows a form's draft."""

from collections.abc import Callable, Collection
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override

from foundation.errors import Invalid
from province.designers.queries.previews import PreviewWorld, preview_of
from province.designers.slots import CITIZEN_SHEETS
from standards.forms.definition import FormDefinition
from standards.forms.reading import read_definition

# no script runs in it and no form is sent from it
_SANDBOX: Final[dict[str, Collection[str] | str]] = {
    "default-src": [CSP.SELF],
    **{key: [CSP.NONE] for key in ("script-src", "object-src", "base-uri", "form-action", "connect-src")},
    "img-src": [CSP.SELF, "data:"],
    "frame-ancestors": [CSP.SELF],
    "sandbox": ["allow-same-origin"],
}
# for the view that answers with ``preview_page``
in_sandbox = csp_override(_SANDBOX)


def preview_page(
    request: HttpRequest, world_of: Callable[[FormDefinition], PreviewWorld], *, accent: str = ""
) -> HttpResponse:
    """The draft that is posted as people would see it; nothing is kept, and nothing in it can do anything.

    POST ``definition`` (JSON); ``as``: citizen (every page that they would go through, one below the other) or staff;
    ``mode``: elder; ``look``: print. ``accent``: the hall's colour, six digits.
    """
    is_citizen, is_print = request.POST.get("as") == "citizen", request.POST.get("look") == "print"
    context: dict[str, Any] = {
        "accent": accent,
        "mode": "elder" if request.POST.get("mode") == "elder" else "",
        "is_citizen": is_citizen,
        "is_print": is_print,
        "sheets": CITIZEN_SHEETS.entries(),
    }
    try:
        definition = read_definition(request.POST.get("definition", ""))
    except Invalid as refusal:
        return render(request, "designers/preview.html", context | {"refusal": refusal}, status=422)
    preview = preview_of(definition, world_of(definition), is_citizen=is_citizen, is_print=is_print)
    return render(request, "designers/preview.html", context | {"shown": preview.shown, "preview": preview})
