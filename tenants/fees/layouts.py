"""The desk of those who open orders, take money and decide: for pages and for the API."""

from django.http import HttpRequest

from tenants.fees.queries.access import require_fee_work
from tenants.shell.layouts.desk import desk_for, desk_of_caller
from tenants.shell.slots import Desk

at_fees = desk_for(require_fee_work)


def fees_desk_of_request(request: HttpRequest) -> Desk:
    """Whom the interface let in by token or session. Raises NotAllowed for who has nothing to do with fees here."""
    return desk_of_caller(request, require_fee_work)
