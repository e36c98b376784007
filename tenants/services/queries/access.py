"""Who works on this hall's items: people of the department to which an item belongs, and those of the whole hall."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from foundation.errors import NotAllowed
from province.halls.models import Hall
from province.people.queries.units import unit_paths
from province.rights.actors import Actor
from province.rights.queries import may, require, require_work_at, works_at
from province.rights.roles import Reach
from tenants.services.models import Adoption


def require_items_clerk(by: Actor, hall: Hall) -> None:
    """Raises NotAllowed for who neither fills in nor decides on any of this hall's items."""
    if not may(by, "services.review", hall_id=hall.pk):
        require_work_at(by, "services.adopt", hall_id=hall.pk)


def fills_in(by: Actor, hall: Hall, unit_id: UUID | None) -> bool:
    """Whether the person fills in items that belong to this department of the hall (None: to none)."""
    return may(by, "services.adopt", hall_id=hall.pk, unit_id=unit_id)


def require_fills_in(by: Actor, hall: Hall, adoption: Adoption) -> None:
    """Raises NotAllowed, saying whose the item is, for who fills in others of the hall's items."""
    if fills_in(by, hall, adoption.unit_id):
        return
    if works_at(by, "services.adopt", hall_id=hall.pk):
        name = unit_paths(hall.pk).get(adoption.unit_id) if adoption.unit_id else None
        whose = f"由“{name}”填写" if name else "还没有交给任何部门"
        message = f"这个事项{whose}，您的岗位只能填写本部门的事项。请联系本厅管理员。"
        raise NotAllowed(message)
    require(by, "services.adopt", hall_id=hall.pk, unit_id=adoption.unit_id)


def is_for_whole_hall(by: Actor, hall: Hall) -> bool:
    """Whether the person fills in all of the hall's items."""
    return may(by, "services.adopt", hall_id=hall.pk)


def own_units(by: Actor, hall: Hall) -> frozenset[UUID]:
    """The departments of this hall in which the person fills in items, with those below them; empty where they do for
    the whole hall."""
    if is_for_whole_hall(by, hall):
        return frozenset()
    found = [
        grant.unit_ids
        for grant in by.grants
        if "services.adopt" in grant.permissions and grant.reach is Reach.UNIT and grant.hall_id == hall.pk
    ]
    return frozenset().union(*found)


def filled_in_by(by: Actor, hall: Hall) -> Q:
    """A filter of the adoptions that the person fills in."""
    return Q() if is_for_whole_hall(by, hall) else Q(unit_id__in=own_units(by, hall))


def of_units(by: Actor, hall: Hall, chosen: str, known: Collection[UUID]) -> Q:
    """A filter of adoptions as lists are narrowed. ``chosen``: "" is one's own (all, for who works for the whole hall),
    "all" everything, "none" what belongs to no department, else the id of a department among ``known``."""
    match chosen:
        case "":
            return filled_in_by(by, hall) if own_units(by, hall) else Q()
        case "all":
            return Q()
        case "none":
            return Q(unit_id=None)
        case _:
            wanted = next((one for one in known if str(one) == chosen), None)
            return Q(unit_id=wanted) if wanted else Q(pk__in=())
