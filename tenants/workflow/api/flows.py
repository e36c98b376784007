"""Flows of the hall, for those who design them."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Router

from foundation.api import Page, PageParameters, idempotent, page_of
from foundation.errors import Fault
from province.designers.schemas import (
    DesignLockIn,
    DesignRevisionIn,
    FlowChangeIn,
    FlowDrawingIn,
    FlowFaultOut,
    FlowStepIn,
)
from standards.flows.versions import FlowDifference
from tenants.workflow.layouts import design_desk_of_request
from tenants.workflow.models import Flow, FlowVersion
from tenants.workflow.operations import designs, flows
from tenants.workflow.queries.designs import definition_at, designs_at_desk, free_code, versions_of
from tenants.workflow.queries.flow_beginnings import beginning_of_flow
from tenants.workflow.queries.flows import drawing_of, faults_of_flow, flow_differences, flow_with_id
from tenants.workflow.schemas.flows import (
    DrawnFlowOut,
    FlowDifferenceOut,
    FlowDraftIn,
    FlowIn,
    FlowLineOut,
    FlowOut,
    FlowSetUpIn,
    FlowVersionOut,
)

router = Router(tags=["flows"])


def _line(flow_id: UUID) -> FlowLineOut:
    """As it stands now."""
    return FlowLineOut.from_orm(flow_with_id(flow_id))


def _faults(found: tuple[Fault, ...]) -> list[FlowFaultOut]:
    return [FlowFaultOut(where=one.where, message=one.message) for one in found]


@router.get("", response=Page[FlowLineOut])
def list_flows(request: HttpRequest, page: PageParameters, state: str = "", search: str = "") -> dict[str, Any]:
    """List the flows, the newest first. ``state``: draft, published or retired."""
    design_desk_of_request(request)
    return page_of(designs_at_desk(Flow, search=search, state=state), page)


@router.post("", response={201: DrawnFlowOut})
@idempotent
def make_flow(request: HttpRequest, data: FlowIn) -> tuple[int, DrawnFlowOut]:
    """Make a new flow, of which no run can begin before it is published."""
    desk = design_desk_of_request(request)
    begun = beginning_of_flow(
        data.title, definition=data.definition, drawing=data.drawing.encode(), item_code=data.item_code
    )
    code = data.code or free_code(Flow, data.title)
    made = flows.create_flow(by=desk.by, hall=desk.hall, code=code, title=data.title, definition=begun.definition)
    return 201, DrawnFlowOut(flow=_line(made.pk), left_out=_faults(begun.left_out))


@router.get("/{uuid:flow_id}", response=FlowOut)
def show_flow(request: HttpRequest, flow_id: UUID) -> Flow:
    design_desk_of_request(request)
    return flow_with_id(flow_id)


@router.patch("/{uuid:flow_id}", response=FlowLineOut)
@idempotent
def save_flow(request: HttpRequest, flow_id: UUID, data: FlowDraftIn) -> tuple[int, FlowLineOut]:
    """Save the draft and hold its lock for five minutes. 409 where somebody else was quicker; 422 for what is no
    flow, with every fault and its place."""
    desk = design_desk_of_request(request)
    flows.save_flow_draft(
        by=desk.by, hall=desk.hall, flow_id=flow_id, definition=data.definition, revision=data.revision
    )
    return 200, _line(flow_id)


@router.post("/{uuid:flow_id}/changes", response=FlowLineOut)
@idempotent
def change_flow(request: HttpRequest, flow_id: UUID, data: FlowChangeIn) -> tuple[int, FlowLineOut]:
    """Change the draft by one act, as its table of steps does."""
    desk = design_desk_of_request(request)
    flows.change_flow(
        by=desk.by, hall=desk.hall, flow_id=flow_id, act=data.act, given=data.given, revision=data.revision
    )
    return 200, _line(flow_id)


@router.post("/{uuid:flow_id}/steps", response=FlowLineOut)
@idempotent
def step_through_flow(request: HttpRequest, flow_id: UUID, data: FlowStepIn) -> tuple[int, FlowLineOut]:
    """Undo the last change of the draft, or do again what was undone."""
    desk = design_desk_of_request(request)
    flows.step_through_flow_edits(
        by=desk.by, hall=desk.hall, flow_id=flow_id, revision=data.revision, is_undo=data.is_undo
    )
    return 200, _line(flow_id)


@router.put("/{uuid:flow_id}/drawing", response=DrawnFlowOut)
@idempotent
def draw_flow(request: HttpRequest, flow_id: UUID, data: FlowDrawingIn) -> tuple[int, DrawnFlowOut]:
    """Save the draft as a BPMN 2.0 drawing says it. 422 with the name of every part that has no counterpart here."""
    desk = design_desk_of_request(request)
    _, left_out = flows.draw_flow(
        by=desk.by, hall=desk.hall, flow_id=flow_id, drawing=data.drawing.encode(), revision=data.revision
    )
    return 200, DrawnFlowOut(flow=_line(flow_id), left_out=_faults(left_out))


@router.get("/{uuid:flow_id}/drawing")
def show_drawing(request: HttpRequest, flow_id: UUID, version: int = 0) -> HttpResponse:
    """A version as BPMN 2.0 XML with its drawing; 0 is the draft."""
    design_desk_of_request(request)
    return HttpResponse(drawing_of(flow_with_id(flow_id), version), content_type="application/xml; charset=utf-8")


@router.put("/{uuid:flow_id}/settings", response=FlowLineOut)
@idempotent
def set_up_flow(request: HttpRequest, flow_id: UUID, data: FlowSetUpIn) -> tuple[int, FlowLineOut]:
    """Say which form its runs fill in, and what the hall has promised for the whole."""
    desk = design_desk_of_request(request)
    flows.set_up_flow(
        by=desk.by,
        hall=desk.hall,
        flow_id=flow_id,
        form_id=data.form_id,
        promise=data.promise,
        revision=data.revision,
    )
    return 200, _line(flow_id)


@router.get("/{uuid:flow_id}/faults", response=list[FlowFaultOut])
def list_flow_faults(request: HttpRequest, flow_id: UUID) -> list[Fault]:
    """Why the draft cannot be published; [] where nothing stands in the way."""
    desk = design_desk_of_request(request)
    return faults_of_flow(flow_with_id(flow_id), desk.hall)


@router.post("/{uuid:flow_id}/lock", response=FlowLineOut)
@idempotent
def take_flow_lock(request: HttpRequest, flow_id: UUID) -> tuple[int, FlowLineOut]:
    """Keep other designers out for five minutes, or for five more. 409, naming the holder, where one has it."""
    desk = design_desk_of_request(request)
    designs.lock_design(by=desk.by, hall=desk.hall, kind=Flow, design_id=flow_id)
    return 200, _line(flow_id)


@router.post("/{uuid:flow_id}/unlock", response=FlowLineOut)
@idempotent
def give_flow_lock_back(request: HttpRequest, flow_id: UUID, data: DesignLockIn) -> tuple[int, FlowLineOut]:
    desk = design_desk_of_request(request)
    designs.unlock_design(by=desk.by, hall=desk.hall, kind=Flow, design_id=flow_id, is_forced=data.is_forced)
    return 200, _line(flow_id)


@router.post("/{uuid:flow_id}/publish", response={201: FlowVersionOut})
@idempotent
def publish_flow(request: HttpRequest, flow_id: UUID, data: DesignRevisionIn) -> tuple[int, FlowVersionOut]:
    """Let runs begin on the draft as it stands. 422 with every fault and its place where it has some."""
    desk = design_desk_of_request(request)
    version = flows.publish_flow(by=desk.by, hall=desk.hall, flow_id=flow_id, revision=data.revision)
    return 201, FlowVersionOut.from_orm(version)


@router.post("/{uuid:flow_id}/retire", response=FlowLineOut)
@idempotent
def retire_flow(request: HttpRequest, flow_id: UUID) -> tuple[int, FlowLineOut]:
    """Let no run of it begin any more; what runs goes on."""
    desk = design_desk_of_request(request)
    designs.retire_design(by=desk.by, hall=desk.hall, kind=Flow, design_id=flow_id)
    return 200, _line(flow_id)


@router.post("/{uuid:flow_id}/restore", response=FlowLineOut)
@idempotent
def restore_flow(request: HttpRequest, flow_id: UUID) -> tuple[int, FlowLineOut]:
    """Undo a retirement."""
    desk = design_desk_of_request(request)
    designs.restore_design(by=desk.by, hall=desk.hall, kind=Flow, design_id=flow_id)
    return 200, _line(flow_id)


@router.get("/{uuid:flow_id}/versions", response=list[FlowVersionOut])
def list_flow_versions(request: HttpRequest, flow_id: UUID) -> QuerySet[FlowVersion]:
    """List what was published, the newest first."""
    design_desk_of_request(request)
    return versions_of(flow_with_id(flow_id))


@router.get("/{uuid:flow_id}/versions/{int:number}", response=dict[str, Any])
def show_flow_version(request: HttpRequest, flow_id: UUID, number: int) -> dict[str, Any]:
    """The definition of a version; 0 is the draft."""
    design_desk_of_request(request)
    return dict(definition_at(flow_with_id(flow_id), number))


@router.get("/{uuid:flow_id}/difference", response=list[FlowDifferenceOut])
def show_flow_difference(request: HttpRequest, flow_id: UUID, before: int, after: int = 0) -> list[FlowDifference]:
    """Compare two versions by their numbers; 0 is the draft."""
    design_desk_of_request(request)
    return flow_differences(flow_with_id(flow_id), before, after)
