"""The desk of those who work on this hall's items: for pages (``at_items``) and for the API."""

from django.http import HttpRequest

from tenants.services.queries.access import require_items_clerk
from tenants.shell.layouts.desk import desk_for, desk_of_caller
from tenants.shell.slots import Desk

at_items = desk_for(require_items_clerk)


def items_desk_of_request(request: HttpRequest) -> Desk:
    """Whom the interface let in by token or session. Raises NotAllowed for who neither fills in nor decides on this
    hall's items."""
    return desk_of_caller(request, require_items_clerk)
