"""The hall's guide of an item (实施清单): saved, submitted, decided on."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Router

from foundation.api import idempotent
from tenants.services.api.items import answer
from tenants.services.layouts import items_desk_of_request
from tenants.services.models import HallGuideVersion
from tenants.services.operations import hall_guides
from tenants.services.queries.desk import adoption_at_desk, hall_guides_of
from tenants.services.schemas import AdoptionOut, AdoptionReasonIn, HallGuideIn, HallGuideOut

router = Router(tags=["items"])


@router.put("/{uuid:adoption_id}/hall-guide", response=AdoptionOut)
@idempotent
def save_hall_guide(request: HttpRequest, adoption_id: UUID, data: HallGuideIn) -> tuple[int, AdoptionOut]:
    """Save the draft. Gaps are no faults. 409 where somebody else has saved since, or while it is under review."""
    desk = items_desk_of_request(request)
    hall_guides.save_hall_guide(by=desk.by, hall=desk.hall, adoption_id=adoption_id, **data.model_dump())
    return 200, answer(desk, adoption_id)


@router.post("/{uuid:adoption_id}/submit", response={201: HallGuideOut})
@idempotent
def submit_hall_guide(request: HttpRequest, adoption_id: UUID) -> tuple[int, HallGuideOut]:
    """Submit the draft for somebody else's decision. 422 with what is missing."""
    desk = items_desk_of_request(request)
    return 201, HallGuideOut.from_orm(
        hall_guides.submit_hall_guide(by=desk.by, hall=desk.hall, adoption_id=adoption_id)
    )


@router.post("/{uuid:adoption_id}/recall", response=AdoptionOut)
@idempotent
def recall_hall_guide(request: HttpRequest, adoption_id: UUID) -> tuple[int, AdoptionOut]:
    """Take a submitted guide back before anybody has decided."""
    desk = items_desk_of_request(request)
    hall_guides.recall_hall_guide(by=desk.by, hall=desk.hall, adoption_id=adoption_id)
    return 200, answer(desk, adoption_id)


@router.get("/{uuid:adoption_id}/hall-guides", response=list[HallGuideOut])
def list_hall_guides(request: HttpRequest, adoption_id: UUID) -> QuerySet[HallGuideVersion]:
    """List the guides that were submitted, the latest first."""
    items_desk_of_request(request)
    return hall_guides_of(adoption_at_desk(adoption_id))


@router.post("/{uuid:adoption_id}/hall-guides/{int:number}/pass", response=AdoptionOut)
@idempotent
def pass_hall_guide(request: HttpRequest, adoption_id: UUID, number: int) -> tuple[int, AdoptionOut]:
    """Pass a guide: citizens see it at once. 403 for anybody who has worked on it."""
    desk = items_desk_of_request(request)
    hall_guides.pass_hall_guide(by=desk.by, hall=desk.hall, adoption_id=adoption_id, number=number)
    return 200, answer(desk, adoption_id)


@router.post("/{uuid:adoption_id}/hall-guides/{int:number}/return", response=AdoptionOut)
@idempotent
def return_hall_guide(
    request: HttpRequest, adoption_id: UUID, number: int, data: AdoptionReasonIn
) -> tuple[int, AdoptionOut]:
    """Return a guide to its writers, with a reason."""
    desk = items_desk_of_request(request)
    hall_guides.return_hall_guide(
        by=desk.by, hall=desk.hall, adoption_id=adoption_id, number=number, reason=data.reason
    )
    return 200, answer(desk, adoption_id)
