"""The desk of those who read what was issued, and of those who keep templates: for pages and for the API."""

from django.http import HttpRequest

from tenants.documents.queries.access import require_designer, require_reader
from tenants.shell.layouts.desk import desk_for, desk_of_caller
from tenants.shell.slots import Desk

at_documents = desk_for(require_reader)
at_templates = desk_for(require_designer)


def documents_desk_of_request(request: HttpRequest) -> Desk:
    """Whom the interface let in by token or session. Raises NotAllowed for who may not read what was issued here."""
    return desk_of_caller(request, require_reader)


def templates_desk_of_request(request: HttpRequest) -> Desk:
    """Raises NotAllowed for who does not keep this hall's templates."""
    return desk_of_caller(request, require_designer)
