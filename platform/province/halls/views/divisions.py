"""The division tree, and loading a file of codes."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from foundation.errors import Invalid
from province.console.access import actor_of_request
from province.halls.forms import LoadForm
from province.halls.operations.divisions import load_divisions
from province.halls.queries.division_plans import plans_table
from province.halls.queries.divisions import child_divisions, search_divisions

_PLANS = 10


@require_GET
def tree(request: HttpRequest) -> HttpResponse:
    actor_of_request(request, "halls.manage")
    return _tree_page(request, LoadForm())


@require_GET
def children(request: HttpRequest) -> HttpResponse:
    """One level of the tree, as a list item's inside: asked for when somebody opens it."""
    actor_of_request(request, "content.read")
    page = {"divisions": child_divisions(request.GET.get("under") or None), "picks": "pick" in request.GET}
    return render(request, "halls/divisions.html#branch", page)


@require_POST
def load(request: HttpRequest) -> HttpResponse:
    by = actor_of_request(request, "halls.manage")
    form = LoadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _tree_page(request, form)
    upload = form.cleaned_data["file"]
    try:
        result = load_divisions(
            by=by,
            source=upload.name,
            lines_or_bytes=upload.read(),
            effective_on=form.cleaned_data["effective_on"],
        )
    except Invalid as refusal:
        return _tree_page(request, form, refusal=refusal)
    if result.plan_id is not None:
        messages.info(request, "已与现有区划比对。请逐项决定，执行以后才会生效。")
        return redirect("console-division-plan", plan_id=result.plan_id)
    if result.added:
        messages.success(request, f"已载入 {result.added:,} 个区划。下一步：为它们开通服务厅。")
    else:
        messages.info(request, "文件内容与现行区划完全一致，没有需要调整的地方。")
    return redirect("console-divisions")


def _tree_page(request: HttpRequest, form: LoadForm, refusal: Invalid | None = None) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:40]
    page = {
        "words": words,
        "found": search_divisions(words) if words else [],
        "divisions": [] if words else child_divisions(None),
        "form": form,
        "refusal": refusal,
        "plans": plans_table()[:_PLANS],
    }
    return render(request, "halls/divisions.html", page, status=422 if form.errors or refusal else 200)
