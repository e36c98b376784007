"""The desks of those who answer questions (``at_questions``) and complaints, for pages and for the API."""

from django.http import HttpRequest

from tenants.engagement.queries.access import require_answerer, require_complaints
from tenants.shell.layouts.desk import desk_for, desk_of_caller
from tenants.shell.slots import Desk

at_questions = desk_for(require_answerer)
at_complaints = desk_for(require_complaints)


def questions_desk_of_request(request: HttpRequest) -> Desk:
    """Whom the interface let in by token or session. Raises NotAllowed for who answers no question here."""
    return desk_of_caller(request, require_answerer)


def complaints_desk_of_request(request: HttpRequest) -> Desk:
    """Likewise, for who answers no complaint here."""
    return desk_of_caller(request, require_complaints)
