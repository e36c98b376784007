"""What a hall's site gives to programs: feeds, maps, the installable app, pictures and files."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from foundation.errors import NotFound
from foundation.files.store import link_to
from province.halls.states import HallState
from tenants.portal.frames.additions import additions_here
from tenants.portal.frames.site import absolute, for_readers, hall_of, kept, redirect_to
from tenants.portal.models import Column
from tenants.portal.queries.files import file_on_site
from tenants.portal.queries.site import latest_lines, merged_newest, shown_columns

_FEED_LINES = 30
# a sitemap may have 50,000 addresses; search engines follow paging for what is older
_MAPPED_LINES = 500
# less than a link to the store lives (foundation.files.store)
_MEDIA_SECONDS = 60


@require_safe
@for_readers
@kept
def feed(request: HttpRequest) -> HttpResponse:
    """The newest of all lists, as Atom."""
    lists = [column for column in shown_columns() if column.kind in {Column.Kind.LIST, Column.Kind.GALLERY}]
    found = latest_lines(hall_of(request), [column.code for column in lists], limit=_FEED_LINES)
    lines = merged_newest([line for column_lines in found.values() for line in column_lines], _FEED_LINES)
    context = {
        "hall": hall_of(request),
        "lines": lines,
        "origin": absolute(request, ""),
        "updated_at": lines[0].published_at if lines else hall_of(request).created_at,
    }
    return HttpResponse(
        render_to_string("portal/site/feed.xml", context), content_type="application/atom+xml; charset=utf-8"
    )


@require_safe
@for_readers
@kept
def sitemap(request: HttpRequest) -> HttpResponse:
    columns = [column for column in shown_columns() if column.kind != Column.Kind.LINK]
    found = latest_lines(hall_of(request), [column.code for column in columns], limit=_MAPPED_LINES)
    context = {
        "origin": absolute(request, ""),
        "columns": columns,
        "lines": [line for lines in found.values() for line in lines],
        "added": [page for addition in additions_here() for page in addition.pages()],
    }
    return HttpResponse(
        render_to_string("portal/site/sitemap.xml", context), content_type="application/xml; charset=utf-8"
    )


@require_safe
@for_readers
@kept
def robots(request: HttpRequest) -> HttpResponse:
    if hall_of(request).state == HallState.LIVE:
        lines = ["User-agent: *", "Disallow: /desk/", "Disallow: /mode/", "Disallow: /search/", "Disallow: /api/"]
        lines += ["Disallow: /services/find/"]
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
            {"src": static("portal/icon-192.png"), "sizes": "192x192", "type": "image/png"},
            {"src": static("portal/icon-512.png"), "sizes": "512x512", "type": "image/png"},
        ],
    }
    return JsonResponse(
        facts, json_dumps_params={"ensure_ascii": False}, content_type="application/manifest+json; charset=utf-8"
    )


@require_safe
@for_readers
@kept
def service_worker(request: HttpRequest) -> HttpResponse:
    """From the site's root, because a worker may serve only what lies below its own address."""
    hall = hall_of(request)
    names = (
        *("design/tokens.css", "design/components.css", "portal/site.css", "portal/article.css", "portal/site.js"),
        *("catalogue/guide.css", "catalogue/flowchart.css", "services/services.css", "services/guide.js"),
    )
    frame = [*(static(name) for name in names), f"/accent-{hall.accent_colour.lstrip('#')}.css"]
    context = {"frame": frame, "icon": static("portal/icon-192.png")}
    return HttpResponse(render_to_string("portal/site/sw.js", context), content_type="text/javascript; charset=utf-8")


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
def media(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """A short-lived link to a picture or an attachment; ``w`` asks for the copy of a picture of that width."""
    file = file_on_site(hall_of(request), file_id, request.actor)  # type: ignore[attr-defined]
    key = file.renditions.get(request.GET.get("w", ""), file.key)
    is_image = file.media_type.startswith("image/")
    response = redirect_to(link_to(key, download_as="" if is_image else file.name))
    response["Cache-Control"] = f"private, max-age={_MEDIA_SECONDS}"
    return response


@require_safe
@for_readers
def emblem(request: HttpRequest) -> HttpResponse:
    hall = hall_of(request)
    if not hall.emblem_key:
        raise NotFound("这个服务厅还没有徽标。")
    response = redirect_to(link_to(hall.emblem_key))
    response["Cache-Control"] = f"private, max-age={_MEDIA_SECONDS}"
    return response
