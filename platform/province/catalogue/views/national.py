"""The national exchange: what would go out and what would not, the file, and its schemas."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from foundation.errors import DomainError
from foundation.exports import export_document, export_table, stream_file
from province.catalogue.queries.national import reported_items, unreported_count
from province.catalogue.views.items import filters_of
from province.console.access import actor_of_request
from standards.items.exchange import OFFERED_SCHEMAS, national_file, national_report, offered_schema

_HEADINGS = ("基本编码", "事项名称", "情况")


@require_GET
def national(request: HttpRequest) -> HttpResponse:
    """Show what the exchange would take, what it refuses and why, and what it does not carry; for the items of the
    table, filtered as there. ``?export=xlsx``: the same as a workbook, to be worked off."""
    by = actor_of_request(request, "catalogue.read")
    filters = filters_of(request)
    report = national_report(reported_items(by, filters), kind="xml")
    unreported = unreported_count(by, filters)
    if request.GET.get("export") == "xlsx":
        lines = list(report.lines())
        lines += [("", "", f"另有 {unreported:,} 个事项还没有施行的版本，不在其中。")] if unreported else []
        return export_table("xlsx", "国家交换核对报告", _HEADINGS, lines)
    query = request.GET.copy()
    for name in ("export", "page", "format"):
        query.pop(name, None)
    context = {
        "report": report,
        "unreported": unreported,
        "query": query.urlencode(),
        "is_filtered": any(filters.values()),
        "schemas": [(name, label) for name, (_, label) in OFFERED_SCHEMAS.items()],
    }
    return render(request, "catalogue/national.html", context)


@require_GET
def national_file_out(request: HttpRequest) -> HttpResponseBase:
    """Export what the table shows: ``?format=`` xml or json. An item that the schema refuses stays here only where
    ``?leaves_out=1`` says so."""
    by = actor_of_request(request, "catalogue.read")
    kind = request.GET.get("format", "xml")
    items = reported_items(by, filters_of(request))
    try:
        pieces = national_file(items, kind=kind, leaves_out=bool(request.GET.get("leaves_out")))
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect(f"{reverse('console-items-national')}?{request.GET.urlencode()}")
    return stream_file(kind, "事项（国家交换格式）", pieces)


@require_GET
def schema(request: HttpRequest) -> HttpResponse:
    """The schema of a format, ``?name=`` as the page lists it."""
    actor_of_request(request, "catalogue.read")
    name = request.GET.get("name", "")
    return export_document(name, offered_schema(name))
