"""The desk of those who read the roster, of those who swap their turns, and of those who keep it: for pages and for the
API."""

from django.http import HttpRequest

from tenants.duty.queries.access import require_duty_keeper, require_duty_reader, require_swapper
from tenants.shell.layouts.desk import desk_for, desk_of_caller
from tenants.shell.slots import Desk

at_duty = desk_for(require_duty_reader)
at_keeping = desk_for(require_duty_keeper)
at_swapping = desk_for(require_swapper)


def duty_desk_of_request(request: HttpRequest) -> Desk:
    """Whom the interface let in by token or session. Raises NotAllowed for who does not work here."""
    return desk_of_caller(request, require_duty_reader)


def keeping_desk_of_request(request: HttpRequest) -> Desk:
    """As ``duty_desk_of_request``, of who keeps the roster."""
    return desk_of_caller(request, require_duty_keeper)


def swapping_desk_of_request(request: HttpRequest) -> Desk:
    """As ``duty_desk_of_request``, of who may swap their own turns."""
    return desk_of_caller(request, require_swapper)
