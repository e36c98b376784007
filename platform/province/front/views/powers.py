"""权责清单 of the whole province: to look through, and the page of one power, with the halls that exercise it."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode

from province.catalogue.queries.extra_elements import as_defined_at
from province.catalogue.queries.ledger import ledger_groups, ledger_lines, ledger_of
from province.front.queries.items import powers_now, service_now, sites_with
from province.front.views.frame import asked, for_everybody, front_page
from standards.items.codelists import ACTED

_PAGE = 60
_SITES = 20


@for_everybody
def table(request: HttpRequest) -> HttpResponse:
    words, item_type, department = (asked(request, name) for name in ("q", "type", "department"))
    types, departments = ledger_groups(powers_now())
    lines = ledger_lines(powers_now(), words=words, item_type=item_type, department=department)
    told = {"q": words, "type": item_type, "department": department}
    kept_words = {name: value for name, value in told.items() if value}
    context = {
        "types": types,
        "departments": departments,
        "page": Paginator(lines, _PAGE).get_page(request.GET.get("page")),
        "asked": words,
        "type": item_type,
        "department": department,
        "is_narrowed": bool(kept_words),
        "turn": f"{urlencode(kept_words)}&" if kept_words else "",
    }
    return front_page(request, "powers.html", context)


@for_everybody
def ledger(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """What holds in the whole province; who acts, and whom to call, each hall says."""
    version, place = service_now(item_id), asked(request, "q")
    if version.item.item_type not in ACTED:
        return redirect("front-guide", item_id, permanent=True)
    with as_defined_at(version.created_at):
        read = ledger_of(version.item.item_type, version.values)
    context = {
        "ledger": read,
        "note": version.sample_note,
        "place": place,
        "sites": sites_with(item_id, place, most=_SITES),
        "most": _SITES,
    }
    return front_page(request, "power.html", context)
