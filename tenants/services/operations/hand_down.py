"""下发: the hall hands items down to the halls below it, with its own guides to begin with."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from province.catalogue.models import Assignment
from province.catalogue.operations.assignments import assign_items
from province.halls.models import Hall
from province.rights.actors import Actor
from tenants.portal.operations.figures import check_inside
from tenants.services.queries.hand_down import hall_guides_to_hand_down


@transaction.atomic
def hand_down_items(
    *,
    by: Actor,
    hall: Hall,
    item_ids: Collection[UUID],
    kinds: Collection[str] = (),
    hall_ids: Collection[UUID] = (),
    publishes: bool = False,
) -> Assignment:
    """Hand the items down to every hall of these kinds below this one, or to the chosen ones alone. Items that the hall
    itself has not published go down without a guide.

    ``publishes``: what is complete there is shown to citizens at once. Raises as ``assign_items`` does.
    """
    check_inside(hall)
    return assign_items(
        by=by,
        prefix=hall.prefixes[-1],
        kinds=kinds,
        item_ids=item_ids,
        hall_guides=hall_guides_to_hand_down(item_ids),
        publishes=publishes,
        hall_ids=hall_ids,
    )
