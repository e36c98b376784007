"""Who may do what. One function answers for operations, pages and API alike."""

from uuid import UUID

from django.http import HttpRequest

from foundation.errors import NotAllowed, NotSignedIn
from province.identity.models import Account, Actor, Grant, Role

PERMISSIONS: dict[str, str] = {
    "halls.manage": "管理区划与服务厅",
    "halls.edit": "编辑本厅资料",
    "content.read": "查看稿件",
    "content.write": "撰写稿件",
    "content.review": "审核稿件",
    "content.push": "推稿与撤稿",
    "accounts.manage": "管理新媒体账号",
    "portal.write": "撰写本厅文章",
    "portal.review": "审核本厅文章",
    "portal.manage": "管理本厅栏目与推稿处置",
}


ROLE_PERMISSIONS: dict[Role, frozenset[str]] = {
    Role.PROVINCE_OPERATOR: frozenset(PERMISSIONS) - {"portal.write", "portal.review", "portal.manage"},
    Role.HALL_EDITOR: frozenset(
        {
            "halls.edit",
            "content.read",
            "content.write",
            "content.review",
            "content.push",
            "accounts.manage",
            "portal.write",
            "portal.review",
            "portal.manage",
        }
    ),
}


def actor_of(account: Account) -> Actor:
    """The account with all its posts: one query."""
    grants = tuple(
        Grant(ROLE_PERMISSIONS[Role(post.role)], post.hall_id, post.reach_prefix) for post in account.posts.all()
    )
    return Actor(account.id, account.name, grants if account.is_active else ())


def actor_of_request(request: HttpRequest, permission: str = "") -> Actor:
    """Whoever is signed in, with all posts. Raises NotSignedIn: pages send people to sign in and back; NotAllowed
    where none of the posts carries the permission at all (over which halls it reaches, operations and queries ask)."""
    if not isinstance(request.user, Account):
        raise NotSignedIn("请先登录。登录后会回到这一页。")
    by = actor_of(request.user)
    if permission and not has_anywhere(by, permission):
        message = f"您的岗位没有“{PERMISSIONS[permission]}”的权限。如需办理,请联系管理员。"
        raise NotAllowed(message)
    return by


def has_anywhere(by: Actor, permission: str) -> bool:
    """Whether any post carries the permission, wherever it reaches."""
    return any(permission in grant.permissions for grant in by.grants)


def system_actor(name: str = "系统") -> Actor:
    """The machinery itself (scheduler, relay, provisioning from the shell): may do everything, and is named as such."""
    return Actor(None, name, (Grant(frozenset(PERMISSIONS), None, ""),))


def may(by: Actor, permission: str, *, hall_id: UUID | None = None, prefix: str | None = None) -> bool:
    """Whether one of the actor's posts carries this permission for that hall, or over that division prefix.

    With neither, the question is for the whole province. A post of the province reaches every hall; a hall's post
    reaches its own hall, and the divisions below its prefix.
    """
    for grant in by.grants:
        if permission not in grant.permissions:
            continue
        if grant.hall_id is None:
            return True
        if hall_id is not None and grant.hall_id == hall_id:
            return True
        if prefix is not None and grant.reach_prefix and prefix.startswith(grant.reach_prefix):
            return True
    return False


def require(by: Actor, permission: str, *, hall_id: UUID | None = None, prefix: str | None = None) -> None:
    """Raises NotAllowed where ``may`` says no."""
    if permission not in PERMISSIONS:
        message = f"no permission is called {permission}"
        raise LookupError(message)
    if not may(by, permission, hall_id=hall_id, prefix=prefix):
        message = f"您的岗位没有“{PERMISSIONS[permission]}”的权限。如需办理,请联系管理员。"
        raise NotAllowed(message)
