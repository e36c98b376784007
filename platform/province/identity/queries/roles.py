"""What the ready-made roles may do, and which roles there are to give."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from foundation.errors import NotFound
from province.identity.models import OwnRole, Reach, Role
from province.identity.models.posts import AnyRole
from province.identity.queries.permissions import PERMISSIONS, permission_named

_WRITING = frozenset({"content.read", "content.write", "portal.write", "catalogue.read", "services.adopt"})
_EDITING = _WRITING | {
    *("halls.edit", "content.review", "content.push", "accounts.manage"),
    *("portal.review", "portal.manage", "catalogue.propose", "services.review", "catalogue.assign"),
}
_READING = frozenset({"content.read", "catalogue.read"})


@dataclass(frozen=True, slots=True)
class ReadyRole:
    """A ready-made role: its permissions, how far they reach in a hall, and whether it can be had there and in the
    province's own offices."""

    permissions: frozenset[str]
    reach: Reach = Reach.SUBTREE
    is_for_halls: bool = True
    is_for_province: bool = False


def _province(*permissions: str) -> ReadyRole:
    return ReadyRole(frozenset(permissions), Reach.PROVINCE, is_for_halls=False, is_for_province=True)


def _everywhere(permissions: Iterable[str]) -> ReadyRole:
    return ReadyRole(frozenset(permissions), is_for_province=True)


READY_ROLES: dict[Role, ReadyRole] = {
    Role.PROVINCE_OPERATOR: _province(
        *("halls.manage", "halls.edit", "accounts.manage", "keys.manage", "audit.read"),
        *("content.read", "content.write", "content.review", "content.push"),
        *("catalogue.read", "catalogue.write", "catalogue.submit", "catalogue.review"),
        *("catalogue.publish", "catalogue.abolish"),
        *("people.read", "people.manage", "people.preview", "rights.appoint", "rights.grant", "tokens.manage"),
    ),
    Role.HALL_ADMINISTRATOR: ReadyRole(
        # whoever appoints clerks must hold what clerks hold
        _EDITING
        | {"people.read", "people.manage", "people.preview", "rights.appoint", "audit.read"}
        | {"citizens.check", "citizens.reveal", "citizens.act"}
    ),
    Role.HALL_EDITOR: ReadyRole(_EDITING),
    Role.EDITOR: _everywhere(_WRITING),
    Role.FIRST_REVIEWER: _everywhere(_READING | {"content.review.first"}),
    Role.SECOND_REVIEWER: _everywhere(_READING | {"content.review.second"}),
    Role.FINAL_REVIEWER: _everywhere(_READING | {"content.review.final"}),
    # cases, and with them most of what these do, come with their own applications
    Role.WINDOW_CLERK: ReadyRole(_READING | {"citizens.check", "citizens.reveal", "citizens.act"}, Reach.HALL),
    Role.HANDLER: ReadyRole(_READING | {"catalogue.propose"}, Reach.HALL),
    Role.APPROVING_LEADER: ReadyRole(_READING, Reach.HALL),
    Role.VILLAGE_CLERK: ReadyRole(_READING | {"citizens.check", "citizens.act"}, Reach.HALL),
    Role.SUPERVISOR: _everywhere(_READING | {"audit.read"}),
    # who follows an entry must be able to see what it is about
    Role.AUDITOR: _everywhere(_READING | {"audit.read", "people.read"}),
    Role.SYSTEM_ADMINISTRATOR: _province("halls.manage", "halls.edit", "accounts.manage", "keys.manage", "people.read"),
    Role.SECURITY_ADMINISTRATOR: _province(
        *("people.read", "people.manage", "people.preview", "rights.appoint", "rights.grant", "tokens.manage")
    ),
    Role.AUDIT_ADMINISTRATOR: _province("audit.read", "content.read", "catalogue.read", "people.read"),
}
# of these one must stay that can sign in
GRANTING_ROLES = frozenset(role for role, ready in READY_ROLES.items() if "rights.grant" in ready.permissions)


def check_roles() -> None:
    """Raises LookupError where a role names a permission that nobody declared, or one that it could never use."""
    for role, ready in READY_ROLES.items():
        for name in ready.permissions:
            if not permission_named(name).is_for_halls and ready.is_for_halls:
                message = f"{role} is for halls, and {name} is the province's"
                raise LookupError(message)


def permissions_of(role: AnyRole) -> frozenset[str]:
    """What the role allows today; an own role may still name what has meanwhile gone."""
    if isinstance(role, Role):
        return READY_ROLES[role].permissions
    return frozenset(role.permissions) & PERMISSIONS.keys()


def default_reach(role: AnyRole, hall_id: UUID | None) -> Reach:
    if hall_id is None:
        return Reach.PROVINCE
    return READY_ROLES[role].reach if isinstance(role, Role) else Reach.HALL


def ready_roles_for(hall_id: UUID | None) -> list[Role]:
    """Those that can be had in that hall, or (None) in the province's own offices."""
    return [
        role
        for role, ready in READY_ROLES.items()
        if (ready.is_for_province if hall_id is None else ready.is_for_halls)
    ]


def own_roles_in_use(hall_id: UUID | None) -> QuerySet[OwnRole]:
    """The hall's own and the province's."""
    return OwnRole.objects.filter(Q(hall_id=hall_id) | Q(hall_id=None), retired_at=None)


def own_roles_for(hall_id: UUID | None) -> QuerySet[OwnRole]:
    """The same, each with ``holders``: how many posts have it."""
    return own_roles_in_use(hall_id).annotate(holders=Count("posts")).order_by("hall_id", "name")


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
