"""Who may do what. One function answers for operations, pages and API alike."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from foundation.errors import NotAllowed
from province.rights.actors import Actor, Grant
from province.rights.permissions import PERMISSIONS, permission_named
from province.rights.roles import Reach


class PermissionMissing(NotAllowed):
    """None of the positions in which the person acts carries the permission.

    ``suits``: whether another actor (the same person in another of their positions) could have done it.
    """

    def __init__(self, permission: str, suits: Callable[[Actor], bool]) -> None:
        super().__init__(refusal_of(permission))
        self.permission = permission
        self.suits = suits


def has_anywhere(by: Actor, permission: str) -> bool:
    """Whether any position carries the permission, no matter how far it reaches."""
    return any(permission in grant.permissions for grant in by.grants)


def require_anywhere(by: Actor, permission: str) -> None:
    """Raises PermissionMissing where ``has_anywhere`` says no, LookupError for a permission that nobody declared."""
    if not has_anywhere(by, permission):
        raise PermissionMissing(permission, lambda other: has_anywhere(other, permission))


def system_actor(name: str = "系统") -> Actor:
    """The machinery itself (scheduler, relay, provisioning from the shell): may do everything, and is named as such."""
    return Actor(None, name, (Grant(frozenset(PERMISSIONS), None, "", Reach.PROVINCE),))


def may(
    by: Actor,
    permission: str,
    *,
    hall_id: UUID | None = None,
    prefix: str | None = None,
    unit_id: UUID | None = None,
    owner_id: UUID | None = None,
    reach: Reach = Reach.OWN,
) -> bool:
    """Whether one of the actor's positions carries this permission for an object of that hall, below that division
    prefix, of that unit, of that owner (as far as the object has them). With none, the question is for the whole
    province. ``reach``: of a position that stands there, and than which the actor's may not be narrower."""
    return any(
        permission in grant.permissions
        and grant.reach.rank >= reach.rank
        and grant.covers(hall_id=hall_id, prefix=prefix, unit_id=unit_id, owner_id=owner_id)
        for grant in by.grants
    )


def lacking(
    by: Actor,
    permissions: Iterable[str],
    *,
    reach: Reach,
    hall_id: UUID | None = None,
    prefix: str | None = None,
    unit_id: UUID | None = None,
) -> list[str]:
    """Labels of those that the actor does not hold there, or not as far: what they may hand to nobody."""
    where: dict[str, Any] = {"hall_id": hall_id, "prefix": prefix, "unit_id": unit_id, "reach": reach}
    return [permission_named(name).label for name in sorted(permissions) if not may(by, name, **where)]


def require(
    by: Actor,
    permission: str,
    *,
    hall_id: UUID | None = None,
    prefix: str | None = None,
    unit_id: UUID | None = None,
    owner_id: UUID | None = None,
) -> None:
    """Raises PermissionMissing where ``may`` says no, LookupError for a permission that nobody declared."""
    refused = PermissionMissing(
        permission,
        lambda other: may(other, permission, hall_id=hall_id, prefix=prefix, unit_id=unit_id, owner_id=owner_id),
    )
    if not refused.suits(by):
        raise refused


@dataclass(frozen=True, slots=True)
class Belonging:
    """Whose something is: who is responsible for it, and in which department."""

    owner_id: UUID | None = None
    unit_id: UUID | None = None


def works_at(by: Actor, permission: str, *, hall_id: UUID | None = None, prefix: str | None = None) -> bool:
    """Whether one of the positions carries the permission over anything there, be it only over what is their own. The
    place is a hall, or the desk of a division prefix."""
    return bool(_grants_at(by, permission, hall_id, prefix))


def require_work_at(by: Actor, permission: str, *, hall_id: UUID | None = None, prefix: str | None = None) -> Belonging:
    """Return whose a thing will be that the actor makes there: of the holder of the position by which they may (also
    where a substitute acts), and of that position's department where the position stands at this place. Raises
    PermissionMissing where ``works_at`` says no."""
    refused = PermissionMissing(permission, lambda other: works_at(other, permission, hall_id=hall_id, prefix=prefix))
    grants = _grants_at(by, permission, hall_id, prefix)
    if not grants:
        raise refused
    at_home = [grant for grant in grants if _stands_at(grant, hall_id, prefix)]
    grant = next((one for one in at_home if one.unit_id), (at_home or grants)[0])
    return Belonging(grant.owner_id or by.id, grant.unit_id if at_home else None)


def _grants_at(by: Actor, permission: str, hall_id: UUID | None, prefix: str | None) -> list[Grant]:
    return [
        grant
        for grant in by.grants
        if permission in grant.permissions
        and (
            grant.covers(hall_id=hall_id, prefix=prefix)
            or (grant.reach in {Reach.OWN, Reach.UNIT} and _stands_at(grant, hall_id, prefix))
        )
    ]


def _stands_at(grant: Grant, hall_id: UUID | None, prefix: str | None) -> bool:
    """Whether that is the position's own place."""
    if grant.hall_id is None:
        return hall_id is None and prefix in {None, "", settings.PROVINCE_CODE}
    return hall_id == grant.hall_id or (bool(prefix) and prefix == grant.reach_prefix)


def refusal_of(permission: str) -> str:
    """The sentence for somebody whose positions do not carry the permission. Raises LookupError for an undeclared
    one."""
    return f"您的岗位没有“{permission_named(permission).label}”的权限。如需办理，请联系管理员。"


def within_reach(by: Actor, permission: str, *, hall: str = "", prefix: str = "", unit: str = "", owner: str = "") -> Q:
    """What ``may`` allows, as a filter of rows. The names are those of the rows' fields, as far as they have them."""
    found = Q(pk__in=())
    for grant in by.grants:
        if permission in grant.permissions:
            if grant.reach is Reach.PROVINCE:
                return Q()
            found |= _rows_of(grant, hall=hall, prefix=prefix, unit=unit, owner=owner)
    return found


def units_within_reach(by: Actor, permission: str, *, hall_id: UUID) -> frozenset[UUID] | None:
    """Of which departments of a hall ``may`` allows things that belong to one; None: of the whole hall, also what
    belongs to none."""
    grants = [one for one in by.grants if permission in one.permissions]
    if any(one.covers(hall_id=hall_id) for one in grants):
        return None
    here = (one for one in grants if one.reach is Reach.UNIT and one.hall_id in {None, hall_id})
    return frozenset().union(*(one.unit_ids for one in here))


def _rows_of(grant: Grant, *, hall: str, prefix: str, unit: str, owner: str) -> Q:
    is_own_hall = Q(**{hall: grant.hall_id}) if hall and grant.hall_id else Q(pk__in=())
    is_below = Q(**{f"{prefix}__startswith": grant.reach_prefix}) if prefix and grant.reach_prefix else Q(pk__in=())
    is_at_home = Q()
    if grant.hall_id is not None:
        is_at_home &= (Q(**{hall: None}) | is_own_hall) if hall else Q()
        is_at_home &= (Q(**{prefix: None}) | Q(**{f"{prefix}__in": ["", grant.reach_prefix]})) if prefix else Q()
    match grant.reach:
        case Reach.SUBTREE:
            return is_own_hall | is_below
        case Reach.HALL:
            return is_own_hall | (Q(**{prefix: grant.reach_prefix}) if prefix and grant.reach_prefix else Q(pk__in=()))
        case Reach.UNIT if unit:
            return Q(**{f"{unit}__in": grant.unit_ids}) & is_at_home
        case Reach.OWN if owner:
            return Q(**{owner: grant.owner_id}) & is_at_home
        case _:
            return Q(pk__in=())
