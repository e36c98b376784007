"""The proof of a push: filling up, and as a receipt to take away."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from foundation.errors import NotFound
from foundation.exports import EXPORT_FORMATS, export_table
from province.console.access import actor_of_request
from province.content.operations.proofs import start_proof
from province.content.queries.pushes import latest_proof, proof_rows, proof_summary, push_at_desk
from province.rights.queries import may

_HEADINGS = ("区划代码", "服务厅", "所在县（市、区）", "核验结果", "看到的内容")


@require_http_methods(["GET", "POST"])
def progress(request: HttpRequest, push_id: UUID) -> HttpResponse:
    """The card alone, which asks again until the proof is finished; POST looks at every site once more."""
    by = actor_of_request(request, "content.read")
    push = push_at_desk(by, push_id)
    if request.method == "POST":
        start_proof(by=by, push=push)
        messages.success(request, "已开始重新核验。")
        return redirect("console-push", push_id=push_id)
    proof = latest_proof(push)
    context = {
        "push": push,
        "proof": proof_summary(proof) if proof and proof.turn == push.turn else None,
        "may_push": may(by, "content.push", prefix=push.desk_prefix),
    }
    return render(request, "content/push_result.html#proof", context)


@require_GET
def receipt(request: HttpRequest, push_id: UUID) -> HttpResponse:
    """Every hall and what was seen there: on paper, as CSV, or as Excel."""
    by = actor_of_request(request, "content.read")
    push = push_at_desk(by, push_id)
    proof = latest_proof(push)
    if proof is None:
        raise NotFound("这次推稿还没有核验记录。")
    rows = proof_rows(proof)
    if request.GET.get("format") in EXPORT_FORMATS:
        name = f"核验回执-{push.version.title[:20]}-{timezone.localtime(proof.started_at):%Y%m%d%H%M}"
        lines = ((line.code, line.name, line.county, line.outcome_label, line.seen) for line in rows)
        return export_table(request.GET["format"], name, _HEADINGS, lines)
    context = {"push": push, "proof": proof_summary(proof), "rows": rows, "province": settings.PROVINCE_NAME}
    return render(request, "content/receipt.html", context)
