"""Who may do what. One function answers for operations, pages and API alike."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.http import HttpRequest
from django.utils import timezone

from foundation.errors import NotAllowed, NotSignedIn
from province.identity.models import Account, Actor, Grant, Post, Reach, Role, Substitution, Unit
from province.identity.queries.permissions import PERMISSIONS, declare, permission_named
from province.identity.queries.roles import permissions_of

__all__ = [
    "PERMISSIONS",
    "Belonging",
    "actor_of",
    "actor_of_request",
    "actor_of_session",
    "declare",
    "grants_open_to",
    "has_anywhere",
    "is_preview",
    "may",
    "posts_open_to",
    "require",
    "require_work_at",
    "system_actor",
    "within_reach",
    "works_at",
]
# what the session remembers: the post somebody has chosen, and as whom an administrator looks around
POST_IN_SESSION, PREVIEW_IN_SESSION = "post_id", "preview_of"


def actor_of(account: Account, post_id: UUID | None = None) -> Actor:
    """The account with all its own posts, or with the one that it has chosen: one query.

    A post at which the account stands in for somebody counts only when it is chosen, so that every act says for whom
    it was done. A chosen post that is no longer there is as none chosen.
    """
    if not account.is_active:
        return Actor(account.id, account.name, ())
    posts = posts_open_to(account)
    chosen = next((post for post in posts if post.pk == post_id), None)
    if chosen is None:
        return Actor(account.id, account.name, tuple(_grant(post) for post in posts if post.account_id == account.pk))
    is_own = chosen.account_id == account.pk
    return Actor(
        account.id,
        account.name,
        (_grant(chosen),),
        post_id=chosen.pk,
        acting_for_id=None if is_own else chosen.account_id,
        acting_for="" if is_own else chosen.account.name,
    )


def grants_open_to(account: Account) -> list[tuple[Grant, str]]:
    """Everything that the account could choose to act in, each with the name of whose post it is ("" at its own)."""
    if not account.is_active:
        return []
    return [
        (_grant(post), "" if post.account_id == account.pk else post.account.name) for post in posts_open_to(account)
    ]


def posts_open_to(account: Account) -> list[Post]:
    """The account's own posts, and those of people who can sign in and for whom it stands in today."""
    today = timezone.localdate()
    stands_in = Substitution.objects.filter(
        substitute=account, ended_at=None, from_on__lte=today, to_on__gte=today, post__account__is_active=True
    )
    below = Unit.objects.filter(ancestors__contains=[OuterRef("unit_id")]).values("pk")
    posts = (
        Post.objects.filter(Q(account=account) | Q(pk__in=stands_in.values("post_id")))
        .select_related("own_role", "account", "unit")
        .annotate(units_below=ArraySubquery(below))
    )
    return list(posts.order_by("pk"))


def _grant(post: Post) -> Grant:
    units = {post.unit_id, *post.units_below} if post.unit_id else ()  # type: ignore[attr-defined]  # annotated
    return Grant(
        permissions_of(post.own_role or Role(post.role)),
        post.hall_id,
        post.reach_prefix,
        Reach(post.reach),
        unit_ids=frozenset(units),
        owner_id=post.account_id,
        post_id=post.pk,
        role=post.role_name,
        unit_id=post.unit_id,
    )


def is_preview(request: HttpRequest) -> bool:
    """Whether somebody looks around as somebody else. Whose session it is is settled by then."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.session.get(PREVIEW_IN_SESSION):
        return False
    return isinstance(request.user, Account)


def actor_of_session(request: HttpRequest) -> Actor | None:
    """Whoever is signed in, in the post that they have chosen; or whom an administrator looks around as.

    (In such a preview every request that could change something is refused: config/middleware.py.)
    """
    if not isinstance(request.user, Account):
        return None
    if preview_of := request.session.get(PREVIEW_IN_SESSION):
        seen = Account.objects.filter(pk=preview_of, is_active=True).first()
        return actor_of(seen) if seen else Actor(request.user.id, request.user.name, ())
    chosen = request.session.get(POST_IN_SESSION)
    return actor_of(request.user, UUID(chosen) if chosen else None)


def actor_of_request(request: HttpRequest, permission: str = "") -> Actor:
    """Whoever is signed in. Raises NotSignedIn: pages send people to sign in and back; NotAllowed where none of the
    posts carries the permission at all (over which halls it reaches, operations and queries ask)."""
    by = actor_of_session(request)
    if by is None:
        raise NotSignedIn("请先登录。登录后会回到这一页。")
    if permission and not has_anywhere(by, permission):
        raise NotAllowed(_refusal(permission))
    return by


def has_anywhere(by: Actor, permission: str) -> bool:
    """Whether any post carries the permission, wherever it reaches."""
    return any(permission in grant.permissions for grant in by.grants)


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
) -> bool:
    """Whether one of the actor's posts carries this permission for an object of that hall, below that division prefix,
    of that unit, of that owner (as far as the object has them). With none, the question is for the whole province."""
    return any(
        permission in grant.permissions
        and grant.covers(hall_id=hall_id, prefix=prefix, unit_id=unit_id, owner_id=owner_id)
        for grant in by.grants
    )


def require(
    by: Actor,
    permission: str,
    *,
    hall_id: UUID | None = None,
    prefix: str | None = None,
    unit_id: UUID | None = None,
    owner_id: UUID | None = None,
) -> None:
    """Raises NotAllowed where ``may`` says no, LookupError for a permission that nobody declared."""
    refusal = _refusal(permission)
    if not may(by, permission, hall_id=hall_id, prefix=prefix, unit_id=unit_id, owner_id=owner_id):
        raise NotAllowed(refusal)


@dataclass(frozen=True, slots=True)
class Belonging:
    """Whose something is: who is responsible for it, and in which department."""

    owner_id: UUID | None = None
    unit_id: UUID | None = None


def works_at(by: Actor, permission: str, *, hall_id: UUID | None = None, prefix: str | None = None) -> bool:
    """Whether one of the posts carries the permission over anything there, be it only over what is their own. The place
    is a hall, or the desk of a division prefix."""
    return bool(_grants_at(by, permission, hall_id, prefix))


def require_work_at(by: Actor, permission: str, *, hall_id: UUID | None = None, prefix: str | None = None) -> Belonging:
    """For who makes something there: whose it is then. That is the holder of the post by which they may (also where a
    substitute acts), and its department. Raises NotAllowed where ``works_at`` says no."""
    refusal = _refusal(permission)
    grants = _grants_at(by, permission, hall_id, prefix)
    if not grants:
        raise NotAllowed(refusal)
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
    """Whether that is the post's own place."""
    if grant.hall_id is None:
        return hall_id is None and prefix in {None, "", settings.PROVINCE_CODE}
    return hall_id == grant.hall_id or (bool(prefix) and prefix == grant.reach_prefix)


def _refusal(permission: str) -> str:
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
