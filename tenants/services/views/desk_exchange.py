"""The hall's guides as files: a workbook for all of them, the national exchange, and files in again with a preview."""

from io import BytesIO
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from foundation.errors import DomainError
from foundation.exports import export_document, export_file, export_table
from province.catalogue.states import ImportState, LineKind, LineState
from province.rights.queries import may
from standards.items.exchange import OFFERED_SCHEMAS, national_file, national_report, offered_schema, write_guides
from tenants.services.forms import GuideFileForm
from tenants.services.layouts import at_items
from tenants.services.operations.guide_imports import import_guides, upload_guides
from tenants.services.queries.desk import ADOPTION_FILTERS, departments_at_desk
from tenants.services.queries.exchange import guide_lines, reported_guides, unreported_guides_count
from tenants.services.queries.guide_imports import (
    guide_import_faults,
    guide_import_figures,
    guide_import_lines,
    guide_import_of,
    guide_imports_of,
)
from tenants.shell.layouts.desk import desk_page
from tenants.shell.slots import Desk

_FILTERS: Final = ("words", "state", "family", "department")
_HEADINGS: Final = ("位置", "基本编码", "事项名称", "问题")
_REPORT: Final = ("基本编码", "事项名称", "情况")
_PAGE: Final = 50
_LISTED: Final = 10


@at_items
@require_http_methods(["GET", "POST"])
def exchange(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show what can go out and come in; POST takes a file in, of which a preview is shown."""
    form = GuideFileForm(request.POST, request.FILES) if request.method == "POST" else GuideFileForm()
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            taken = upload_guides(by=desk.by, hall=desk.hall, name=file.name or "", file=file)
        except DomainError as refusal:
            form.take_faults(refusal)
        else:
            return redirect("desk-guide-import", taken.pk)
    may_adopt = may(desk.by, "services.adopt", hall_id=desk.hall.pk)
    context = {
        "place": "items",
        "form": form,
        "may_adopt": may_adopt,
        "states": [(key, label) for key, (label, _) in ADOPTION_FILTERS.items()],
        "departments": departments_at_desk(),
        "imports": guide_imports_of(desk.by, desk.hall)[:_LISTED] if may_adopt and desk.by.id else (),
        "schemas": [(name, label) for name, (_, label) in OFFERED_SCHEMAS.items()],
    }
    return desk_page(request, desk, "services/desk/exchange.html", context, status=422 if form.errors else 200)


@at_items
@require_GET
def workbook(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Export the drafts of the hall's guides, filtered as the table is, to be filled in and sent back."""
    out = BytesIO()
    filters = {name: request.GET.get(name, "").strip()[:80] for name in _FILTERS}
    try:
        write_guides(guide_lines(**filters), out)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("desk-items-exchange")
    return export_file("xlsx", f"{desk.hall.short_name}实施清单（批量填写）", out.getvalue())


@at_items
@require_GET
def national(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show what the national exchange would take of the published guides, what it refuses, and what it does not carry;
    ``?export=xlsx``: the same as a workbook."""
    report = national_report(reported_guides(), kind="xml")
    unreported = unreported_guides_count()
    if request.GET.get("export") == "xlsx":
        lines = list(report.lines())
        lines += [("", "", f"另有 {unreported:,} 个事项还没有公布实施清单，不在其中。")] if unreported else []
        return export_table("xlsx", "国家交换核对报告", _REPORT, lines)
    context = {"place": "items", "report": report, "unreported": unreported}
    return desk_page(request, desk, "services/desk/national.html", context)


@at_items
@require_GET
def national_file_out(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Export the published guides: ``?format=`` xml or json; ``?leaves_out=1``: without those that the schema
    refuses."""
    kind = request.GET.get("format", "xml")
    try:
        pieces = national_file(reported_guides(), kind=kind, leaves_out=bool(request.GET.get("leaves_out")))
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("desk-items-national")
    return export_file(kind, f"{desk.hall.short_name}实施清单（国家交换格式）", b"".join(pieces))


@at_items
@require_GET
def schema(request: HttpRequest, _: Desk) -> HttpResponse:
    """The schema of a format, ``?name=`` as the page lists it."""
    name = request.GET.get("name", "")
    return export_document(name, offered_schema(name))


@at_items
@require_http_methods(["GET", "POST"])
def guide_import(request: HttpRequest, desk: Desk, import_id: UUID) -> HttpResponse:
    """Show what an import would change, or has changed. ``?show=``: a kind or a state of lines. POST writes it."""
    upload = guide_import_of(desk.by, desk.hall, import_id)
    if request.method == "POST":
        try:
            import_guides(by=desk.by, hall=desk.hall, import_id=import_id)
        except DomainError as refusal:
            messages.error(request, refusal.message)
        return redirect("desk-guide-import", import_id)
    show = request.GET.get("show", "")
    figures = guide_import_figures(upload)
    context = {
        "place": "items",
        "upload": upload,
        "figures": figures,
        "show": show,
        "tabs": _tabs(upload.state, figures),
        "page": Paginator(guide_import_lines(upload, show), _PAGE).get_page(request.GET.get("page")),
    }
    return desk_page(request, desk, "services/desk/guide_import.html", context)


@at_items
@require_GET
def guide_import_report(_: HttpRequest, desk: Desk, import_id: UUID) -> HttpResponse:
    """Export what is wrong as a workbook, to be worked off."""
    upload = guide_import_of(desk.by, desk.hall, import_id)
    return export_table("xlsx", "没有导入的实施清单", _HEADINGS, guide_import_faults(upload))


def _tabs(state: str, figures: Any) -> list[tuple[str, Any, int]]:
    """What can be shown alone: in the address, its name, how many."""
    kinds = (LineKind.CHANGED, LineKind.UNCHANGED, LineKind.FAULTY)
    if state == ImportState.DONE:
        states = (LineState.WRITTEN, LineState.SAME, LineState.REFUSED)
        known = [(one.value, one.label, figures.states[one]) for one in states]
        known.append((LineKind.FAULTY.value, LineKind.FAULTY.label, figures.kinds[LineKind.FAULTY]))
    else:
        known = [(kind.value, kind.label, figures.kinds[kind]) for kind in kinds]
        known.append(("removals", "会删去内容", figures.removals))
    return [("", "全部", sum(figures.kinds.values())), *(one for one in known if one[2])]
