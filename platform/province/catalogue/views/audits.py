"""The page of the items' audit."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from foundation.exports import EXPORT_FORMATS, export_table
from province.catalogue.queries.item_audits import counts_of, item_audit_of
from province.catalogue.views.tabs import tabs_of
from province.console.access import actor_of_request

_PAGE = 50
_HEADINGS = ("基本编码", "事项名称", "主管部门", "发现", "轻重", "说明")


@require_GET
def audit(request: HttpRequest) -> HttpResponse:
    """Show what the audit finds in the items in sight. ``?kind=``: one kind alone; ``?format=``: as a file."""
    by = actor_of_request(request, "catalogue.read")
    found = item_audit_of(by)
    kind = request.GET.get("kind", "")
    lines = [line for line in found if kind in {"", line.kind}]
    if request.GET.get("format") in EXPORT_FORMATS:
        rows = (
            (one.basic_code, one.name, one.department, one.label, "提示" if one.is_hint else "问题", one.message)
            for one in lines
        )
        return export_table(request.GET["format"], "事项体检", _HEADINGS, rows)
    faults = sum(not one.is_hint for one in found)
    context = {
        "tabs": tabs_of(by, "audit"),
        "counts": counts_of(found),
        "total": len(found),
        "faults": faults,
        "hints": len(found) - faults,
        "kind": kind,
        "page": Paginator(lines, _PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "catalogue/audit.html", context)
