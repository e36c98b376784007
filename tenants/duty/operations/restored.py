"""After a hall's rows came out of an archive."""

from django.db import transaction

from province.halls.models import Hall
from tenants.duty.operations.looking_ahead import look_ahead_soon
from tenants.portal.operations.figures import check_inside


@transaction.atomic
def look_ahead_again(*, hall: Hall) -> None:
    """The time at which the coming days are looked at is set anew."""
    check_inside(hall)
    look_ahead_soon(hall)
