"""Within which limits the hall asks for ratings and answers low ones."""

from typing import Final

from django.db import transaction

from foundation.errors import Invalid
from province.audit.operations import record_act
from province.halls.models import Hall
from province.rights.actors import Actor
from tenants.portal.operations.figures import require_in_hall
from tenants.ratings.models import RatingSettings
from tenants.ratings.queries.access import MANAGE
from tenants.ratings.queries.settings import rating_settings

# column -> the most that it may be; no province lets a low rating lie for longer than a month
MOST: Final = {"default_days": 90, "contact_days": 5, "mending_days": 30}


@transaction.atomic
def set_up_ratings(*, by: Actor, hall: Hall, default_days: int, contact_days: int, mending_days: int) -> RatingSettings:
    """Set the limits; what waits keeps its own. Raises NotAllowed, Invalid for what is out of bounds."""
    require_in_hall(by, MANAGE, hall)
    wished = {"default_days": default_days, "contact_days": contact_days, "mending_days": mending_days}
    for name, days in wished.items():
        if not 1 <= days <= MOST[name]:
            raise Invalid.at(name, f"应为 1 到 {MOST[name]}。")
    before = rating_settings()
    # the hall's own id: two first settings at once cannot make two rows
    made, _ = RatingSettings.objects.update_or_create(id=hall.pk, defaults=wished)
    record_act(
        by=by,
        act="ratings.set_up",
        object_type="hall",
        object_id=hall.pk,
        hall_id=hall.pk,
        changes={name: [getattr(before, name), days] for name, days in wished.items()},
    )
    return made
