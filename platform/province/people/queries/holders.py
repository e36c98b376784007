"""Who can do something: the people whose positions carry a permission over a thing."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet

from province.people.models import Account, Position
from province.people.queries.actors import grant_of, with_units_below
from province.rights.permissions import permission_named


def positions_carrying(permission: str) -> QuerySet[Position]:
    """The positions of people who can sign in that carry the permission, however far they reach."""
    ready = [role.value for role in permission_named(permission).roles]
    is_carried = Q(role__in=ready) | Q(own_role__permissions__contains=[permission])
    return Position.objects.filter(is_carried, account__is_active=True)


def holders_of(permission: str, *, hall_id: UUID | None, prefixes: Collection[str]) -> list[Account]:
    """The people who may do it in that hall, or below the last of ``prefixes`` (of the hall's division and of all above
    it), by name: one query."""
    near = Q(hall_id=None) | Q(reach_prefix__in=prefixes)
    if hall_id is not None:
        near |= Q(hall_id=hall_id)
    positions = with_units_below(positions_carrying(permission).filter(near).select_related("account", "own_role"))
    prefix = None if hall_id is not None else list(prefixes)[-1]
    found = {
        one.account_id: one.account
        for one in positions.order_by("account__name", "account_id", "pk")
        if grant_of(one).covers(hall_id=hall_id, prefix=prefix)
    }
    return list(found.values())
