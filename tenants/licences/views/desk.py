"""证照 at the desk: the register, and one of them with what may end it."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from foundation.design.tables import TableColumn, TableKind
from foundation.exports import EXPORT_FORMATS, in_batches
from province.audit.queries import act_label, entries_about
from province.console.access import first_view
from province.console.queries.tables import own_table
from province.registries.queries import address_with, grouped
from province.registries.states import DocumentState
from province.rights.queries import may
from tenants.licences.forms import LicenceEndForm
from tenants.licences.layouts import at_licences
from tenants.licences.operations.ending import end_licence
from tenants.licences.operations.searches import note_licence_search
from tenants.licences.queries.access import END
from tenants.licences.queries.holders import shown_number
from tenants.licences.queries.register import (
    FILTERS,
    LicenceLine,
    licence_lines,
    licence_with_id,
    licences_at_desk,
)
from tenants.licences.slots import LICENCE_OWNERS
from tenants.shell.layouts.desk import desk_export, desk_page, rows_of_page
from tenants.shell.slots import Desk

_PLACE: Final = {"place": "licences"}
_CHOSEN: Final = ("standing", "words", "item")
_TABLE: Final = TableKind(
    "desk.licences",
    (
        TableColumn("number", "证照", is_fixed=True),
        TableColumn("standing", "状态"),
        TableColumn("holder", "持有人"),
        TableColumn("item", "事项"),
        TableColumn("validity", "有效期"),
    ),
    filters=_CHOSEN,
)
_HEADINGS: Final = (
    *("编号", "证照名称", "证照类型代码", "状态", "持有人", "证件号码", "事项", "颁发机关"),
    *("有效期起", "有效期止", "终止日期", "依据", "换发的证照"),
)


@at_licences
@require_GET
def table(request: HttpRequest, desk: Desk) -> HttpResponse:
    shown = own_table(desk.by, _TABLE, request.GET, hall_id=desk.hall.pk)
    if first := first_view(request, shown):
        return redirect(first)
    chosen = {name: request.GET.get(name, "").strip()[:80] for name in _CHOSEN}
    if chosen["words"]:
        note_licence_search(by=desk.by, hall=desk.hall, words=chosen["words"])
    rows = licences_at_desk(desk.hall, **chosen)
    if request.GET.get("export") in EXPORT_FORMATS:
        lines = in_batches(rows, lambda some: map(_cells, licence_lines(desk.hall, some)))
        narrowed, words = [dict(FILTERS).get(chosen["standing"], "")], [chosen["words"], chosen["item"]]
        name = f"{desk.hall.short_name}证照"
        return desk_export(desk, request.GET["export"], name, _HEADINGS, lines, narrowed=narrowed, words=words)
    page = rows_of_page(request, rows)
    context = {
        "page": page,
        "table": shown,
        "lines": licence_lines(desk.hall, list(page)),
        "chosen": chosen,
        "is_filtered": any(chosen.values()),
        "filters": FILTERS.items(),
    }
    return desk_page(request, desk, "licences/desk/licences.html", _PLACE | context)


@at_licences
@require_http_methods(["GET", "POST"])
def licence(request: HttpRequest, desk: Desk, licence_id: UUID) -> HttpResponse:
    """One licence; posted: it is ended."""
    found = licence_with_id(licence_id)
    form = LicenceEndForm(request.POST or None)
    if form.carry_out(lambda data: end_licence(by=desk.by, hall=desk.hall, licence_id=found.pk, **data)):
        messages.success(request, "已登记，查验的人从现在起看到新的状态。")
        return redirect("desk-licence", found.pk)
    (line,) = licence_lines(desk.hall, [found])
    is_open = found.document.state == DocumentState.ISSUED
    owner = next((one for one in LICENCE_OWNERS.entries() if one.kind == found.document.owner_kind), None)
    context = {
        "licence": found,
        "holder": line.holder,
        "holder_number": shown_number(line.holder) if line.holder else "",
        "owner_label": owner.label if owner else "",
        "owner_page": owner.page(found.document.owner_id) if owner else "",
        "form": form,
        "may_end": is_open and may(desk.by, END, hall_id=desk.hall.pk),
        "code": grouped(found.document.code),
        "address": address_with(found.document.code),
        "history": [(act_label(entry.act), entry) for entry in entries_about(found.pk).order_by("-created_at")[:50]],
    }
    status = 422 if form.errors else 200
    return desk_page(request, desk, "licences/desk/licence.html", _PLACE | context, status=status)


def _cells(line: LicenceLine) -> tuple[Any, ...]:
    """Names and numbers of people are masked."""
    one, document, holder = line.licence, line.licence.document, line.holder
    return (
        *(one.number, one.name, one.type_code, one.standing.label),
        *((holder.shown_name, shown_number(holder)) if holder else ("", "")),
        *(one.item_name, document.issuer, one.holds_from, one.holds_until or "长期"),
        *(document.ended_on, one.end_basis, document.successor.number if document.successor else ""),
    )
