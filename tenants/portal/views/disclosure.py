"""政务公开: everything that a hall makes public, by columns, with the newest of each."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tenants.portal.models import Column
from tenants.portal.queries.disclosure import disclosed_columns
from tenants.portal.queries.site import latest_lines, shown_columns
from tenants.shell.layouts.site import for_readers, hall_of, kept, once_of, site_page
from tenants.shell.queries.apps import shown_at
from tenants.shell.slots import SITE, Once, SiteLink

_LINES = 5


@require_safe
@for_readers
@kept
def disclosure(request: HttpRequest) -> HttpResponse:
    hall, once = hall_of(request), once_of(request)
    columns = disclosed_columns(once(shown_columns))
    lines = latest_lines(hall, [column.code for column in columns], limit=_LINES)
    context = {
        "groups": [(column, lines[column.code]) for column in columns if lines[column.code]],
        "pages": [column for column in columns if column.kind == Column.Kind.LINK or column.body],
        "links": disclosed_links(once),
    }
    return site_page(request, "portal/site/disclosure.html", context)


def disclosed_links(once: Once) -> list[SiteLink]:
    """Pages of the hall's apps that stand under 政务公开."""
    return [link for part in shown_at(SITE, once.hall) for link in part.disclosed(once)]
