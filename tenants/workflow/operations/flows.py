"""A hall's flows: drafted as a table or a drawing, checked, published. What is the same for forms stands in
``designs``."""

import re
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from foundation.editing.drafts import count_edit, hold_lock
from foundation.errors import Conflict, Fault, Invalid
from province.designers.queries.flow_tables import MOST_FLOW_REVISIONS
from province.halls.models import Hall
from province.rights.actors import Actor
from standards.flows.bpmn.reading import read_bpmn
from standards.flows.changes import apply_change, change_whole
from standards.flows.checks.times import limit_text
from standards.flows.definition import FlowDefinition
from standards.flows.nodes import StepLimit
from standards.flows.reading import read_flow
from tenants.portal.operations.figures import require_in_hall
from tenants.workflow.models import Flow, FlowRevision, FlowVersion, Form
from tenants.workflow.operations.designs import (
    DESIGN,
    add_version,
    clean_title,
    insert_design,
    keep_draft,
    locked_design,
    record_design,
)
from tenants.workflow.queries.flows import faults_of_flow
from tenants.workflow.queries.forms import form_with_id

# a flow is named by its code in other flows
_CODE: Final = re.compile(r"[a-z](?:_?[a-z0-9])*\Z")
_LONGEST_CODE: Final = 40


@transaction.atomic
def create_flow(*, by: Actor, hall: Hall, code: str, title: str, definition: FlowDefinition) -> Flow:
    """A flow of which no run can begin yet. ``code`` never changes: up to 40 small letters, digits and _.

    Raises Invalid for a bad code or title, Conflict for a code that another flow of the hall has.
    """
    require_in_hall(by, DESIGN, hall)
    code = code.strip()
    if not _CODE.match(code) or len(code) > _LONGEST_CODE:
        raise Invalid.at("code", "代码用小写英文字母、数字和单个下划线，以字母开头，最多 40 个字符，例如 leave。")
    definition = change_whole(definition, values={"title": clean_title(title, Flow)})
    flow = Flow(code=code, title=definition.title, definition=definition.as_json())
    insert_design(by, hall, flow)
    FlowRevision.objects.create(flow=flow, position=0, definition=flow.definition)
    return flow


@transaction.atomic
def save_flow_draft(*, by: Actor, hall: Hall, flow_id: UUID, definition: Mapping[str, Any], revision: int) -> Flow:
    """Write the draft, which may lack anything but its types and names; runs go on with what was published.

    ``revision`` is the one that the designer has read. Raises Conflict where somebody saved since or has the flow open,
    Invalid for what is no flow, with every fault and its place.
    """
    flow = locked_design(by, hall, Flow, flow_id, revision=revision)
    return _saved(by, hall, flow, read_flow(definition))


@transaction.atomic
def change_flow(*, by: Actor, hall: Hall, flow_id: UUID, act: str, given: Mapping[str, Any], revision: int) -> Flow:
    """Change the draft by one act of its table (``standards.flows.changes``). Raises as ``save_flow_draft`` does."""
    flow = locked_design(by, hall, Flow, flow_id, revision=revision)
    return _saved(by, hall, flow, apply_change(read_flow(flow.definition), act, given))


@transaction.atomic
def draw_flow(*, by: Actor, hall: Hall, flow_id: UUID, drawing: bytes, revision: int) -> tuple[Flow, tuple[Fault, ...]]:
    """Write the draft that a BPMN drawing says; with what of the drawing was left out. Raises as ``save_flow_draft``
    does."""
    flow = locked_design(by, hall, Flow, flow_id, revision=revision)
    reading = read_bpmn(drawing)
    return _saved(by, hall, flow, reading.flow), reading.left_out


@transaction.atomic
def set_up_flow(
    *, by: Actor, hall: Hall, flow_id: UUID, form_id: UUID | None, promise: StepLimit | None, revision: int
) -> Flow:
    """Say which form its runs fill in, and what the hall has promised for the whole. Raises NotFound for a form that is
    not the hall's."""
    flow = locked_design(by, hall, Flow, flow_id, revision=revision)
    form = form_with_id(form_id) if form_id else None
    promised = promise.model_dump(mode="json") if promise else None
    before = flow.form, flow.promise
    if before != (form, promised):
        flow.form, flow.promise = form, promised
        count_edit(flow, by)
        pairs = zip(_set_up_words(*before), _set_up_words(form, promised), strict=True)
        changes = {name: [old, new] for name, (old, new) in zip(("form", "promise"), pairs, strict=True) if old != new}
        record_design(by, hall, flow, "set_up_flow", changes=changes)
    hold_lock(flow, by)
    flow.save()
    return flow


@transaction.atomic
def step_through_flow_edits(*, by: Actor, hall: Hall, flow_id: UUID, revision: int, is_undo: bool) -> Flow:
    """Undo the last change of the draft, or do again what was undone. Raises Conflict where there is none."""
    flow = locked_design(by, hall, Flow, flow_id, revision=revision)
    position = flow.position - 1 if is_undo else flow.position + 1
    kept = flow.revisions.filter(position=position).first()
    if kept is None:
        raise Conflict("没有可以撤销的改动了。" if is_undo else "没有可以恢复的改动了。")
    flow.position, flow.definition, flow.title = position, kept.definition, read_flow(kept.definition).title
    keep_draft(by, hall, flow, is_changed=True)
    return flow


@transaction.atomic
def publish_flow(*, by: Actor, hall: Hall, flow_id: UUID, revision: int) -> FlowVersion:
    """Let runs begin on the draft as it stands, with the newest version of its form; what runs stays on its version.

    Raises Invalid with every fault and the step where it is, Conflict where somebody saved since ``revision`` or
    nothing has changed since the last version.
    """
    flow = locked_design(by, hall, Flow, flow_id, revision=revision)
    if faults := faults_of_flow(flow, hall):
        raise Invalid.of(faults, many=f"流程还有 {len(faults)} 处要改，改好才能发布。")
    form_version = flow.form.newest if flow.form else None
    is_same = flow.newest is not None and flow.newest.form_version_id == (form_version and form_version.pk)
    return add_version(by, hall, flow, flow.versions, title=flow.title, is_same=is_same, form_version=form_version)


def _saved(by: Actor, hall: Hall, flow: Flow, definition: FlowDefinition) -> Flow:
    written = definition.as_json()
    is_changed = written != flow.definition
    if is_changed:
        flow.definition, flow.title = written, definition.title
        flow.revisions.filter(position__gt=flow.position).delete()
        flow.position += 1
        FlowRevision.objects.create(flow=flow, position=flow.position, definition=written)
        flow.revisions.filter(position__lte=flow.position - MOST_FLOW_REVISIONS).delete()
    keep_draft(by, hall, flow, is_changed=is_changed)
    return flow


def _set_up_words(form: Form | None, promise: Mapping[str, Any] | None) -> tuple[str, str]:
    """As the audit says them."""
    return form.title if form else "", limit_text(StepLimit.model_validate(promise)) if promise else ""
