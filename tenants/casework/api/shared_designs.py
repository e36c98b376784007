"""统一表单和流程: what the province gives with an item, and whether the hall works by it."""

from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router

from foundation.api import idempotent
from standards.reconciling import Side
from tenants.casework.layouts import setups_desk_of_request
from tenants.casework.operations.design_merges import merge_design, publish_merge, undo_merge
from tenants.casework.operations.shared_designs import decline_design, take_design
from tenants.casework.queries.design_merges import DesignMerge, foresee_merge
from tenants.casework.queries.setups import setup_with_id
from tenants.casework.queries.shared_designs import DesignOffer, offer_of_setup
from tenants.casework.schemas.setups import CaseSetupOut, SetupRevisionIn
from tenants.casework.schemas.shared_designs import DesignDecisionIn, DesignMergeIn, DesignMergeOut, DesignOfferOut

router = Router(tags=["cases"])
CHOSEN: Final[Any] = Query([], max_length=200)  # type: ignore[type-arg]


@router.get("/{uuid:setup_id}/shared-design", response=DesignOfferOut)
def show_offer(request: HttpRequest, setup_id: UUID) -> DesignOffer:
    """Show form and flow that came with the item, beside the hall's own. 404 where nothing came."""
    setups_desk_of_request(request)
    return offer_of_setup(setup_with_id(setup_id))


@router.get("/{uuid:setup_id}/shared-design/merge", response=DesignMergeOut)
def show_merge(
    request: HttpRequest, setup_id: UUID, ours: list[str] = CHOSEN, theirs: list[str] = CHOSEN
) -> DesignMerge:
    """Say what merging it into the hall's own would make; it changes nothing. ``ours`` and ``theirs``: keys of clashes
    of which the hall's or the province's holds, the default where neither says one."""
    setups_desk_of_request(request)
    choices: dict[str, Side] = {**dict.fromkeys(ours, "ours"), **dict.fromkeys(theirs, "theirs")}
    return foresee_merge(offer_of_setup(setup_with_id(setup_id)), choices)


@router.post("/{uuid:setup_id}/shared-design/merge", response=CaseSetupOut)
@idempotent
def merge(request: HttpRequest, setup_id: UUID, data: DesignMergeIn) -> tuple[int, CaseSetupOut]:
    """Write the drafts of both together; nothing is published. 422 with what keeps them from being merged."""
    desk = setups_desk_of_request(request)
    made = merge_design(by=desk.by, hall=desk.hall, setup_id=setup_id, **data.model_dump())
    return 200, CaseSetupOut.from_orm(made)


@router.post("/{uuid:setup_id}/shared-design/merge/undo", response=CaseSetupOut)
@idempotent
def undo(request: HttpRequest, setup_id: UUID, data: SetupRevisionIn) -> tuple[int, CaseSetupOut]:
    """Go back to the drafts of before. 409 once they were published."""
    desk = setups_desk_of_request(request)
    made = undo_merge(by=desk.by, hall=desk.hall, setup_id=setup_id, revision=data.revision)
    return 200, CaseSetupOut.from_orm(made)


@router.post("/{uuid:setup_id}/shared-design/merge/publish", response=CaseSetupOut)
@idempotent
def publish(request: HttpRequest, setup_id: UUID, data: SetupRevisionIn) -> tuple[int, CaseSetupOut]:
    """Let new applications go by the merged form and flow. 422 with every fault of either."""
    desk = setups_desk_of_request(request)
    made = publish_merge(by=desk.by, hall=desk.hall, setup_id=setup_id, revision=data.revision)
    return 200, CaseSetupOut.from_orm(made)


@router.post("/{uuid:setup_id}/shared-design/take", response=CaseSetupOut)
@idempotent
def take(request: HttpRequest, setup_id: UUID, data: DesignDecisionIn) -> tuple[int, CaseSetupOut]:
    """Work by it from now on; what was begun goes on as it was. 422 with what it names and this hall has not."""
    desk = setups_desk_of_request(request)
    made = take_design(by=desk.by, hall=desk.hall, setup_id=setup_id, **data.model_dump())
    return 200, CaseSetupOut.from_orm(made)


@router.post("/{uuid:setup_id}/shared-design/decline", response=CaseSetupOut)
@idempotent
def decline(request: HttpRequest, setup_id: UUID, data: DesignDecisionIn) -> tuple[int, CaseSetupOut]:
    """Go on as before, and be told of it no more until the province gives another one."""
    desk = setups_desk_of_request(request)
    made = decline_design(by=desk.by, hall=desk.hall, setup_id=setup_id, **data.model_dump())
    return 200, CaseSetupOut.from_orm(made)
