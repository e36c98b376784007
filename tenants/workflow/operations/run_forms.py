"""The form of a run: begun with it, filled in at its steps, let go when it ends."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.advisory_lock import hold_name
from foundation.errors import Invalid
from province.audit.operations import record_act
from province.halls.models import Hall
from province.rights.actors import Actor
from standards.forms.fields.base import BaseField, Value
from standards.forms.fields.texts import FREE_TEXTS
from standards.forms.filling import FillingContext
from standards.forms.plans import known_values
from standards.forms.rights import FieldRight
from tenants.workflow.models import FilledForm, FilledMoment, FlowVersion, Run
from tenants.workflow.operations.filling import make_draft
from tenants.workflow.operations.kept import keep_for_run, let_go_of_run, save_filled
from tenants.workflow.operations.moments import keep_moment
from tenants.workflow.operations.run_rows import require_taking_part
from tenants.workflow.queries.filled import FormFiller, begun_run_form, own_filled, values_of
from tenants.workflow.queries.flow_starts import startable_version
from tenants.workflow.queries.forms import definition_of
from tenants.workflow.queries.office_days import office_days
from tenants.workflow.queries.running import RunningFlow, running_flow


@transaction.atomic
def begin_run_form(*, by: Actor, hall: Hall, flow_id: UUID) -> FilledForm | None:
    """What the person fills in to start this flow: the draft that they have begun, or a new one with what is known of
    them; None for a flow without a form. Raises NotFound for a flow that cannot be started."""
    require_taking_part(by, hall)
    version = startable_version(flow_id)
    if version.form_version is None:
        return None
    who = FormFiller(by)
    # of two tabs that begin at once
    hold_name(f"filling of {version.form_version.form_id} by {by.id}")
    if begun := begun_run_form(who, version):
        return begun
    filled = _begun(who, hall, version)
    record_act(by=by, act="workflow.begin_filling", object_type="filled_form", object_id=filled.pk, hall_id=hall.pk)
    return filled


def _begun(who: FormFiller, hall: Hall, version: FlowVersion) -> FilledForm:
    form_version = version.form_version
    assert form_version  # noqa: S101 - the caller has looked
    flow = running_flow(version)
    return make_draft(who, hall, form_version, flow.rights_at(flow.walking.start))


def take_form(by: Actor, hall: Hall, version: FlowVersion, filled_id: UUID | None) -> FilledForm | None:
    """The form with which a run begins: the person's own draft, or a new one. Raises NotFound for another's, Invalid
    for one of another version."""
    if version.form_version is None:
        return None
    who = FormFiller(by)
    filled = own_filled(who, filled_id) if filled_id else _begun(who, hall, version)
    if filled.version_id != version.form_version_id:
        raise Invalid("这份表单不是这个流程现在用的版本，请重新打开发起页面。")
    return keep_for_run(hall=hall, filled_id=filled.pk)


def fill_in(
    by: Actor,
    hall: Hall,
    run: Run,
    flow: RunningFlow,
    step: str,
    posted: Mapping[str, object] | None,
    *,
    revision: int | None = None,
) -> None:
    """Save what was posted at a step; with nothing posted, look at what is there. ``revision``: on which it was typed,
    None: whatever stands there. Raises Invalid with a fault for each field that is wrong there, Conflict where
    something else was saved since."""
    if run.filled_id is None:
        return
    saved = save_filled(
        by=by,
        hall=hall,
        filled_id=run.filled_id,
        posted=posted or {},
        rights=flow.rights_at(step),
        revision=revision,
    )
    if faults := saved.result.faults:
        raise Invalid.of(faults, many=f"表单有 {len(faults)} 处要补充或修改，请按提示处理。")
    run.filled = saved.filled


def moment_of(by: Actor, hall: Hall, run: Run, label: str) -> FilledMoment | None:
    """Keep what the form says now. The run is held, and so nothing else is written into its form."""
    return keep_moment(by, hall, run.filled, label) if run.filled else None


def release_form(hall: Hall, run: Run) -> None:
    """Nobody fills it in any more."""
    if run.filled_id:
        let_go_of_run(hall=hall, filled_id=run.filled_id)


def known_of(hall: Hall, run: Run, flow: RunningFlow) -> Mapping[str, Any]:
    """The form's values as expressions see them."""
    today = timezone.localdate()
    if run.filled is None or flow.form is None:
        return {"today": today.isoformat()}
    # codes have their names already; working days are counted as the form has shown them
    days, open_at = office_days(lambda: hall)
    context = FillingContext(today=today, days=days, open_at=open_at)
    return known_values(flow.form.plan, values_of(hall, run.filled), context)


def carry_values(by: Actor, hall: Hall, source: Run, target: Run, carried: Mapping[str, str]) -> None:
    """Write fields of one run's form into another's; ``carried``: the target's by the source's. What the target's form
    does not take stays out of it."""
    if not carried or source.filled_id is None or target.filled_id is None:
        return
    before, after = (FilledForm.objects.select_related("version").get(run=one) for one in (source, target))
    values = values_of(hall, before)
    fields, takers = (definition_of(one.version).named_fields for one in (before, after))
    posted = {
        to: _taken(fields[field], values[field], takers.get(to)) for field, to in carried.items() if field in values
    }
    rights = dict.fromkeys(posted, FieldRight.WRITE)
    target.filled = save_filled(by=by, hall=hall, filled_id=target.filled_id, posted=posted, rights=rights).filled


def _taken(field: BaseField, value: Value, taker: BaseField | None) -> Value:
    """A text is given what people read in a field of another type: the label of an option, and not its code."""
    return field.printed(value) if isinstance(taker, FREE_TEXTS) and not isinstance(field, FREE_TEXTS) else value
