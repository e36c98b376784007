"""The hall's guides as files: the workbook and the national exchange, out, and in with a preview."""

from io import BytesIO
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from ninja import File, Query, Router, Status, UploadedFile

from foundation.api import Page, PageParameters, idempotent, page_of
from foundation.exports import export_document, export_file, stream_file
from standards.items.exchange import national_file, national_report, offered_schema, write_guides
from tenants.services.layouts import items_desk_of_request
from tenants.services.models import GuideImport
from tenants.services.operations.guide_imports import import_guides, upload_guides
from tenants.services.queries.exchange import guide_lines, reported_guides, unreported_guides_count
from tenants.services.queries.guide_imports import guide_import_figures, guide_import_lines, guide_import_of
from tenants.services.schemas import (
    GuideFileQuery,
    GuideImportLineOut,
    GuideImportOut,
    GuideReportOut,
    GuideSchemaQuery,
    HeldBackGuideOut,
    WorkbookQuery,
)

router = Router(tags=["items"])
_SHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BOOK: Final = {"content": {_SHEET: {"schema": {"type": "string", "format": "binary"}}}}
_TEXT: Final = {"content": {media: {"schema": {"type": "string"}} for media in ("application/xml", "application/json")}}


@router.get("/workbook", openapi_extra={"responses": {200: {"description": "Excel", **_BOOK}}})
def export_workbook(request: HttpRequest, asked: Query[WorkbookQuery]) -> HttpResponse:
    """Export the drafts of the hall's guides, to be filled in and sent back (``/imports``)."""
    desk = items_desk_of_request(request)
    out = BytesIO()
    write_guides(guide_lines(**asked.model_dump()), out)
    return export_file("xlsx", f"{desk.hall.short_name}实施清单（批量填写）", out.getvalue())


@router.get("/national/file", openapi_extra={"responses": {200: {"description": "XML or JSON", **_TEXT}}})
def export_national(request: HttpRequest, asked: Query[GuideFileQuery]) -> StreamingHttpResponse:
    """Export the published guides as XML or JSON of the national exchange. 422 names the first that the schema refuses;
    ``leaves_out`` exports the others."""
    desk = items_desk_of_request(request)
    pieces = national_file(reported_guides(), kind=asked.format, leaves_out=asked.leaves_out)
    return stream_file(asked.format, f"{desk.hall.short_name}实施清单（国家交换格式）", pieces)


@router.get("/national/report", response=GuideReportOut)
def report_national(request: HttpRequest) -> GuideReportOut:
    """Say what the file would hold, which guides it cannot take and why, and what of the others it does not carry."""
    items_desk_of_request(request)
    report = national_report(reported_guides(), kind="xml")
    return GuideReportOut(
        items=report.items,
        held_back=[
            HeldBackGuideOut(basic_code=one.code, name=one.name, message=one.message) for one in report.held_back
        ],
        untold=report.untold,
        unreported=unreported_guides_count(),
    )


@router.get("/schemas", openapi_extra={"responses": {200: {"description": "XML Schema or JSON Schema", **_TEXT}}})
def show_schema(request: HttpRequest, asked: Query[GuideSchemaQuery]) -> HttpResponse:
    """The schema of a format: XML Schema or JSON Schema."""
    items_desk_of_request(request)
    return export_document(asked.name, offered_schema(asked.name))


@router.post("/imports", response={201: GuideImportOut})
def upload(request: HttpRequest, file: File[UploadedFile]) -> Status[GuideImportOut]:
    """Upload the filled workbook, or a file of the national exchange. It is read at once; nothing is changed until it
    is confirmed, so that a second upload does no harm."""
    desk = items_desk_of_request(request)
    return Status(201, _answer(upload_guides(by=desk.by, hall=desk.hall, name=file.name or "", file=file)))


@router.get("/imports/{uuid:import_id}", response=GuideImportOut)
def show_import(request: HttpRequest, import_id: UUID) -> GuideImportOut:
    """Show what it would change, or has changed. 404 for somebody else's."""
    desk = items_desk_of_request(request)
    return _answer(guide_import_of(desk.by, desk.hall, import_id))


@router.get("/imports/{uuid:import_id}/lines", response=Page[GuideImportLineOut])
def list_lines(request: HttpRequest, import_id: UUID, page: PageParameters, show: str = "") -> dict[str, Any]:
    """List what it would do, or did, with each guide. ``show``: changed, unchanged, faulty, removals, written, same or
    refused."""
    desk = items_desk_of_request(request)
    return page_of(guide_import_lines(guide_import_of(desk.by, desk.hall, import_id), show), page)


@router.post("/imports/{uuid:import_id}/confirm", response=GuideImportOut)
@idempotent
def confirm(request: HttpRequest, import_id: UUID) -> tuple[int, GuideImportOut]:
    """Write the drafts. A repeat goes on with what is not yet written. 409 where there is nothing to write."""
    desk = items_desk_of_request(request)
    return 200, _answer(import_guides(by=desk.by, hall=desk.hall, import_id=import_id))


def _answer(found: GuideImport) -> GuideImportOut:
    figures = guide_import_figures(found)
    same = ("id", "file_name", "state", "created_at", "confirmed_at", "finished_at", "faults", "notices")
    return GuideImportOut(
        **{name: getattr(found, name) for name in same},
        kinds=dict(figures.kinds),
        total=figures.total,
        settled=figures.settled,
    )
