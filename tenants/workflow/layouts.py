"""The desk of those who design the hall's forms and flows: for pages (``at_design``) and for the API."""

from django.http import HttpRequest

from tenants.shell.layouts.desk import desk_for, desk_of_caller
from tenants.shell.slots import Desk
from tenants.workflow.queries.design import require_designer

at_design = desk_for(require_designer)


def design_desk_of_request(request: HttpRequest) -> Desk:
    """Whom the interface let in by token or session. Raises NotAllowed for who designs nothing here."""
    return desk_of_caller(request, require_designer)
