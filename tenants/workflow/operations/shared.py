"""The province's form and flow of an item, taken into a hall as the next versions of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from foundation.editing.drafts import count_edit, release_lock
from foundation.errors import Conflict
from province.halls.models import Hall
from province.rights.actors import Actor
from standards.flows.nodes import StepLimit
from standards.flows.reading import read_flow
from standards.forms.reading import read_definition
from tenants.workflow.models import Flow, Form
from tenants.workflow.operations.designs import locked_design, record_design
from tenants.workflow.operations.flows import create_flow, publish_flow, save_flow_draft, set_up_flow
from tenants.workflow.operations.forms import publish_form, save_form_draft
from tenants.workflow.queries.designs import free_code
from tenants.workflow.queries.forms import form_with_id
from tenants.workflow.states import DesignState


@dataclass(frozen=True, slots=True)
class DesignOrigin:
    """With which version of an item it came down, and the digest of what came."""

    version_id: UUID
    digest: str


@transaction.atomic
def take_form(
    *, by: Actor, hall: Hall, form_id: UUID, definition: Mapping[str, Any], origin: DesignOrigin, revision: int
) -> Form:
    """Publish what came down as the form's next version; what was begun stays on its own. The hall may change it
    afterwards as it may change any form.

    ``revision``: of the hall's draft, which this replaces. Raises Conflict where somebody saved since or has it open,
    Invalid with every fault of what it names and the hall has not.
    """
    form = locked_design(by, hall, Form, form_id, revision=revision)
    written = read_definition(definition).as_json()
    if written != form.definition:
        form.definition = written
        count_edit(form, by)
    _come_from(by, hall, form, origin)
    return publish_form_again(by=by, hall=hall, form_id=form.pk)


@transaction.atomic
def take_flow(
    *,
    by: Actor,
    hall: Hall,
    flow_id: UUID | None,
    form_id: UUID,
    definition: Mapping[str, Any],
    origin: DesignOrigin,
    revision: int = 0,
) -> Flow:
    """Publish what came down as the flow's next version (``flow_id`` None: as a new flow), pinned to the newest version
    of the form. Runs go on with what they began with. Raises as ``take_form``."""
    drawn = read_flow(definition)
    if flow_id is None:
        flow = create_flow(by=by, hall=hall, code=free_code(Flow, drawn.title), title=drawn.title, definition=drawn)
    else:
        flow = save_flow_draft(by=by, hall=hall, flow_id=flow_id, definition=definition, revision=revision)
    flow = _pinned(by, hall, flow, form_id)
    _come_from(by, hall, flow, origin)
    return publish_again(by=by, hall=hall, flow_id=flow.pk)


@transaction.atomic
def copy_flow(*, by: Actor, hall: Hall, flow: Flow) -> Flow:
    """A flow of its own for one who shares this one: the same as it is published, with the same draft, form, promise
    and origin. The other stays as it is. Raises Conflict for one that was never published, Invalid with every fault
    where it could not be published today."""
    if flow.newest is None:
        raise Conflict("这个流程还没有发布过，不能复制。")
    drawn = read_flow(flow.newest.definition)
    made = create_flow(by=by, hall=hall, code=free_code(Flow, drawn.title), title=drawn.title, definition=drawn)
    promise = StepLimit.model_validate(flow.promise) if flow.promise else None
    given: dict[str, Any] = {"by": by, "hall": hall, "flow_id": made.pk}
    made = set_up_flow(**given, form_id=flow.form_id, promise=promise, revision=made.revision)
    publish_flow(**given, revision=made.revision)
    made = locked_design(by, hall, Flow, made.pk)
    if flow.definition != flow.newest.definition:
        made = save_flow_draft(**given, definition=flow.definition, revision=made.revision)
    made.origin_version_id, made.origin_digest = flow.origin_version_id, flow.origin_digest
    made.save()
    release_lock(made)
    return made


@transaction.atomic
def draft_form(
    *, by: Actor, hall: Hall, form_id: UUID, definition: Mapping[str, Any], origin: DesignOrigin | None, revision: int
) -> Form:
    """Write the form's draft, and whence it came. ``origin``: None: the hall's own. Raises as ``take_form``."""
    form = save_form_draft(by=by, hall=hall, form_id=form_id, definition=definition, revision=revision)
    _come_from(by, hall, form, origin, act="merge")
    release_lock(form)
    return form


@transaction.atomic
def draft_flow(
    *, by: Actor, hall: Hall, flow_id: UUID, definition: Mapping[str, Any], origin: DesignOrigin | None, revision: int
) -> Flow:
    """As ``draft_form``, of a flow."""
    flow = save_flow_draft(by=by, hall=hall, flow_id=flow_id, definition=definition, revision=revision)
    _come_from(by, hall, flow, origin, act="merge")
    release_lock(flow)
    return flow


@transaction.atomic
def publish_form_again(*, by: Actor, hall: Hall, form_id: UUID) -> Form:
    """Publish a form's draft where it is another one than was published. Raises Invalid with every fault."""
    form = locked_design(by, hall, Form, form_id)
    if form.newest is None or form.newest.definition != form.definition or form.state != DesignState.PUBLISHED:
        publish_form(by=by, hall=hall, form_id=form_id, revision=form.revision)
    return form_with_id(form_id)


@transaction.atomic
def publish_again(*, by: Actor, hall: Hall, flow_id: UUID) -> Flow:
    """Publish a flow's draft, where it or its form's newest version is another one than was published, and leave it to
    other designers. Raises Invalid with every fault."""
    flow = locked_design(by, hall, Flow, flow_id)
    newest, current = flow.newest, flow.form.newest_id if flow.form else None
    is_same = newest is not None and (newest.definition, newest.form_version_id) == (flow.definition, current)
    if not is_same or flow.state != DesignState.PUBLISHED:
        publish_flow(by=by, hall=hall, flow_id=flow_id, revision=flow.revision)
        flow = locked_design(by, hall, Flow, flow_id)
    release_lock(flow)
    return flow


def _pinned(by: Actor, hall: Hall, flow: Flow, form_id: UUID) -> Flow:
    if flow.form_id == form_id:
        return flow
    promise = StepLimit.model_validate(flow.promise) if flow.promise else None
    return set_up_flow(by=by, hall=hall, flow_id=flow.pk, form_id=form_id, promise=promise, revision=flow.revision)


def _come_from(by: Actor, hall: Hall, design: Form | Flow, origin: DesignOrigin | None, *, act: str = "take") -> None:
    """Note whence it came, which the audit tells with the digest."""
    version_id, digest = (origin.version_id, origin.digest) if origin else (None, None)
    changes = {"origin_digest": [design.origin_digest, digest]}
    record_design(by, hall, design, f"{act}_{design.noun}", changes=changes)
    design.origin_version_id, design.origin_digest = version_id, digest
    design.save()
