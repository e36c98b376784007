"""Runs of flows: started, done step by step, led back, held up and ended."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from foundation.api import OutcomeOut, idempotent
from foundation.files.store import link_for_readers
from standards.forms.results import json_schema, seen_values
from tenants.shell.slots import Desk
from tenants.workflow.layouts import part_desk_of_request
from tenants.workflow.operations import clock, moving, returns, runs, signers
from tenants.workflow.operations.run_forms import begin_run_form
from tenants.workflow.queries.contexts import filling_context
from tenants.workflow.queries.filled import FormFiller, values_of
from tenants.workflow.queries.flow_starts import startable_flows, startable_version
from tenants.workflow.queries.public_line import public_line
from tenants.workflow.queries.run_access import run_of
from tenants.workflow.queries.run_pages import RunView, run_view
from tenants.workflow.queries.running import running_flow
from tenants.workflow.queries.uploads import material_of_run, materials_of_run
from tenants.workflow.schemas.fillings import UploadLinkOut
from tenants.workflow.schemas.runs import (
    ActOut,
    BegunFormOut,
    CopiesOut,
    CopyIn,
    FlowStartOut,
    ForeseenMoveOut,
    JumpIn,
    MessageIn,
    MovesIn,
    OpinionIn,
    PluginCallOut,
    PublicStepOut,
    RunFileOut,
    RunIn,
    RunLineOut,
    RunOut,
    StartOut,
    TerminationIn,
    WorkItemOut,
)

router = Router(tags=["runs"])


def answer(desk: Desk, run_id: UUID) -> RunOut:
    """Show the run as it is now."""
    view = run_view(desk.by, desk.hall, run_of(desk.by, desk.hall, run_id))
    run = view.run
    return RunOut(
        **RunLineOut.from_orm(run).model_dump(),
        flow_id=run.version.flow_id,
        version=run.version.number,
        revision=run.revision,
        form_revision=run.filled.revision if run.filled else None,
        items=[WorkItemOut.from_orm(one) for one in view.items],
        acts=[ActOut.from_orm(one) for one in view.history],
        values=_values(desk, view),
        own_item_id=view.item.pk if view.item else None,
        returns=[one.step for one in view.visits],
        public_steps=[PublicStepOut.from_orm(one) for one in public_line(run).steps],
        calls=[
            PluginCallOut(
                item_id=one.item.pk,
                said=one.said,
                has_failed=one.has_failed,
                may_help=one.may_help,
                outputs={name: port.label for name, port in one.ports.outputs.items()} if one.ports else {},
            )
            for one in view.calls
        ],
    )


def _values(desk: Desk, view: RunView) -> dict[str, object]:
    filled, form = view.run.filled, view.flow.form
    if filled is None or form is None:
        return {}
    context = filling_context(desk.hall, FormFiller(desk.by), filled)
    return seen_values(form, values_of(desk.hall, filled), view.rights, context)


@router.get("/flows", response=list[StartOut])
def list_startable(request: HttpRequest) -> list[StartOut]:
    """List the flows that can be started."""
    part_desk_of_request(request)
    return [StartOut.from_orm(one) for one in startable_flows()]


@router.get("/flows/{uuid:flow_id}", response=FlowStartOut)
def show_startable(request: HttpRequest, flow_id: UUID) -> FlowStartOut:
    """Show what is to be filled in to start a flow."""
    part_desk_of_request(request)
    version = startable_version(flow_id)
    flow = running_flow(version)
    schema = json_schema(flow.form, flow.rights_at(flow.walking.start)) if flow.form else None
    return FlowStartOut(**StartOut.from_orm(version.flow).model_dump(), form=schema)


@router.post("/flows/{uuid:flow_id}/form", response=BegunFormOut)
@idempotent
def begin_form(request: HttpRequest, flow_id: UUID) -> tuple[int, BegunFormOut]:
    """Begin the form with which a flow starts, filled in with what is known; the draft that there is, if there is."""
    desk = part_desk_of_request(request)
    filled = begin_run_form(by=desk.by, hall=desk.hall, flow_id=flow_id)
    return 200, BegunFormOut(filled_id=filled.pk if filled else None)


@router.post("", response={201: RunOut})
@idempotent
def start(request: HttpRequest, data: RunIn) -> tuple[int, RunOut]:
    """Start a flow with its form filled in."""
    desk = part_desk_of_request(request)
    made = runs.start_run(
        by=desk.by,
        hall=desk.hall,
        flow_id=data.flow_id,
        title=data.title,
        posted=data.values,
        filled_id=data.filled_id,
        chosen=data.chosen,
    )
    return 201, answer(desk, made.pk)


@router.post("/moves/preview", response=list[ForeseenMoveOut])
def foresee(request: HttpRequest, data: MovesIn) -> list[ForeseenMoveOut]:
    """Say what moving runs to another version of their flow would do. Nothing is changed."""
    desk = part_desk_of_request(request)
    found = moving.foresee_moves(
        by=desk.by, hall=desk.hall, run_ids=data.run_ids, version_id=data.version_id, places=data.places
    )
    return [ForeseenMoveOut.from_orm(one) for one in found]


@router.post("/moves", response=list[OutcomeOut])
@idempotent
def move(request: HttpRequest, data: MovesIn) -> tuple[int, list[OutcomeOut]]:
    """Move runs to another version of their flow; what is refused for one does not stop the others."""
    desk = part_desk_of_request(request)
    outcomes = moving.move_runs(
        by=desk.by,
        hall=desk.hall,
        run_ids=data.run_ids,
        version_id=data.version_id,
        places=data.places,
        drops=data.drops,
        opinion=data.opinion,
    )
    return 200, [OutcomeOut.model_validate(one) for one in outcomes]


@router.get("/{uuid:run_id}", response=RunOut)
def show_run(request: HttpRequest, run_id: UUID) -> RunOut:
    """Show a run in which one has a part."""
    return answer(part_desk_of_request(request), run_id)


@router.get("/{uuid:run_id}/files", response=list[RunFileOut])
def list_materials(request: HttpRequest, run_id: UUID) -> list[RunFileOut]:
    """List the files in the run's form that one may see."""
    desk = part_desk_of_request(request)
    same = ("name", "media_type", "size")
    return [
        RunFileOut(id=one.upload.pk, label=one.label, **{name: getattr(one.upload, name) for name in same})
        for one in materials_of_run(desk.by, desk.hall, run_of(desk.by, desk.hall, run_id))
    ]


@router.get("/{uuid:run_id}/files/{uuid:upload_id}", response=UploadLinkOut)
def link_to_material(request: HttpRequest, run_id: UUID, upload_id: UUID) -> dict[str, str]:
    """Get an address of a file of the run, which soon ends."""
    desk = part_desk_of_request(request)
    run = run_of(desk.by, desk.hall, run_id)
    return {"url": link_for_readers(material_of_run(desk.by, desk.hall, run, upload_id).upload, "")}


@router.post("/{uuid:run_id}/cancellation", response=RunOut)
@idempotent
def cancel(request: HttpRequest, run_id: UUID, data: OpinionIn) -> tuple[int, RunOut]:
    """Take back a run that one has started, before anybody has done anything in it. 409 after that."""
    desk = part_desk_of_request(request)
    run_of(desk.by, desk.hall, run_id)
    runs.cancel_run(by=desk.by, hall=desk.hall, run_id=run_id, opinion=data.opinion)
    return 200, answer(desk, run_id)


@router.post("/{uuid:run_id}/termination", response=RunOut)
@idempotent
def terminate(request: HttpRequest, run_id: UUID, data: TerminationIn) -> tuple[int, RunOut]:
    """End a run before its end."""
    desk = part_desk_of_request(request)
    run_of(desk.by, desk.hall, run_id)
    runs.terminate_run(by=desk.by, hall=desk.hall, run_id=run_id, opinion=data.opinion, item_id=data.item_id)
    return 200, answer(desk, run_id)


@router.post("/{uuid:run_id}/suspension", response=RunOut)
@idempotent
def suspend(request: HttpRequest, run_id: UUID, data: OpinionIn) -> tuple[int, RunOut]:
    """Hold a run up: nothing is done in it and no clock runs."""
    desk = part_desk_of_request(request)
    runs.suspend_run(by=desk.by, hall=desk.hall, run_id=run_id, opinion=data.opinion)
    return 200, answer(desk, run_id)


@router.post("/{uuid:run_id}/resumption", response=RunOut)
@idempotent
def resume(request: HttpRequest, run_id: UUID, data: OpinionIn) -> tuple[int, RunOut]:
    """Let a run go on that was held up."""
    desk = part_desk_of_request(request)
    runs.resume_run(by=desk.by, hall=desk.hall, run_id=run_id, opinion=data.opinion)
    return 200, answer(desk, run_id)


@router.post("/{uuid:run_id}/jump", response=RunOut)
@idempotent
def jump(request: HttpRequest, run_id: UUID, data: JumpIn) -> tuple[int, RunOut]:
    """Put a run at a step, with a reason. 409 where branches would then wait for ever."""
    desk = part_desk_of_request(request)
    returns.jump_run(
        by=desk.by,
        hall=desk.hall,
        run_id=run_id,
        step=data.step,
        opinion=data.opinion,
        instead_of=data.instead_of,
    )
    return 200, answer(desk, run_id)


@router.post("/{uuid:run_id}/message", response=RunOut)
@idempotent
def give_message(request: HttpRequest, run_id: UUID, data: MessageIn) -> tuple[int, RunOut]:
    """Give a run the message that it waits for. 409 where it waits for none of that name."""
    desk = part_desk_of_request(request)
    clock.deliver_message(by=desk.by, hall=desk.hall, run_id=run_id, message=data.message)
    return 200, answer(desk, run_id)


@router.post("/{uuid:run_id}/copies", response=CopiesOut)
@idempotent
def copy(request: HttpRequest, run_id: UUID, data: CopyIn) -> tuple[int, CopiesOut]:
    """Show a run to people of the hall."""
    desk = part_desk_of_request(request)
    run_of(desk.by, desk.hall, run_id)
    new = signers.copy_run(
        by=desk.by, hall=desk.hall, run_id=run_id, people=data.people, item_id=data.item_id, opinion=data.opinion
    )
    return 200, CopiesOut(new=new)
