"""People and their positions as administrators see them, and why somebody may do something."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from foundation.errors import NotAllowed, NotFound
from province.halls.queries.halls import prefix_of_hall
from province.people.models import Account, OwnRole, Position, Substitution
from province.people.queries.actors import grants_open_to
from province.people.queries.roles import own_role_with_id
from province.rights.actors import Actor, Grant
from province.rights.permissions import PERMISSIONS, Permission, declare, permission_named
from province.rights.queries import has_anywhere, may, within_reach
from province.rights.roles import ADMINISTRATORS, Reach, Role

declare(
    "people.read",
    "查看人员、岗位和权限",
    reach=Reach.UNIT,
    roles={
        Role.PROVINCE_OPERATOR,
        Role.HALL_ADMINISTRATOR,
        Role.AUDITOR,
        Role.SYSTEM_ADMINISTRATOR,
        Role.SECURITY_ADMINISTRATOR,
        Role.AUDIT_ADMINISTRATOR,
    },
)

USERNAME = re.compile(r"[a-z][a-z0-9._-]{1,62}\Z")
# the lengths of a code's meaningful digits, level by level
_PREFIX_LENGTHS = (2, 4, 6, 9, 12)
_POSITIONS = Position.objects.select_related("own_role", "unit").order_by("pk")


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
    """The accounts that the actor may see, with their positions, by user name: all of them for the province, else those
    with a position within reach.

    ``role``: a ready-made role's code or an own role's id; ``state``: "active", "closed" or "idle" (without a
    position).
    """
    accounts = Account.objects.prefetch_related(Prefetch("positions", _POSITIONS)).order_by("username")
    if not may(by, "people.read"):
        accounts = accounts.filter(pk__in=_positions_within(by, "people.read").values("account"))
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
        accounts = accounts.filter(pk__in=Position.objects.filter(wanted).values("account"))
    if state:
        accounts = accounts.filter(is_active=state != "closed")
    return accounts.filter(positions=None) if state == "idle" else accounts


def _positions_within(by: Actor, permission: str) -> QuerySet[Position]:
    return Position.objects.filter(within_reach(by, permission, hall="hall_id", prefix="reach_prefix", unit="unit_id"))


def account_in_sight(by: Actor, account_id: UUID) -> Account:
    """The account with its positions. Raises NotFound, also for a person of another hall."""
    found = people_table(by=by).filter(pk=account_id).first()
    if found is None:
        raise NotFound("没有这个人员。")
    return found


def position_in_sight(by: Actor, position_id: UUID) -> Position:
    """A position that the actor may see. Raises NotFound, also for a position of another hall."""
    positions = Position.objects if may(by, "people.read") else _positions_within(by, "people.read")
    found = positions.select_related("account", "own_role", "unit").filter(pk=position_id).first()
    if found is None:
        raise NotFound("没有这个岗位。")
    return found


def absences_of(account_id: UUID) -> QuerySet[Substitution]:
    """Those in which the account stands in, now or later."""
    return Substitution.objects.filter(substitute=account_id, ended_at=None, to_on__gte=timezone.localdate())


def may_over(by: Actor, permission: str, account: Account) -> bool:
    """Whether the actor has the permission over the whole person: for the province, or over each of their positions and
    of those at which they stand in, now or later, and as far as these reach. Who rules somebody would rule what these
    positions may: in a department an administrator of the hall, in a hall one of the halls below."""
    if may(by, permission):
        return True
    positions = list(account.positions.all())
    positions += Position.objects.filter(pk__in=absences_of(account.pk).values("position")) if positions else []
    return bool(positions) and all(
        may(
            by,
            permission,
            hall_id=position.hall_id,
            prefix=position.reach_prefix or None,
            unit_id=position.unit_id,
            reach=Reach(position.reach),
        )
        for position in positions
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
    """Whether the person is one of the three administrators (三员)."""
    return any(position.role in ADMINISTRATORS for position in account.positions.all())


def own_role_in_sight(by: Actor, role_id: UUID) -> OwnRole:
    """An own role that the actor may see. Raises NotFound, also for another hall's."""
    role = own_role_with_id(role_id)
    if not may(by, "people.read", hall_id=role.hall_id, prefix=prefix_of_hall(role.hall_id) or None):
        raise NotFound("没有这个角色，或者它属于其他服务厅。")
    return role


def _administers(by: Actor) -> bool:
    names = {role.label for role in ADMINISTRATORS}
    return any(grant.role in names for grant in by.grants)


def substitutions_of(account: Account) -> QuerySet[Substitution]:
    """The substitutions at the account's positions, and those in which it stands in; not ended, the soonest first."""
    return (
        Substitution.objects.filter(Q(position__account=account) | Q(substitute=account), ended_at=None)
        .filter(to_on__gte=timezone.localdate())
        .select_related("position__account", "position__own_role", "substitute")
        .order_by("from_on", "pk")
    )


def substitution_in_sight(by: Actor, substitution_id: UUID) -> Substitution:
    """A substitution that the actor may see. Raises NotFound, also for one of another hall."""
    found = Substitution.objects.select_related("position").filter(pk=substitution_id).first()
    if found is None or not (by.id == found.substitute_id or position_in_sight(by, found.position_id)):
        raise NotFound("没有这项代理。")
    return found


@dataclass(frozen=True, slots=True)
class Right:
    """A permission that somebody has, and by which positions; ``acting_for`` is "" at the person's own."""

    permission: Permission
    grants: list[tuple[Grant, str]] = field(default_factory=list)


def rights_of(account: Account) -> list[Right]:
    """What the person may do and why, by the names of permissions: one query. A position at which the
    person stands in for somebody is among the reasons (it counts once it is chosen)."""
    found: dict[str, Right] = {}
    for grant, acting_for in grants_open_to(account):
        for name in grant.permissions:
            found.setdefault(name, Right(PERMISSIONS[name])).grants.append((grant, acting_for))
    return [found[name] for name in sorted(found)]


def who_may(*, by: Actor, permission: str, hall_id: UUID | None = None, prefix: str = "") -> QuerySet[Position]:
    """The positions, of people who can sign in, that carry the permission; with a hall (and the prefix of its
    division), those that reach it. Only what the actor may see."""
    ready = permission_named(permission).roles
    own = OwnRole.objects.filter(permissions__contains=[permission], retired_at=None)
    positions = Position.objects.filter(Q(role__in=ready) | Q(own_role__in=own), account__is_active=True)
    if hall_id:
        above = [prefix[:length] for length in _PREFIX_LENGTHS if length <= len(prefix)]
        reaching = Q(reach=Reach.PROVINCE) | Q(hall_id=hall_id) | Q(reach=Reach.SUBTREE, reach_prefix__in=above)
        positions = positions.filter(reaching)
    if not may(by, "people.read"):
        positions = positions.filter(pk__in=_positions_within(by, "people.read").values("pk"))
    return positions.select_related("account", "own_role", "unit").order_by("reach_prefix", "account__username", "pk")


def accounts_who_may(permission: str, *, prefix: str) -> set[UUID]:
    """Ids of the people who can sign in and hold the permission over what belongs to the place with this prefix, in
    whatever department. It names nobody, so it asks for no right."""
    ready = permission_named(permission).roles
    own = OwnRole.objects.filter(permissions__contains=[permission], retired_at=None)
    above = [prefix[:length] for length in _PREFIX_LENGTHS if length <= len(prefix)]
    reaching = (
        Q(reach=Reach.PROVINCE)
        | Q(reach=Reach.SUBTREE, reach_prefix__in=above)
        | Q(reach__in=(Reach.HALL, Reach.UNIT), reach_prefix=prefix)
    )
    positions = Position.objects.filter(Q(role__in=ready) | Q(own_role__in=own), reaching, account__is_active=True)
    return set(positions.values_list("account_id", flat=True))


def substitutes_at(positions: Iterable[Position]) -> dict[UUID, Account]:
    """position id -> who stands in at it today."""
    today = timezone.localdate()
    found = Substitution.objects.filter(position__in=positions, ended_at=None, from_on__lte=today, to_on__gte=today)
    return {one.position_id: one.substitute for one in found.select_related("substitute")}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def substitution_of(account: Account, substitution_id: UUID) -> Substitution:
    """One of ``substitutions_of``. Raises NotFound."""
    found = substitutions_of(account).filter(pk=substitution_id).first()
    if found is None:
        raise NotFound("没有这项代理，或者它已经结束。")
    return found


def positions_of(account: Account) -> list[Position]:
    """The account's own positions, with role and department."""
    return list(_POSITIONS.filter(account=account))


def account_to_preview(by: Actor, account_id: UUID) -> Account:
    """The account with its positions. Raises NotFound where the actor may not look around as this person."""
    found = Account.objects.filter(pk=account_id).prefetch_related("positions").first()
    if found is None or not may_over(by, "people.preview", found):
        raise NotFound("没有这个人员，或者他有您管理范围以外的岗位。")
    return found


def account_to_appoint(by: Actor, account_id: UUID) -> Account:
    """Somebody without any position, or whom the actor may see. Raises NotFound."""
    return Account.objects.filter(pk=account_id, positions=None).first() or account_in_sight(by, account_id)


def is_in_sight(by: Actor, account: Account) -> bool:
    return people_table(by=by).filter(pk=account.pk).exists()


def ids_in_sight(by: Actor, account_ids: Collection[UUID]) -> set[UUID]:
    """Those of them that the actor may see: one query."""
    seen = people_table(by=by).filter(pk__in=account_ids).values("pk")
    return set(Account.objects.filter(pk__in=seen).values_list("pk", flat=True))
