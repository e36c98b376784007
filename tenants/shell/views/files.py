"""What every hall's site gives to programs: its map, the installable app, its colour and emblem."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from foundation.errors import NotFound
from foundation.files.store import link_to
from province.halls.states import HallState
from tenants.shell.layouts.site import absolute, for_readers, hall_of, kept, redirect_to
from tenants.shell.queries.apps import shown_at
from tenants.shell.slots import SITE

# less than a link to the store lives (foundation.files.store)
_EMBLEM_SECONDS = 60


@require_safe
@for_readers
@kept
def sitemap(request: HttpRequest) -> HttpResponse:
    hall = hall_of(request)
    pages = [page for part in shown_at(SITE, hall) for page in part.pages(hall)]
    context = {"origin": absolute(request, ""), "pages": pages}
    return HttpResponse(render_to_string("shell/sitemap.xml", context), content_type="application/xml; charset=utf-8")


@require_safe
@for_readers
@kept
def robots(request: HttpRequest) -> HttpResponse:
    if hall_of(request).state == HallState.LIVE:
        unlisted = [path for part in shown_at(SITE, hall_of(request)) for path in part.unlisted]
        lines = ["User-agent: *", "Disallow: /desk/", "Disallow: /mode/", "Disallow: /search/", "Disallow: /api/"]
        lines += [*(f"Disallow: {path}" for path in unlisted)]
        lines += ["Allow: /", f"Sitemap: {absolute(request, '/sitemap.xml')}"]
    else:
        lines = ["User-agent: *", "Disallow: /"]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


@require_safe
@for_readers
@kept
def manifest(request: HttpRequest) -> HttpResponse:
    """Makes the site an app that can be installed."""
    hall = hall_of(request)
    facts = {
        "id": "/",
        "name": hall.name,
        "short_name": hall.short_name,
        "description": hall.slogan or hall.name,
        "lang": "zh-Hans",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": hall.accent_colour,
        "icons": [
            {"src": static("design/favicon.svg"), "sizes": "any", "type": "image/svg+xml"},
            {"src": static("shell/icon-192.png"), "sizes": "192x192", "type": "image/png"},
            {"src": static("shell/icon-512.png"), "sizes": "512x512", "type": "image/png"},
        ],
    }
    return JsonResponse(
        facts, json_dumps_params={"ensure_ascii": False}, content_type="application/manifest+json; charset=utf-8"
    )


@require_safe
@for_readers
@kept
def service_worker(request: HttpRequest) -> HttpResponse:
    """Serve the worker from the site's root, because a worker may serve only what lies below its own address."""
    hall = hall_of(request)
    parts = shown_at(SITE, hall)
    own = ("design/tokens.css", "design/components.css", "design/read-aloud.js", "shell/site.css", "shell/site.js")
    names = [*own, *(name for part in parts for name in part.styles)]
    context = {
        "frame": [*(static(name) for name in names), f"/accent-{hall.accent_colour.lstrip('#')}.css"],
        "readable": [word for part in parts for word in part.readable],
        "icon": static("shell/icon-192.png"),
    }
    return HttpResponse(render_to_string("shell/sw.js", context), content_type="text/javascript; charset=utf-8")


@require_safe
def accent(request: HttpRequest, colour: str) -> HttpResponse:  # noqa: ARG001 - the address says it all
    """A hall's colour as a style sheet: the content security policy allows no style inside a page."""
    return HttpResponse(
        f":root{{--accent:#{colour}}}",
        content_type="text/css",
        headers={"Cache-Control": "public, max-age=31536000, immutable"},
    )


@require_safe
@for_readers
def emblem(request: HttpRequest) -> HttpResponse:
    hall = hall_of(request)
    if not hall.emblem_key:
        raise NotFound("这个服务厅还没有徽标。")
    # a new hall begins with the emblem of the one above it, which lies in that one's folder
    response = redirect_to(link_to(hall.emblem_key, is_offered=True))
    response["Cache-Control"] = f"private, max-age={_EMBLEM_SECONDS}"
    return response
