"""The desk of those who design forms and flows, fill forms in, and read what was sent: for pages and for the API."""

from django.http import HttpRequest

from tenants.shell.layouts.desk import desk_for, desk_of_caller
from tenants.shell.slots import Desk
from tenants.workflow.queries.access import require_designer, require_manager, require_part, require_sent_reader

at_part = desk_for(require_part)
at_design = desk_for(require_designer)
at_sent = desk_for(require_sent_reader)
at_management = desk_for(require_manager)


def part_desk_of_request(request: HttpRequest) -> Desk:
    """Whom the interface let in by token or session. Raises NotAllowed for who takes part in nothing here."""
    return desk_of_caller(request, require_part)


def sent_desk_of_request(request: HttpRequest) -> Desk:
    """Raises NotAllowed for who may not read what was sent here."""
    return desk_of_caller(request, require_sent_reader)


def design_desk_of_request(request: HttpRequest) -> Desk:
    """Raises NotAllowed for who designs nothing here."""
    return desk_of_caller(request, require_designer)
