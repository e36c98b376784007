"""For which items the hall takes applications, and how."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from foundation.api import idempotent
from tenants.casework.layouts import setups_desk_of_request
from tenants.casework.operations.setups import SetupWish, change_setup, close_setup, open_setup, set_up_cases
from tenants.casework.queries.flow_changes import FlowChange, foresee_flow_change
from tenants.casework.queries.joint import JointPartner
from tenants.casework.queries.setups import setup_lines, setup_with_id
from tenants.casework.schemas.setups import CaseSetupIn, CaseSetupOut, FlowChangeOut, SetupChangeIn, SetupRevisionIn

router = Router(tags=["cases"])


@router.get("", response=list[CaseSetupOut])
def list_setups(request: HttpRequest) -> list[CaseSetupOut]:
    """List all that were set up, by name."""
    setups_desk_of_request(request)
    return [CaseSetupOut.from_orm(one.setup) for one in setup_lines()]


@router.post("", response={201: CaseSetupOut})
@idempotent
def set_up(request: HttpRequest, data: CaseSetupIn) -> tuple[int, CaseSetupOut]:
    """Begin with an item: its application form is made of its guide."""
    desk = setups_desk_of_request(request)
    return 201, CaseSetupOut.from_orm(set_up_cases(by=desk.by, hall=desk.hall, **data.model_dump()))


@router.get("/{uuid:setup_id}", response=CaseSetupOut)
def show_setup(request: HttpRequest, setup_id: UUID) -> CaseSetupOut:
    setups_desk_of_request(request)
    return CaseSetupOut.from_orm(setup_with_id(setup_id))


@router.get("/{uuid:setup_id}/flow-change", response=FlowChangeOut)
def show_flow_change(request: HttpRequest, setup_id: UUID, flow_id: UUID | None = None) -> FlowChange:
    """Say what choosing this flow would do with open cases, before it is chosen; it changes nothing."""
    setups_desk_of_request(request)
    return foresee_flow_change(setup_with_id(setup_id), flow_id)


@router.put("/{uuid:setup_id}", response=CaseSetupOut)
@idempotent
def change(request: HttpRequest, setup_id: UUID, data: SetupChangeIn) -> tuple[int, CaseSetupOut]:
    """Choose flow, department, whom it asks (联办), whether citizens apply online, and how long closed cases are
    kept."""
    desk = setups_desk_of_request(request)
    given = data.model_dump()
    revision = given.pop("revision")
    partners = [JointPartner(**one) for one in given.pop("partners")]
    wish = SetupWish(**given, partners=partners)
    made = change_setup(by=desk.by, hall=desk.hall, setup_id=setup_id, revision=revision, wish=wish)
    return 200, CaseSetupOut.from_orm(made)


@router.post("/{uuid:setup_id}/open", response=CaseSetupOut)
@idempotent
def open_for_applications(request: HttpRequest, setup_id: UUID, data: SetupRevisionIn) -> tuple[int, CaseSetupOut]:
    """Take applications. 422 with all that is still missing."""
    desk = setups_desk_of_request(request)
    made = open_setup(by=desk.by, hall=desk.hall, setup_id=setup_id, revision=data.revision)
    return 200, CaseSetupOut.from_orm(made)


@router.post("/{uuid:setup_id}/close", response=CaseSetupOut)
@idempotent
def close(request: HttpRequest, setup_id: UUID, data: SetupRevisionIn) -> tuple[int, CaseSetupOut]:
    """Take no more applications; what was received goes on."""
    desk = setups_desk_of_request(request)
    made = close_setup(by=desk.by, hall=desk.hall, setup_id=setup_id, revision=data.revision)
    return 200, CaseSetupOut.from_orm(made)
