"""Commands of ``yizhan catalogue``."""

import time
from collections.abc import Iterable
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from config.cli.frame import REFUSED
from config.cli.output import ActingAs, AsJson, actor_named, answer
from foundation.errors import Invalid

if TYPE_CHECKING:
    from province.halls.models import Hall
    from province.rights.actors import Actor

type HallCode = Annotated[str, typer.Option("--hall", metavar="区划代码", help="服务厅的 12 位代码；不填是省级目录")]

app = typer.Typer(no_args_is_help=True)

_FINDINGS = {"department": "主管部门", "name": "事项", "label": "发现", "message": "说明"}
_LINES = {"place": "位置", "basic_code": "基本编码", "name": "事项", "kind": "情况", "message": "说明"}
_PAUSE = 0.2  # seconds
_COLUMNS = {"department": "主管部门", "added": "新载入", "published": "已公布", "known": "已有"}
_PUBLISHES = typer.Option("--publish", help="内容齐全的立即公布，标为样例；不给这个选项时全部作为草稿。")


@app.callback()
def _root() -> None:
    """The callback makes this a group, whatever the number of its commands."""


@app.command("load-base")
def load_base(
    *, publish: Annotated[bool, _PUBLISHES] = False, json: AsJson = False, acting_as: ActingAs = None
) -> None:
    """载入基础清单（须经省级主管部门核对）。可重复执行，中断后接着载入；已有的事项不会改动。"""
    from province.catalogue.operations import load_base_list

    loads = [asdict(one) for one in load_base_list(by=actor_named(acting_as), publishes=publish)]
    added, published, known = (sum(one[name] for one in loads) for name in ("added", "published", "known"))
    sentence = f"新载入 {added:,} 个事项，其中公布 {published:,} 个，其余是草稿；已有 {known:,} 个。"
    answer(loads, json, columns=_COLUMNS, sentence=sentence)


@app.command("audit")
def audit(
    *,
    base_list: Annotated[bool, typer.Option("--base-list", help="查基础清单的文件，不查数据库")] = False,
    json: AsJson = False,
    acting_as: ActingAs = None,
) -> None:
    """事项体检：查依据废止或改名、条款、层级、类型、雷同文字。有问题时以 1 退出，只有提示时以 0 退出。"""
    from province.catalogue.queries.item_audits import base_list_audit, item_audit_of

    lines = base_list_audit() if base_list else item_audit_of(actor_named(acting_as))
    faults = sum(not line.is_hint for line in lines)
    sentence = f"发现 {faults:,} 个问题、{len(lines) - faults:,} 条提示。" if lines else "没有发现问题。"
    answer(lines, json, columns=_FINDINGS, sentence=sentence)
    if faults:
        raise typer.Exit(1)


@app.command("export")
def export_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", dir_okay=False, help="写到哪里；已有的文件会被替换")],
    *,
    kind: Annotated[str, typer.Option("--format", help="tables、forms、json 可以改后导入")] = "national-xml",
    hall: HallCode = "",
    leave_out: Annotated[bool, typer.Option("--leave-out", help="国家交换格式：不含不符合架构的事项")] = False,
    acting_as: ActingAs = None,
) -> None:
    """导出事项；带 --hall 时导出这个服务厅的实施清单（national-xml、national-json 或 workbook）。"""
    from foundation import schemas

    by = actor_named(acting_as)
    if hall:
        found = _hall_of(by, hall)
        with schemas.enter(found.schema_name):
            if not (pieces := _guides_as(kind, leave_out)):
                raise Invalid("服务厅的实施清单可以导出为 national-xml、national-json 或 workbook。")
            _write(file, pieces)
    else:
        if not (pieces := _items_as(by, kind, leave_out)):
            raise Invalid("事项可以导出为 national-xml、national-json、tables、forms 或 json。")
        _write(file, pieces)
    Console().print(f"已写到 {file}。")


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="xlsx、json 或 xml 文件")],
    *,
    hall: HallCode = "",
    confirm: Annotated[bool, typer.Option("--confirm", help="看过预览，确认写入草稿；不给这个选项时只预览")] = False,
    json: AsJson = False,
    acting_as: ActingAs = None,
) -> None:
    """导入事项或（带 --hall）实施清单到草稿，须用 --as 指明账号。先逐项核对；有问题时以 1 退出。"""
    by = actor_named(acting_as)
    lines, faults = _guides_in(by, hall, file, confirm) if hall else _items_in(by, file, confirm)
    rows = [
        {
            "place": line.place,
            "basic_code": line.basic_code,
            "name": line.name,
            "kind": line.get_state_display() if line.state != "waiting" else line.get_kind_display(),
            "message": "；".join([*(said for _, said in line.faults), *filter(None, [line.refusal]), *line.changes]),
        }
        for line in lines
    ]
    rows += [{"place": "", "basic_code": "", "name": "", "kind": "问题", "message": message} for _, message in faults]
    wrong = sum(line.kind == "faulty" or line.state == "refused" for line in lines) + len(faults)
    done = sum(line.state == "written" for line in lines)
    ending = f"，写入 {done:,} 项。" if confirm else "；没有写入。"
    sentence = f"{len(lines):,} 项，{wrong:,} 处有问题{ending}"
    answer(rows, json, columns=_LINES, sentence=sentence)
    if wrong:
        raise typer.Exit(REFUSED)


@app.command("schema")
def show_schema(name: Annotated[str, typer.Argument(metavar="NAME", help="如 up-task.xsd")]) -> None:
    """输出一种格式的架构（XML Schema 或 JSON Schema）。"""
    from standards.items.exchange import offered_schema

    typer.echo(offered_schema(name), nl=False)


def _hall_of(by: "Actor", code: str) -> "Hall":
    from province.halls.queries import hall_with_code
    from province.rights.queries import require

    found = hall_with_code(code)
    require(by, "services.adopt", hall_id=found.pk)
    return found


def _items_as(by: "Actor", kind: str, leave_out: bool) -> Iterable[bytes] | None:  # noqa: FBT001 - of one command
    from province.catalogue.queries.drafts import drafts_as_files
    from province.catalogue.queries.national import reported_items
    from standards.items.exchange import national_file, write_forms, write_json, write_tables

    if kind.startswith("national-"):
        return national_file(reported_items(by, {}), kind=kind.removeprefix("national-"), leaves_out=leave_out)
    if kind == "json":
        return write_json(drafts_as_files(by, {}))
    if kind in {"tables", "forms"}:
        out = BytesIO()
        _ = (write_tables if kind == "tables" else write_forms)(drafts_as_files(by, {}), out)
        return [out.getvalue()]
    return None


def _guides_as(kind: str, leave_out: bool) -> Iterable[bytes] | None:  # noqa: FBT001 - of one command
    from standards.items.exchange import national_file, write_guides
    from tenants.services.queries.exchange import guide_lines, reported_guides

    if kind.startswith("national-"):
        return national_file(reported_guides(), kind=kind.removeprefix("national-"), leaves_out=leave_out)
    if kind == "workbook":
        out = BytesIO()
        write_guides(guide_lines(), out)
        return [out.getvalue()]
    return None


def _items_in(by: "Actor", file: Path, confirm: bool) -> tuple[list[Any], list[Any]]:  # noqa: FBT001 - of one command
    from province.catalogue.operations import import_items, upload_items
    from province.catalogue.operations.imports import carry_on_import
    from province.catalogue.queries.imports import import_figures, import_lines
    from province.catalogue.states import ImportState

    with file.open("rb") as content:
        upload = upload_items(by=by, name=file.name, file=content)

    def settled() -> None:
        # a worker may have begun with it: then it ends it
        while upload.state in {ImportState.READING, ImportState.IMPORTING}:
            carry_on_import(import_id=upload.pk)
            upload.refresh_from_db()
            time.sleep(_PAUSE)

    settled()
    if upload.state == ImportState.UNREADABLE:
        raise Invalid(upload.refusal)
    if confirm and import_figures(upload).total:
        import_items(by=by, upload=upload)
        upload.refresh_from_db()
        settled()
    return list(import_lines(upload)), upload.faults


def _guides_in(by: "Actor", code: str, file: Path, confirm: bool) -> tuple[list[Any], list[Any]]:  # noqa: FBT001 - of one command
    from foundation import schemas
    from tenants.services.operations.guide_imports import import_guides, upload_guides
    from tenants.services.queries.guide_imports import guide_import_figures, guide_import_lines

    hall = _hall_of(by, code)
    with schemas.enter(hall.schema_name), file.open("rb") as content:
        upload = upload_guides(by=by, hall=hall, name=file.name, file=content)
        if confirm and guide_import_figures(upload).total:
            upload = import_guides(by=by, hall=hall, import_id=upload.pk)
        return list(guide_import_lines(upload)), upload.faults


def _write(file: Path, pieces: Iterable[bytes]) -> None:
    """Whole or not at all: what stood there stays until the new file is complete."""
    beside = file.with_name(f"{file.name}.part")
    with beside.open("wb") as out:
        out.writelines(pieces)
    beside.replace(file)
