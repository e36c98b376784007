"""A form asks a citizen one thing a page; what is known of them, and all answers, stand on pages of their own."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from foundation.errors import Conflict, DomainError, NotFound
from province.citizens.models import Citizen
from province.designers.queries.asking import CHECK, KNOWN, FillingPages
from province.designers.queries.shown import ShownField, ShownForm, ShownPart
from province.halls.models import Hall
from tenants.shell.layouts.citizen import citizen_page, for_citizen
from tenants.shell.layouts.site import hall_of
from tenants.workflow.models import FilledForm
from tenants.workflow.operations.filling import save_filling, send_filling
from tenants.workflow.queries.asking import filling_pages
from tenants.workflow.queries.filled import FormFiller, filler_of, own_filled
from tenants.workflow.queries.pages import show_filling
from tenants.workflow.states import FilledState
from tenants.workflow.views.pages import TakenPage, asides_of, page_context, take_page
from tenants.workflow.views.sites import address_of, files_at, page_of_sent, place_of

# whence somebody came to change one answer, and whither they go back
_BACK: Final = {"check": CHECK, "known": KNOWN}


@for_citizen
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, citizen: Citizen, filled_id: UUID, page: str) -> HttpResponse:
    """What is asked at once; POST keeps it and goes on to what comes next, where nothing is wrong. ``back``: where an
    answer was to be changed, "check" or "known"."""
    who, hall = filler_of(citizen), hall_of(request)
    found = own_filled(who, filled_id)
    if found.state != FilledState.DRAFT and request.method == "GET":
        return redirect("site-filled", filled_id)
    back = _BACK.get(request.GET.get("back", ""), "")
    taken = None
    if request.method == "POST":
        taken = take_page(request, who, hall, found, page, back=back)
        found = taken.filled
        if left := _left(request, who, taken):
            return left
    pages = filling_pages(hall, who, found)
    typed = (pages.result, pages.context)
    shown = taken.shown if taken else show_filling(hall, who, found, typed=typed, pages={page})
    if pages.page(page) is None or not shown.parts:
        # an answer has taken the page away since
        return redirect("site-filled", filled_id)
    [part] = shown.parts
    before = back or pages.before(page)
    context = {
        **page_context(taken, shown, found),
        "part": part,
        # what is said of a part stands where it begins
        "is_first": next(one.name for one in pages.asked if one.part == part.name) == page,
        "place": pages.place(page),
        "page_at": request.get_full_path(),
        "before": before and address_of(filled_id, before),
        "is_back": bool(back),
        "asides": asides_of(request, hall, who, found, [one.field.name for one in part.fields]),
        "files_at": files_at(filled_id),
        **place_of(found),
    }
    return citizen_page(request, "workflow/site/page.html", context, status=taken.status if taken else 200)


def _left(request: HttpRequest, who: FormFiller, taken: TakenPage) -> HttpResponse | None:
    """Where the person is led who has left a page; None where it is shown once more."""
    found = taken.filled
    if taken.is_same:
        return HttpResponse(status=204)
    if taken.conflict and own_filled(who, found.pk).state != FilledState.DRAFT:
        return redirect("site-filled", found.pk)
    if not taken.is_right or taken.act in {"look", "line"}:
        return None
    if taken.act == "keep":
        messages.success(request, "已保存。下次登录后，在“我的”里接着填，换一部手机也可以。")
        return redirect(place_of(found)["place_at"])
    return redirect(address_of(found.pk, found.page))


@for_citizen
@require_http_methods(["GET", "POST"])
def known(request: HttpRequest, citizen: Citizen, filled_id: UUID) -> HttpResponse:
    """What the province knows of the citizen and the form asks for; POST goes on with it as it is."""
    who, hall = filler_of(citizen), hall_of(request)
    found = own_filled(who, filled_id)
    if found.state != FilledState.DRAFT:
        return redirect("site-filled", filled_id)
    if request.method == "POST":
        try:
            saved = save_filling(
                who=who, hall=hall, filled_id=filled_id, posted={}, revision=found.revision, page=KNOWN
            )
        except Conflict:
            return redirect("site-filled", filled_id)
        return redirect(address_of(filled_id, saved.filled.page))
    pages = filling_pages(hall, who, found)
    if not pages.known:
        return redirect("site-filled", filled_id)
    shown = show_filling(hall, who, found, typed=(pages.result, pages.context), pages=pages.known)
    before = pages.before(KNOWN)
    context = {
        "filled": found,
        "shown": shown,
        "parts": _answers(shown, pages),
        "before": before and address_of(filled_id, before),
        **place_of(found),
    }
    return citizen_page(request, "workflow/site/known.html", context)


@for_citizen
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, citizen: Citizen, filled_id: UUID) -> HttpResponse:
    """Everything that was written, to be looked through; POST hands it in."""
    who, hall = filler_of(citizen), hall_of(request)
    found = own_filled(who, filled_id)
    if found.state != FilledState.DRAFT:
        return redirect(page_of_sent(found))
    refused = ""
    if request.method == "POST":
        try:
            sent = send_filling(who=who, hall=hall, filled_id=filled_id, revision=found.revision)
        except NotFound:
            raise
        except DomainError as refusal:
            refused = refusal.message
        else:
            messages.success(request, "已提交。")
            return redirect(page_of_sent(sent))
    pages = filling_pages(hall, who, found)
    shown = _all_answers(hall, who, found, pages)
    context: dict[str, Any] = {
        "filled": found,
        "shown": shown,
        "parts": _answers(shown, pages),
        "refused": refused,
        "files_at": files_at(filled_id),
        **place_of(found),
    }
    return citizen_page(request, "workflow/site/check.html", context, status=422 if refused else 200)


def _all_answers(hall: Hall, who: FormFiller, found: FilledForm, pages: FillingPages) -> ShownForm:
    typed = (pages.result, pages.context)
    return show_filling(hall, who, found, typed=typed, faults=pages.result.faults, is_read=True)


def _answers(shown: ShownForm, pages: FillingPages) -> list[tuple[ShownPart, list[tuple[ShownField, str]]]]:
    """What stands in each part, with the name of the page on which it can be changed ("": it cannot)."""
    named = {one.name: page.name for page in pages.asked for one in page.fields if pages.asks(one)}
    found = [
        (part, [(one, named.get(one.field.name, "")) for one in part.fields if not one.is_plain])
        for part in shown.parts
    ]
    return [(part, answers) for part, answers in found if answers]
