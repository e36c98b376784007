"""The hall's list of places (地点清单), out of which its forms let people choose."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import File, Router, UploadedFile

from foundation.api import Page, PageParameters, idempotent, page_of
from tenants.workflow.layouts import design_desk_of_request
from tenants.workflow.models import HallPlace
from tenants.workflow.operations.place_tables import import_places
from tenants.workflow.operations.places import PlaceFacts, change_place, create_place, use_place
from tenants.workflow.queries.places import place_with_id, places_at_desk
from tenants.workflow.schemas.places import (
    PlaceChangeIn,
    PlaceIn,
    PlaceOut,
    PlacesReportOut,
    PlaceState,
    PlaceUseIn,
)

router = Router(tags=["places"])


@router.get("", response=Page[PlaceOut])
def list_places(
    request: HttpRequest, page: PageParameters, search: str = "", state: PlaceState | None = None, kind: str = ""
) -> dict[str, Any]:
    """List the places, those in use first, by their names."""
    design_desk_of_request(request)
    return page_of(places_at_desk(search=search, state=state or "", kind=kind), page)


@router.post("", response={201: PlaceOut})
@idempotent
def add_place(request: HttpRequest, data: PlaceIn) -> tuple[int, PlaceOut]:
    """Add a place; forms offer it at once."""
    desk = design_desk_of_request(request)
    return 201, _out(create_place(by=desk.by, hall=desk.hall, facts=_facts(data)))


@router.post("/import/preview", response=PlacesReportOut)
def preview_places(request: HttpRequest, file: File[UploadedFile]) -> PlacesReportOut:
    """Say what a CSV or Excel table would change."""
    return _import(request, file, is_trial=True)


@router.post("/import", response=PlacesReportOut)
def import_table(request: HttpRequest, file: File[UploadedFile]) -> PlacesReportOut:
    """Take in a CSV or Excel table: what the desk exported, changed."""
    return _import(request, file, is_trial=False)


@router.get("/{uuid:place_id}", response=PlaceOut)
def show_place(request: HttpRequest, place_id: UUID) -> HallPlace:
    design_desk_of_request(request)
    return place_with_id(place_id)


@router.put("/{uuid:place_id}", response=PlaceOut)
@idempotent
def write_place(request: HttpRequest, place_id: UUID, data: PlaceChangeIn) -> tuple[int, PlaceOut]:
    """Write what the list says of a place; forms that were sent keep what they say of it."""
    desk = design_desk_of_request(request)
    facts = _facts(data, is_in_use=place_with_id(place_id).is_in_use)
    return 200, _out(change_place(by=desk.by, hall=desk.hall, place_id=place_id, revision=data.revision, facts=facts))


@router.post("/{uuid:place_id}/use", response=PlaceOut)
@idempotent
def use_or_end_place(request: HttpRequest, place_id: UUID, data: PlaceUseIn) -> tuple[int, PlaceOut]:
    """Take a place out of use, or put it back."""
    desk = design_desk_of_request(request)
    return 200, _out(use_place(by=desk.by, hall=desk.hall, place_id=place_id, is_in_use=data.is_in_use))


def _facts(data: PlaceIn, *, is_in_use: bool = True) -> PlaceFacts:
    said = data.model_dump(exclude={"revision"})
    degrees = {name: "" if said[name] is None else f"{said[name]:f}" for name in ("longitude", "latitude")}
    return PlaceFacts(**said | degrees, is_in_use=is_in_use)


def _out(place: HallPlace) -> PlaceOut:
    return PlaceOut.from_orm(place)


def _import(request: HttpRequest, file: UploadedFile, *, is_trial: bool) -> PlacesReportOut:
    desk = design_desk_of_request(request)
    report = import_places(by=desk.by, hall=desk.hall, file=file, is_trial=is_trial)
    faults = [f"{fault.where}：{fault.message}" for fault in report.faults]
    return PlacesReportOut(added=report.added, changed=report.changed, unchanged=report.unchanged, faults=faults)
