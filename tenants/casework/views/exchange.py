"""Cases as files of the national exchange: those that the list shows, or one."""

from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from foundation.design.forms import ids_of
from foundation.exports import export_document, export_file
from province.console.access import require_fresh
from province.rights.queries import may
from standards.cases import write_case_json, write_case_xml
from standards.cases.tables import JSON_SCHEMA, XSD
from tenants.casework.forms.cases import CaseExportForm
from tenants.casework.layouts import at_cases
from tenants.casework.operations.exchange import MOST_EXPORTED, export_cases
from tenants.casework.queries.access import UNMASKED, case_of
from tenants.casework.queries.records import CaseRecord, picked_cases
from tenants.shell.layouts.desk import desk_page
from tenants.shell.slots import Desk

_WRITERS: Final = {"xml": write_case_xml, "json": write_case_json}
_SCHEMAS: Final = {one.name: one for one in (XSD, JSON_SCHEMA)}


@at_cases
@require_http_methods(["GET", "POST"])
def export(request: HttpRequest, desk: Desk) -> HttpResponse:
    """``case``: one; else ``state``, ``unit`` and ``words`` as of the list; ``schema``: one of the two schemas instead.
    POST gives the file."""
    if schema := _SCHEMAS.get(request.GET.get("schema", "")):
        return export_document(schema.name, schema.read_text(encoding="utf-8"))
    picked = _picked(request, desk)
    may_unmask = may(desk.by, UNMASKED, hall_id=desk.hall.pk)
    form = CaseExportForm(request.POST or None, may_unmask=may_unmask)
    if form.is_valid() and form.cleaned_data["is_unmasked"]:
        require_fresh(request)
    answer = form.carry_out(
        lambda data: _file(
            desk,
            data,
            export_cases(
                by=desk.by,
                hall=desk.hall,
                case_ids=picked,
                is_masked=not data["is_unmasked"],
                reason=data["reason"],
            ),
        )
    )
    if answer is not None:
        return answer
    context = {"form": form, "number": len(picked), "most": MOST_EXPORTED, "place": "cases", "schemas": _SCHEMAS}
    return desk_page(request, desk, "casework/desk/exchange.html", context, status=422 if form.errors else 200)


def _picked(request: HttpRequest, desk: Desk) -> list[UUID]:
    """At most one more than may be exported."""
    if "case" in request.GET:
        return [case_of(desk, one).pk for one in ids_of([request.GET["case"]])]
    chosen = {name: request.GET.get(name, "").strip()[:80] for name in ("state", "words")}
    unit = request.GET.get("unit", "")
    if unit != "window":
        unit = next((str(one) for one in ids_of([unit])), "")
    return picked_cases(desk, most=MOST_EXPORTED, unit=unit, **chosen)


def _file(desk: Desk, data: dict[str, Any], records: list[CaseRecord]) -> HttpResponse:
    kind = data["file_format"]
    pieces = _WRITERS[kind]((one.rows for one in records), is_masked=not data["is_unmasked"])
    name = f"{desk.hall.short_name}办件记录{timezone.localdate():%Y%m%d}"
    return export_file(kind, name, b"".join(pieces))
