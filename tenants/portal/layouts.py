"""The desk of those who write this hall's texts: for pages (``at_desk``) and for the API."""

from django.http import HttpRequest

from tenants.portal.queries.access import require_calendar, require_writer
from tenants.shell.layouts.desk import desk_for, desk_of_caller
from tenants.shell.slots import Desk

# a page for this hall's own editors
at_desk = desk_for(require_writer)
# a page for who keeps this hall's own calendar
at_calendar = desk_for(require_calendar)


def desk_of_request(request: HttpRequest) -> Desk:
    """Whom the interface let in by token or session. Raises NotAllowed for who does not write here."""
    return desk_of_caller(request, require_writer)


def calendar_desk_of_request(request: HttpRequest) -> Desk:
    """Raises NotAllowed for who does not keep this hall's calendar."""
    return desk_of_caller(request, require_calendar)
