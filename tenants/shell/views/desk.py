"""The first page of the hall's desk."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from province.console.access import actor_of_request
from province.console.addresses import province_address
from province.console.queries.navigation import console_start
from province.halls.queries import site_checks
from tenants.shell.layouts.desk import desk_for, desk_page
from tenants.shell.layouts.site import hall_of, once_of
from tenants.shell.queries.desk import desk_overview, has_desk_overview, require_desk_overview, start_of, waiting_things
from tenants.shell.queries.desk_search import desk_hints, notes_of_search, only_hit, require_desk_search, search_desk
from tenants.shell.slots import Desk


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Show the overview; people who have none work at another page: with citizens, or on items; or, where the hall's
    people have nothing to do at its desk (who approves, supervises, audits), at the province's console."""
    by, hall = actor_of_request(request), hall_of(request)
    if not has_desk_overview(by, hall):
        if start := start_of(by, hall):
            return redirect(start.route)
        if any(grant.hall_id == hall.pk for grant in by.grants) and (path := console_start(by)):
            return redirect(f"{province_address()}{path}")
    return _overview(request)


@desk_for(require_desk_search)
@require_GET
def search(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Find what stands at this desk, as far as the person may see it. ``go``: open what alone is found, as a scanner
    asks."""
    words = request.GET.get("q", "").strip()[:80]
    hints = desk_hints(desk.by, desk.hall)
    hint = f"可以输入{hints}。" if words else f"按 Ctrl K 随时回到搜索框。可以输入{hints}。"
    hits = search_desk(desk, words)
    for note in notes_of_search(desk, words):
        note(desk, words)
    if "go" in request.GET and (only := only_hit(hits)):
        return redirect(only.address)
    context = {"words": words, "hits": hits, "hint": hint}
    return desk_page(request, desk, "shell/desk_found.html", context)


@never_cache
@require_GET
def tasks(request: HttpRequest) -> HttpResponse:
    """What waits for the person at this desk: a page, or for htmx the menu of the top bar. Everybody who is signed in
    may ask; each app shows them what is theirs."""
    desk = Desk(actor_of_request(request), hall_of(request))
    things, has_more = waiting_things(desk)
    lines = [(f"{one.tag}：{one.title}", reverse(one.route, args=[one.key]), one.note) for one in things]
    number = f"{len(lines):,}{'+' if has_more else ''}" if lines else ""
    context = {"lines": lines, "number": number, "has_more": has_more, "address": request.path}
    if request.headers.get("HX-Request") == "true":
        return render(request, "design/tasks_menu.html", context)
    return desk_page(request, desk, "shell/desk_tasks.html", context)


@desk_for(require_desk_overview)
def _overview(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What waits, how the site fares in its checks, and its figures."""
    context = {
        "place": "overview",
        "overview": desk_overview(desk, once_of(request)),
        "checks": site_checks(desk.hall),
    }
    return desk_page(request, desk, "shell/overview.html", context)
