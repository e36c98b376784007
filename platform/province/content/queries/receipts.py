"""The receipt of a proof as a signed PDF, and what is said of one that somebody brings."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from foundation.paper.checking import check_paper
from foundation.paper.signing import public_key_of, sign_paper
from foundation.paper.writing import PaperTable, write_paper
from province.audit.queries.keys import audit_keys
from province.content.models import PushProof
from province.content.queries.desks import at_desks_of
from province.content.queries.pushes import ProofLine, ProofSummary, proof_summary
from province.content.states import Outcome
from province.rights.actors import Actor

# a reader turns so many pages; the table as a file has all, under the same digest
LISTED = 1_000
_MARK = "yizhan-proof"
_METHOD = "以读者身份访问每个服务厅网站的稿件页、首页、栏目页、订阅源和站内搜索，逐一比对。"


@dataclass(frozen=True, slots=True)
class CheckedReceipt:
    """``fault``: why it is not to be believed ("": it is). ``proof``: which it is of, where the actor may read that."""

    fault: str
    proof: PushProof | None = None
    summary: ProofSummary | None = None


def receipt_paper(proof: PushProof) -> bytes:
    """The receipt as a PDF, signed. Of a proof that was changed it says so, in its first words."""
    summary = proof_summary(proof)
    version = proof.push.version
    until = timezone.localtime(summary.finished_at).strftime("%H:%M:%S") if summary.finished_at else "未完成"
    facts = [
        *([("警告", summary.fault)] if summary.fault else []),
        ("标题", f"{version.title}（第 {version.number} 版）"),
        ("推稿编号", str(proof.push_id)),
        ("核验编号", str(proof.pk)),
        ("应为", summary.expects_label),
        ("结论", summary.sentence),
        ("查看方", f"{summary.vantage_label}{f'（{summary.looker_name}）' if summary.looker_name else ''}"),
        ("途径", summary.way),
        ("方法", _METHOD),
        ("时间", f"{timezone.localtime(summary.started_at):%Y年%m月%d日 %H:%M:%S} 至 {until}"),
        ("封存摘要", f"SM3 {summary.seal}" if summary.seal else "尚未完成，未封存"),
    ]
    content = write_paper(
        title=f"{settings.PROVINCE_NAME}推稿核验回执",
        facts=facts,
        tables=_tables(summary),
        ends=f"封存摘要是对全部 {summary.expected:,} 行核验记录逐批计算的 SM3 摘要，同时记入平台的审计链。"
        f"这份文件带有电子签名，签名公钥 {receipt_key()}。"
        "到平台的“核对回执”页上传这份文件，可以核对它是否被改动。",
        marks=f"{_MARK} {proof.pk} {summary.seal or '-'}",
    )
    return sign_paper(
        content, seed=audit_keys().receipts, signer=f"{settings.PROVINCE_NAME} 一站", reason="推稿核验回执"
    )


def receipt_key() -> str:
    """The public key of all receipts (P-256, uncompressed, hexadecimal digits)."""
    return public_key_of(audit_keys().receipts)


def checked_receipt(by: Actor, content: bytes) -> CheckedReceipt:
    """Whether the file is, unchanged, a receipt of ours, and still says what is kept. Raises Invalid for what takes too
    much to read."""
    paper = check_paper(content, public_key=receipt_key())
    if paper.fault:
        return CheckedReceipt(paper.fault)
    mark, key, seal = (*paper.marks.split(), "", "", "")[:3]
    if mark != _MARK:
        return CheckedReceipt("签名正确，但不是核验回执。")
    reached = at_desks_of(by, "content.read", desk="push__desk_prefix", text="push__version__manuscript__")
    proof = PushProof.objects.filter(reached, pk=UUID(key)).select_related("push__version").first()
    if proof is None:
        return CheckedReceipt("签名正确，但这里没有这次核验，或不在您的岗位范围内。")
    summary = proof_summary(proof)
    if summary.fault:
        return CheckedReceipt(f"回执没有改动，但平台保存的记录有问题：{summary.fault}", proof, summary)
    if seal not in {summary.seal, "-"}:
        return CheckedReceipt("回执没有改动，但与平台保存的封存摘要不符。", proof, summary)
    return CheckedReceipt("", proof, summary)


def _tables(summary: ProofSummary) -> Iterator[PaperTable]:
    counties = [
        (one.name or "市本级", f"{one.expected:,}", f"{one.right:,}", f"{one.wrong:,}", f"{one.unreachable:,}")
        for one in summary.counties
    ]
    yield PaperTable("分县情况", ("县（市、区）", "应核验", "正确", "不符", "无法访问"), (4, 2, 2, 2, 2), counties)
    if summary.expected <= LISTED:
        yield PaperTable("逐站结果", _HEADINGS, _WIDTHS, map(_row, summary.lines))
        return
    wrong = [one for one in summary.lines if one.outcome in {Outcome.WRONG, Outcome.UNREACHABLE}]
    title = f"与应有结果不符的网站（{len(wrong):,} 个，列出前 {LISTED:,} 个；全部结果见 CSV 或 Excel）"
    yield PaperTable(title, _HEADINGS, _WIDTHS, map(_row, wrong[:LISTED]))


_HEADINGS, _WIDTHS = ("区划代码", "服务厅", "结果", "状态", "看到的内容"), (3, 5, 2, 1.4, 6)


def _row(line: ProofLine) -> tuple[str, ...]:
    return line.code, line.name, line.outcome_label, str(line.status or "—"), line.seen
