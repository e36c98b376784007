"""Calls to something outside begin and end with the item that waits for them. The caller holds the run's row."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from foundation.events.calls import drop_calls, drop_calls_of_hall, want_calls
from foundation.events.operations import emit_event
from foundation.sealing.fields import OwnedJSON
from province.halls.models import Hall
from standards.flows.nodes import PluginNode
from tenants.workflow.events import PLUGIN_CALL_WANTED
from tenants.workflow.models import PluginCall, Run, WorkItem
from tenants.workflow.queries.calls import PLUGIN_CALL
from tenants.workflow.queries.plugins import plugins_at
from tenants.workflow.slots import EffectPer
from tenants.workflow.states import OPEN_ITEMS, CallState


def begin_call(hall: Hall, run: Run, item: WorkItem, node: PluginNode, known: Mapping[str, Any]) -> None:
    """Write what is to be asked, as it stands now: every attempt says the same. ``known``: the form's values as
    expressions see them. Of an action that has one effect a run, the first key and what was said then stay."""
    plugin = plugins_at(hall).get(node.plugin)
    before = None
    if plugin and plugin.one_effect is EffectPer.RUN:
        before = PluginCall.objects.filter(run=run, item__step=item.step, plugin=node.plugin).order_by("pk").first()
    taken = {name: known.get(field) for field, name in node.given.items()}
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


def ask_outside(hall: Hall, item_ids: Collection[UUID]) -> None:
    """Have the calls of these items sent at once."""
    want_calls(kind=PLUGIN_CALL, hall_id=hall.pk, subject_ids=item_ids)
    emit_event(kind=PLUGIN_CALL_WANTED, hall_id=hall.pk)


def end_calls(item_ids: Collection[UUID]) -> None:
    """These items wait no more: nothing is sent for them, and what is answered later counts no more."""
    drop_calls(kind=PLUGIN_CALL, subject_ids=item_ids)
    open_ones = PluginCall.objects.filter(item__in=item_ids, state__in=[CallState.WAITING, CallState.FAILED])
    open_ones.update(state=CallState.DROPPED)


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
