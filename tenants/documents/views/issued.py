"""文书 at the desk: what was issued, and one of them."""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.design.tables import TableColumn, TableKind
from foundation.errors import DomainError, NotFound
from foundation.exports import EXPORT_FORMATS, list_lines
from foundation.masking import masked
from province.audit.queries import act_label, entries_about
from province.console.access import first_view
from province.console.queries.tables import own_table
from province.document_templates.queries.kinds import document_kinds, ended_elsewhere
from province.registries.queries import address_with, grouped
from province.registries.states import DocumentState
from province.rights.queries import may
from tenants.documents.forms import RevocationForm
from tenants.documents.layouts import at_documents
from tenants.documents.models import IssuedDocument
from tenants.documents.operations.ending import revoke_document
from tenants.documents.operations.opening import open_document
from tenants.documents.queries.access import DESIGN
from tenants.documents.queries.documents import document_with_id, issued_documents
from tenants.documents.queries.papers import seal_service
from tenants.shell.layouts.desk import desk_export, desk_page, rows_of_page
from tenants.shell.slots import Desk

_PLACE: Final = "documents"
_CHOSEN: Final = ("kind", "state", "number")
_TABLE: Final = TableKind(
    "desk.documents",
    (
        TableColumn("number", "文号", is_fixed=True),
        TableColumn("title", "文书"),
        TableColumn("state", "状态"),
        TableColumn("issued", "制发日期"),
        TableColumn("by", "制发人"),
    ),
    filters=_CHOSEN,
)
_HEADINGS: Final = ("文号", "文书", "文书种类", "状态", "制发日期", "制发人", "终止日期", "查验码")


@at_documents
@require_GET
def table(request: HttpRequest, desk: Desk) -> HttpResponse:
    shown = own_table(desk.by, _TABLE, request.GET, hall_id=desk.hall.pk)
    if first := first_view(request, shown):
        return redirect(first)
    chosen = {name: request.GET.get(name, "").strip()[:60] for name in _CHOSEN}
    rows, kinds = issued_documents(**chosen), document_kinds()
    if (kind := request.GET.get("export", "")) in EXPORT_FORMATS:
        names = {one.code: one.name for one in kinds}
        narrowed = [names.get(chosen["kind"], ""), dict(DocumentState.choices).get(chosen["state"], "")]
        name, lines = f"{desk.hall.short_name}文书", list_lines(rows, lambda some: _cells(some, names))
        return desk_export(desk, kind, name, _HEADINGS, lines, narrowed=narrowed, words=[chosen["number"]])
    context = {
        "place": _PLACE,
        "page": rows_of_page(request, rows),
        "table": shown,
        "chosen": chosen,
        "is_filtered": any(chosen.values()),
        "kinds": kinds,
        "states": DocumentState.choices,
        "may_design": may(desk.by, DESIGN, hall_id=desk.hall.pk),
    }
    return desk_page(request, desk, "documents/desk/issued.html", context)


def _cells(documents: list[IssuedDocument], names: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    for one in documents:
        yield (
            *(one.number, one.title, names.get(one.kind, one.kind), one.get_state_display(), one.issued_on),
            *(masked(one.issued_by_name), one.ended_on, grouped(one.code)),
        )


@at_documents
@require_http_methods(["GET", "POST"])
def document(request: HttpRequest, desk: Desk, document_id: UUID) -> HttpResponse:
    """One document; posted: it is revoked."""
    found = document_with_id(document_id)
    form = RevocationForm(request.POST or None)

    def revoke(data: dict[str, str]) -> bool:
        revoke_document(by=desk.by, hall=desk.hall, document_id=document_id, reason=data["reason"])
        return True

    if form.carry_out(revoke):
        messages.success(request, "已撤销，查验这份文书的人现在看到的是“已撤销”。")
        return redirect("desk-document", document_id)
    context = {
        "place": _PLACE,
        "document": found,
        "form": form,
        "may_end": may(desk.by, "documents.end", hall_id=desk.hall.pk),
        "holds": found.state == DocumentState.ISSUED,
        "ended_elsewhere": ended_elsewhere(found.kind),
        "code": grouped(found.code),
        "address": address_with(found.code),
        "seal": seal_service().name,
        "history": [(act_label(entry.act), entry) for entry in entries_about(found.pk).order_by("-created_at")[:50]],
    }
    return desk_page(request, desk, "documents/desk/document.html", context, status=422 if form.errors else 200)


@at_documents
@require_POST
def open_file(request: HttpRequest, desk: Desk, document_id: UUID) -> HttpResponse:
    """Lead to the PDF or the Word file; that it was opened is told."""
    ending = request.POST.get("ending", "")
    try:
        address = open_document(by=desk.by, hall=desk.hall, document_id=document_id, ending=ending)
    except NotFound:
        raise
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("desk-document", document_id)
    return redirect(address)
