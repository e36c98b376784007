"""办件清单 as a file that is written in the background: asked for, watched, fetched."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.errors import DomainError, NotAllowed, NotFound, Unavailable
from foundation.exports import EXPORT_FORMATS, MOST_EXPORTED
from foundation.long_workbooks import ROWS_OF_SHEET
from foundation.masking import scrub
from foundation.rows import draw_id
from province.cases.operations.list_exports import KEPT, MOST_OPEN_OF_HALL
from province.cases.queries.list_exports import (
    ListWish,
    number_of_open_list_exports,
    own_list_export,
    own_list_exports,
    own_open_list_export,
)
from tenants.casework.layouts import at_cases
from tenants.casework.operations.list_exports import cancel_export, fetch_export, request_export
from tenants.casework.queries.desk import FILTERS
from tenants.casework.queries.list_exports import LONGEST_WORDS, number_of_cases, units_of_list, wish_of, wish_words
from tenants.shell.layouts.desk import act_and_return, desk_page, rows_of_page
from tenants.shell.layouts.site import redirect_to
from tenants.shell.slots import Desk

_PLACE: Final = {"place": "cases"}


@at_cases
@require_http_methods(["GET", "POST"])
def exports(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One's own, and what is asked for: ``state``, ``unit`` and ``words`` as of the list. POST has it written."""
    if request.method == "POST":
        return _request(request, desk)
    wish = _wish(desk, request.GET)
    page = rows_of_page(request, own_list_exports(desk.by, desk.hall.pk))
    context = {
        "wish": wish,
        "asked": wish_words(desk, wish),
        "number": number_of_cases(desk, wish, draw_id()),
        "page": page,
        "lines": [(one, wish_words(desk, wish_of(one))) for one in page],
        "own_open": own_open_list_export(desk.by, desk.hall.pk),
        "hall_open": number_of_open_list_exports(desk.hall.pk),
        "most_open": MOST_OPEN_OF_HALL,
        "most_at_once": MOST_EXPORTED,
        "rows_of_sheet": ROWS_OF_SHEET,
        "days": KEPT.days,
    }
    return desk_page(request, desk, "casework/desk/list_exports.html", _PLACE | context)


@at_cases
@require_GET
def export(request: HttpRequest, desk: Desk, export_id: UUID) -> HttpResponse:
    """How far one is. Where the card asks again, it alone."""
    found = own_list_export(desk.by, desk.hall.pk, export_id)
    wish = wish_of(found)
    context = {"export": found, "wish": wish, "asked": wish_words(desk, wish), "days": KEPT.days}
    # an address is no place for somebody's number
    context["can_repeat"] = scrub(wish.words) == wish.words
    if request.htmx and found.is_open:  # type: ignore[attr-defined]  # of django-htmx
        return desk_page(request, desk, "casework/desk/list_export.html#card", context)
    answer = desk_page(request, desk, "casework/desk/list_export.html", _PLACE | context)
    if request.htmx:  # type: ignore[attr-defined]  # as above
        # it has ended: the whole page says how
        answer["HX-Refresh"] = "true"
    return answer


@at_cases
@require_POST
def cancel(request: HttpRequest, desk: Desk, export_id: UUID) -> HttpResponse:
    return act_and_return(
        request,
        lambda: cancel_export(by=desk.by, hall=desk.hall, export_id=export_id),
        said="已取消导出。",
        to="desk-case-list-export",
        args=(export_id,),
    )


@at_cases
@require_POST
def fetch(request: HttpRequest, desk: Desk, export_id: UUID) -> HttpResponse:
    """To the file, by a link that soon ends."""
    try:
        return redirect_to(fetch_export(by=desk.by, hall=desk.hall, export_id=export_id))
    except (NotFound, NotAllowed, Unavailable):
        raise
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("desk-case-list-export", export_id)


def _request(request: HttpRequest, desk: Desk) -> HttpResponse:
    try:
        made = request_export(by=desk.by, hall=desk.hall, wish=_wish(desk, request.POST))
    except (NotAllowed, NotFound, Unavailable):
        raise
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("desk-case-list-exports")
    return redirect("desk-case-list-export", made.pk)


def _wish(desk: Desk, sent: QueryDict) -> ListWish:
    """What is not there narrows nothing."""
    asked = {name: sent.get(name, "") for name in ("state", "unit", "file_format")}
    return ListWish(
        state=asked["state"] if asked["state"] in FILTERS else "",
        unit=asked["unit"] if asked["unit"] in units_of_list(desk) else "",
        words=sent.get("words", "").strip()[:LONGEST_WORDS],
        file_format=asked["file_format"] if asked["file_format"] in EXPORT_FORMATS else "xlsx",
    )
