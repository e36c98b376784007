"""统一表单和流程: what an item's next version brings along, and what its versions do."""

from dataclasses import asdict
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from foundation.api import idempotent
from province.catalogue.models import Item
from province.catalogue.operations.designs import (
    change_item_flow,
    draw_item_flow,
    lock_item_design,
    save_item_form,
    step_through_item_flow,
    unlock_item_design,
    write_item_design,
)
from province.catalogue.queries.designing import (
    DraftMaterial,
    choices_of_every_hall,
    flow_of_draft,
    materials_of_draft,
    study_for_item,
    trial_context,
)
from province.catalogue.queries.designs import (
    SharedDesign,
    compared_designs,
    design_differences,
    design_faults,
    design_of_version,
    design_revision,
    drafted_design,
    suggested_flow,
    suggested_form,
)
from province.catalogue.queries.desks import item_at_desk, require_over, version_at_desk
from province.catalogue.schemas.designs import (
    DesignFaultOut,
    DesignIn,
    DesignLineOut,
    DraftedDesignOut,
    DrawnDesignOut,
    SharedDesignOut,
)
from province.catalogue.schemas.items import DifferenceQuery
from province.designers.queries.expressions import expression_of
from province.designers.schemas import (
    DesignLockIn,
    ExpressionIn,
    ExpressionOut,
    FieldNameOut,
    FlowChangeIn,
    FlowDrawingIn,
    FlowFaultOut,
    FlowStepIn,
    FormChoicesOut,
    FormDraftIn,
    ItemMaterialOut,
    StudyIn,
    StudyOut,
)
from province.rights.actors import Actor
from standards.flows.bpmn.writing import write_bpmn
from standards.forms.designing import draw_name
from standards.forms.palette import palette

router = Router(tags=["items"])


def _actor(request: HttpRequest) -> Actor:
    return cast("Actor", request.auth)  # type: ignore[attr-defined]


def _answer(item: Item) -> DraftedDesignOut:
    shown = drafted_design(item)
    faults = [DesignFaultOut(where=one.where, message=one.message) for one in design_faults(item, shown)]
    return DraftedDesignOut(
        form=_plain(shown.form),
        flow=_plain(shown.flow),
        digest=shown.digest,
        revision=design_revision(item),
        faults=faults,
    )


def _plain(definition: object) -> dict[str, object] | None:
    return cast("dict[str, object] | None", definition)


def _own(by: Actor, item_id: UUID) -> Item:
    item = item_at_desk(by, item_id)
    require_over(by, "catalogue.write", item)
    return item


@router.get("/items/{uuid:item_id}/design", response=DraftedDesignOut)
def show_design(request: HttpRequest, item_id: UUID) -> DraftedDesignOut:
    """Show the form and flow of the draft, and what keeps them from every hall."""
    return _answer(_own(_actor(request), item_id))


@router.put("/items/{uuid:item_id}/design", response=DraftedDesignOut)
@idempotent
def write_design(request: HttpRequest, item_id: UUID, data: DesignIn) -> tuple[int, DraftedDesignOut]:
    """Write form and flow of the draft; halls see them once the version that brings them is published. 422 with a fault
    for every wrong place."""
    by = _actor(request)
    item = _own(by, item_id)
    write_item_design(by=by, item=item, **data.model_dump())
    return 200, _answer(item)


@router.post("/items/{uuid:item_id}/design/lock", response=DesignLineOut, url_name="item-form-lock")
@idempotent
def take_design_lock(request: HttpRequest, item_id: UUID) -> tuple[int, DesignLineOut]:
    """Keep other designers out for five minutes, or for five more. 409, naming the holder, where one has it."""
    by = _actor(request)
    return 200, DesignLineOut.from_orm(lock_item_design(by=by, item=_own(by, item_id)))


@router.post("/items/{uuid:item_id}/design/unlock", response=DesignLineOut)
@idempotent
def give_design_lock_back(request: HttpRequest, item_id: UUID, data: DesignLockIn) -> tuple[int, DesignLineOut]:
    by = _actor(request)
    return 200, DesignLineOut.from_orm(unlock_item_design(by=by, item=_own(by, item_id), is_forced=data.is_forced))


# the designers' pages ask by these names
@router.patch("/items/{uuid:item_id}/design/form", response=DesignLineOut, url_name="item-form-draft")
@idempotent
def save_designed_form(request: HttpRequest, item_id: UUID, data: FormDraftIn) -> tuple[int, DesignLineOut]:
    """Save the form of the draft, however unfinished, and hold its lock for five minutes. 409 where somebody else was
    quicker or has it open, 422 where conditions or formulas read one another in a circle."""
    by = _actor(request)
    item = _own(by, item_id)
    return 200, DesignLineOut.from_orm(
        save_item_form(by=by, item=item, definition=data.definition, revision=data.revision)
    )


@router.post("/items/{uuid:item_id}/design/form/study", response=StudyOut, url_name="item-form-study")
def study_designed_form(request: HttpRequest, item_id: UUID, data: StudyIn) -> dict[str, Any]:
    """What is wrong with a form, also what one hall alone has, what its conditions may call, and how they read. Nothing
    is kept."""
    return study_for_item(_own(_actor(request), item_id), data.definition)


@router.post("/items/{uuid:item_id}/design/form/expressions", response=ExpressionOut, url_name="item-form-expressions")
def write_designed_expression(request: HttpRequest, item_id: UUID, data: ExpressionIn) -> dict[str, Any]:
    """Write a condition or a formula, and try it with values. Nothing is kept."""
    by = _actor(request)
    _own(by, item_id)
    return asdict(expression_of(data.definition, trial_context(by), **data.asked()))


@router.get("/items/{uuid:item_id}/design/form/names", response=FieldNameOut, url_name="item-form-names")
def name_designed_field(request: HttpRequest, item_id: UUID, label: str) -> dict[str, str]:
    """The name that a field of this label gets: its pinyin."""
    _own(_actor(request), item_id)
    return {"name": draw_name(label, ())}


@router.get("/items/{uuid:item_id}/design/form/palette", response=dict[str, Any])
def show_design_palette(request: HttpRequest, item_id: UUID) -> dict[str, Any]:
    """Every type of field with its attributes, ready blocks and comparisons: what a definition may hold."""
    _own(_actor(request), item_id)
    return palette()


@router.get("/items/{uuid:item_id}/design/form/choices", response=FormChoicesOut)
def list_design_choices(request: HttpRequest, item_id: UUID) -> dict[str, Any]:
    """What a form may name that goes to every hall: the roles that each has."""
    _own(_actor(request), item_id)
    return choices_of_every_hall()


@router.get(
    "/items/{uuid:item_id}/design/form/materials", response=list[ItemMaterialOut], url_name="item-form-materials"
)
def search_draft_materials(request: HttpRequest, item_id: UUID, search: str = "") -> list[DraftMaterial]:
    """Search the materials of the item's draft by words."""
    return materials_of_draft(_own(_actor(request), item_id), search)


@router.post("/items/{uuid:item_id}/design/flow/changes", response=DesignLineOut)
@idempotent
def change_designed_flow(request: HttpRequest, item_id: UUID, data: FlowChangeIn) -> tuple[int, DesignLineOut]:
    """Change the flow of the draft by one act, as its table of steps does."""
    by = _actor(request)
    item = _own(by, item_id)
    return 200, DesignLineOut.from_orm(
        change_item_flow(by=by, item=item, act=data.act, given=data.given, revision=data.revision)
    )


@router.post("/items/{uuid:item_id}/design/flow/steps", response=DesignLineOut)
@idempotent
def step_through_designed_flow(request: HttpRequest, item_id: UUID, data: FlowStepIn) -> tuple[int, DesignLineOut]:
    """Undo the last change of the draft's flow, or do again what was undone."""
    by = _actor(request)
    item = _own(by, item_id)
    return 200, DesignLineOut.from_orm(
        step_through_item_flow(by=by, item=item, revision=data.revision, is_undo=data.is_undo)
    )


@router.get("/items/{uuid:item_id}/design/flow/drawing")
def show_designed_drawing(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """The flow of the draft as BPMN 2.0 XML with its drawing."""
    flow, _ = flow_of_draft(_own(_actor(request), item_id))
    return HttpResponse(write_bpmn(flow), content_type="application/xml; charset=utf-8")


@router.put("/items/{uuid:item_id}/design/flow/drawing", response=DrawnDesignOut, url_name="item-flow-drawing")
@idempotent
def draw_designed_flow(request: HttpRequest, item_id: UUID, data: FlowDrawingIn) -> tuple[int, DrawnDesignOut]:
    """Save the flow of the draft as a BPMN 2.0 drawing says it. 422 with the name of every part that has no counterpart
    here."""
    by = _actor(request)
    item = _own(by, item_id)
    design, left = draw_item_flow(by=by, item=item, drawing=data.drawing.encode(), revision=data.revision)
    left_out = [FlowFaultOut(where=one.where, message=one.message) for one in left]
    return 200, DrawnDesignOut(flow=DesignLineOut.from_orm(design), left_out=left_out)


@router.get("/items/{uuid:item_id}/design/suggestion", response=SharedDesignOut)
def suggest_design(request: HttpRequest, item_id: UUID) -> SharedDesignOut:
    """Make a first form of the draft's materials and a first flow of its chart; nothing is kept."""
    item = _own(_actor(request), item_id)
    return SharedDesignOut(form=suggested_form(item), flow=suggested_flow(item).as_json(), digest="")


@router.get("/items/{uuid:item_id}/design/difference", response=list[str])
def show_design_difference(request: HttpRequest, item_id: UUID, asked: Query[DifferenceQuery]) -> list[str]:
    """Compare what two versions bring along, by their numbers, in sentences; 0 is the draft."""
    by = _actor(request)
    return design_differences(*compared_designs(by, item_at_desk(by, item_id), asked.before, asked.after))


@router.get("/versions/{uuid:version_id}/design", response=SharedDesignOut)
def show_version_design(request: HttpRequest, version_id: UUID) -> SharedDesign:
    """Show the form and flow that the version brings along, frozen with it."""
    return design_of_version(version_at_desk(_actor(request), version_id).pk)
