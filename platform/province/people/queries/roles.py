"""Which roles there are to give, and what they allow."""

from uuid import UUID

from django.db.models import Count, Q, QuerySet

from foundation.errors import NotFound
from province.people.models import OwnRole
from province.people.models.roles import AnyRole
from province.rights.permissions import PERMISSIONS, permissions_of_role
from province.rights.roles import READY_ROLES, Reach, Role


def permissions_of(role: AnyRole) -> frozenset[str]:
    """What the role allows today; an own role may still name what has meanwhile gone."""
    if isinstance(role, Role):
        return permissions_of_role(role)
    return frozenset(role.permissions).intersection(PERMISSIONS)


def default_reach(role: AnyRole, hall_id: UUID | None) -> Reach:
    if hall_id is None:
        return Reach.PROVINCE
    return READY_ROLES[role].reach if isinstance(role, Role) else Reach.HALL


def ready_roles_for(hall_id: UUID | None) -> list[Role]:
    """The ready-made roles that can be had in that hall, or (None) in the province's own offices."""
    return [
        role
        for role, ready in READY_ROLES.items()
        if (ready.is_for_province if hall_id is None else ready.is_for_halls)
    ]


def own_roles_in_use(hall_id: UUID | None) -> QuerySet[OwnRole]:
    """The hall's own roles and the province's that are not retired."""
    return OwnRole.objects.filter(Q(hall_id=hall_id) | Q(hall_id=None), retired_at=None)


def own_roles_for(hall_id: UUID | None) -> QuerySet[OwnRole]:
    """The hall's own roles and the province's, each with ``holders``: how many positions have it."""
    return own_roles_in_use(hall_id).annotate(holders=Count("positions")).order_by("hall_id", "name")


def own_role_with_id(role_id: UUID) -> OwnRole:
    """Raises NotFound."""
    found = OwnRole.objects.filter(pk=role_id).first()
    if found is None:
        raise NotFound("没有这个角色。")
    return found


def role_with_key(key: str, hall_id: UUID | None) -> AnyRole:
    """``hall_editor``, or the id of an own role of that hall (or of the province). Raises NotFound."""
    if key in Role.values:
        return Role(key)
    try:
        found = own_roles_for(hall_id).filter(pk=UUID(key)).first()
    except ValueError:
        found = None
    if found is None:
        raise NotFound("没有这个角色，或者它属于其他服务厅。")
    return found
