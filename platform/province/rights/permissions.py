"""The registry of permissions: each is a named act, declared beside the operation that asks for it, with the ready-made
roles that hold it:

    declare("content.push", "推稿与撤稿", reach=Reach.HALL, roles=HALL_EDITORS | {Role.PROVINCE_OPERATOR})

stands at the top of the operations that call ``require(by, "content.push", …)``. All of them are declared once the
apps are ready (apps.py).
"""

from collections.abc import Collection
from dataclasses import dataclass

from province.rights.roles import READY_ROLES, Reach, Role


@dataclass(frozen=True, slots=True)
class Permission:
    """``reach``: the narrowest reach with which operations ask for it. One that is the province's no hall may hold.

    ``roles``: the ready-made roles that hold it.
    """

    name: str
    label: str
    reach: Reach
    roles: frozenset[Role]

    @property
    def is_for_halls(self) -> bool:
        return self.reach is not Reach.PROVINCE


PERMISSIONS: dict[str, Permission] = {}


def declare(name: str, label: str, *, reach: Reach, roles: Collection[Role]) -> str:
    """Make the permission known, give it to these ready-made roles, and return its name.

    Raises LookupError for a role that there is not, RuntimeError where a role could never use it (it is for halls, and
    the permission the province's) and where another permission bears the name.
    """
    if strangers := [str(role) for role in roles if role not in READY_ROLES]:
        message = f"{name} is given to roles that there are not: {strangers}"
        raise LookupError(message)
    permission = Permission(name, label, reach, frozenset(roles))
    if not permission.is_for_halls and (unfit := [str(role) for role in roles if READY_ROLES[role].is_for_halls]):
        message = f"{name} is the province's, and these roles are for halls: {unfit}"
        raise RuntimeError(message)
    if PERMISSIONS.setdefault(name, permission) != permission:
        message = f"two permissions are called {name}"
        raise RuntimeError(message)
    return name


def all_permissions() -> list[Permission]:
    """As lists show them: what belongs together stands together."""
    return sorted(PERMISSIONS.values(), key=lambda one: one.name)


def permission_named(name: str) -> Permission:
    """Raises LookupError: a name that nobody declared is a mistake of the program."""
    found = PERMISSIONS.get(name)
    if found is None:
        message = f"no permission is called {name}"
        raise LookupError(message)
    return found


def permissions_of_role(role: Role) -> frozenset[str]:
    """Return the names of all permissions that the apps give to this ready-made role."""
    return frozenset(one.name for one in PERMISSIONS.values() if role in one.roles)
