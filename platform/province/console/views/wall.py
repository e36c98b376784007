"""The wall (大屏): figures in large type that refresh themselves, for who is signed in or has a link."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.errors import Invalid
from province.console.access import actor_of_request, require_fresh
from province.console.addresses import province_address
from province.console.forms import WallLinkForm
from province.console.operations.wall_links import make_wall_link, revoke_wall_link
from province.console.queries.wall import SHOW, wall, wall_link_with_key, wall_links


@require_GET
def signed_in(request: HttpRequest) -> HttpResponse:
    actor_of_request(request, SHOW)
    return _wall(request)


@require_GET
def by_link(request: HttpRequest, key: str) -> HttpResponse:
    wall_link_with_key(key)
    return _wall(request)


def _wall(request: HttpRequest) -> HttpResponse:
    response = render(request, "console/wall.html", {"wall": wall(), "now": timezone.localtime()})
    response["Cache-Control"] = "no-store"
    # asked for by the browser itself, also without scripts: a link that is over shows so within a minute
    response["Refresh"] = "60"
    return response


@require_http_methods(["GET", "POST"])
def links(request: HttpRequest) -> HttpResponse:
    by = actor_of_request(request, SHOW)
    form = WallLinkForm(request.POST or None)
    address = ""
    if request.method == "POST":
        require_fresh(request)
        if form.is_valid():
            try:
                _, key = make_wall_link(by=by, **form.cleaned_data)
            except Invalid as refusal:
                form.add_error(None, refusal.message)
            else:
                address, form = f"{province_address()}/wall/{key}/", WallLinkForm()
    page = {"links": wall_links(), "form": form, "address": address, "now": timezone.now()}
    return render(request, "console/wall_links.html", page, status=422 if form.errors else 200)


@require_POST
def revoke(request: HttpRequest, link_id: UUID) -> HttpResponse:
    link = revoke_wall_link(by=actor_of_request(request, SHOW), link_id=link_id)
    messages.success(request, f"“{link.name}”的链接已停用，那里的大屏在一分钟内变为空白页。")
    return redirect("console-wall-links")
