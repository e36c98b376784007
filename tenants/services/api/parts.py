"""The hall's part of an item: saved, submitted, decided on."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Router

from foundation.api import PROBLEMS, idempotent
from tenants.services.api.items import answer
from tenants.services.layouts import items_desk_of_request
from tenants.services.models import PartVersion
from tenants.services.operations import parts
from tenants.services.queries.desk import adoption_at_desk, parts_of
from tenants.services.schemas import AdoptionOut, PartIn, PartOut, ReasonIn

router = Router(tags=["items"])


@router.put("/{uuid:adoption_id}/part", response={200: AdoptionOut, **PROBLEMS})
@idempotent
def save_part(request: HttpRequest, adoption_id: UUID, data: PartIn) -> tuple[int, AdoptionOut]:
    """Gaps are no faults. 409 where somebody else was quicker, or while it is being decided on."""
    desk = items_desk_of_request(request)
    parts.save_part(by=desk.by, hall=desk.hall, adoption_id=adoption_id, **data.model_dump())
    return 200, answer(desk, adoption_id)


@router.post("/{uuid:adoption_id}/submit", response={201: PartOut, **PROBLEMS})
@idempotent
def submit_part(request: HttpRequest, adoption_id: UUID) -> tuple[int, PartOut]:
    """Freeze the draft for somebody else's decision. 422 with what is missing."""
    desk = items_desk_of_request(request)
    return 201, PartOut.from_orm(parts.submit_part(by=desk.by, hall=desk.hall, adoption_id=adoption_id))


@router.post("/{uuid:adoption_id}/recall", response={200: AdoptionOut, **PROBLEMS})
@idempotent
def recall_part(request: HttpRequest, adoption_id: UUID) -> tuple[int, AdoptionOut]:
    """Take it back before anybody has decided."""
    desk = items_desk_of_request(request)
    parts.recall_part(by=desk.by, hall=desk.hall, adoption_id=adoption_id)
    return 200, answer(desk, adoption_id)


@router.get("/{uuid:adoption_id}/parts", response={200: list[PartOut], **PROBLEMS})
def list_parts(request: HttpRequest, adoption_id: UUID) -> QuerySet[PartVersion]:
    """As they were submitted, the latest first."""
    items_desk_of_request(request)
    return parts_of(adoption_at_desk(adoption_id))


@router.post("/{uuid:adoption_id}/parts/{int:number}/pass", response={200: AdoptionOut, **PROBLEMS})
@idempotent
def pass_part(request: HttpRequest, adoption_id: UUID, number: int) -> tuple[int, AdoptionOut]:
    """Citizens see it at once. 403 for whoever had a hand in it."""
    desk = items_desk_of_request(request)
    parts.pass_part(by=desk.by, hall=desk.hall, adoption_id=adoption_id, number=number)
    return 200, answer(desk, adoption_id)


@router.post("/{uuid:adoption_id}/parts/{int:number}/return", response={200: AdoptionOut, **PROBLEMS})
@idempotent
def return_part(request: HttpRequest, adoption_id: UUID, number: int, data: ReasonIn) -> tuple[int, AdoptionOut]:
    """Back to its writers; the reason is required."""
    desk = items_desk_of_request(request)
    parts.return_part(by=desk.by, hall=desk.hall, adoption_id=adoption_id, number=number, reason=data.reason)
    return 200, answer(desk, adoption_id)
