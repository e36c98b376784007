"""统一表单和流程: what the province gives with an item, and whether the hall works by it."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from foundation.api import idempotent
from tenants.casework.layouts import setups_desk_of_request
from tenants.casework.operations.shared_designs import decline_design, take_design
from tenants.casework.queries.setups import setup_with_id
from tenants.casework.queries.shared_designs import DesignOffer, offer_of_setup
from tenants.casework.schemas.setups import CaseSetupOut
from tenants.casework.schemas.shared_designs import DesignDecisionIn, DesignOfferOut

router = Router(tags=["cases"])


@router.get("/{uuid:setup_id}/shared-design", response=DesignOfferOut)
def show_offer(request: HttpRequest, setup_id: UUID) -> DesignOffer:
    """Show form and flow that came with the item, beside the hall's own. 404 where nothing came."""
    setups_desk_of_request(request)
    return offer_of_setup(setup_with_id(setup_id))


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
