"""Commands of ``yizhan audit``."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from config.cli.frame import REFUSED
from config.cli.output import ActingAs, AsJson, actor_named, answer

if TYPE_CHECKING:
    from province.audit.queries.verification import AuditFault, AuditReport

app = typer.Typer(no_args_is_help=True)

HallCode = Annotated[str | None, typer.Option("--hall", metavar="区划代码", help="只办这一个服务厅的链")]
_COLUMNS = {
    "chain": "链",
    "position": "位置",
    "entry_id": "记录编号",
    "at": "时间",
    "what": "记录所述",
    "fault": "问题",
}
# more than anybody reads on a screen; JSON has all
_PRINTED = 100


@app.command("export")
def export(
    path: Annotated[Path, typer.Argument(metavar="文件", dir_okay=False)],
    *,
    hall: HallCode = None,
    json: AsJson = False,
    acting_as: ActingAs = None,
) -> None:
    """把审计记录连同链、封存和签名导出为文件（每行一条 JSON）。"""
    from province.audit.queries.keys import audit_keys
    from province.console.operations.audit import export_chain
    from province.halls.queries import hall_with_code

    one = hall_with_code(hall) if hall else None
    count = export_chain(by=actor_named(acting_as), path=path, hall_id=one.pk if one else None)
    facts = {"records": count, "path": str(path), "public_key": audit_keys().signing.public.hex()}
    answer(facts, json, columns={"public_key": "签名公钥"}, sentence=f"已导出 {count:,} 条到 {path}。")


@app.command("verify")
def check(
    path: Annotated[
        Path | None, typer.Argument(metavar="文件", exists=True, dir_okay=False, readable=True, help="不填则核对数据库")
    ] = None,
    *,
    hall: HallCode = None,
    public_key: Annotated[str, typer.Option(metavar="公钥", help="文件由另一套系统写出时，对方告知的签名公钥")] = "",
    json: AsJson = False,
) -> None:
    """核对审计链：找出改动、删除、插入、调换和缺失，指出是哪一条。发现问题时退出码为 1。"""
    from province.audit.queries.files import verify_file
    from province.halls.queries import hall_with_code

    if path and hall:
        raise typer.BadParameter("", param_hint="--hall")
    with _quiet():
        if path:
            found = verify_file(path, public_key=public_key)
            report, notes = found.report, _notes(found.name, found.written_at, is_key_known=found.is_key_known)
        else:
            report, notes = _verify_database(hall_with_code(hall).pk if hall else None)
    names = {} if path else _names(report.faults)
    lines = [_line(fault, names) for fault in report.faults]
    if json:
        answer(asdict(report) | {"faults": lines, "notes": notes}, json)
    else:
        _print(report, lines, notes)
    if lines:
        raise typer.Exit(REFUSED)


def _verify_database(chain_id: UUID | None) -> "tuple[AuditReport, list[str]]":
    from province.audit.queries.keys import audit_keys
    from province.audit.queries.records import one_moment, records
    from province.audit.queries.verification import verify
    from province.audit.queries.witness import witnesses

    keys = audit_keys()
    # first what was seen outside: what is sealed meanwhile is not missing
    outside = list(witnesses()) if chain_id is None else []
    with one_moment():
        stream = records(chain_id)
        report = verify(
            stream,
            keys=keys,
            public_key=keys.signing.public.hex(),
            is_whole=chain_id is None,
            witnesses=outside,
        )
    gone = [one.name for one in outside if one.seals is None]
    return report, [f"{name}不存在或无法读取，整个审计被换回以前的样子时看不出来。" for name in gone]


def _notes(name: str, written_at: str, *, is_key_known: bool) -> list[str]:
    notes = [f"文件写出于 {_time(written_at)}，{f'是“{name}”的链' if name else '包括全部的链'}。"]
    if not is_key_known:
        notes.append("写出文件的密钥不在本机，只核对了链和签名；签名公钥取自文件本身，请与对方核对（--public-key）。")
    return notes


def _outside_halls() -> dict[str, str]:
    from province.audit.models import CENSUS, DAYS, PROVINCE

    return {str(PROVINCE): "省级", str(DAYS): "封存", str(CENSUS): "链的总数", "": "—"}


def _names(faults: "list[AuditFault]") -> dict[str, str]:
    from province.halls.models import Hall

    ids = {fault.chain_id for fault in faults} - _outside_halls().keys()
    halls = Hall.objects.filter(pk__in=[one for one in ids if _is_uuid(one)])
    return {str(hall.pk): hall.name for hall in halls}


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _line(fault: "AuditFault", names: dict[str, str]) -> dict[str, object]:
    chain = _outside_halls().get(fault.chain_id) or names.get(fault.chain_id, fault.chain_id)
    return asdict(fault) | {"chain": chain, "at": _time(fault.at)}


def _time(text: str) -> str:
    from django.utils import timezone

    try:
        return timezone.localtime(datetime.fromisoformat(text)).strftime("%Y-%m-%d %H:%M:%S")
    except ValueError:
        return text


def _print(report: "AuditReport", lines: list[dict[str, object]], notes: list[str]) -> None:
    for note in notes:
        typer.echo(note)
    checked = f"核对了 {report.chains:,} 条链、{report.entries:,} 条记录、{report.days:,} 次封存"
    waiting = f"，另有 {report.waiting:,} 条正在上链" if report.waiting else ""
    if not lines:
        typer.echo(f"{checked}{waiting}。没有发现问题。")
        return
    answer(lines[:_PRINTED], json=False, columns=_COLUMNS)
    more = f"（列出前 {_PRINTED} 处，全部见 --json）" if len(lines) > _PRINTED else ""
    typer.echo(f"{checked}{waiting}。发现 {len(lines):,} 处问题{more}。处理办法见 docs/runbooks/audit.md。", err=True)


@contextmanager
def _quiet() -> Iterator[None]:
    """The library behind SM2 writes lines of its own to stderr where a signature is wrong."""
    kept = os.dup(2)
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - a device
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
