"""One version: its text, its reviews, and what may be done next."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from foundation.errors import DomainError
from province.console.access import actor_of_request
from province.content.forms import ReviewForm
from province.content.models import ManuscriptVersion
from province.content.operations.reviews import RETURN_REASONS, pass_review, return_version
from province.content.queries.columns import column_name
from province.content.queries.desks import desk_name, may_at_desk
from province.content.queries.pushes.desks import pushes_of_version
from province.content.queries.reviews import review_permission, reviews_of, version_at_desk, why_not_review
from province.content.states import OPEN_REVIEWS, ReviewState
from province.rights.actors import Actor


@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, version_id: UUID) -> HttpResponse:
    by = actor_of_request(request, "content.read")
    version = version_at_desk(by, version_id)
    if request.method == "GET":
        return _version_page(request, by, version, ReviewForm())
    form = ReviewForm(request.POST)
    if form.is_valid():
        step, reason = ReviewState(form.cleaned_data["step"]), form.reason_text()
        try:
            if form.cleaned_data["decision"] == "pass":
                after = pass_review(by=by, version=version, reason=reason, step=step)
                messages.success(request, f"已通过，现在是“{after.get_state_display()}”。")
            else:
                return_version(by=by, version=version, reason=reason, step=step)
                messages.success(request, "已退回，作者会看到退回原因。")
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("console-version", version_id=version_id)
    return _version_page(request, by, version, form)


def _version_page(request: HttpRequest, by: Actor, version: ManuscriptVersion, form: ReviewForm) -> HttpResponse:
    is_open = version.state in OPEN_REVIEWS
    manuscript = version.manuscript
    context = {
        "version": version,
        "desk": desk_name(manuscript.desk_prefix),
        "reviews": reviews_of(version),
        "form": form,
        "reasons": RETURN_REASONS,
        "is_open": is_open,
        "may_decide": is_open
        and may_at_desk(by, review_permission(by, ReviewState(version.state), manuscript), manuscript),
        "why_not": why_not_review(by, version) if is_open else "",
        "may_push": version.state == ReviewState.APPROVED and may_at_desk(by, "content.push", manuscript),
        "pushes": pushes_of_version(version),
        "meant_column": column_name(manuscript.meant_column),
    }
    return render(request, "content/version.html", context, status=422 if form.errors else 200)
