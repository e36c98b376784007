"""The desk of those who answer questions: for pages (``at_questions``) and for the API."""

from django.http import HttpRequest

from tenants.engagement.queries.access import require_answerer
from tenants.shell.layouts.desk import desk_for, desk_of_caller
from tenants.shell.slots import Desk

at_questions = desk_for(require_answerer)


def questions_desk_of_request(request: HttpRequest) -> Desk:
    """Whom the interface let in by token or session. Raises NotAllowed for who answers no question here."""
    return desk_of_caller(request, require_answerer)
