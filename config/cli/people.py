"""Commands of ``yizhan people``."""

from typing import Annotated
from uuid import UUID

import typer

from config.cli.output import ActingAs, AsJson, actor_named, answer
from foundation.errors import NotFound
from province.halls.models import Hall
from province.halls.queries import hall_with_code
from province.identity.models import Account, Post, Role
from province.identity.operations.posts import give_post, take_post
from province.identity.queries.accounts import account_named
from province.identity.queries.people import people_table, rights_of
from province.identity.queries.places import hall_names
from province.identity.queries.roles import role_with_key

app = typer.Typer(no_args_is_help=True)

type Username = Annotated[str, typer.Argument(metavar="账号")]
type RoleKey = Annotated[str, typer.Argument(metavar="角色", help="如 hall_editor，或自设角色的编号")]
type HallCode = Annotated[str, typer.Option("--hall", metavar="区划代码", help="服务厅的 12 位代码；不填是省级")]

_COLUMNS = {"username": "账号", "name": "姓名", "state": "状态", "posts": "岗位"}
_POST_COLUMNS = {"role": "角色", "where": "在哪里", "unit": "部门", "reach": "范围"}
_RIGHT_COLUMNS = {"label": "权限", "permission": "名称", "because": "由来"}


@app.command("list")
def list_people(
    *,
    search: Annotated[str, typer.Option(help="账号或姓名的一部分")] = "",
    hall: HallCode = "",
    role: Annotated[Role | None, typer.Option()] = None,
    json: AsJson = False,
    acting_as: ActingAs = None,
) -> None:
    """列出人员和岗位。"""
    found = people_table(by=actor_named(acting_as), search=search, hall_id=_hall_id(hall), role=role or "")
    rows = [
        {
            "username": account.username,
            "name": account.name,
            "state": "启用" if account.is_active else "已停用",
            "posts": [post.role_name for post in account.posts.all()],
        }
        for account in found
    ]
    answer(rows, json, columns=_COLUMNS)


@app.command("show")
def show(username: Username, *, json: AsJson = False) -> None:
    """查看一个人的岗位。"""
    account = account_named(username)
    posts = list(account.posts.select_related("own_role", "unit").order_by("pk"))
    names = hall_names(posts)
    rows = [
        {
            "id": post.pk,
            "role": post.role_name,
            "where": names.get(post.hall_id, ""),
            "unit": post.unit.name if post.unit else "",
            "reach": post.get_reach_display(),
        }
        for post in posts
    ]
    state = "启用" if account.is_active else "已停用"
    answer(rows, json, columns=_POST_COLUMNS, sentence=None if json else f"{account.name}（{state}）")


@app.command("give")
def give(
    username: Username, role: RoleKey, *, hall: HallCode = "", json: AsJson = False, acting_as: ActingAs = None
) -> None:
    """给一个人岗位。重复给予不变。"""
    found = hall_with_code(hall) if hall else None
    post = give_post(
        by=actor_named(acting_as),
        account=account_named(username),
        role=role_with_key(role, found.pk if found else None),
        hall_id=found.pk if found else None,
        reach_prefix=found.division.prefix if found else "",
    )
    answer({"id": post.pk}, json, columns={}, sentence=f"{username} 已有岗位“{post.role_name}”，立即生效。")


@app.command("take")
def take(
    username: Username, role: RoleKey, *, hall: HallCode = "", json: AsJson = False, acting_as: ActingAs = None
) -> None:
    """收回一个人的岗位。"""
    account = account_named(username)
    post = _post(account, role, hall)
    take_post(by=actor_named(acting_as), post=post)
    answer({"id": post.pk}, json, columns={}, sentence=f"已收回 {username} 的“{post.role_name}”，立即生效。")


@app.command("why")
def why(
    username: Username,
    permission: Annotated[str, typer.Argument(metavar="权限", help="如 content.push；不填则列出全部")] = "",
    *,
    json: AsJson = False,
) -> None:
    """一个人能做什么，由哪个岗位而来。"""
    account = account_named(username)
    rights = [right for right in rights_of(account) if permission in {"", right.permission.name}]
    names = hall_names(Post.objects.filter(pk__in=[grant.post_id for right in rights for grant, _ in right.grants]))
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
    return hall_with_code(code).pk if code else None


def _post(account: Account, role: str, code: str) -> Post:
    hall: Hall | None = hall_with_code(code) if code else None
    posts = account.posts.filter(hall_id=hall.pk if hall else None)
    found = next((post for post in posts if role in {post.role, str(post.own_role_id)}), None)
    if found is None:
        message = f"{account.username} 没有这个岗位。"
        raise NotFound(message)
    return found
