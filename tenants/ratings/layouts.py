"""The desk of those who ask for ratings, answer low ones and set the limits: for pages and for the API."""

from django.http import HttpRequest

from tenants.ratings.queries.access import require_asker, require_manager, require_mender
from tenants.shell.layouts.desk import desk_for, desk_of_caller
from tenants.shell.slots import Desk

at_asking = desk_for(require_asker)
at_mending = desk_for(require_mender)
at_settings = desk_for(require_manager)


def asking_desk_of_request(request: HttpRequest) -> Desk:
    """Whom the interface let in by token or session. Raises NotAllowed for who asks nobody for a rating here."""
    return desk_of_caller(request, require_asker)


def mending_desk_of_request(request: HttpRequest) -> Desk:
    """As ``asking_desk_of_request``, of who answers low ratings."""
    return desk_of_caller(request, require_mender)


def settings_desk_of_request(request: HttpRequest) -> Desk:
    """As ``asking_desk_of_request``, of who sets the limits."""
    return desk_of_caller(request, require_manager)
