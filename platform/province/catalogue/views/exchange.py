"""Items out to files and in again: a file in, what it would change, and what came of it."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from foundation.errors import DomainError
from foundation.exports import export_file, export_table, stream_file
from province.catalogue.forms.console import ItemFileForm, types_by_family
from province.catalogue.models import ImportLine, ItemImport
from province.catalogue.operations import import_items, upload_items
from province.catalogue.queries.display_values import DisplayValue, display_values_of
from province.catalogue.queries.drafts import drafts_as_files
from province.catalogue.queries.import_lines import ImportFigures
from province.catalogue.queries.imports import (
    import_faults,
    import_figures,
    import_lines,
    import_of,
    imports_of,
)
from province.catalogue.states import ImportState, LineKind, LineState
from province.catalogue.views.items import filters_of
from province.console.access import actor_of_request
from standards.items import ELEMENTS
from standards.items.codelists import ItemType
from standards.items.exchange import write_blank_form, write_forms, write_json, write_tables

# a workbook is whole before its first byte goes out: some 15 seconds
MOST_IN_WORKBOOK: Final = 3_000
_PAGE: Final = 50
_LISTED: Final = 10
_AT_WORK: Final = (ImportState.READING, ImportState.IMPORTING)
_HEADINGS: Final = ("位置", "基本编码", "事项名称", "问题")


@require_GET
def export(request: HttpRequest) -> HttpResponseBase:
    """Export the drafts in sight, filtered as the table is: ``?format=`` tables, forms or json."""
    by = actor_of_request(request, "catalogue.read")
    kind = request.GET.get("format")
    if kind == "json":
        return stream_file("json", "事项", write_json(drafts_as_files(by, filters_of(request))))
    drafts = drafts_as_files(by, filters_of(request), most=MOST_IN_WORKBOOK)
    out = BytesIO()
    try:
        _ = write_forms(drafts, out) if kind == "forms" else write_tables(drafts, out)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("console-items")
    return export_file("xlsx", "事项（一事一表）" if kind == "forms" else "事项（按国家栏目）", out.getvalue())


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    by = actor_of_request(request, "catalogue.write")
    form = ItemFileForm(request.POST, request.FILES) if request.method == "POST" else ItemFileForm()
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            taken = upload_items(by=by, name=file.name or "", file=file)
        except DomainError as refusal:
            form.take_faults(refusal)
        else:
            return redirect("console-item-import", import_id=taken.pk)
    context = {"form": form, "types": types_by_family(), "imports": imports_of(by)[:_LISTED]}
    return render(request, "catalogue/import_new.html", context, status=422 if form.errors else 200)


@require_GET
def template(request: HttpRequest) -> HttpResponse:
    """An empty workbook with national columns, or with ``?type=`` the sheet for one item of that type."""
    actor_of_request(request, "catalogue.write")
    out = BytesIO()
    item_type = request.GET.get("type", "")
    if item_type in ItemType:
        write_blank_form(item_type, out)
        return export_file("xlsx", f"{ItemType(item_type).label}事项表", out.getvalue())
    write_tables((), out)
    return export_file("xlsx", "事项导入表", out.getvalue())


@require_http_methods(["GET", "POST"])
def item_import(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Show an import. ``?show=``: a kind or a state of lines. POST confirms."""
    by = actor_of_request(request, "catalogue.write")
    found = import_of(by, import_id)
    if request.method == "POST":
        try:
            import_items(by=by, upload=found)
        except DomainError as refusal:
            messages.error(request, refusal.message)
        return redirect("console-item-import", import_id=import_id)
    figures = import_figures(found)
    show = request.GET.get("show", "")
    context = {
        "upload": found,
        "figures": figures,
        "is_at_work": found.state in _AT_WORK,
        "show": show,
        "tabs": _tabs(found, figures),
    }
    if not context["is_at_work"]:
        page = Paginator(import_lines(found, show), _PAGE).get_page(request.GET.get("page"))
        context |= {"page": page, "lines": [(line, _display_values(line)) for line in page]}
    return render(request, "catalogue/import.html", context)


@require_GET
def card(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Show the progress alone; it asks again until there is a page to show instead."""
    found = import_of(actor_of_request(request, "catalogue.write"), import_id)
    context = {"upload": found, "figures": import_figures(found)}
    answer = render(request, "catalogue/import.html#card", context)
    if found.state not in _AT_WORK:
        answer["HX-Refresh"] = "true"
    return answer


@require_GET
def faults(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Export what is wrong as a workbook, to be worked off."""
    found = import_of(actor_of_request(request, "catalogue.write"), import_id)
    return export_table("xlsx", "没有导入的事项", _HEADINGS, import_faults(found))


def _display_values(line: ImportLine) -> list[DisplayValue]:
    """All values of a new item, while it is only in the file."""
    return display_values_of(ELEMENTS, line.values) if line.kind == LineKind.NEW and line.values else []


def _tabs(found: ItemImport, figures: ImportFigures) -> list[tuple[str, Any, int]]:
    """What can be shown alone: in the address, its name, how many."""
    if found.state == ImportState.DONE:
        states: Iterable[LineState] = (LineState.WRITTEN, LineState.SAME, LineState.REFUSED)
        known = [(state.value, state.label, figures.states[state]) for state in states]
        known.append((LineKind.FAULTY.value, LineKind.FAULTY.label, figures.kinds[LineKind.FAULTY]))
    else:
        known = [(kind.value, kind.label, figures.kinds[kind]) for kind in LineKind]
        known.append(("removals", "会删去内容", figures.removals))
    return [("", "全部", sum(figures.kinds.values())), *(one for one in known if one[2])]
