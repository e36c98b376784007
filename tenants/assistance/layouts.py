"""The desk of those who take things in for people: for pages (``at_assistance``) and for the API."""

from django.http import HttpRequest

from tenants.assistance.queries.access import require_assistant
from tenants.shell.layouts.desk import desk_for, desk_of_caller
from tenants.shell.slots import Desk

at_assistance = desk_for(require_assistant)


def assistance_desk_of_request(request: HttpRequest) -> Desk:
    """Whom the interface let in by token or session. Raises NotAllowed for who does nothing for others here."""
    return desk_of_caller(request, require_assistant)
