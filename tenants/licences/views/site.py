"""A person's own licences on the hall's site, and their companies'."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET, require_safe

from foundation.errors import Unavailable
from foundation.qr_codes import picture_of
from province.citizens.models import Citizen
from province.halls.models import Hall
from province.registries.queries import address_with, grouped
from tenants.documents.queries.documents import PDF, link_to_document
from tenants.licences.queries.register import own_licence, own_licences
from tenants.shell.layouts.citizen import citizen_page, for_citizen
from tenants.shell.layouts.site import hall_of, redirect_to
from tenants.shell.slots import Once

_MOST_ON_OWN_PAGE: Final = 5
_MOST: Final = 200


@for_citizen
@require_safe
def licences(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """我的证照: at this hall."""
    found = list(own_licences(hall_of(request), citizen)[:_MOST])
    return citizen_page(request, "licences/site/licences.html", {"licences": found, "is_known": _is_known(citizen)})


@for_citizen
@require_safe
def licence(request: HttpRequest, citizen: Citizen, licence_id: UUID) -> HttpResponse:
    """One of them, with the code by which others check it."""
    found = own_licence(hall_of(request), citizen, licence_id)
    address = address_with(found.document.code)
    context = {
        "licence": found,
        "code": grouped(found.document.code),
        "address": address,
        "picture": picture_of(address),
    }
    return citizen_page(request, "licences/site/licence.html", context)


@for_citizen
@require_GET
def paper(request: HttpRequest, citizen: Citizen, licence_id: UUID) -> HttpResponse:
    """A short-lived link to its PDF."""
    hall = hall_of(request)
    found = own_licence(hall, citizen, licence_id)
    try:
        return redirect_to(link_to_document(hall, found.document, PDF, is_shown=True))
    except Unavailable as refusal:
        messages.error(request, refusal.message)
        return redirect("site-licence", found.pk)


def own_part(hall: Hall, citizen: Citizen, once: Once) -> SafeString | None:  # noqa: ARG001 - the slot's signature
    """我的证照 on the citizen's own page; nothing for who has none."""
    found = list(own_licences(hall, citizen)[: _MOST_ON_OWN_PAGE + 1])
    if not found:
        return None
    context = {"licences": found[:_MOST_ON_OWN_PAGE], "has_more": len(found) > _MOST_ON_OWN_PAGE}
    return render_to_string("licences/site/own_part.html", context)


def _is_known(citizen: Citizen) -> bool:
    return citizen.level >= Citizen.Level.NUMBER
