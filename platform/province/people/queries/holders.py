"""Who can do something: the people whose positions carry a permission over a thing."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from province.people.models import Account, Position
from province.people.queries.actors import grant_of, with_units_below
from province.rights.permissions import permission_named
from province.rights.roles import Reach


def positions_carrying(permission: str) -> QuerySet[Position]:
    """The positions of people who can sign in that carry the permission, however far they reach."""
    ready = [role.value for role in permission_named(permission).roles]
    is_carried = Q(role__in=ready) | Q(own_role__permissions__contains=[permission])
    return Position.objects.filter(is_carried, account__is_active=True)


def holders_of(permission: str, *, hall_id: UUID | None, prefixes: Collection[str]) -> list[Account]:
    """The people who may do it in that hall, or below the last of ``prefixes`` (of the hall's division and of all above
    it), by name: one query."""
    prefix = None if hall_id is not None else list(prefixes)[-1]
    near = _near(permission, hall_id, prefixes).select_related("account", "own_role")
    found = {
        one.account_id: one.account
        for one in near.order_by("account__name", "account_id", "pk")
        if grant_of(one).covers(hall_id=hall_id, prefix=prefix)
    }
    return list(found.values())


def nearest_positions(
    permission: str,
    *,
    hall_id: UUID | None = None,
    prefixes: Collection[str] = (),
    unit_id: UUID | None = None,
    owner_id: UUID | None = None,
    without: Collection[UUID] = (),
) -> list[Position]:
    """The positions that carry the permission over a thing of that hall, place (the last of ``prefixes``, which are of
    its division and of all above it), department and owner, of those people that are nearest to it: one query.

    Of a hall's thing those in that hall alone. Of several, first those at the thing's own department; then those of the
    smallest place: so a county's thing is never the whole province's affair. ``without``: account ids that do not
    count, so that their superiors do.
    """
    prefix = list(prefixes)[-1] if prefixes else None
    near = _near(permission, hall_id, prefixes).exclude(account__in=without).select_related("own_role").order_by("pk")
    if hall_id is not None:
        near = near.filter(hall_id=hall_id)
    able = [
        one for one in near if grant_of(one).covers(hall_id=hall_id, prefix=prefix, unit_id=unit_id, owner_id=owner_id)
    ]
    own = [one for one in able if unit_id is not None and one.unit_id == unit_id and one.reach == Reach.UNIT]
    return own or _of_smallest_place(able)


def _near(permission: str, hall_id: UUID | None, prefixes: Collection[str]) -> QuerySet[Position]:
    near = Q(hall_id=None) | Q(reach_prefix__in=prefixes)
    if hall_id is not None:
        near |= Q(hall_id=hall_id)
    return with_units_below(positions_carrying(permission).filter(near))


def _of_smallest_place(positions: Iterable[Position]) -> list[Position]:
    """A province's position has no prefix, a village's the longest."""
    found = list(positions)
    smallest = max((len(one.reach_prefix) for one in found), default=0)
    return [one for one in found if len(one.reach_prefix) == smallest]
