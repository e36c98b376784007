"""Who sits at the hall's desk."""

from dataclasses import dataclass

from django.http import HttpRequest

from province.halls.models import Hall
from province.identity.models import Actor
from province.identity.queries.rights import require


@dataclass(frozen=True, slots=True)
class Desk:
    """Somebody at the desk of the hall whose host was asked."""

    by: Actor
    hall: Hall


def desk_of_request(request: HttpRequest, by: Actor | None = None) -> Desk:
    """``by``, or whom the interface let in by token or session. Raises NotAllowed for who does not write here."""
    hall: Hall = request.hall  # type: ignore[attr-defined]
    actor: Actor = by or request.auth  # type: ignore[attr-defined]
    require(actor, "portal.write", hall_id=hall.id)
    return Desk(actor, hall)
