"""认领: what the hall could adopt, and the adoption of what was chosen, or of all."""

from collections.abc import Iterator
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from foundation.design.forms import ids_of
from foundation.design.tables import TableColumn, TableKind
from foundation.errors import Invalid
from foundation.exports import EXPORT_FORMATS, export_list
from province.console.access import first_view
from province.console.queries.tables import own_table
from province.rights.queries import works_at
from standards.items.codelists import Family
from tenants.services.layouts import at_items
from tenants.services.operations.adoptions import Adopted, adopt_items
from tenants.services.queries.offers import (
    OFFER_FILTERS,
    adoption_of,
    ids_of_offers,
    offered_items,
    offering_departments,
    offers_by_filter,
)
from tenants.services.queries.reviewers import guide_reviewers
from tenants.shell.layouts.desk import desk_page, rows_of_page
from tenants.shell.slots import Desk

_FILTERS: Final = ("words", "choice", "family", "department")
_TABLE: Final = TableKind(
    "desk.offers",
    (
        TableColumn("name", "事项", sort="name", is_fixed=True),
        TableColumn("kind", "类别和类型", sort="item__item_type"),
        TableColumn("department", "主管部门", sort="department__name"),
        TableColumn("version", "版本", sort="number"),
    ),
    filters=_FILTERS,
)
_HEADINGS: Final = ("基本编码", "事项", "类别", "类型", "主管部门", "版本", "本级行使")


@at_items
@require_GET
def table(request: HttpRequest, desk: Desk) -> HttpResponse:
    shown = own_table(desk.by, _TABLE, request.GET, hall_id=desk.hall.pk)
    if first := first_view(request, shown):
        return redirect(first)
    chosen = {name: request.GET.get(name, "").strip()[:80] for name in _FILTERS}
    rows = shown.in_order(offered_items(desk.hall, **chosen))
    if (kind := request.GET.get("export", "")) in EXPORT_FORMATS:
        return export_list(kind, f"{desk.hall.short_name}可认领的事项", _HEADINGS, rows, _cells)
    numbers = offers_by_filter(desk.hall)
    context = {
        "place": "items",
        "page": rows_of_page(request, rows),
        "table": shown,
        "chosen": chosen,
        "is_filtered": any(chosen[name] for name in ("words", "family", "department")),
        "total": numbers[""],
        "filters": [(key, label, numbers[key]) for key, label in OFFER_FILTERS.items()],
        "families": Family.choices,
        "departments": offering_departments(),
        "reviewers": guide_reviewers(desk.hall).besides(desk.by.id),
        "may_adopt": works_at(desk.by, "services.adopt", hall_id=desk.hall.pk),
    }
    return desk_page(request, desk, "services/desk/offers.html", context)


def _cells(versions: list[Any]) -> Iterator[tuple[Any, ...]]:
    for one in versions:
        yield (
            *(one.item.basic_code, one.name, one.item.get_family_display(), one.item.get_item_type_display()),
            *(one.department.name, one.called, "是" if one.is_own_level else "否"),
        )


@at_items
@require_POST
def adopt(request: HttpRequest, desk: Desk) -> HttpResponseRedirect:
    """Adopt the ticked items, or (``act=all``) everything that the filters show, on all pages."""
    chosen = {name: request.POST.get(name, "").strip()[:80] for name in _FILTERS}
    if request.POST.get("act") == "all":
        item_ids = ids_of_offers(desk.hall, **chosen)
    else:
        item_ids = ids_of(request.POST.getlist("item"))
    back = f"{reverse('desk-offers')}?{urlencode({name: value for name, value in chosen.items() if value})}"
    if not item_ids:
        messages.error(request, "请先勾选要认领的事项。")
        return redirect(back)
    try:
        done = adopt_items(by=desk.by, hall=desk.hall, item_ids=item_ids, reason=request.POST.get("reason", ""))
    except Invalid as refusal:
        messages.error(request, refusal.message)
        return redirect(back)
    messages.success(request, _summary(done))
    if done.added == 1 and len(item_ids) == 1:
        return redirect("desk-item", adoption_of(item_ids[0]))
    return redirect(f"{reverse('desk-items')}?state=filling" if done.complete < done.added else "desk-items")


def _summary(done: Adopted) -> str:
    words = f"已认领 {done.added} 项：{done.complete} 项信息已齐，可以直接提交审核；"
    words += f"{done.added - done.complete} 项还要补充。"
    return f"{words}另有 {done.known} 项本厅已经认领过，没有改动。" if done.known else words
