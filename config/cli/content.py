"""Commands of ``yizhan content``."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from config.cli.frame import REFUSED
from config.cli.output import ActingAs, AsJson, actor_named, answer
from foundation.errors import Conflict, Invalid, NotFound

if TYPE_CHECKING:
    from province.content.models import ManuscriptVersion, Push, PushProof
    from province.rights.actors import Actor

app = typer.Typer(no_args_is_help=True)

# as the models have them (a test compares); to ask the models would be to wait for Django
WithdrawalName = Literal["gone", "redirect", "notice", "vanish", "substitute"]
PushStateName = Literal["scheduled", "live", "withdrawn", "expired", "stopped"]

PushId = Annotated[UUID, typer.Argument(metavar="PUSH", help="推稿编号")]
TextId = Annotated[UUID, typer.Argument(metavar="ID", help="稿件或稿件版本的编号")]

_PUSH_COLUMNS = {
    "id": "编号",
    "title": "标题",
    "state_label": "状态",
    "column": "栏目",
    "mode_label": "方式",
    "starts_at": "开始",
    "expires_at": "到期",
    "withdrawal_label": "撤稿方式",
    "withdrawal_reason": "撤稿原因",
    "created_by_name": "推送人",
}


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="Markdown 或 HTML 文件")],
    *,
    desk: Annotated[str, typer.Option(metavar="CODE", help="编辑部的区划代码前缀；不填则为自己的编辑部")] = "",
    json: AsJson = False,
    acting_as: ActingAs = None,
) -> None:
    """把文件导入为稿件草稿。"""
    from province.content.operations.imports import import_manuscript

    by = actor_named(acting_as)
    made = import_manuscript(by=by, desk_prefix=desk or _own_desk(by), name=file.name, text=file.read_bytes())
    facts = {"id": str(made.pk), "title": made.title, "desk": made.desk_prefix}
    answer(facts, json, columns={"id": "编号", "title": "标题"}, sentence="已导入。")


@app.command()
def approve(text: TextId, *, json: AsJson = False, acting_as: ActingAs = None) -> None:
    """办理稿件当前待办的审核；草稿先提交。"""
    from django.db import transaction

    from province.content.operations.reviews import approve_version
    from province.content.states import OPEN_REVIEWS, ReviewState

    by = actor_named(acting_as)
    with transaction.atomic():
        version = _under_review(by, text)
        if version.state in OPEN_REVIEWS:
            version = approve_version(by=by, version=version)
    label = ReviewState(version.state).label
    facts = {
        "id": str(version.manuscript_id),
        "version": str(version.pk),
        "number": version.number,
        "state": version.state,
    }
    answer(
        facts, json, columns={"version": "版本编号"}, sentence=f"《{version.title}》第 {version.number} 版：{label}。"
    )


@app.command()
def push(
    text: TextId,
    *,
    to: Annotated[list[str], typer.Option(metavar="CODE", help="推送到这个区划及其下级；可重复")],
    excluded: Annotated[list[str] | None, typer.Option("--except", metavar="CODE", help="排除这个区划；可重复")] = None,
    column: Annotated[str, typer.Option(metavar="NAME", help="栏目代码")] = "news",
    offered: Annotated[bool, typer.Option("--offered", help="推荐给服务厅，由编辑决定是否采用")] = False,
    message: Annotated[bool, typer.Option("--message", help="同时给订阅的读者发 App 消息")] = False,
    json: AsJson = False,
    acting_as: ActingAs = None,
) -> None:
    """把已通过三审的稿件推送到服务厅。"""
    from province.content.operations.pushes import push_version
    from province.content.queries.audiences import audience_of_codes, audience_preview
    from province.content.states import PushMode

    by = actor_named(acting_as)
    made = push_version(
        by=by,
        version=_version_to_push(by, text),
        audience=(audience := audience_of_codes(to, excluded or [])),
        column=column,
        mode=PushMode.OFFERED if offered else PushMode.DIRECT,
        sends_message=message,
    )
    preview = audience_preview(audience, push=made)
    counts = {
        "total": preview.total,
        "shown": preview.shown,
        "suspended": preview.suspended_count,
        "declined": preview.declined_count,
        "not_open": preview.not_open_count,
        "no_column": preview.no_column_count,
        "excluded": preview.excluded_count,
    }
    facts = {"id": str(made.pk), "state": made.state, **counts, "sentence": preview.sentence}
    answer(facts, json, columns={"id": "推稿编号"}, sentence=f"已推送，{preview.sentence}。")


@app.command()
def withdraw(
    push_id: PushId,
    *,
    kind: Annotated[WithdrawalName, typer.Option(help="撤稿方式")],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="撤稿原因")],
    redirect_url: Annotated[str, typer.Option("--url", metavar="URL", help="转到的地址（redirect）")] = "",
    substitute: Annotated[UUID | None, typer.Option(metavar="ID", help="替换用的稿件或版本（substitute）")] = None,
    json: AsJson = False,
    acting_as: ActingAs = None,
) -> None:
    """立即撤稿。"""
    from province.content.operations.pushes import withdraw_push
    from province.content.queries.pushes import push_at_desk
    from province.content.states import WithdrawalKind

    by = actor_named(acting_as)
    withdrawn = withdraw_push(
        by=by,
        push=push_at_desk(by, push_id),
        kind=WithdrawalKind(kind),
        reason=reason,
        redirect_url=redirect_url,
        substitute=_version_to_push(by, substitute) if substitute else None,
    )
    _answer_push(withdrawn, json, f"已撤稿：{WithdrawalKind(withdrawn.withdrawal_kind).label}。")


@app.command()
def restore(push_id: PushId, *, json: AsJson = False, acting_as: ActingAs = None) -> None:
    """撤销撤稿，恢复显示。"""
    from province.content.operations.pushes import restore_push
    from province.content.queries.pushes import push_at_desk

    by = actor_named(acting_as)
    _answer_push(restore_push(by=by, push=push_at_desk(by, push_id)), json, "已恢复显示。")


@app.command()
def stop(push_id: PushId, *, json: AsJson = False, acting_as: ActingAs = None) -> None:
    """取消尚未开始的定时推稿。"""
    from province.content.operations.pushes import stop_push
    from province.content.queries.pushes import push_at_desk

    by = actor_named(acting_as)
    _answer_push(stop_push(by=by, push=push_at_desk(by, push_id)), json, "已取消定时。")


@app.command()
def resume(push_id: PushId, *, json: AsJson = False, acting_as: ActingAs = None) -> None:
    """恢复已取消的定时推稿。"""
    from province.content.operations.pushes import resume_push
    from province.content.queries.pushes import push_at_desk

    by = actor_named(acting_as)
    _answer_push(resume_push(by=by, push=push_at_desk(by, push_id)), json, "已恢复定时。")


@app.command("list")
def list_pushes(
    *,
    state: Annotated[PushStateName | None, typer.Option(help="只列出这种状态")] = None,
    search: Annotated[str, typer.Option(metavar="TEXT", help="标题中的文字")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    json: AsJson = False,
    acting_as: ActingAs = None,
) -> None:
    """列出推稿，最新的在前。"""
    from province.content.queries.pushes import pushes_at_desk

    found = pushes_at_desk(actor_named(acting_as), state=state or "", search=search)[:limit]
    columns = {name: _PUSH_COLUMNS[name] for name in ("id", "title", "state_label", "column", "created_by_name")}
    answer([_facts(one) for one in found], json, columns=columns)


@app.command()
def show(push_id: PushId, *, json: AsJson = False, acting_as: ActingAs = None) -> None:
    """显示一次推稿和它的全部经过。"""
    from province.content.queries.pushes import push_at_desk, push_history

    found = push_at_desk(actor_named(acting_as), push_id)
    history = [asdict(line) for line in push_history(found)]
    if json:
        answer(_facts(found) | {"history": history}, json)
        return
    answer(_facts(found), json, columns=_PUSH_COLUMNS)
    answer(
        history, json, columns={"at": "时间", "label": "操作", "actor_name": "办理人", "reason": "原因"}, title="经过"
    )


@app.command()
def verify(push_id: PushId, *, json: AsJson = False, acting_as: ActingAs = None) -> None:
    """像读者一样访问每个服务厅的网站，核验推稿或撤稿是否生效。"""
    from province.content.queries.pushes import proof_summary, push_at_desk

    proof = _verified(push_at_desk(actor_named(acting_as), push_id), is_quiet=json)
    summary = proof_summary(proof)
    halls = [asdict(line) for line in summary.lines]
    if json:
        counts = {name: getattr(summary, name) for name in ("expected", "right", "wrong", "unreachable", "seal", "way")}
        answer({"push": str(push_id), "turn": proof.turn, "expects": proof.expects, **counts, "halls": halls}, json)
        return
    columns = {"code": "区划代码", "name": "服务厅", "outcome_label": "结果", "seen": "看到的"}
    sentence = f"应看到“{summary.expects_label}”。{summary.sentence}。{summary.way}。"
    if exceptions := [line for line in halls if line["outcome"] != "right"]:
        answer(exceptions, json, columns=columns, sentence=sentence)
    else:
        answer({}, json, sentence=sentence)


@app.command()
def proofs(push_id: PushId, *, json: AsJson = False, acting_as: ActingAs = None) -> None:
    """列出一次推稿的全部核验，逐一核对封存：有改动时返回 1。"""
    from province.content.queries.pushes import proof_summary, proofs_of, push_at_desk

    columns = {
        "started_at": "开始",
        "vantage_label": "查看方",
        "expects_label": "应为",
        "sentence": "结果",
        "seal": "封存摘要（SM3）",
        "fault": "核对",
    }
    found = [proof_summary(one) for one in proofs_of(push_at_desk(actor_named(acting_as), push_id))]
    names = ("id", "turn", "vantage", "looker_name", "expected", "right", "wrong", "unreachable", *columns)
    rows = [{name: getattr(one, name) for name in names} for one in found]
    if not json:
        rows = [row | {"fault": row["fault"] or "一致"} for row in rows]
    answer(rows, json, columns=columns)
    if any(one.fault for one in found):
        raise typer.Exit(REFUSED)


@app.command()
def receipt(
    push_id: PushId,
    file: Annotated[Path, typer.Argument(metavar="FILE", dir_okay=False, help="写到这个 PDF 文件")],
    *,
    json: AsJson = False,
    acting_as: ActingAs = None,
) -> None:
    """把最近一次核验的回执写成带签名的 PDF。"""
    from province.content.queries.pushes import latest_proof, push_at_desk
    from province.content.queries.receipts import receipt_key, receipt_paper

    proof = latest_proof(push_at_desk(actor_named(acting_as), push_id))
    if proof is None:
        raise NotFound("这次推稿还没有核验记录。")
    file.write_bytes(receipt_paper(proof))
    facts = {"proof": str(proof.pk), "path": str(file), "public_key": receipt_key()}
    answer(facts, json, columns={"public_key": "签名公钥"}, sentence=f"回执已写到 {file}。")


@app.command("check-receipt")
def check_receipt(
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, readable=True)],
    *,
    json: AsJson = False,
    acting_as: ActingAs = None,
) -> None:
    """核对一份 PDF 回执：是否本平台开具、有没有改动、与保存的核验记录是否一致；不一致时返回 1。"""
    from province.content.queries.receipts import checked_receipt

    found = checked_receipt(actor_named(acting_as), file.read_bytes())
    if found.fault:
        raise Conflict(found.fault)
    facts = {
        "proof": str(found.proof.pk) if found.proof else "",
        "result": found.summary.sentence if found.summary else "",
    }
    answer(
        facts, json, columns={"proof": "核验编号", "result": "结论"}, sentence="回执没有改动，与保存的核验记录一致。"
    )


def _verified(push: "Push", *, is_quiet: bool) -> "PushProof":
    """Progress goes to stderr, so that the answer can be piped."""
    from province.content.models import PushProof
    from province.content.operations.proofs import verify_push_now
    from province.content.queries.pushes import proof_summary

    columns = (TextColumn("核验"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), disable=is_quiet, transient=True) as progress:
        task = progress.add_task("", total=None)

        def report(proof: PushProof) -> None:
            summary = proof_summary(proof)
            progress.update(task, total=summary.expected, completed=summary.expected - summary.waiting)

        return verify_push_now(push, report)


def _own_desk(by: "Actor") -> str:
    from django.conf import settings

    from province.content.queries.desks import desks_of

    if by.id is None:
        return settings.PROVINCE_CODE
    if desks := desks_of(by):
        return desks[0].prefix
    raise Invalid("这个账号没有自己的编辑部，请用 --desk 指定。")


def _under_review(by: "Actor", text_id: UUID) -> "ManuscriptVersion":
    """The named version, or the manuscript's latest; a draft that was changed since is submitted first."""
    from province.content.models import Manuscript
    from province.content.operations.manuscripts import submit_manuscript
    from province.content.queries.manuscripts import manuscript_at_desk
    from province.content.queries.reviews import version_at_desk
    from province.content.states import OPEN_REVIEWS, ReviewState

    if not Manuscript.objects.filter(pk=text_id).exists():
        return version_at_desk(by, text_id)
    manuscript = manuscript_at_desk(by, text_id)
    latest = manuscript.versions.order_by("-number").first()
    if latest is not None and latest.state in {*OPEN_REVIEWS, ReviewState.APPROVED}:
        is_changed = manuscript.edited_at is not None and manuscript.edited_at > latest.created_at
        if latest.state in OPEN_REVIEWS or not is_changed:
            return latest
    return submit_manuscript(by=by, manuscript=manuscript)


def _version_to_push(by: "Actor", text_id: UUID) -> "ManuscriptVersion":
    """The named version, or the manuscript's latest approved one."""
    from province.content.models import Manuscript
    from province.content.queries.manuscripts import approved_version, manuscript_at_desk
    from province.content.queries.reviews import version_at_desk

    if not Manuscript.objects.filter(pk=text_id).exists():
        return version_at_desk(by, text_id)
    version = approved_version(manuscript_at_desk(by, text_id))
    if version is None:
        raise Conflict("这篇稿件还没有通过三审的版本，请先审核。")
    return version


def _answer_push(push: "Push", json: bool, sentence: str) -> None:  # noqa: FBT001 - passed on to ``answer``
    columns = {name: _PUSH_COLUMNS[name] for name in ("id", "title", "state_label")}
    answer(_facts(push), json, columns=columns, sentence=sentence)


def _facts(push: "Push") -> dict[str, Any]:
    from province.content.states import PushMode, PushState, WithdrawalKind

    kind = push.withdrawal_kind
    return {
        "id": str(push.pk),
        "title": push.version.title,
        "version": str(push.version_id),
        "shown": str(push.shown_id),
        "state": push.state,
        "state_label": PushState(push.state).label,
        "column": push.column,
        "mode": push.mode,
        "mode_label": PushMode(push.mode).label,
        "turn": push.turn,
        "starts_at": push.starts_at,
        "expires_at": push.expires_at,
        "published_at": push.published_at,
        "withdrawal_kind": kind,
        "withdrawal_label": WithdrawalKind(kind).label if kind else None,
        "withdrawal_reason": push.withdrawal_reason,
        "created_by_name": push.created_by_name,
    }
