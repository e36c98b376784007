"""Put accounts into roles, and take them out."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from foundation.advisory_lock import hold_name
from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from foundation.text_encoding import is_plain
from province.audit.operations import record_act
from province.people.models import Account, OwnRole, Position, Unit
from province.people.models.roles import AnyRole, role_key
from province.people.operations.activation import end_activation_codes
from province.people.queries.people import absences_of, is_in_sight
from province.people.queries.roles import default_reach, own_role_with_id, permissions_of
from province.rights.actors import Actor
from province.rights.permissions import PERMISSIONS, declare, permission_named
from province.rights.queries import lacking, may, require
from province.rights.roles import ADMINISTRATORS, READY_ROLES, Reach, Role

GRANT: Final = declare(
    "rights.grant",
    "授予任何岗位和角色",
    reach=Reach.PROVINCE,
    roles={Role.PROVINCE_OPERATOR, Role.SECURITY_ADMINISTRATOR},
)
declare(
    "rights.appoint",
    "在本厅安排岗位、设置角色",
    reach=Reach.HALL,
    roles={Role.PROVINCE_OPERATOR, Role.HALL_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR},
)


def lock_operators() -> list[Position]:
    """Lock, and return, the positions of people who can sign in and grant rights. One act at a time takes from them: of
    two at once the later sees what the earlier left. Call it before locking any row."""
    hold_name("people.operators")
    return list(Position.objects.filter(role__in=permission_named(GRANT).roles, account__is_active=True).order_by("pk"))


def check_others_stay(granters: Sequence[Position], account_id: UUID) -> None:
    """Raises Conflict where this account is the only one left that can grant rights."""
    if {position.account_id for position in granters} == {account_id}:
        raise Conflict("这是最后一位能授予岗位的人员，请先给别人省级运营或安全管理员岗位。")


def check_may_give(
    by: Actor, permissions: frozenset[str], *, reach: Reach, hall_id: UUID | None, prefix: str, unit_id: UUID | None
) -> None:
    """Raises NotAllowed for who may not hand out these permissions, that far, there.

    A person who grants for the whole province hands out what they do not hold themselves (that is the separation of
    powers); one who appoints in a hall hands out only what they hold there, and no farther than they hold it.
    """
    if may(by, "rights.grant"):
        return
    where: dict[str, Any] = {"hall_id": hall_id, "prefix": prefix or None, "unit_id": unit_id}
    require(by, "rights.appoint", **where)
    if labels := lacking(by, permissions, reach=reach, **where):
        message = f"您自己没有这些权限，或者您的范围不够大，不能授予别人：{'、'.join(labels)}。"
        raise NotAllowed(message)


@transaction.atomic
def give_position(
    *,
    by: Actor,
    account: Account,
    role: AnyRole,
    hall_id: UUID | None = None,
    reach_prefix: str = "",
    reach: Reach | None = None,
    unit: Unit | None = None,
    title: str = "",
) -> Position:
    """Put the account into a role; a second call with the same role, hall and unit changes nothing. An activation code
    of the account that is unused, and that somebody else has issued, ends.

    Raises NotFound for somebody who works where the actor may not look, NotAllowed for who may not give the position,
    Conflict where the three administrators would meet in one person, Invalid for a role, unit or reach that does not
    fit the place.
    """
    # of two roles given at once to one person, the later sees the earlier
    account = Account.objects.select_for_update().get(pk=account.pk)
    role = _locked_role(role)
    reach = reach or default_reach(role, hall_id)
    check_role_fits(role, reach, hall_id)
    unit = _locked_unit(unit, hall_id, reach)
    title = _clean_title(title)
    check_may_give(
        by,
        permissions_of(role),
        reach=reach,
        hall_id=hall_id,
        prefix=reach_prefix,
        unit_id=unit.pk if unit else None,
    )
    if by.id == account.pk:
        raise NotAllowed("不能给自己授予岗位，请由另一位管理员办理。")
    if account.positions.exists() and not is_in_sight(by, account):
        raise NotFound("没有这个人员。")
    check_separation(account, role)
    code, own_role_id = role_key(role)
    position, is_new = Position.objects.get_or_create(
        account=account,
        role=code,
        own_role_id=own_role_id,
        hall_id=hall_id,
        unit=unit,
        defaults={"reach_prefix": reach_prefix, "reach": reach, "title": title},
    )
    if is_new:
        end_activation_codes(by=by, account_ids=[account.pk])
        _record(by, "people.give_position", position, before=None, after=position.role_name)
    return position


def check_separation(account: Account, role: AnyRole) -> None:
    """Raises Conflict where the person would be one of the three administrators and anything else (三员分立)."""
    if isinstance(role, Role) and role in ADMINISTRATORS and stands_in(account):
        message = f"{account.name}正在代理别人的岗位，不能同时是{role.label}，请先结束代理。"
        raise Conflict(message)
    held = list(account.positions.select_related("own_role"))
    administers = next((position for position in held if position.role in ADMINISTRATORS), None)
    if administers and role_key(role)[0] != administers.role:
        message = f"{account.name}是{administers.role_name}。系统、安全、审计三类管理员不能兼任别的岗位。"
        raise Conflict(message)
    if isinstance(role, Role) and role in ADMINISTRATORS and not administers and held:
        message = f"{account.name}已有其他岗位。系统、安全、审计三类管理员不能兼任别的岗位，请先收回。"
        raise Conflict(message)


def stands_in(account: Account) -> bool:
    """Whether the account stands in at somebody else's position, now or later."""
    return absences_of(account.pk).exists()


def _locked_role(role: AnyRole) -> AnyRole:
    """The role; an own role is locked as it is now: an operation that changes it at this moment waits."""
    if isinstance(role, Role):
        return role
    found = OwnRole.objects.select_for_update().filter(pk=role.pk).first() or own_role_with_id(role.pk)
    if found.retired_at:
        message = f"角色“{found.name}”已停用。"
        raise Conflict(message)
    return found


def check_role_fits(role: AnyRole, reach: Reach, hall_id: UUID | None) -> None:
    """Raises Invalid for a role that cannot be had in that hall (None: in the province's offices), or not that far."""
    if isinstance(role, Role):
        ready = READY_ROLES[role]
        fits = ready.is_for_province if hall_id is None else ready.is_for_halls
    else:
        fits = role.hall_id in {None, hall_id}
    if not fits:
        message = "服务厅岗位必须指明服务厅，省级岗位不能指明服务厅。"
        raise Invalid(message)
    wrong = {Reach.PROVINCE} if hall_id is not None else {Reach.HALL, Reach.SUBTREE}
    if reach in wrong:
        message = f"{'服务厅' if hall_id else '省级'}岗位的范围不能是“{reach.label}”。"
        raise Invalid(message)
    wider = [
        PERMISSIONS[name].label for name in sorted(permissions_of(role)) if PERMISSIONS[name].reach.rank > reach.rank
    ]
    if wider:
        message = f"这些权限不能限定为“{reach.label}”：{'、'.join(wider)}。"
        raise Invalid(message)


def _locked_unit(unit: Unit | None, hall_id: UUID | None, reach: Reach) -> Unit | None:
    """The unit, locked as it is now: an operation that retires it at this moment waits."""
    if unit is None:
        if reach is Reach.UNIT:
            raise Invalid("范围是部门的岗位必须指明部门。")
        return None
    found = Unit.objects.select_for_update().filter(pk=unit.pk, hall_id=hall_id, retired_at=None).first()
    if found is None:
        raise Invalid("没有这个部门，或者它已撤销、属于其他服务厅。")
    return found


def _clean_title(title: str) -> str:
    title = title.strip()
    if len(title) > 40 or not is_plain(title):  # noqa: PLR2004 - the column's width
        raise Invalid("职务不能超过 40 个字，也不能含有换行或控制字符。")
    return title


@transaction.atomic
def take_position(*, by: Actor, position: Position) -> None:
    """The account leaves the role from its next request on; its substitutes leave it, too. With the last position in a
    hall end the absences in which the account stands in there. A repeat changes nothing.

    Raises Conflict for the last position that can grant rights.
    """
    check_may_take(by, position)
    granters = lock_operators()
    # of this and an operation that names the account as a substitute, the later sees what the earlier left
    Account.objects.select_for_update().get(pk=position.account_id)
    found = Position.objects.select_for_update(of=("self",)).select_related("own_role").filter(pk=position.pk).first()
    if found is None:
        return
    if found.role in permission_named(GRANT).roles:
        check_others_stay(granters, found.account_id)
    _record(by, "people.take_position", found, before=found.role_name, after=None)
    found.delete()
    _end_absences(by, found)


def _end_absences(by: Actor, taken: Position) -> None:
    """Somebody stands in where they work: without a position at the place of the one taken, nowhere there."""
    if Position.objects.filter(account=taken.account_id, hall_id=taken.hall_id).exists():
        return
    ending = absences_of(taken.account_id).filter(position__hall_id=taken.hall_id)
    for absence in ending.select_for_update(of=("self",)).select_related("position"):
        absence.ended_at = timezone.now()
        absence.save(update_fields=["ended_at"])
        record_act(
            by=by,
            act="people.end_substitution",
            object_type="account",
            object_id=absence.position.account_id,
            hall_id=taken.hall_id,
            changes={"substitute": [str(absence.substitute_id), None]},
        )


def check_may_take(by: Actor, position: Position) -> None:
    """Raises NotAllowed for who could not have given it."""
    check_may_give(
        by,
        permissions_of(position.own_role or Role(position.role)),
        reach=Reach(position.reach),
        hall_id=position.hall_id,
        prefix=position.reach_prefix,
        unit_id=position.unit_id,
    )


def _record(by: Actor, act: str, position: Position, *, before: str | None, after: str | None) -> None:
    record_act(
        by=by,
        act=act,
        object_type="account",
        object_id=position.account_id,
        hall_id=position.hall_id,
        changes={"role": [before, after], "reach": [before and position.reach, after and position.reach]},
    )


@transaction.atomic
def move_positions() -> None:
    """Let every position reach below its hall's present prefix, after a change of division codes."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE people_position AS held SET reach_prefix = hall.prefix FROM halls_prefixes AS hall
            WHERE held.hall_id = hall.hall_id AND held.reach_prefix <> hall.prefix
            """
        )
