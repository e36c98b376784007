"""The desk of those who handle cases: for pages (``at_cases``) and for the API."""

from django.http import HttpRequest

from tenants.casework.queries.access import (
    require_exchange,
    require_figures,
    require_handler,
    require_keys,
    require_setting_up,
)
from tenants.shell.layouts.desk import desk_for, desk_of_caller
from tenants.shell.slots import Desk

at_cases = desk_for(require_handler)
at_setups = desk_for(require_setting_up)
at_keys = desk_for(require_keys)
at_figures = desk_for(require_figures)


def cases_desk_of_request(request: HttpRequest) -> Desk:
    """Whom the interface let in by token or session. Raises NotAllowed for who handles no case here."""
    return desk_of_caller(request, require_handler)


def setups_desk_of_request(request: HttpRequest) -> Desk:
    """As ``cases_desk_of_request``, of who says how cases are taken."""
    return desk_of_caller(request, require_setting_up)


def exchange_desk_of_request(request: HttpRequest) -> Desk:
    """As ``cases_desk_of_request``, of who reads the hall's cases in the national exchange."""
    return desk_of_caller(request, require_exchange)


def figures_desk_of_request(request: HttpRequest) -> Desk:
    """As ``cases_desk_of_request``, of who reads the figures of departments."""
    return desk_of_caller(request, require_figures)


def keys_desk_of_request(request: HttpRequest) -> Desk:
    """As ``cases_desk_of_request``, of who manages the keys of departments' systems."""
    return desk_of_caller(request, require_keys)
