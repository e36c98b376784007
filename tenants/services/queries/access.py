"""Who works on this hall's items."""

from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import may, require


def require_items_clerk(by: Actor, hall: Hall) -> None:
    """Raises NotAllowed for who neither fills in nor decides on this hall's items."""
    if not may(by, "services.review", hall_id=hall.pk):
        require(by, "services.adopt", hall_id=hall.pk)
