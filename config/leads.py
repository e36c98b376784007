"""Where an error page leads on to: back, to the place where the person works, and around a missing permission."""

from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from foundation.errors import DomainError, NotAllowed
from province.console.access import is_preview, page_path
from province.console.addresses import address_of, province_address
from province.console.queries.navigation import console_start
from province.halls.models import Hall
from province.halls.queries.halls import primary_domains
from province.people.access import positions_of_request
from province.people.models import Account
from province.people.queries.ways_on import ways_on
from province.rights.actors import Actor
from province.rights.queries import PermissionMissing
from tenants.shell.queries.desk import has_desk_overview, start_of

type Lead = tuple[str, str]

_MOST_HALLS = 3


def leads_of(request: HttpRequest, error: DomainError) -> dict[str, Any]:
    """What the page of an error shows besides its words: ``back`` (a path of this host, or ""), ``places`` (words and
    address of where the person works, the nearest first), ``ways`` (``WaysOn``, or None) and ``choose`` (where a
    position is chosen that may).

    Only a refusal asks the database: other errors may have come of it.
    """
    leads: dict[str, Any] = {"back": _back(request), "places": [], "ways": None, "choose": ""}
    if not isinstance(error, NotAllowed) or not isinstance(getattr(request, "user", None), Account):
        return leads
    by = getattr(request, "actor", None)
    if not isinstance(by, Actor):
        return leads
    hall: Hall | None = request.hall  # type: ignore[attr-defined]
    leads["places"] = _places(by, hall)
    if isinstance(error, PermissionMissing):
        account = request.user if isinstance(request.user, Account) and not is_preview(request) else None
        positions = positions_of_request(request)
        leads["ways"] = ways_on(error, by=by, account=account, positions=positions, hall=hall)
        here = request.get_full_path() if request.method == "GET" else page_path(request)
        choose = reverse("account-position", urlconf=request.urlconf)
        leads["choose"] = f"{choose}?{urlencode({'next': here})}"
    return leads


def _back(request: HttpRequest) -> str:
    """The page of this host from which the person came, unless that is this one."""
    came_from = request.headers.get("Referer", "")
    try:
        parts = urlsplit(came_from)
    except ValueError:
        return ""
    if parts.netloc != request.META.get("HTTP_HOST", "") or not parts.path.startswith("/"):
        return ""
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    is_this = request.method == "GET" and path == request.get_full_path()
    return "" if is_this or path.startswith("//") else path


def _places(by: Actor, hall: Hall | None) -> list[Lead]:
    """Where this person begins: here, at the province's console, at the desks of their own halls."""
    found: list[Lead] = []
    if hall is not None and (has_desk_overview(by, hall) or start_of(by, hall)):
        found.append(("回到工作台", "/desk/"))
    elif start := console_start(by):
        found.append(("回到管理端", start if hall is None else f"{province_address()}{start}"))
    own: set[UUID] = {
        grant.hall_id for grant in by.grants if grant.hall_id and (hall is None or grant.hall_id != hall.pk)
    }
    for name, host in primary_domains(own)[:_MOST_HALLS] if own else ():
        found.append((f"去{name}的工作台", f"{address_of(host)}/desk/"))
    return found
