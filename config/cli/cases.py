"""Commands of ``yizhan cases``: what halls hand out of their cases, what is counted of them, how a year is archived."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from config.cli.frame import REFUSED
from config.cli.output import ActingAs, AsJson, actor_named, answer

if TYPE_CHECKING:
    from province.halls.models import Hall

app = typer.Typer(no_args_is_help=True)

HallCode = Annotated[str, typer.Argument(metavar="区划代码")]


@app.command("export")
def export(
    code: HallCode,
    file: Annotated[Path, typer.Argument(metavar="文件", help="写到这里；.xml 或者 .json")],
    *,
    number: Annotated[list[str] | None, typer.Option(help="办件编号；可多次。不填则按状态")] = None,
    state: Annotated[str, typer.Option(help="状态，同办件列表：open、late、received、finished……；不填为全部")] = "",
    unmasked: Annotated[bool, typer.Option("--unmasked", help="含完整的姓名、证件号码和电话")] = False,
    reason: Annotated[str, typer.Option(help="完整导出的理由，申请人能看到")] = "",
    json: AsJson = False,
    acting_as: ActingAs = None,
) -> None:
    """按国家交换格式导出一个服务厅的办件，逐件检查；有不符合的，写明哪一件哪一栏，不写文件。"""
    from foundation import schemas
    from foundation.errors import Invalid
    from standards.cases import write_case_json, write_case_xml
    from tenants.casework.operations.exchange import MOST_EXPORTED, export_cases
    from tenants.casework.queries.records import picked_cases
    from tenants.shell.slots import Desk

    writer = {".xml": write_case_xml, ".json": write_case_json}.get(file.suffix)
    if writer is None:
        raise Invalid("文件名请以 .xml 或者 .json 结尾。")
    by, hall = actor_named(acting_as), _hall(code)
    with schemas.enter(hall.schema_name):
        ids = picked_cases(Desk(by, hall), most=MOST_EXPORTED, numbers=number or (), state=state)
        records = export_cases(by=by, hall=hall, case_ids=ids, is_masked=not unmasked, reason=reason)
    file.write_bytes(b"".join(writer((one.rows for one in records), is_masked=not unmasked)))
    answer(
        {"cases": len(records), "file": str(file)},
        json,
        columns={"cases": "办件", "file": "文件"},
        sentence=f"已导出 {len(records)} 件。",
    )


@app.command("recount")
def recount(
    code: Annotated[str, typer.Argument(metavar="区划代码", help="只重算这个服务厅；不填为全部")] = "",
    *,
    json: AsJson = False,
) -> None:
    """按办件重新统计“办件概览”的数字；原来就对的，什么都不会变。"""
    from province.cases.operations.figures import recount_cases
    from province.halls.queries import hall_with_code

    wrong = recount_cases(hall_id=hall_with_code(code).pk if code else None)
    said = f"{wrong} 个服务厅的数字原来不对，已经改正。" if wrong else "数字原来就对。"
    answer({"wrong_halls": wrong}, json, columns={"wrong_halls": "数字不对的服务厅"}, sentence=said)


@app.command("archive")
def archive(
    code: HallCode,
    file: Annotated[Path, typer.Argument(metavar="文件", dir_okay=False, help="年度归档目录写到这里")],
    *,
    year: Annotated[int, typer.Option(metavar="年", help="办结的年度，要已经过完")],
    json: AsJson = False,
    acting_as: ActingAs = None,
) -> None:
    """归档一个服务厅一年办结的办件，写出带签名的年度目录。照常办公；停下来以后再运行，从没有归档的接着做。"""
    from foundation import schemas
    from tenants.casework.operations.archiving import archive_cases_of_year, write_year

    by, hall = actor_named(acting_as), _hall(code)
    with schemas.enter(hall.schema_name):
        archive_cases_of_year(by=by, hall=hall, year=year, told=_say_how_far)
        count = write_year(by=by, hall=hall, year=year, path=file)
    answer(
        {"cases": count, "file": str(file)},
        json,
        columns={"cases": "办件", "file": "文件"},
        sentence=f"{hall.name}{year}年办结的 {count:,} 件已归档。",
    )


@app.command("check-archive")
def check_archive(
    code: HallCode,
    file: Annotated[Path, typer.Argument(metavar="文件", exists=True, dir_okay=False, readable=True)],
    *,
    public_key: Annotated[str, typer.Option(metavar="公钥", help="目录由另一套系统写出时，对方告知的签名公钥")] = "",
    json: AsJson = False,
) -> None:
    """核对年度归档目录：签名，以及目录里的每个办件和它的归档内容还是当时的样子。发现问题时退出码为 1。"""
    from foundation import schemas
    from tenants.casework.queries.archived_years import faults_of_year

    hall = _hall(code)
    with schemas.enter(hall.schema_name):
        count, faults = faults_of_year(hall, file, public_key=public_key)
    said = f"发现 {len(faults)} 处问题。" if faults else f"{count:,} 件都与目录一致。"
    shown = {"cases": count, "faults": faults if json else "；".join(faults)}
    answer(shown, json, columns={"faults": "问题"} if faults else {"cases": "办件"}, sentence=said)
    if faults:
        raise typer.Exit(REFUSED)


def _say_how_far(done: int) -> None:
    if done % 500 == 0:
        typer.echo(f"已归档 {done:,} 件", err=True)


def _hall(code: str) -> "Hall":
    from foundation.errors import NotFound
    from province.halls.queries import hall_with_code
    from tenants.shell.queries.apps import absent_apps

    hall = hall_with_code(code)
    if "casework" in absent_apps(hall.kind):
        message = f"{hall.name}不收办件。"
        raise NotFound(message)
    return hall
