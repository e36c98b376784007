"""What somebody can do who was refused: who gives the permission that is missing, and which other position of theirs
has it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from province.halls.models import Hall
from province.people.models import Account, Position
from province.people.queries.actors import actor_in_session
from province.people.queries.places import PROVINCE_NAME, hall_names
from province.rights.actors import Actor
from province.rights.permissions import permission_named, permissions_of_role
from province.rights.queries import PermissionMissing
from province.rights.roles import READY_ROLES, Reach, Role

_GRANT, _APPOINT = "rights.grant", "rights.appoint"
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Giver:
    """Somebody who may give the permission: their name, where they work, and as what."""

    name: str
    place: str
    role: str


@dataclass(frozen=True, slots=True)
class OpenPosition:
    """A position that the person could choose. ``whose``: for whom they stand in there, "" at their own."""

    id: UUID
    place: str
    role: str
    whose: str


@dataclass(frozen=True, slots=True)
class WaysOn:
    """``permission``: its Chinese name. ``roles``: the ready-made roles that hold it here. ``giver_roles`` and
    ``givers``: who gives it here, or, where nobody here may, at the province; people are named to their own colleagues
    only. ``positions``: others of the person's own with which they may."""

    permission: str
    roles: list[str]
    giver_roles: list[str]
    givers: list[Giver]
    positions: list[OpenPosition]


def ways_on(
    refusal: PermissionMissing, *, by: Actor, account: Account | None, positions: Sequence[Position], hall: Hall | None
) -> WaysOn:
    """Look for the ways around this refusal, at this hall or (None) at the province: one query for the people, and one
    for the halls' names.

    ``account`` and ``positions``: who is signed in and may choose among these; None where they look around as somebody
    else.
    """
    permission = permission_named(refusal.permission)
    is_halls = hall is not None and permission.is_for_halls
    roles = [
        role.label
        for role, ready in READY_ROLES.items()
        if role in permission.roles and (ready.is_for_halls if is_halls else ready.is_for_province)
    ]
    givers = _givers(refusal.permission, by, hall) if _is_colleague(by, hall) else []
    others = _suiting(refusal, by, account, positions) if account else []
    names = hall_names([*givers, *others])

    def place(position: Position) -> str:
        return names.get(position.hall_id, "") if position.hall_id else PROVINCE_NAME

    return WaysOn(
        permission.label,
        roles,
        [role.label for role in _giving_roles(refusal.permission, is_in_hall=is_halls)],
        [Giver(one.account.name, place(one), one.role_name) for one in givers],
        [
            OpenPosition(one.pk, place(one), one.role_name, "" if one.account_id == by.id else one.account.name)
            for one in others
        ],
    )


def _giving_roles(permission: str, *, is_in_hall: bool) -> list[Role]:
    """A hall's administrators give only what they hold themselves (operations/positions.py)."""
    found = [role for role in READY_ROLES if READY_ROLES[role].is_for_halls] if is_in_hall else []
    in_hall = [role for role in found if {_APPOINT, permission} <= permissions_of_role(role)]
    return in_hall or [role for role in READY_ROLES if role in permission_named(_GRANT).roles]


def _givers(permission: str, by: Actor, hall: Hall | None) -> list[Position]:
    """At most three, of the hall if there are any there, never the person themselves."""
    found = Q(hall_id=None, role__in=permission_named(_GRANT).roles)
    if hall and permission_named(permission).is_for_halls:
        both = [_APPOINT, permission]
        fits = Q(role__in=[role for role in READY_ROLES if set(both) <= permissions_of_role(role)])
        fits |= Q(own_role__permissions__contains=both)
        found |= fits & Q(hall_id=hall.pk, reach__in=[Reach.HALL, Reach.SUBTREE])
    rows = Position.objects.filter(found, account__is_active=True)
    # PostgreSQL sorts NULL, the province, last
    ordered = rows.select_related("account", "own_role").order_by("hall_id", "pk")[: 2 * _NAMED]
    others = [one for one in ordered if one.account_id != by.id]
    return ([one for one in others if one.hall_id] or others)[:_NAMED]


def _is_colleague(by: Actor, hall: Hall | None) -> bool:
    """Whether they work here: at the province anybody who works somewhere, in a hall who reaches it."""
    if hall is None:
        return bool(by.grants)
    return any(
        grant.hall_id == hall.pk or grant.covers(hall_id=hall.pk, prefix=hall.prefixes[-1]) for grant in by.grants
    )


def _suiting(refusal: PermissionMissing, by: Actor, account: Account, positions: Sequence[Position]) -> list[Position]:
    tried = {grant.position_id for grant in by.grants}
    return [
        one
        for one in positions
        if one.pk not in tried
        and refusal.suits(actor_in_session(account, positions, position_id=one.pk, preview_of=None))
    ]
