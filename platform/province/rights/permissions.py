"""The registry of permissions: each is a named act, declared beside the operation that asks for it.

    declare("content.push", "推稿与撤稿", reach=Reach.SUBTREE)

stands at the top of the operations that call ``require(by, "content.push", …)``. All of them are declared once the
apps are ready (apps.py).
"""

from dataclasses import dataclass

from province.rights.roles import READY_ROLES, Reach


@dataclass(frozen=True, slots=True)
class Permission:
    """``reach``: the narrowest reach with which operations ask for it. One that is the province's no hall may hold."""

    name: str
    label: str
    reach: Reach

    @property
    def is_for_halls(self) -> bool:
        return self.reach is not Reach.PROVINCE


PERMISSIONS: dict[str, Permission] = {}


def declare(name: str, label: str, *, reach: Reach) -> str:
    """Make the permission known and return its name. Raises RuntimeError where another one bears it."""
    permission = Permission(name, label, reach)
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


def check_roles() -> None:
    """Raises LookupError where a role names a permission that nobody declared, or one that it could never use."""
    for role, ready in READY_ROLES.items():
        for name in ready.permissions:
            if not permission_named(name).is_for_halls and ready.is_for_halls:
                message = f"{role} is for halls, and {name} is the province's"
                raise LookupError(message)
