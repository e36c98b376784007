"""Commands of ``yizhan cases``: what halls hand out of their cases, and what is counted of them."""

from pathlib import Path
from typing import Annotated

import typer

from config.cli.output import ActingAs, AsJson, actor_named, answer

app = typer.Typer(no_args_is_help=True)


@app.command("export")
def export(
    code: Annotated[str, typer.Argument(metavar="区划代码")],
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
    from foundation.errors import Invalid, NotFound
    from province.halls.queries import hall_with_code
    from standards.cases import write_case_json, write_case_xml
    from tenants.casework.operations.exchange import MOST_EXPORTED, export_cases
    from tenants.casework.queries.records import picked_cases
    from tenants.shell.queries.apps import absent_apps
    from tenants.shell.slots import Desk

    writer = {".xml": write_case_xml, ".json": write_case_json}.get(file.suffix)
    if writer is None:
        raise Invalid("文件名请以 .xml 或者 .json 结尾。")
    by, hall = actor_named(acting_as), hall_with_code(code)
    if "casework" in absent_apps(hall.kind):
        message = f"{hall.name}不收办件。"
        raise NotFound(message)
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
