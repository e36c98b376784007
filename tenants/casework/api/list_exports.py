"""Lists of cases as files that are written in the background."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from foundation.api import Page, PageParameters, idempotent, page_of
from province.cases.queries.list_exports import ListWish, own_list_export, own_list_exports
from tenants.casework.layouts import cases_desk_of_request
from tenants.casework.operations.list_exports import cancel_export, fetch_export, request_export
from tenants.casework.schemas.list_exports import ListExportIn, ListExportOut, ListFileOut

router = Router(tags=["cases"])


@router.get("", response=Page[ListExportOut])
def list_exports(request: HttpRequest, page: PageParameters) -> dict[str, Any]:
    """List one's own, the oldest first."""
    desk = cases_desk_of_request(request)
    found = page_of(own_list_exports(desk.by, desk.hall.pk), page)
    return found | {"items": [ListExportOut.of(one) for one in found["items"]]}


@router.post("", response={202: ListExportOut})
@idempotent
def begin_export(request: HttpRequest, data: ListExportIn) -> tuple[int, ListExportOut]:
    """Have a list of cases written as a file in the background; 409 while another one of one's own is under way."""
    desk = cases_desk_of_request(request)
    return 202, ListExportOut.of(request_export(by=desk.by, hall=desk.hall, wish=ListWish(**data.model_dump())))


@router.get("/{uuid:export_id}", response=ListExportOut)
def get_export(request: HttpRequest, export_id: UUID) -> ListExportOut:
    """How far one's own is."""
    desk = cases_desk_of_request(request)
    return ListExportOut.of(own_list_export(desk.by, desk.hall.pk, export_id))


@router.post("/{uuid:export_id}/cancel", response=ListExportOut)
@idempotent
def stop_export(request: HttpRequest, export_id: UUID) -> tuple[int, ListExportOut]:
    """Have it written no further."""
    desk = cases_desk_of_request(request)
    return 200, ListExportOut.of(cancel_export(by=desk.by, hall=desk.hall, export_id=export_id))


@router.post("/{uuid:export_id}/file", response=ListFileOut)
def fetch_file(request: HttpRequest, export_id: UUID) -> ListFileOut:
    """Get an address of the file that holds for five minutes; each one is asked for anew, and leaves an entry."""
    desk = cases_desk_of_request(request)
    return ListFileOut(url=fetch_export(by=desk.by, hall=desk.hall, export_id=export_id))
