"""Views of tables that people save for themselves; each is a link, which the table's own page opens."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from foundation.addresses import is_page_here
from foundation.errors import DomainError
from province.console.access import actor_of_request, hall_of
from province.console.operations.saved_views import drop_view, save_view, set_first_view


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep what the table shows now and go back to it."""
    by, hall = actor_of_request(request), hall_of(request)
    facts = {name: request.POST.get(name, "")[:1000] for name in ("table", "name", "query")}
    try:
        view = save_view(by=by, **facts, hall_id=hall.pk if hall else None, is_first="is_first" in request.POST)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"视图“{view.name}”已保存，只有您自己看得到。")
    return redirect(_back(request))


@require_POST
def change(request: HttpRequest, view_id: UUID) -> HttpResponse:
    """``act``: first, not-first or drop."""
    by = actor_of_request(request)
    match request.POST.get("act"):
        case "drop":
            drop_view(by=by, view_id=view_id)
            messages.success(request, "视图已删除。")
        case act:
            view = set_first_view(by=by, view_id=view_id, is_first=act == "first")
            said = f"以后打开这张表，先看“{view.name}”。" if view.is_first else "以后打开这张表，先看全部。"
            messages.success(request, said)
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    back = request.POST.get("back", "")
    return back if is_page_here(back) else "/"
