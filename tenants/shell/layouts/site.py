"""What all pages for readers share: who may see them at all, their layout, and how they may be kept."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString, mark_safe

from foundation.design.modes import mode_of
from foundation.errors import DomainError, NotFound
from province.citizens.access import citizen_of_request
from province.content.queries.accounts import public_key
from province.halls.models import Hall
from province.halls.queries.carried_modes import with_carried_mode
from province.halls.queries.sites import site_address
from province.halls.states import HallState
from tenants.shell.queries.apps import shown_at
from tenants.shell.slots import CITIZENS, GOES_ON, PROGRESS, SITE, SITE_SEARCH, Once, SiteLink

# 首页, four of the apps' and 我的: nobody reads more
_MOST_ENTRANCES = 4
_RETRY_SECONDS = 3600

type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponse]


def for_readers[**P](view: View[P]) -> View[P]:
    """A page of the public site: answered by the hall's state, without session, kept under the page's generations."""

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = closed_answer(request)
        if response is None:
            try:
                response = view(request, *args, **kwargs)
            except NotFound as error:
                response = missing_page(request, error)
        patch_vary_headers(response, ["Cookie", "Accept-Encoding"])
        response.headers.setdefault("Cache-Control", "no-cache")
        if hall_of(request).state != HallState.LIVE:
            response["X-Robots-Tag"] = "noindex"
        return response

    return answer


def kept[**P](view: View[P]) -> View[P]:
    """Marks pages that the page cache may keep: they depend on nothing but what its key holds."""

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.is_kept = True  # type: ignore[attr-defined]
        return response

    return answer


def hall_of(request: HttpRequest) -> Hall:
    hall: Hall = request.hall  # type: ignore[attr-defined]
    return hall


def once_of(request: HttpRequest) -> Once:
    """What was asked for this page already."""
    once: Once | None = getattr(request, "once", None)
    if once is None:
        once = request.once = Once(hall_of(request))  # type: ignore[attr-defined]
    return once


def site_page(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200, is_own: bool = False
) -> HttpResponse:
    """A page in the site's layout. In its context ``section`` may be the path of the navigation's word to which it
    belongs.

    ``is_own``: one person's, which nobody keeps; pages for readers are rendered without the request, and know no person
    and no session."""
    layout = _layout(request) | {"is_signed_in": is_own and citizen_of_request(request) is not None}
    text = render_to_string(template, layout | context, request if is_own else None)
    host = request.META["HTTP_HOST"].partition(":")[0].lower()
    return HttpResponse(with_carried_mode(text, mode=mode_of(request), host=host), status=status)


def _layout(request: HttpRequest) -> dict[str, Any]:
    hall, once = hall_of(request), once_of(request)
    # of a hall that is suspended nothing else is open, so that nothing leads there
    parts = shown_at(SITE, hall) if hall.takes_new else []
    return {
        "hall": hall,
        "is_trial": hall.state == HallState.TRIAL,
        "mode": mode_of(request),
        "here": quote(request.path),
        "address": absolute(request, request.path),
        "origin": absolute(request, ""),
        "entrances": _entrances(once) if hall.takes_new else [],
        "contents": next((part.contents for part in parts if part.contents), None),
        "has_search": hall.takes_new and bool(shown_at(SITE_SEARCH, hall)),
        "heads": [part.head for part in parts if part.head],
        "footers": [part.footer for part in parts if part.footer],
        "notices_key": public_key(),
    } | _ways_in(hall)


def _ways_in(hall: Hall) -> dict[str, Any]:
    """What every page of a hall's host leads to: where people find what is theirs, and the province's own site."""
    citizens = shown_at(CITIZENS, hall)
    return {
        "citizens": citizens[0] if citizens else None,
        "has_progress": bool(shown_at(PROGRESS, hall)),
        "province": settings.PROVINCE_NAME,
        "province_address": site_address(settings.BASE_DOMAIN),
    }


def _entrances(once: Once) -> list[SiteLink]:
    parts = sorted(shown_at(SITE, once.hall), key=lambda part: part.order)
    return [link for part in parts if (link := part.entrance(once))][:_MOST_ENTRANCES]


def absolute(request: HttpRequest, path: str) -> str:
    """An address of this site, at the host under which it was asked for."""
    return site_address(request.META["HTTP_HOST"].partition(":")[0].lower()) + path


def linked_data(facts: dict[str, object]) -> SafeString:
    """Facts by schema.org, for search engines; nothing in them can end the element."""
    text = json.dumps({"@context": "https://schema.org", **facts}, ensure_ascii=False)
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 - escaped just now


def missing_page(request: HttpRequest, error: DomainError) -> HttpResponse:
    return site_page(request, "shell/missing.html", {"error": error}, status=404)


@for_readers
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django's call
    """The hall's answer for an address that it does not have."""
    raise NotFound("这个地址没有内容，可能已经移走，或者输入有误。")


def closed_answer(request: HttpRequest) -> HttpResponse | None:
    """What a hall that is not open says instead of a page: 503 while it pauses, on all but the pages on which something
    goes on (``GOES_ON``), 410 for good, 404 before it opens."""
    hall = hall_of(request)
    if hall.state in {HallState.TRIAL, HallState.LIVE} or _goes_on(request):
        return None
    context: dict[str, Any] = {"hall": hall, "mode": mode_of(request)} | _ways_in(hall)
    if hall.state == HallState.RETIRED:
        successor = hall.successor.get_primary_domain() if hall.successor else None
        context["successor_address"] = site_address(successor.domain) if successor else ""
    status = {HallState.SUSPENDED: 503, HallState.RETIRED: 410}.get(HallState(hall.state), 404)
    response = HttpResponse(render_to_string("shell/closed.html", context), status=status)
    if hall.state == HallState.SUSPENDED:
        response["Retry-After"] = str(_seconds_until_open(hall))
    return response


def _goes_on(request: HttpRequest) -> bool:
    """Whether the hall is suspended, and what was asked for is stated as going on meanwhile."""
    hall, match = hall_of(request), request.resolver_match
    if hall.state != HallState.SUSPENDED or match is None:
        return False
    is_read = request.method in {"GET", "HEAD"}
    return any(one.route == match.view_name and (is_read or not one.is_read) for one in shown_at(GOES_ON, hall))


def _seconds_until_open(hall: Hall) -> int:
    if hall.suspended_until is None:
        return _RETRY_SECONDS
    return max(60, int((hall.suspended_until - timezone.now()).total_seconds()))


def redirect_to(address: str, *, is_permanent: bool = False) -> HttpResponse:
    return (HttpResponsePermanentRedirect if is_permanent else HttpResponseRedirect)(address)
