"""The audit for those who may read it: the table with its filters, one entry, Excel out."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from foundation.design.tables import TableColumn, TableKind
from foundation.errors import Invalid
from foundation.exports import EXPORT_FORMATS, export_table
from province.audit.queries.links import link_of
from province.console.access import actor_of_request, first_view
from province.console.forms import AuditFilter
from province.console.operations.audit import export_entries
from province.console.queries.audit import (
    EXPORT_HEADINGS,
    READ,
    entries_in_reach,
    entry_in_reach,
    entry_lines,
    export_rows,
    table_page,
)
from province.console.queries.tables import own_table

_TABLE = TableKind(
    "console.audit",
    (
        TableColumn("at", "时间", is_fixed=True),
        TableColumn("actor", "操作人"),
        TableColumn("act", "操作"),
        TableColumn("object", "对象"),
        TableColumn("hall", "范围"),
        TableColumn("changes", "变更与原因"),
    ),
    filters=("person", "act", "hall", "since", "until", "object"),
)
# days; what is shown where nobody asks for a time
_USUAL = 30


@require_GET
def table(request: HttpRequest) -> HttpResponse:
    by = actor_of_request(request, READ)
    shown = own_table(by, _TABLE, request.GET)
    if first := first_view(request, shown):
        return redirect(first)
    form = AuditFilter(request.GET)
    asked, hall = form.asked(), form.hall_words()
    is_usual = not (asked.since_on or asked.until_on or asked.object_id or asked.run)
    if is_usual:
        asked = replace(asked, since_on=timezone.localdate() - timedelta(days=_USUAL))
    if (kind := request.GET.get("format")) in EXPORT_FORMATS:
        try:
            entries = export_entries(by=by, asked=asked, hall=hall)
        except Invalid as refusal:
            messages.error(request, refusal.message)
            return redirect("console-audit")
        return export_table(kind, "审计记录", EXPORT_HEADINGS, export_rows(entries))
    found = entries_in_reach(by, asked, hall=hall)
    page = table_page(found, after=form.after(), is_folded=not asked.run)
    context = {
        "form": form,
        "table": shown,
        "page": page,
        "count": found.count(),
        "is_later": form.after() is not None,
        "is_filtered": form.is_filtering(),
        "usual_days": _USUAL if is_usual else 0,
        "object_id": asked.object_id,
        "run": asked.run,
    }
    return render(request, "console/audit.html", context)


@require_GET
def entry(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    found = entry_in_reach(actor_of_request(request, READ), entry_id)
    [line] = entry_lines([found])
    link = link_of(found)
    return render(request, "console/audit_entry.html", {"line": line, "entry": found, "link": link})
