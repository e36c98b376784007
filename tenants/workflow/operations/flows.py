"""A hall's flows: drafted as a table or a drawing, checked, published, retired."""

import re
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction

from foundation.editing.drafts import (
    check_lock,
    check_revision,
    count_edit,
    hold_lock,
    release_lock,
    sign_draft,
    take_lock,
    with_hand,
)
from foundation.editing.versions import check_may_follow, submission
from foundation.errors import Conflict, Fault, Invalid, NotFound
from province.audit.operations import record_act
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import require_work_at
from standards.flows.bpmn.reading import read_bpmn
from standards.flows.changes import apply_change, change_whole
from standards.flows.checks.times import limit_text
from standards.flows.definition import FlowDefinition
from standards.flows.nodes import StepLimit
from standards.flows.reading import read_flow
from tenants.portal.operations.figures import require_in_hall
from tenants.workflow.models import Flow, FlowRevision, FlowVersion, Form
from tenants.workflow.operations.forms import DESIGN
from tenants.workflow.queries.flows import NO_FLOW, faults_of_flow
from tenants.workflow.queries.forms import NO_FORM
from tenants.workflow.states import FLOW_TRANSITIONS, FlowState

# a flow is named by its code in other flows
_CODE: Final = re.compile(r"[a-z](?:_?[a-z0-9])*\Z")
_LONGEST_CODE: Final = 40
# so many drafts can be undone
MOST_REVISIONS: Final = 100


@transaction.atomic
def create_flow(*, by: Actor, hall: Hall, code: str, title: str, definition: FlowDefinition) -> Flow:
    """A flow of which no run can begin yet. ``code`` never changes: up to 40 small letters, digits and _.

    Raises Invalid for a bad code or title, Conflict for a code that another flow of the hall has.
    """
    require_in_hall(by, DESIGN, hall)
    whose = require_work_at(by, DESIGN, hall_id=hall.pk)
    code = code.strip()
    if not _CODE.match(code) or len(code) > _LONGEST_CODE:
        raise Invalid.at("code", "代码用小写英文字母、数字和单个下划线，以字母开头，最多 40 个字符，例如 leave。")
    definition = _titled(definition, title)
    flow = Flow(
        code=code,
        title=definition.title,
        definition=definition.as_json(),
        owner_id=whose.owner_id,
        unit_id=whose.unit_id,
    )
    sign_draft(flow, by)
    try:
        with transaction.atomic():
            flow.save()
    except IntegrityError as error:
        message = f"本厅已经有一个代码是“{code}”的流程，请换一个代码。"
        raise Conflict(message) from error
    FlowRevision.objects.create(flow=flow, position=0, definition=flow.definition)
    _record(by, hall, flow, "create_flow", changes={"title": [None, flow.title]})
    return flow


@transaction.atomic
def save_flow_draft(*, by: Actor, hall: Hall, flow_id: UUID, definition: Mapping[str, Any], revision: int) -> Flow:
    """Write the draft, which may lack anything but its types and names; runs go on with what was published.

    ``revision`` is the one that the designer has read. Raises Conflict where somebody saved since or has the flow open,
    Invalid for what is no flow, with every fault and its place.
    """
    flow = _opened(by, hall, flow_id, revision)
    return _saved(by, hall, flow, read_flow(definition))


@transaction.atomic
def change_flow(*, by: Actor, hall: Hall, flow_id: UUID, act: str, given: Mapping[str, Any], revision: int) -> Flow:
    """Change the draft by one act of its table (``standards.flows.changes``). Raises as ``save_flow_draft`` does."""
    flow = _opened(by, hall, flow_id, revision)
    return _saved(by, hall, flow, apply_change(read_flow(flow.definition), act, given))


@transaction.atomic
def draw_flow(*, by: Actor, hall: Hall, flow_id: UUID, drawing: bytes, revision: int) -> tuple[Flow, tuple[Fault, ...]]:
    """Write the draft that a BPMN drawing says; with what of the drawing was left out. Raises as ``save_flow_draft``
    does."""
    flow = _opened(by, hall, flow_id, revision)
    reading = read_bpmn(drawing)
    return _saved(by, hall, flow, reading.flow), reading.left_out


@transaction.atomic
def set_up_flow(
    *, by: Actor, hall: Hall, flow_id: UUID, form_id: UUID | None, promise: StepLimit | None, revision: int
) -> Flow:
    """Say which form its runs fill in, and what the hall has promised for the whole. Raises NotFound for a form that is
    not the hall's."""
    flow = _opened(by, hall, flow_id, revision)
    form = Form.objects.filter(pk=form_id).first() if form_id else None
    if form_id and form is None:
        raise NotFound(NO_FORM)
    promised = promise.model_dump(mode="json") if promise else None
    before = flow.form, flow.promise
    if before != (form, promised):
        flow.form, flow.promise = form, promised
        count_edit(flow, by)
        pairs = zip(_set_up_words(*before), _set_up_words(form, promised), strict=True)
        changes = {name: [old, new] for name, (old, new) in zip(("form", "promise"), pairs, strict=True) if old != new}
        _record(by, hall, flow, "set_up_flow", changes=changes)
    hold_lock(flow, by)
    flow.save()
    return flow


@transaction.atomic
def step_through_flow_edits(*, by: Actor, hall: Hall, flow_id: UUID, revision: int, is_undo: bool) -> Flow:
    """Undo the last change of the draft, or do again what was undone. Raises Conflict where there is none."""
    flow = _opened(by, hall, flow_id, revision)
    position = flow.position - 1 if is_undo else flow.position + 1
    kept = flow.revisions.filter(position=position).first()
    if kept is None:
        raise Conflict("没有可以撤销的改动了。" if is_undo else "没有可以恢复的改动了。")
    flow.position, flow.definition, flow.title = position, kept.definition, read_flow(kept.definition).title
    if count_edit(flow, by):
        _record(by, hall, flow, "edit_flow")
    hold_lock(flow, by)
    flow.save()
    return flow


@transaction.atomic
def lock_flow(*, by: Actor, hall: Hall, flow_id: UUID) -> Flow:
    """Keep others from writing for five minutes; asking again prolongs it. Raises Conflict naming the holder."""
    flow = _locked(by, hall, flow_id)
    take_lock(flow, by)
    return flow


@transaction.atomic
def unlock_flow(*, by: Actor, hall: Hall, flow_id: UUID, is_forced: bool = False) -> Flow:
    """Let others write. Somebody else's lock is broken only when forced, and that is told."""
    flow = _locked(by, hall, flow_id)
    if not is_forced:
        check_lock(flow, by)
    elif flow.locked_by_id not in {None, by.id}:
        _record(by, hall, flow, "break_flow_lock", changes={"locked_by_name": [flow.locked_by_name, None]})
    release_lock(flow)
    return flow


@transaction.atomic
def publish_flow(*, by: Actor, hall: Hall, flow_id: UUID, revision: int) -> FlowVersion:
    """Let runs begin on the draft as it stands, with the newest version of its form; what runs stays on its version.

    Raises Invalid with every fault and the step where it is, Conflict where somebody saved since ``revision`` or
    nothing has changed since the last version.
    """
    flow = _opened(by, hall, flow_id, revision)
    if faults := faults_of_flow(flow, hall):
        raise Invalid.of(faults, many=f"流程还有 {len(faults)} 处要改，改好才能发布。")
    latest, form_version = flow.newest, flow.form.newest if flow.form else None
    if latest:
        is_same = latest.definition == flow.definition and flow.state == FlowState.PUBLISHED
        is_same = is_same and latest.form_version_id == (form_version and form_version.pk)
        check_may_follow(latest, state=flow.get_state_display(), is_open=False, is_same=is_same, verb="发布")
    version = FlowVersion.objects.create(
        flow=flow,
        definition=flow.definition,
        form_version=form_version,
        **submission(by=by, after=latest, author_ids=with_hand(flow.editor_ids, by)),
    )
    flow.newest, flow.editor_ids = version, []
    _move(by, hall, flow, FlowState.PUBLISHED, "publish_flow", version=[latest and latest.number, version.number])
    return version


@transaction.atomic
def retire_flow(*, by: Actor, hall: Hall, flow_id: UUID) -> Flow:
    """Let no run of it begin any more; what runs goes on to its end."""
    flow = _locked(by, hall, flow_id)
    _move(by, hall, flow, FlowState.RETIRED, "retire_flow")
    return flow


@transaction.atomic
def restore_flow(*, by: Actor, hall: Hall, flow_id: UUID) -> Flow:
    """Undo a retirement: runs of its newest version, where it has one, can begin again."""
    flow = _locked(by, hall, flow_id)
    if flow.state != FlowState.RETIRED:
        message = f"流程当前是“{flow.get_state_display()}”，无需恢复。"
        raise Conflict(message)
    _move(by, hall, flow, FlowState.PUBLISHED if flow.newest_id else FlowState.DRAFT, "restore_flow")
    return flow


def _locked(by: Actor, hall: Hall, flow_id: UUID) -> Flow:
    require_in_hall(by, DESIGN, hall)
    rows = Flow.objects.select_for_update(of=("self",)).select_related("newest", "form__newest")
    flow = rows.filter(pk=flow_id).first()
    if flow is None:
        raise NotFound(NO_FLOW)
    return flow


def _opened(by: Actor, hall: Hall, flow_id: UUID, revision: int) -> Flow:
    flow = _locked(by, hall, flow_id)
    check_lock(flow, by)
    check_revision(flow, revision)
    return flow


def _saved(by: Actor, hall: Hall, flow: Flow, definition: FlowDefinition) -> Flow:
    written = definition.as_json()
    if written != flow.definition:
        flow.definition, flow.title = written, definition.title
        flow.revisions.filter(position__gt=flow.position).delete()
        flow.position += 1
        FlowRevision.objects.create(flow=flow, position=flow.position, definition=written)
        flow.revisions.filter(position__lte=flow.position - MOST_REVISIONS).delete()
        # the audit tells who began to edit, not every change
        if count_edit(flow, by):
            _record(by, hall, flow, "edit_flow")
    hold_lock(flow, by)
    flow.save()
    return flow


def _set_up_words(form: Form | None, promise: Mapping[str, Any] | None) -> tuple[str, str]:
    """As the audit says them."""
    return form.title if form else "", limit_text(StepLimit.model_validate(promise)) if promise else ""


def _titled(definition: FlowDefinition, title: str) -> FlowDefinition:
    title = " ".join(title.split())
    if not title:
        raise Invalid.at("title", "请填写流程名称。")
    return change_whole(definition, values={"title": title})


def _move(by: Actor, hall: Hall, flow: Flow, state: FlowState, act: str, **changes: Any) -> None:
    FLOW_TRANSITIONS.check(flow.state, state)
    _record(by, hall, flow, act, changes={"state": [flow.state, str(state)], **changes})
    flow.state = state
    flow.save()


def _record(by: Actor, hall: Hall, flow: Flow, act: str, **facts: Any) -> None:
    record_act(by=by, act=f"workflow.{act}", object_type="flow", object_id=flow.pk, hall_id=hall.pk, **facts)
