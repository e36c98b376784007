"""The proof of a push: filling up, as a receipt to take away, and a receipt that somebody brings back."""

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from foundation.errors import DomainError, NotFound
from foundation.exports import EXPORT_FORMATS, export_file, export_table
from province.console.access import actor_of_request
from province.content.forms import ReceiptForm
from province.content.operations.proofs import start_proof
from province.content.queries.pushes import ProofLine, proof_cards, proof_summary, proofs_of, push_at_desk
from province.content.queries.receipts import checked_receipt, receipt_key, receipt_paper
from province.rights.queries import may

_HEADINGS = (
    *("区划代码", "服务厅", "所在县（市、区）", "访问地址", "核验结果", "看到的内容"),
    *("各处状态", "稿件页摘要（SM3）", "查看时间"),
)


@require_http_methods(["GET", "POST"])
def progress(request: HttpRequest, push_id: UUID) -> HttpResponse:
    """The card alone, which asks again until the proof is finished; POST looks at every site once more."""
    by = actor_of_request(request, "content.read")
    push = push_at_desk(by, push_id)
    if request.method == "POST":
        start_proof(by=by, push=push)
        messages.success(request, "已开始重新核验。")
        return redirect("console-push", push_id=push_id)
    may_push = may(by, "content.push", prefix=push.desk_prefix)
    context = {"push": push, "may_push": may_push, **proof_cards(push)}
    return render(request, "content/push_result.html#proof", context)


@require_GET
def receipt(request: HttpRequest, push_id: UUID) -> HttpResponse:
    """Every hall and what was seen there: on paper, as a signed PDF, as CSV, or as Excel. ``proof``: which one, the
    newest from inside if left out."""
    by = actor_of_request(request, "content.read")
    push = push_at_desk(by, push_id)
    proofs = proofs_of(push)
    asked = request.GET.get("proof", "")
    proof = next((one for one in proofs if (str(one.pk) == asked if asked else one.is_from_inside)), None)
    if proof is None:
        raise NotFound("没有这次核验记录。")
    name = f"核验回执-{push.version.title[:20]}-{timezone.localtime(proof.started_at):%Y%m%d%H%M}"
    kind = request.GET.get("format")
    if kind == "pdf":
        return export_file("pdf", name, receipt_paper(proof))
    summary = proof_summary(proof)
    if kind in EXPORT_FORMATS:
        return export_table(kind, name, _HEADINGS, _table(summary.lines))
    context = {"push": push, "proof": summary, "proofs": proofs, "province": settings.PROVINCE_NAME}
    return render(request, "content/receipt.html", context)


@require_http_methods(["GET", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """A receipt as PDF in; whether it is ours, unchanged, and still what is kept."""
    by = actor_of_request(request, "content.read")
    form = ReceiptForm(request.POST or None, request.FILES or None)
    found = None
    if request.method == "POST" and form.is_valid():
        try:
            found = checked_receipt(by, form.cleaned_data["file"].read())
        except DomainError as refusal:
            form.add_error("file", refusal.message)
    context = {"form": form, "found": found, "public_key": receipt_key()}
    return render(request, "content/receipt_check.html", context, status=422 if form.errors else 200)


def _table(lines: Iterable[ProofLine]) -> Iterable[tuple[object, ...]]:
    for line in lines:
        looked_at = f"{timezone.localtime(line.looked_at):%Y-%m-%d %H:%M:%S}" if line.looked_at else ""
        yield (
            *(line.code, line.name, line.county, line.address, line.outcome_label, line.seen),
            *(line.statuses, line.digest, looked_at),
        )
