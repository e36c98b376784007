"""Commands of ``yizhan accounts``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from uuid import UUID

import typer

from config.cli.frame import REFUSED
from config.cli.output import ActingAs, AsJson, actor_named, answer

if TYPE_CHECKING:
    from province.content.models import ChannelDelivery

app = typer.Typer(no_args_is_help=True)

# as the models have them (a test compares); to ask the models would be to wait for Django
PlatformName = Literal["wechat", "weibo", "douyin", "kuaishou", "toutiao", "app", "other"]
AccountStateName = Literal["filed", "changed", "closed"]
DeliveryStateName = Literal["waiting", "done", "dead", "overtaken", "by_hand"]

_ACCOUNT_COLUMNS = {"platform": "平台", "name": "账号名称", "owner": "主管单位", "prefix": "区划", "state": "状态"}
_DELIVERY_COLUMNS = {
    "id": "编号",
    "act": "操作",
    "title": "稿件",
    "account": "账号",
    "state": "状态",
    "attempts": "次数",
    "error": "原因",
}
# more than anybody reads
_LISTED_DELIVERIES = 1_000


@app.command("list")
def list_accounts(
    *,
    search: Annotated[str, typer.Option(help="账号名称或主管单位的一部分")] = "",
    platform: Annotated[PlatformName | None, typer.Option()] = None,
    state: Annotated[AccountStateName | None, typer.Option()] = None,
    under: Annotated[str, typer.Option(metavar="区划前几位", help="只列这个区划及其下级")] = "",
    json: AsJson = False,
    acting_as: ActingAs = None,
) -> None:
    """列出新媒体账号。"""
    from province.content.queries.accounts import accounts_table

    accounts = accounts_table(
        by=actor_named(acting_as), search=search, platform=platform or "", state=state or "", under=under
    )
    rows = [
        {
            "id": one.pk,
            "platform": one.platform if json else one.get_platform_display(),
            "name": one.name,
            "external_id": one.external_id,
            "owner": one.owner,
            "prefix": one.prefix,
            "state": one.state if json else one.get_state_display(),
            "connector": one.connector,
        }
        for one in accounts
    ]
    answer(rows, json, columns=_ACCOUNT_COLUMNS)


@app.command("import")
def take_in(
    path: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, metavar="文件.xlsx")],
    *,
    json: AsJson = False,
    acting_as: ActingAs = None,
) -> None:
    """导入备案表（Excel，最多 10,000 行）。正确的行导入，有误的行逐条列出；有误时退出码为 1。"""
    from province.content.operations.account_imports import import_accounts

    with path.open("rb") as file:
        report = import_accounts(by=actor_named(acting_as), file=file)
    sentence = f"新增 {report.created:,} 个，更新 {report.updated:,} 个，未变 {report.unchanged:,} 个。"
    answer(report, json, columns={}, sentence=sentence)
    if report.faults:
        typer.echo(f"{len(report.faults):,} 行有误，没有导入：", err=True)
        for fault in report.faults:
            typer.echo(f"  {fault.where}：{fault.message}", err=True)
        raise typer.Exit(REFUSED)


@app.command("deliveries")
def deliveries(
    *,
    state: Annotated[DeliveryStateName | None, typer.Option(help="dead 为投递失败的")] = None,
    push: Annotated[UUID | None, typer.Option(metavar="推稿编号")] = None,
    json: AsJson = False,
    acting_as: ActingAs = None,
) -> None:
    """列出向账号的投递，最近的在前。"""
    from province.content.queries.accounts import deliveries_table

    wanted = deliveries_table(by=actor_named(acting_as), state=state or "", push_id=push)[:_LISTED_DELIVERIES]
    answer([_line(one, is_json=json) for one in wanted], json, columns=_DELIVERY_COLUMNS)


@app.command("retry")
def retry(
    delivery_id: Annotated[UUID, typer.Argument(metavar="编号")], *, json: AsJson = False, acting_as: ActingAs = None
) -> None:
    """重新投递一次已放弃的。"""
    from province.content.operations.deliveries import retry_delivery
    from province.content.queries.accounts import delivery_with_id

    by = actor_named(acting_as)
    again = retry_delivery(by=by, delivery=delivery_with_id(by, delivery_id))
    answer({"id": again.pk, "state": again.state}, json, columns={}, sentence="已重新排队，稍后发送。")


def _line(one: "ChannelDelivery", *, is_json: bool) -> dict[str, object]:
    return {
        "id": one.pk,
        "push_id": one.push_id,
        "act": one.act if is_json else one.get_act_display(),
        "title": one.push.version.title,
        "account": one.account.name if one.account else "读者的应用",
        "state": one.state if is_json else one.get_state_display(),
        "attempts": one.attempts,
        "error": one.last_error,
    }
