"""One act on many of the hall's items: what the desk's table does with its ticked rows."""

from collections.abc import Collection
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from foundation.api import OutcomeOut, idempotent
from province.catalogue.queries.items import names_of_items
from tenants.services.layouts import items_desk_of_request
from tenants.services.operations.adoptions import BulkResult
from tenants.services.operations.hall_guides import pass_hall_guides, submit_hall_guides
from tenants.services.operations.units import give_to_unit
from tenants.services.operations.versions import accept_versions
from tenants.services.queries.desk import items_of_adoptions
from tenants.services.schemas import GiveToUnitIn, PickedIn, ReadIn

router = Router(tags=["items"])


@router.post("/submit", response=list[OutcomeOut])
@idempotent
def submit_many(request: HttpRequest, data: PickedIn) -> tuple[int, list[OutcomeOut]]:
    """Submit the drafts of many items. Answers what came of each: who is refused does not stop the others. 404, and
    nothing is done, where one is not this hall's."""
    desk = items_desk_of_request(request)
    result = submit_hall_guides(by=desk.by, hall=desk.hall, adoption_ids=data.ids)
    return 200, _outcomes(data.ids, result)


@router.post("/unit", response=list[OutcomeOut])
@idempotent
def give_many(request: HttpRequest, data: GiveToUnitIn) -> tuple[int, list[OutcomeOut]]:
    """Give items to a department of the hall, whose people fill them in from then on; null: to none. Answers as for
    submitting."""
    desk = items_desk_of_request(request)
    result = give_to_unit(by=desk.by, hall=desk.hall, adoption_ids=data.adoption_ids, unit_id=data.unit_id)
    return 200, _outcomes(data.adoption_ids, result)


@router.post("/pass", response=list[OutcomeOut])
@idempotent
def pass_many(request: HttpRequest, data: ReadIn) -> tuple[int, list[OutcomeOut]]:
    """Pass many guides; answers as for submitting."""
    desk = items_desk_of_request(request)
    return 200, _outcomes(data.numbers, pass_hall_guides(by=desk.by, hall=desk.hall, numbers=data.numbers))


@router.post("/accept", response=list[OutcomeOut])
@idempotent
def accept_many(request: HttpRequest, data: ReadIn) -> tuple[int, list[OutcomeOut]]:
    """Accept new versions of many items; answers as for submitting."""
    desk = items_desk_of_request(request)
    return 200, _outcomes(data.numbers, accept_versions(by=desk.by, hall=desk.hall, numbers=data.numbers))


def _outcomes(adoption_ids: Collection[UUID], result: BulkResult) -> list[OutcomeOut]:
    items = items_of_adoptions(adoption_ids)
    names = names_of_items(items.values())
    return [
        OutcomeOut(
            id=str(one),
            name=names.get(items[one], ""),
            is_done=items[one] not in result.refused,
            reason=result.refused.get(items[one], ""),
        )
        for one in dict.fromkeys(adoption_ids)
    ]
