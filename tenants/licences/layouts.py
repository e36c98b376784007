"""The desk of those who read the hall's licences: for pages and for the API."""

from django.http import HttpRequest

from tenants.licences.queries.access import require_licence_reader
from tenants.shell.layouts.desk import desk_for, desk_of_caller
from tenants.shell.slots import Desk

at_licences = desk_for(require_licence_reader)


def licences_desk_of_request(request: HttpRequest) -> Desk:
    """Whom the interface let in by token or session. Raises NotAllowed for who may not read licences here."""
    return desk_of_caller(request, require_licence_reader)
