"""What all pages for readers share: who may see them at all, their frame, and how they may be kept."""

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

from foundation.errors import DomainError, NotFound
from province.content.queries.accounts import public_key
from province.halls.models import Hall
from province.halls.queries.sites import site_address
from province.halls.states import HallState
from tenants.portal.frames.additions import Addition, additions_here
from tenants.portal.models import Column
from tenants.portal.queries.site import shown_columns

# 首页 and five more words; where there are more columns, the last of them leads to the site map
_NAVIGATION_WORDS = 5
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


def site_page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    columns: list[Column] | None = None,
    additions: list[Addition] | None = None,
    status: int = 200,
    is_own: bool = False,
) -> HttpResponse:
    """A page in the site's frame. ``columns``: those that readers see, where the view has asked for them already;
    ``additions`` likewise: what other apps have here.
    ``is_own``: one person's, which nobody keeps; pages for readers are rendered without the request, and know no person
    and no session."""
    hall = hall_of(request)
    columns = shown_columns() if columns is None else columns
    additions = additions_here() if additions is None else additions
    navigation = _navigation(columns, most=_NAVIGATION_WORDS - len(additions))
    frame = {
        "hall": hall,
        "is_trial": hall.state == HallState.TRIAL,
        "mode": "elder" if request.COOKIES.get("mode") == "elder" else "",
        "here": quote(request.path),
        "address": absolute(request, request.path),
        "origin": absolute(request, ""),
        "additions": additions,
        "navigation": navigation,
        "has_more_columns": len(navigation) < len(columns),
        "columns": columns,
        "province": settings.PROVINCE_NAME,
        "province_address": site_address(settings.BASE_DOMAIN),
        "notices_key": public_key(),
    }
    text = render_to_string(template, frame | context, request if is_own else None)
    return HttpResponse(text, status=status)


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
    return site_page(request, "portal/site/missing.html", {"error": error}, status=404)


@for_readers
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django's call
    """The hall's answer for an address that it does not have."""
    raise NotFound("这个地址没有内容，可能已经移走，或者输入有误。")


def closed_answer(request: HttpRequest) -> HttpResponse | None:
    """What a hall that is not open says instead of any page: 503 while it pauses, 410 for good, 404 before it opens."""
    hall = hall_of(request)
    if hall.state in {HallState.TRIAL, HallState.LIVE}:
        return None
    context: dict[str, Any] = {
        "hall": hall,
        "mode": "elder" if request.COOKIES.get("mode") == "elder" else "",
        "province": settings.PROVINCE_NAME,
        "province_address": site_address(settings.BASE_DOMAIN),
    }
    if hall.state == HallState.RETIRED:
        successor = hall.successor.get_primary_domain() if hall.successor else None
        context["successor_address"] = site_address(successor.domain) if successor else ""
    status = {HallState.SUSPENDED: 503, HallState.RETIRED: 410}.get(HallState(hall.state), 404)
    response = HttpResponse(render_to_string("portal/site/closed.html", context), status=status)
    if hall.state == HallState.SUSPENDED:
        response["Retry-After"] = str(_seconds_until_open(hall))
    return response


def _seconds_until_open(hall: Hall) -> int:
    if hall.suspended_until is None:
        return _RETRY_SECONDS
    return max(60, int((hall.suspended_until - timezone.now()).total_seconds()))


def _navigation(columns: list[Column], *, most: int) -> list[Column]:
    roots = [column for column in columns if column.parent_id is None]
    return roots if len(roots) <= most else roots[: most - 1]


def redirect_to(address: str, *, is_permanent: bool = False) -> HttpResponse:
    return (HttpResponsePermanentRedirect if is_permanent else HttpResponseRedirect)(address)
