"""Commands of ``yizhan people``."""

from typing import TYPE_CHECKING, Annotated, Literal
from uuid import UUID

import typer

from config.cli.output import ActingAs, AsJson, actor_named, answer
from foundation.errors import NotFound

if TYPE_CHECKING:
    from province.people.models import Account, Position

app = typer.Typer(no_args_is_help=True)

# as the models have them (a test compares); to ask the models would be to wait for Django
RoleName = Literal[
    "province_operator",
    "hall_administrator",
    "hall_editor",
    "editor",
    "first_reviewer",
    "second_reviewer",
    "final_reviewer",
    "window_clerk",
    "handler",
    "approving_leader",
    "village_clerk",
    "supervisor",
    "auditor",
    "system_administrator",
    "security_administrator",
    "audit_administrator",
]

type Username = Annotated[str, typer.Argument(metavar="账号")]
type RoleKey = Annotated[str, typer.Argument(metavar="角色", help="如 hall_editor，或自设角色的编号")]
type HallCode = Annotated[str, typer.Option("--hall", metavar="区划代码", help="服务厅的 12 位代码；不填是省级")]

_COLUMNS = {"username": "账号", "name": "姓名", "state": "状态", "positions": "岗位"}
_POST_COLUMNS = {"role": "角色", "where": "在哪里", "unit": "部门", "reach": "范围"}
_RIGHT_COLUMNS = {"label": "权限", "permission": "名称", "because": "由来"}


@app.command("list")
def list_people(
    *,
    search: Annotated[str, typer.Option(help="账号或姓名的一部分")] = "",
    hall: HallCode = "",
    role: Annotated[RoleName | None, typer.Option()] = None,
    json: AsJson = False,
    acting_as: ActingAs = None,
) -> None:
    """列出人员和岗位。"""
    from province.people.queries.people import people_table

    found = people_table(by=actor_named(acting_as), search=search, hall_id=_hall_id(hall), role=role or "")
    rows = [
        {
            "username": account.username,
            "name": account.name,
            "state": "启用" if account.is_active else "已停用",
            "positions": [position.role_name for position in account.positions.all()],
        }
        for account in found
    ]
    answer(rows, json, columns=_COLUMNS)


@app.command("show")
def show(username: Username, *, json: AsJson = False) -> None:
    """查看一个人的岗位。"""
    from province.people.queries.accounts import account_named
    from province.people.queries.places import hall_names

    account = account_named(username)
    positions = list(account.positions.select_related("own_role", "unit").order_by("pk"))
    names = hall_names(positions)
    rows = [
        {
            "id": position.pk,
            "role": position.role_name,
            "where": names.get(position.hall_id, ""),
            "unit": position.unit.name if position.unit else "",
            "reach": position.get_reach_display(),
        }
        for position in positions
    ]
    state = "启用" if account.is_active else "已停用"
    answer(rows, json, columns=_POST_COLUMNS, sentence=None if json else f"{account.name}（{state}）")


@app.command("give")
def give(
    username: Username, role: RoleKey, *, hall: HallCode = "", json: AsJson = False, acting_as: ActingAs = None
) -> None:
    """给一个人岗位。重复给予不变。"""
    from province.halls.queries import hall_with_code
    from province.people.operations.positions import give_position
    from province.people.queries.accounts import account_named
    from province.people.queries.roles import role_with_key

    found = hall_with_code(hall) if hall else None
    position = give_position(
        by=actor_named(acting_as),
        account=account_named(username),
        role=role_with_key(role, found.pk if found else None),
        hall_id=found.pk if found else None,
        reach_prefix=found.division.prefix if found else "",
    )
    answer({"id": position.pk}, json, columns={}, sentence=f"{username} 已有岗位“{position.role_name}”，立即生效。")


@app.command("take")
def take(
    username: Username, role: RoleKey, *, hall: HallCode = "", json: AsJson = False, acting_as: ActingAs = None
) -> None:
    """收回一个人的岗位。"""
    from province.people.operations.positions import take_position
    from province.people.queries.accounts import account_named

    account = account_named(username)
    position = _position(account, role, hall)
    take_position(by=actor_named(acting_as), position=position)
    answer({"id": position.pk}, json, columns={}, sentence=f"已收回 {username} 的“{position.role_name}”，立即生效。")


@app.command("why")
def why(
    username: Username,
    permission: Annotated[str, typer.Argument(metavar="权限", help="如 content.push；不填则列出全部")] = "",
    *,
    json: AsJson = False,
) -> None:
    """一个人能做什么，由哪个岗位而来。"""
    from province.people.models import Position
    from province.people.queries.accounts import account_named
    from province.people.queries.people import rights_of
    from province.people.queries.places import hall_names

    account = account_named(username)
    rights = [right for right in rights_of(account) if permission in {"", right.permission.name}]
    names = hall_names(
        Position.objects.filter(pk__in=[grant.position_id for right in rights for grant, _ in right.grants])
    )
    rows = [
        {
            "permission": right.permission.name,
            "label": right.permission.label,
            "because": [
                (f"代理{whose}：" if whose else "")
                + f"{grant.role} · {names.get(grant.hall_id, '')}（{grant.reach.label}）"
                for grant, whose in right.grants
            ],
        }
        for right in rights
    ]
    answer(rows, json, columns=_RIGHT_COLUMNS)


def _hall_id(code: str) -> UUID | None:
    from province.halls.queries import hall_with_code

    return hall_with_code(code).pk if code else None


def _position(account: "Account", role: str, code: str) -> "Position":
    from province.halls.models import Hall
    from province.halls.queries import hall_with_code

    hall: Hall | None = hall_with_code(code) if code else None
    positions = account.positions.filter(hall_id=hall.pk if hall else None)
    found = next((position for position in positions if role in {position.role, str(position.own_role_id)}), None)
    if found is None:
        message = f"{account.username} 没有这个岗位。"
        raise NotFound(message)
    return found
