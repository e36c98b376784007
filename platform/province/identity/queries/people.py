"""People and their posts as administrators see them, and why somebody may do something."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from foundation.errors import NotAllowed, NotFound
from province.identity.models import ADMINISTRATORS, Account, Actor, Grant, OwnRole, Post, Reach, Role, Substitution
from province.identity.queries.permissions import PERMISSIONS, Permission, declare, permission_named
from province.identity.queries.places import prefix_of_hall
from province.identity.queries.rights import grants_open_to, has_anywhere, may, within_reach
from province.identity.queries.roles import READY_ROLES, own_role_with_id

declare("people.read", "查看人员、岗位和权限", reach=Reach.UNIT)

USERNAME = re.compile(r"[a-z][a-z0-9._-]{1,62}\Z")
# the lengths of a code's meaningful digits, level by level
_PREFIX_LENGTHS = (2, 4, 6, 9, 12)
_POSTS = Post.objects.select_related("own_role", "unit").order_by("pk")


def people_table(
    *,
    by: Actor,
    search: str = "",
    hall_id: UUID | None = None,
    is_province: bool = False,
    unit_id: UUID | None = None,
    role: str = "",
    state: str = "",
) -> QuerySet[Account]:
    """The accounts that the actor may see, with their posts, by user name: all of them for the province, else those
    with a post within reach.

    ``role``: a ready-made role's code or an own role's id; ``state``: "active", "closed" or "idle" (without a post).
    """
    accounts = Account.objects.prefetch_related(Prefetch("posts", _POSTS)).order_by("username")
    if not may(by, "people.read"):
        accounts = accounts.filter(pk__in=_posts_within(by, "people.read").values("account"))
    if search := search.strip():
        accounts = accounts.filter(Q(username__icontains=search) | Q(name__icontains=search))
    wanted = Q()
    if hall_id or is_province:
        wanted &= Q(hall_id=hall_id)
    if unit_id:
        wanted &= Q(unit_id=unit_id) | Q(unit__ancestors__contains=[unit_id])
    if role:
        wanted &= Q(role=role) if role in Role.values else Q(own_role_id=_uuid(role))
    if wanted:
        accounts = accounts.filter(pk__in=Post.objects.filter(wanted).values("account"))
    if state:
        accounts = accounts.filter(is_active=state != "closed")
    return accounts.filter(posts=None) if state == "idle" else accounts


def _posts_within(by: Actor, permission: str) -> QuerySet[Post]:
    return Post.objects.filter(within_reach(by, permission, hall="hall_id", prefix="reach_prefix", unit="unit_id"))


def account_in_sight(by: Actor, account_id: UUID) -> Account:
    """With its posts. Raises NotFound, also for a person of another hall."""
    found = people_table(by=by).filter(pk=account_id).first()
    if found is None:
        raise NotFound("没有这个人员。")
    return found


def post_in_sight(by: Actor, post_id: UUID) -> Post:
    """Raises NotFound, also for a post of another hall."""
    posts = Post.objects if may(by, "people.read") else _posts_within(by, "people.read")
    found = posts.select_related("account", "own_role", "unit").filter(pk=post_id).first()
    if found is None:
        raise NotFound("没有这个岗位。")
    return found


def may_over(by: Actor, permission: str, account: Account) -> bool:
    """Whether the actor has it over the whole person: for the province, or over each of their posts."""
    if may(by, permission):
        return True
    posts = list(account.posts.all())
    return bool(posts) and all(
        may(by, permission, hall_id=post.hall_id, prefix=post.reach_prefix or None, unit_id=post.unit_id)
        for post in posts
    )


def require_over(by: Actor, permission: str, account: Account) -> None:
    """Raises NotAllowed where ``may_over`` says no; and where one of the three administrators would act on another: the
    account of one is in nobody else's hands."""
    label = permission_named(permission).label
    if is_administrator(account) and account.pk != by.id and _administers(by):
        raise NotAllowed("系统、安全、审计管理员之间不能互相管理账号，请在服务器上用命令行办理。")
    if not may_over(by, permission, account):
        where = "这个人员还有您管理范围以外的岗位，请由上级办理。" if has_anywhere(by, permission) else ""
        message = f"您的岗位没有“{label}”的权限。{where or '如需办理，请联系管理员。'}"
        raise NotAllowed(message)


def is_administrator(account: Account) -> bool:
    """One of the three."""
    return any(post.role in ADMINISTRATORS for post in account.posts.all())


def own_role_in_sight(by: Actor, role_id: UUID) -> OwnRole:
    """Raises NotFound, also for another hall's."""
    role = own_role_with_id(role_id)
    if not may(by, "people.read", hall_id=role.hall_id, prefix=prefix_of_hall(role.hall_id) or None):
        raise NotFound("没有这个角色，或者它属于其他服务厅。")
    return role


def _administers(by: Actor) -> bool:
    names = {role.label for role in ADMINISTRATORS}
    return any(grant.role in names for grant in by.grants)


def substitutions_of(account: Account) -> QuerySet[Substitution]:
    """Those at the account's posts, and those in which it stands in; not ended, the soonest first."""
    return (
        Substitution.objects.filter(Q(post__account=account) | Q(substitute=account), ended_at=None)
        .filter(to_on__gte=timezone.localdate())
        .select_related("post__account", "post__own_role", "substitute")
        .order_by("from_on", "pk")
    )


def substitution_in_sight(by: Actor, substitution_id: UUID) -> Substitution:
    """Raises NotFound, also for one of another hall."""
    found = Substitution.objects.select_related("post").filter(pk=substitution_id).first()
    if found is None or not (by.id == found.substitute_id or post_in_sight(by, found.post_id)):
        raise NotFound("没有这项代理。")
    return found


@dataclass(frozen=True, slots=True)
class Right:
    """A permission that somebody has, and by which posts; ``acting_for`` is "" at the person's own."""

    permission: Permission
    grants: list[tuple[Grant, str]] = field(default_factory=list)


def rights_of(account: Account) -> list[Right]:
    """What the person may do and why, by the names of permissions: one query. A post at which the
    person stands in for somebody is among the reasons (it counts once it is chosen)."""
    found: dict[str, Right] = {}
    for grant, acting_for in grants_open_to(account):
        for name in grant.permissions:
            found.setdefault(name, Right(PERMISSIONS[name])).grants.append((grant, acting_for))
    return [found[name] for name in sorted(found)]


def who_may(*, by: Actor, permission: str, hall_id: UUID | None = None, prefix: str = "") -> QuerySet[Post]:
    """The posts, of people who can sign in, that carry the permission; with a hall (and the prefix of its division),
    those that reach it. Only what the actor may see."""
    permission_named(permission)
    ready = [role for role, one in READY_ROLES.items() if permission in one.permissions]
    own = OwnRole.objects.filter(permissions__contains=[permission], retired_at=None)
    posts = Post.objects.filter(Q(role__in=ready) | Q(own_role__in=own), account__is_active=True)
    if hall_id:
        above = [prefix[:length] for length in _PREFIX_LENGTHS if length <= len(prefix)]
        reaching = Q(reach=Reach.PROVINCE) | Q(hall_id=hall_id) | Q(reach=Reach.SUBTREE, reach_prefix__in=above)
        posts = posts.filter(reaching)
    if not may(by, "people.read"):
        posts = posts.filter(pk__in=_posts_within(by, "people.read").values("pk"))
    return posts.select_related("account", "own_role", "unit").order_by("reach_prefix", "account__username", "pk")


def substitutes_at(posts: Iterable[Post]) -> dict[UUID, Account]:
    """post id -> who stands in at it today."""
    today = timezone.localdate()
    found = Substitution.objects.filter(post__in=posts, ended_at=None, from_on__lte=today, to_on__gte=today)
    return {one.post_id: one.substitute for one in found.select_related("substitute")}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
