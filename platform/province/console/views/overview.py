"""The first page, and the search over everything."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from foundation.errors import NotAllowed
from province.console.access import actor_of_request
from province.console.queries.navigation import console_start, links_open_to
from province.console.queries.overview import has_overview, overview_of, waiting_for
from province.console.queries.search import search_everything, search_hints, searched_things
from province.console.slots import Action, OverviewShare
from province.rights.actors import Actor


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Show the overview; people who have none are sent to the first place that they may go to."""
    by = actor_of_request(request)
    if has_overview(by):
        return render(request, "console/overview.html", {"overview": overview_of(by), "links": links_open_to(by)})
    if start := console_start(by):
        return redirect(start)
    raise NotAllowed("您的岗位没有可以在这里办理的事，请到本服务厅的工作台处理。")


@never_cache
@require_GET
def tasks(request: HttpRequest) -> HttpResponse:
    """What waits for the person: a page, or for htmx the menu of the top bar. As many queries as apps count things,
    however much there is."""
    waiting = waiting_for(actor_of_request(request))
    context = {
        "waiting": waiting,
        "number": f"{sum(one.number for one in waiting):,}" if waiting else "",
        "lines": [(one.label, one.address, f"{one.number:,}") for one in waiting],
        "address": request.path,
    }
    is_menu = request.headers.get("HX-Request") == "true"
    return render(request, "design/tasks_menu.html" if is_menu else "console/tasks.html", context)


def services_share(_: Actor) -> OverviewShare:
    """The way to the services outside, for who keeps the installation."""
    return OverviewShare(actions=(Action("外部服务", reverse("console-services"), "network"),))


def wall_share(_: Actor) -> OverviewShare:
    """The way to the wall (大屏), for who may put it up."""
    return OverviewShare(actions=(Action("大屏", reverse("console-wall-links"), "layout-dashboard"),))


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    by = actor_of_request(request)
    words = request.GET.get("q", "")[:80]
    hits = search_everything(by, words)
    begin = f"按 Ctrl K 随时回到搜索框。{searched_things()}都能查到。"
    hint = f"可以输入{search_hints()}。" if words.strip() else begin
    page = {"words": words.strip(), "hits": hits, "hint": hint}
    return render(request, "console/search.html", page)
