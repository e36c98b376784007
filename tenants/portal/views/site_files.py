"""What columns and articles give to programs: the feed, pictures and files."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from foundation.files.store import LINK_KEPT_SECONDS, link_for_readers
from tenants.portal.models import Column, HallAsset
from tenants.portal.queries.files import file_on_site
from tenants.portal.queries.site import latest_lines, merged_newest, shown_columns
from tenants.shell.layouts.site import absolute, for_readers, hall_of, kept, redirect_to

_FEED_LINES = 30


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
def media(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """A short-lived link to a picture or an attachment; ``w`` asks for the copy of a picture of that width."""
    file = file_on_site(hall_of(request), file_id, request.actor)  # type: ignore[attr-defined]
    # a hall's key opens its own files; what the province or another hall offers, the province's reading key does
    is_offered = not isinstance(file, HallAsset)
    response = redirect_to(link_for_readers(file, request.GET.get("w", ""), is_offered=is_offered))
    response["Cache-Control"] = f"private, max-age={LINK_KEPT_SECONDS}"
    return response
