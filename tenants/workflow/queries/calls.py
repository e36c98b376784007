"""What runs have asked of systems outside, and what these answered."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.utils import timezone
from django.utils.dateformat import format as in_words

from foundation.events.calls import calls_for
from foundation.events.models import OutsideCall
from province.halls.models import Hall
from province.rights.actors import Actor
from standards.flows.plugins import PluginPort, PluginPorts
from standards.forms.expressions.checking import variable
from standards.forms.expressions.kinds import ValueKind
from tenants.workflow.models import PluginCall, WorkItem
from tenants.workflow.queries.plugins import known_ports
from tenants.workflow.queries.run_access import may_claim, own_keys, self_of
from tenants.workflow.queries.running import RunningFlow
from tenants.workflow.slots import FLOW_PLUGINS
from tenants.workflow.states import OPEN_ITEMS, CallState, ItemPart, WorkState

PLUGIN_CALL: Final = "workflow.plugin"
ENDED_WELL: Final = (CallState.ANSWERED, CallState.BY_HAND)


def results_of(hall: Hall, flow: RunningFlow, outcomes: Mapping[str, str]) -> dict[str, Any]:
    """What actions outside gave, by the variables of expressions that ask for it. ``outcomes``: by node, the id of the
    call that holds by now. No query where nothing asks."""
    ids = {outcomes[name]: name for name in flow.asked_results if outcomes.get(name)}
    if not ids:
        return {}
    found: dict[str, Any] = {}
    for call in PluginCall.objects.filter(pk__in=ids, state__in=ENDED_WELL):
        ports, answer = known_ports().get(call.plugin), call.answer.opened(hall.pk)
        for name, port in (ports.outputs if ports else {}).items():
            found[variable(f"{ids[call.pk.hex]}.{name}")] = _expressed(answer.get(name), port)
    return found


def _expressed(value: Any, port: PluginPort) -> Any:
    return float(value) if port.kind == ValueKind.NUMBER and value is not None else value


@dataclass(frozen=True, slots=True)
class CallView:
    """A call that a run waits for, as its page and the inbox show it. ``said``: how it stands, in Chinese; ``ports``:
    what may be filled in by hand, None where there is no such action any more."""

    item: WorkItem
    said: str
    has_failed: bool
    ports: PluginPorts | None
    may_help: bool = False


def open_calls(by: Actor, hall: Hall, items: Sequence[WorkItem], *, may_manage: bool) -> list[CallView]:
    """Of a run's items those that wait for something outside. Three queries where there are some, none else."""
    waiting = [one for one in items if one.part == ItemPart.OUTSIDE and one.state in OPEN_ITEMS]
    if not waiting:
        return []
    said, ports = call_words([one.pk for one in waiting]), known_ports()
    plugins = dict(PluginCall.objects.filter(item__in=waiting).values_list("item_id", "plugin"))
    return [
        CallView(
            one,
            said.get(one.pk, ""),
            one.state != WorkState.WAITING,
            ports.get(plugins.get(one.pk, "")),
            may_help=may_manage or is_keeper(by, hall, one),
        )
        for one in waiting
    ]


def is_keeper(by: Actor, hall: Hall, item: WorkItem) -> bool:
    """Whether it is this person who does something where it fails."""
    if item.owner_id:
        return item.owner_id == self_of(by)
    return may_claim(item, own_keys(by, hall))


def call_words(item_ids: Collection[UUID]) -> dict[UUID, str]:
    """How the calls of these items stand, in Chinese: two queries."""
    calls = {
        one.item_id: one
        for one in PluginCall.objects.filter(item__in=item_ids).defer("given", "answer").select_related("item")
    }
    outside = {one.subject_id: one for one in calls_for(PLUGIN_CALL, list(calls))}
    return {pk: _words(one, outside.get(pk)) for pk, one in calls.items()}


def _words(call: PluginCall, outside: OutsideCall | None) -> str:
    if call.state != CallState.WAITING or outside is None:
        return str(call.item.failure or call.get_state_display())
    if not outside.last_error:
        return str(CallState.WAITING.label)
    if call.plugin in {one.code for one in FLOW_PLUGINS.entries() if one.waits}:
        return outside.last_error
    number = max(1, outside.attempts)
    if outside.claimed_until and outside.claimed_until > timezone.now():
        return f"正在第 {max(1, number - 1)} 次重试；上一次：{outside.last_error}"
    at = in_words(timezone.localtime(outside.next_attempt_at), "n月j日 H:i")
    return f"等待外部系统，{at} 第 {number} 次重试；上一次：{outside.last_error}"
