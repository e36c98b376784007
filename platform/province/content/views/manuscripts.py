"""Lists of manuscripts and of what waits for a review; versions and their differences."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from foundation.design.tables import TableColumn, TableKind
from foundation.editing.comparing import difference_of
from foundation.exports import EXPORT_FORMATS, export_list
from foundation.masking import masked
from province.console.access import actor_of_request, first_view
from province.console.queries.tables import own_table
from province.content.forms import NewManuscriptForm
from province.content.operations.manuscripts import create_manuscript
from province.content.queries.manuscripts import manuscript_at_desk, manuscripts_at_desk, versions_of
from province.content.queries.overview import own_desks, passed_versions
from province.content.queries.reviews import review_queue, review_shortage, version_at_desk
from province.content.states import ReviewState

_PAGE = 40
_TABLE = TableKind(
    "console.manuscripts",
    (
        TableColumn("title", "标题", sort="title", is_fixed=True),
        TableColumn("state", "状态"),
        TableColumn("version", "版本", sort="latest_number"),
        TableColumn("owner", "责任人", sort="owner_name"),
        TableColumn("editor", "最后编辑"),
        TableColumn("edited", "编辑时间", sort="edited_at"),
    ),
    filters=("q", "state"),
)
_HEADINGS = ("标题", "状态", "加急", "版本", "责任人", "部门", "最后编辑", "编辑时间")
_VERSION_HEADINGS = ("标题", "状态", "加急", "版本", "提交人", "提交时间")


@require_GET
def manuscript_list(request: HttpRequest) -> HttpResponse:
    """All manuscripts of one's desks; ``?view=reviews``: those that wait for a review; ``?view=passed``: one's own that
    have passed and wait to be pushed."""
    by = actor_of_request(request, "content.read")
    own_desks(by, "content.read")
    search, state = request.GET.get("q", "").strip()[:80], request.GET.get("state", "")
    view = request.GET.get("view")
    table = own_table(by, _TABLE, request.GET)
    if first := first_view(request, table):
        return redirect(first)
    is_queue = view in {"reviews", "passed"}
    if view == "passed":
        rows: QuerySet[Any] = passed_versions(by)
    else:
        rows = review_queue(by) if is_queue else table.in_order(manuscripts_at_desk(by, state=state, search=search))
    if (kind := request.GET.get("format", "")) in EXPORT_FORMATS:
        headings, cells = (_VERSION_HEADINGS, _version_cells) if is_queue else (_HEADINGS, _cells)
        return export_list(kind, "稿件", headings, rows, cells)
    page = {
        "page": Paginator(rows, _PAGE).get_page(request.GET.get("page")),
        "table": table,
        "is_queue": is_queue,
        "is_passed": view == "passed",
        "waiting": review_queue(by).count(),
        "search": search,
        "state": state,
        "states": [("draft", "草稿"), *ReviewState.choices],
    }
    return render(request, "content/manuscripts.html", page)


def _cells(texts: list[Any]) -> Iterator[tuple[Any, ...]]:
    for one in texts:
        yield (
            *(one.title, one.state_label, "是" if one.is_urgent else "", one.latest_number),
            *(masked(one.owner_name), one.unit_name, masked(one.edited_by_name), one.edited_at),
        )


def _version_cells(versions: list[Any]) -> Iterator[tuple[Any, ...]]:
    for one in versions:
        yield (
            *(one.title, one.get_state_display(), "是" if one.is_urgent else "", one.number),
            *(masked(one.submitted_by_name), one.created_at),
        )


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    by = actor_of_request(request, "content.write")
    desks = own_desks(by)
    form = NewManuscriptForm(request.POST or None, desks=desks)
    if request.method == "POST" and form.is_valid():
        manuscript = create_manuscript(by=by, **form.cleaned_data)
        messages.success(request, "稿件已建立。写作时会自动保存。")
        return redirect("console-manuscript", manuscript_id=manuscript.id)
    status = 422 if form.errors else 200
    shortages = [(desk.name, said) for desk in desks if (said := review_shortage(by, desk.prefix))]
    return render(request, "content/manuscript_new.html", {"form": form, "shortages": shortages}, status=status)


@require_GET
def versions(request: HttpRequest, manuscript_id: UUID) -> HttpResponse:
    """Every version; ``?from=…&to=…`` shows what changed between two of them."""
    by = actor_of_request(request, "content.read")
    manuscript = manuscript_at_desk(by, manuscript_id)
    listed = list(versions_of(manuscript))
    by_number = {str(version.number): version for version in listed}
    before, after = by_number.get(request.GET.get("from", "")), by_number.get(request.GET.get("to", ""))
    if len(listed) > 1 and not (before and after):
        after, before = sorted(listed, key=lambda version: -version.number)[:2]
    page = {
        "manuscript": manuscript,
        "versions": listed,
        "before": before,
        "after": after,
        "difference": difference_of(version_at_desk(by, before.pk), version_at_desk(by, after.pk))
        if before and after
        else None,
    }
    return render(request, "content/versions.html", page)
