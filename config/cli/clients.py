"""Commands of ``yizhan clients``: systems that let people in by our sign-in."""

from typing import Annotated

import typer

from config.cli.output import ActingAs, AsJson, actor_named, answer

app = typer.Typer(no_args_is_help=True)

_COLUMNS = {
    "client_id": "客户端编号",
    "name": "系统名称",
    "redirect_uris": "回调地址",
    "scopes": "范围",
    "post_logout_redirect_uris": "退出后返回",
    "backchannel_logout_uri": "退出通知",
    "untold": "没有送达的退出通知",
    "revoked_at": "停用于",
}

AfterSignOut = Annotated[
    list[str] | None, typer.Option(metavar="地址", help="退出登录后可以返回该系统的哪个地址；可多次")
]
Notify = Annotated[str, typer.Option(metavar="地址", help="有人退出登录时，通知该系统的哪个地址（后台通知）")]


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(metavar="系统名称")],
    redirect_uris: Annotated[list[str], typer.Argument(metavar="回调地址……")],
    *,
    scope: Annotated[list[str] | None, typer.Option(help="可多次；不填则可以读姓名、账号和岗位")] = None,
    after_sign_out: AfterSignOut = None,
    notify: Notify = "",
    json: AsJson = False,
    acting_as: ActingAs = None,
) -> None:
    """登记一个接入统一登录的系统。密钥只显示这一次。"""
    from province.sign_in.operations.clients import add_client
    from province.sign_in.queries.oidc import SCOPES

    client, secret = add_client(
        by=actor_named(acting_as),
        name=name,
        redirect_uris=redirect_uris,
        scopes=scope or list(SCOPES),
        post_logout_redirect_uris=after_sign_out or [],
        backchannel_logout_uri=notify,
    )
    answer(
        {"client_id": client.client_id, "client_secret": secret, "name": client.name},
        json,
        columns={"client_id": "客户端编号", "client_secret": "密钥（只显示这一次）"},
        sentence=f"“{client.name}”已登记。",
    )


@app.command("list")
def list_clients(*, json: AsJson = False) -> None:
    """列出接入的系统。"""
    from province.sign_in.queries.oidc import clients

    answer([{name: getattr(one, name) for name in _COLUMNS} for one in clients()], json, columns=_COLUMNS)


@app.command("sign-out")
def change_sign_out(
    client_id: Annotated[str, typer.Argument(metavar="客户端编号")],
    *,
    after_sign_out: AfterSignOut = None,
    notify: Notify = "",
    json: AsJson = False,
    acting_as: ActingAs = None,
) -> None:
    """设定一个系统退出登录的地址；没有写的即为没有。"""
    from province.sign_in.operations.clients import change_client

    client = change_client(
        by=actor_named(acting_as),
        client_id=client_id,
        post_logout_redirect_uris=after_sign_out or [],
        backchannel_logout_uri=notify,
    )
    answer(
        {name: getattr(client, name) for name in ("client_id", "post_logout_redirect_uris", "backchannel_logout_uri")},
        json,
        columns={name: _COLUMNS[name] for name in ("post_logout_redirect_uris", "backchannel_logout_uri")},
        sentence=f"“{client.name}”退出登录的地址已设好。",
    )


@app.command("revoke")
def revoke(
    client_id: Annotated[str, typer.Argument(metavar="客户端编号")], *, json: AsJson = False, acting_as: ActingAs = None
) -> None:
    """停用一个系统的接入，立即生效。"""
    from province.sign_in.operations.clients import revoke_client

    client = revoke_client(by=actor_named(acting_as), client_id=client_id)
    answer({"client_id": client.client_id}, json, columns={}, sentence=f"“{client.name}”已停用，不能再用统一登录。")
