"""Who can do something: the people whose positions carry a permission over a thing."""

from collections.abc import Collection
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q

from province.people.models import Account, Position, Unit
from province.people.queries.actors import grant_of
from province.rights.permissions import permission_named
from province.rights.roles import Role


def holders_of(
    permission: str, *, hall_id: UUID | None = None, prefixes: Collection[str] = (), unit_id: UUID | None = None
) -> list[Account]:
    """The people who can sign in and may do it there by a position of their own, by name: one query. ``prefixes``: of
    the hall's division and of all above it; the last is its own. Without a hall it is the province's."""
    ready = [role.value for role in permission_named(permission).roles if role in Role]
    is_carried = Q(role__in=ready) | Q(own_role__permissions__contains=[permission])
    is_near = Q(hall_id=None) | Q(reach_prefix__in=prefixes)
    if hall_id is not None:
        is_near |= Q(hall_id=hall_id)
    below = Unit.objects.filter(ancestors__contains=[OuterRef("unit_id")]).values("pk")
    positions = (
        Position.objects.filter(is_carried, is_near, account__is_active=True)
        .select_related("account", "own_role", "unit")
        .annotate(units_below=ArraySubquery(below))
        .order_by("account__name", "account_id", "pk")
    )
    prefix = list(prefixes)[-1] if prefixes else None
    found = {
        one.account_id: one.account
        for one in positions
        if grant_of(one).covers(hall_id=hall_id, prefix=prefix, unit_id=unit_id)
    }
    return list(found.values())
