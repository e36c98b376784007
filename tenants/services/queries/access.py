"""Who works on this hall's items."""

from django.http import HttpRequest

from province.halls.models import Hall
from province.identity.models import Actor
from province.identity.queries.rights import may, require
from tenants.portal.queries.access import Desk


def items_desk_of_request(request: HttpRequest, by: Actor | None = None) -> Desk:
    """The desk of ``by``, or of the actor whom the interface has let in. Raises NotAllowed for anybody who neither
    fills in nor reviews this hall's items."""
    hall: Hall = request.hall  # type: ignore[attr-defined]
    actor: Actor = by or request.auth  # type: ignore[attr-defined]
    if not may(actor, "services.review", hall_id=hall.pk):
        require(actor, "services.adopt", hall_id=hall.pk)
    return Desk(actor, hall)
