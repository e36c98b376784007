"""Calls to something outside begin and end with the item that waits for them. The caller holds the run's row, where
nothing else is said."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from foundation import schemas
from foundation.errors import NotFound
from foundation.events.calls import drop_calls, drop_calls_of_hall, want_calls
from foundation.events.operations import emit_event
from foundation.events.outgoing import Deferred, Refused
from foundation.sealing.fields import OwnedJSON
from province.halls.models import Hall
from province.halls.queries.halls import id_of_schema
from standards.flows.nodes import PluginNode
from standards.forms.definition import FormDefinition
from tenants.workflow.events import CALL_LEFT, PLUGIN_CALL_WANTED, LeftCall
from tenants.workflow.models import PluginCall, Run, WorkItem
from tenants.workflow.operations.run_rows import held_run
from tenants.workflow.queries.calls import PLUGIN_CALL
from tenants.workflow.queries.filled import values_of
from tenants.workflow.queries.plugins import plugins_at
from tenants.workflow.slots import FLOW_PLUGINS, EffectPer, FlowPlugin, OutsideStep
from tenants.workflow.states import OPEN_ITEMS, CallState, RunStatus

# how long a call waits whose run is held up; resuming the run sends it at once
UNTIL_RESUMED: Final = timedelta(minutes=10)


def begin_call(
    hall: Hall,
    run: Run,
    item: WorkItem,
    node: PluginNode,
    known: Mapping[str, Any],
    form: FormDefinition | None,
) -> None:
    """Write what is to be asked, as it stands now: every attempt says the same. ``known``: the values of the run's
    ``form`` as expressions see them. Of an action that has one effect a run, the first key and what was said then
    stay."""
    plugin = plugins_at(hall).get(node.plugin)
    before = None
    if plugin and plugin.one_effect is EffectPer.RUN:
        before = PluginCall.objects.filter(run=run, item__step=item.step, plugin=node.plugin).order_by("pk").first()
    taken = {name: known.get(field) for field, name in node.given.items()}
    if plugin and form:
        taken |= _as_read(hall, run, node, plugin, form)
    given = {name: value for name, value in taken.items() if value is not None} | dict(node.constants)
    call = PluginCall(
        run=run,
        item=item,
        plugin=node.plugin,
        key=before.key if before else item.pk,
        given=OwnedJSON(hall.pk, before.given.opened(hall.pk) if before else given),
        answer=OwnedJSON(hall.pk, {}),
    )
    call.save(force_insert=True)
    ask_outside(hall, [item.pk])


def _as_read(
    hall: Hall, run: Run, node: PluginNode, plugin: FlowPlugin[Any, Any], form: FormDefinition
) -> dict[str, str | None]:
    """By input, what people read in the fields that are handed to it as that."""
    wanted = {field: name for field, name in node.given.items() if _is_as_read(plugin, name)}
    if not wanted or run.filled is None:
        return {}
    values, fields = values_of(hall, run.filled), form.named_fields
    return {name: fields[field].printed(values.get(field)) or None for field, name in wanted.items() if field in fields}


def _is_as_read(plugin: FlowPlugin[Any, Any], name: str) -> bool:
    port = plugin.ports.inputs.get(name)
    return port is not None and port.as_read


def ask_outside(hall: Hall, item_ids: Collection[UUID]) -> None:
    """Have the calls of these items sent at once."""
    want_calls(kind=PLUGIN_CALL, hall_id=hall.pk, subject_ids=item_ids)
    emit_event(kind=PLUGIN_CALL_WANTED, hall_id=hall.pk)


def end_calls(item_ids: Collection[UUID]) -> None:
    """These items wait no more: nothing is sent for them, and what is answered later counts no more."""
    drop_calls(kind=PLUGIN_CALL, subject_ids=item_ids)
    open_ones = PluginCall.objects.filter(item__in=item_ids, state__in=[CallState.WAITING, CallState.FAILED])
    left = list(open_ones.values_list("item_id", "plugin"))
    if not left:
        return
    open_ones.update(state=CallState.DROPPED)
    if told := {item_id: plugin for item_id, plugin in left if plugin in _telling()}:
        hall_id = id_of_schema(schemas.current_schema())
        assert hall_id  # noqa: S101 - only halls have runs
        for item_id, plugin in told.items():
            tell_left(hall_id, item_id, plugin)


def tell_left(hall_id: UUID, item_id: UUID, plugin: str) -> None:
    """A call has ended without its own answer: what was begun for it is the action's to end. Of actions that do not
    ask for it, nothing is told."""
    if plugin in _telling():
        emit_event(kind=CALL_LEFT, subject_id=item_id, hall_id=hall_id, payload=LeftCall(plugin=plugin))


def _telling() -> frozenset[str]:
    return frozenset(one.code for one in FLOW_PLUGINS.entries() if one.tells_end)


def hold_asked(step: OutsideStep) -> None:
    """Hold the run in the transaction in which an action is done within the hall: until that ends nobody leads the run
    elsewhere. Raises Refused where the step waits for it no more, Deferred while the run is held up. Who holds what the
    run is about as well holds that first."""
    try:
        run = held_run(step.run_id)
    except NotFound as missing:
        raise Refused("这个流程已经不在了。") from missing
    waiting = PluginCall.objects.filter(item=step.item_id, state=CallState.WAITING, item__state__in=OPEN_ITEMS)
    if not waiting.exists():
        raise Refused("流程已经不等这一步。")
    if run.status != RunStatus.RUNNING:
        raise Deferred("流程已经挂起，恢复以后再继续。", wait=UNTIL_RESUMED)


def ask_waiting(hall: Hall, run_id: UUID, plugin: str) -> None:
    """Something has moved that calls of this action wait for: they are sent at once. Nobody needs to hold the run."""
    waiting = PluginCall.objects.filter(run=run_id, plugin=plugin, state=CallState.WAITING)
    if found := list(waiting.filter(item__state__in=OPEN_ITEMS).values_list("item_id", flat=True)):
        ask_outside(hall, found)


def wake_calls(hall: Hall, run: Run) -> None:
    """The run goes on: what it waits for is sent now, and what was answered meanwhile is taken."""
    waiting = PluginCall.objects.filter(run=run, state__in=[CallState.WAITING, CallState.ANSWERED])
    if found := list(waiting.filter(item__state__in=OPEN_ITEMS).values_list("item_id", flat=True)):
        ask_outside(hall, found)


def ask_again_after_restore(hall: Hall) -> None:
    """The hall's rows came out of an archive: what they wait for is asked again, under the same keys."""
    drop_calls_of_hall(kind=PLUGIN_CALL, hall_id=hall.pk)
    waiting = PluginCall.objects.filter(state__in=[CallState.WAITING, CallState.ANSWERED], item__state__in=OPEN_ITEMS)
    if found := list(waiting.values_list("item_id", flat=True)):
        ask_outside(hall, found)
