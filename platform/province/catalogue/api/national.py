"""The national exchange over HTTP: the file, what it does not carry, and the schemas."""

from typing import Final, cast

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from ninja import Query, Router

from foundation.exports import export_document, stream_file
from province.catalogue.queries.desks import check_reader
from province.catalogue.queries.national import reported_items, unreported_count
from province.catalogue.schemas.national import (
    HeldBackOut,
    NationalFileQuery,
    NationalQuery,
    NationalReportOut,
    SchemaQuery,
)
from province.rights.actors import Actor
from standards.items.exchange import national_file, national_report, offered_schema

router = Router(tags=["catalogue"])
_TEXT: Final = {"content": {media: {"schema": {"type": "string"}} for media in ("application/xml", "application/json")}}


@router.get("/national/file", openapi_extra={"responses": {200: {"description": "XML or JSON", **_TEXT}}})
def export_national(request: HttpRequest, asked: Query[NationalFileQuery]) -> StreamingHttpResponse:
    """Export what is in force, suspended or abolished as XML or JSON of the national exchange. 422 names the first item
    that the schema refuses; ``leaves_out`` exports the others (``/national/report`` names those left out)."""
    items = reported_items(_actor(request), asked.filters())
    pieces = national_file(items, kind=asked.format, leaves_out=asked.leaves_out)
    return stream_file(asked.format, "事项（国家交换格式）", pieces)


@router.get("/national/report", response=NationalReportOut)
def report_national(request: HttpRequest, asked: Query[NationalQuery]) -> NationalReportOut:
    """Say what the file would hold, which items it cannot take and why, and what of the others it does not carry."""
    by = _actor(request)
    report = national_report(reported_items(by, asked.filters()), kind=asked.format)
    return NationalReportOut(
        items=report.items,
        held_back=[HeldBackOut(basic_code=one.code, name=one.name, message=one.message) for one in report.held_back],
        untold=report.untold,
        unreported=unreported_count(by, asked.filters()),
    )


@router.get("/schemas", openapi_extra={"responses": {200: {"description": "XML Schema or JSON Schema", **_TEXT}}})
def show_schema(request: HttpRequest, asked: Query[SchemaQuery]) -> HttpResponse:
    """The schema of a format: XML Schema or JSON Schema."""
    check_reader(_actor(request))
    return export_document(asked.name, offered_schema(asked.name))


def _actor(request: HttpRequest) -> Actor:
    return cast("Actor", request.auth)  # type: ignore[attr-defined]
