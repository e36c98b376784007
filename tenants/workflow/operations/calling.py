"""Something outside is called for runs, and what it answers lets them go on.

Nothing is called inside a transaction. What was answered is kept together with the step's end, by who holds the run
first: a repeat, a second worker and an answer that comes after somebody went on by hand find the step ended.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from django.db import transaction
from pydantic import BaseModel, ValidationError

from foundation.errors import Conflict, DomainError, Fault, Invalid
from foundation.events.calls import drop_calls, send_next_call
from foundation.events.models import OutsideCall
from foundation.events.outgoing import LONGEST_RUN, Deferred, Failed, Refused, send_all
from foundation.sealing.fields import OwnedJSON
from province.halls.models import Hall
from province.rights.queries import system_actor
from standards.flows.nodes import PluginNode
from standards.flows.plugins import PluginPort
from standards.forms.fields.base import BaseField
from standards.forms.fields.texts import FREE_TEXTS
from standards.forms.rights import FieldRight
from tenants.shell.subscribers import in_hall_of_call
from tenants.workflow.models import PluginCall, WorkItem
from tenants.workflow.operations.advancing import Advancing, close_item, note_work
from tenants.workflow.operations.clock import hold_up
from tenants.workflow.operations.kept import save_filled
from tenants.workflow.operations.plugin_calls import UNTIL_RESUMED
from tenants.workflow.operations.run_forms import moment_of
from tenants.workflow.operations.run_notices import tell_stuck
from tenants.workflow.operations.run_rows import held_item, held_run, keep_run, latest_act_id, note_act
from tenants.workflow.queries.calls import ENDED_WELL, PLUGIN_CALL
from tenants.workflow.queries.plugins import known_ports, plugins_at
from tenants.workflow.queries.run_access import people_with_keys
from tenants.workflow.slots import EffectPer, FlowPlugin, OutsideStep
from tenants.workflow.states import CALL_TRANSITIONS, ITEM_TRANSITIONS, OPEN_ITEMS, CallState, RunStatus, WorkState

FIRST_WAIT: Final = timedelta(seconds=15)
THREADS: Final = 4
# of an answer as JSON, in characters
LARGEST_ANSWER: Final = 20_000
_LONGEST_FAILURE: Final = 300

log = structlog.get_logger(__name__)


def send_plugin_calls(*, for_seconds: float = LONGEST_RUN) -> int:
    """Call all that waits, until the time is over; return how many were tried."""
    return send_all(send_next_plugin_call, threads=THREADS, for_seconds=for_seconds)


def send_next_plugin_call() -> bool:
    """Claim one call, make it, note what came of it; False where none may go now."""
    return send_next_call(kind=PLUGIN_CALL, send=_send, first_wait=FIRST_WAIT)


def _send(outside: OutsideCall) -> Mapping[str, str]:
    with in_hall_of_call(outside) as hall:
        call = PluginCall.objects.select_related("run__version__flow", "item").filter(item=outside.subject_id).first()
        if call is None or call.state in {CallState.BY_HAND, CallState.DROPPED} or call.item.state not in OPEN_ITEMS:
            drop_calls(kind=PLUGIN_CALL, subject_ids=[outside.subject_id])
            return {}
        if call.state == CallState.FAILED:
            # killed between the hall's note and the row's own
            raise Refused(call.item.failure)
        if call.run.status == RunStatus.SUSPENDED:
            raise Deferred("流程已经挂起，恢复以后再继续。", wait=UNTIL_RESUMED)
        if call.state == CallState.WAITING:
            _keep_answer(hall, call, _answer(hall, call, outside.attempts))
        go_on(hall, call.pk)
    return {}


def _answer(hall: Hall, call: PluginCall, attempt: int) -> Mapping[str, Any]:
    """What it answers, as JSON. Raises Failed, Deferred, or Refused after a person was told."""
    plugin = plugins_at(hall).get(call.plugin)
    if plugin is None:
        raise _given_up(hall, call, "这个外部动作已经停用。")
    if plugin.one_effect is EffectPer.RUN:
        earlier = PluginCall.objects.filter(run=call.run_id, key=call.key, state__in=ENDED_WELL).order_by("pk").last()
        if earlier:
            found: Mapping[str, Any] = earlier.answer.opened(hall.pk)
            return found
    try:
        given = plugin.given.model_validate(call.given.opened(hall.pk))
    except ValidationError as fault:
        message = f"传入的内容不对：{_labels(fault, plugin.given)}没有填写，或者不符合要求。"
        raise _given_up(hall, call, message) from None
    try:
        return _asked(plugin, _step(hall, call, attempt), given)
    except Refused as refusal:
        raise _given_up(hall, call, refusal.message) from refusal
    except Failed as failure:
        if attempt >= plugin.attempts:
            raise _given_up(hall, call, f"试了 {attempt} 次都没有成功：{failure.message}") from failure
        raise


def _step(hall: Hall, call: PluginCall, attempt: int) -> OutsideStep:
    run = call.run
    title = run.version.flow.title
    return OutsideStep(call.key, call.item_id, attempt, hall, run.pk, run.number, title, run.initiator_id)


def _asked(plugin: FlowPlugin[Any, Any], step: OutsideStep, given: BaseModel) -> Mapping[str, Any]:
    """What a plug-in made without looking is judged by its own model, too. Raises Failed, Refused, Deferred."""
    try:
        answered = plugin.call(step, given)
        found: dict[str, Any] = plugin.answered.model_validate(answered.model_dump()).model_dump(mode="json")
    except ValidationError as fault:
        message = f"对方答复的内容不对：{_labels(fault, plugin.answered)}。"
        raise Failed(message) from None
    except (Failed, Refused, Deferred):
        raise
    except Exception as error:
        log.exception("plugin_broke", plugin=plugin.code, key=str(step.key))
        raise Failed("调用时出现意外错误。") from error
    if len(json.dumps(found, ensure_ascii=False)) > LARGEST_ANSWER:
        raise Failed("对方答复的内容太多。")
    return found


def _labels(fault: ValidationError, model: type[BaseModel]) -> str:
    """What is wrong, by the titles of the fields; never a word of what stands in them."""
    names = dict.fromkeys(str(one["loc"][0]) for one in fault.errors(include_input=False) if one["loc"])
    titles = [field.title or name for name in names if (field := model.model_fields.get(name))]
    return "、".join(f"“{one}”" for one in titles) or "格式"


@transaction.atomic
def _keep_answer(hall: Hall, call: PluginCall, answer: Mapping[str, Any]) -> None:
    """Keep it by itself, so that nothing is asked twice where the run cannot go on at once."""
    run, item = held_item(call.item_id)
    call.refresh_from_db(fields=["state"])
    if call.state not in {CallState.WAITING, CallState.FAILED}:
        if call.state != CallState.ANSWERED:
            note_act(system_actor(), hall, run, "late_answer", item=item)
        return
    CALL_TRANSITIONS.check(call.state, CallState.ANSWERED)
    call.state, call.answer = CallState.ANSWERED, OwnedJSON(hall.pk, dict(answer))
    call.save(update_fields=["state", "answer"])


def go_on(hall: Hall, call_id: UUID) -> None:
    """Let the run go on with what was answered, where it still waits for it. What does not fit into the form is a
    failure; a run that cannot go on is held up and its owner told."""
    try:
        _end_step(hall, call_id)
    except Invalid as refusal:
        call = PluginCall.objects.select_related("run", "item").get(pk=call_id)
        raise _given_up(hall, call, refusal.message) from refusal
    except DomainError as refusal:
        with transaction.atomic():
            call = PluginCall.objects.get(pk=call_id)
            run = held_run(call.run_id)
            if run.status == RunStatus.RUNNING:
                hold_up(Advancing(system_actor(), hall, run), refusal.message)
        raise Deferred(refusal.message, wait=UNTIL_RESUMED) from refusal


@transaction.atomic
def _end_step(hall: Hall, call_id: UUID) -> None:
    call = PluginCall.objects.get(pk=call_id)
    run, item = held_item(call.item_id)
    call.refresh_from_db(fields=["state"])
    if call.state != CallState.ANSWERED or item.state not in OPEN_ITEMS:
        return
    if run.status != RunStatus.RUNNING:
        raise Conflict("流程已经挂起，恢复以后再继续。")
    end_step(Advancing(system_actor(), hall, run), item, call, "answered")


def end_step(act: Advancing, item: WorkItem, call: PluginCall, word: str, opinion: str = "") -> None:
    """Take what was answered into the form, end the item and let the run go on. Raises Invalid where it does not fit,
    Conflict where the run cannot go on."""
    _take_values(act, item, call)
    if item.state == WorkState.TO_CLAIM:
        item.state = WorkState.CLAIMED
    item.failure = ""
    item.save(update_fields=["failure", "state", "owner_id", "owner_name"])
    close_item(item, WorkState.DONE)
    if act.by.id is None:
        # its keeper had no part in it
        item.owner_id, item.owner_name = None, ""
        item.save(update_fields=["owner_id", "owner_name"])
    moment = moment_of(act.by, act.hall, act.run, item.label)
    note_act(act.by, act.hall, act.run, word, item=item, opinion=opinion, moment=moment)
    # by its outcome expressions find the call, and going back forgets it
    act.finish(item.token, call.pk.hex)


def _take_values(act: Advancing, item: WorkItem, call: PluginCall) -> None:
    node = act.flow.definition.named_nodes[item.step]
    if not isinstance(node, PluginNode) or act.run.filled_id is None or act.flow.form is None:
        return
    answer = call.answer.opened(act.hall.pk)
    ports, fields = known_ports().get(node.plugin), act.flow.form.named_fields
    posted = {
        field: _as_read(ports.outputs.get(name) if ports else None, answer[name], fields.get(field))
        for name, field in node.taken.items()
        if answer.get(name) is not None
    }
    if not posted:
        return
    rights = dict.fromkeys(posted, FieldRight.WRITE)
    saved = save_filled(by=act.by, hall=act.hall, filled_id=act.run.filled_id, posted=posted, rights=rights)
    wrong = [one for one in saved.result.faults if one.where.partition(".")[0] in posted]
    if wrong:
        said = "、".join(f"“{fields[one.where.partition('.')[0]].label}”" for one in wrong)
        message = f"答复的内容不能填进表单的{said}。"
        raise Invalid.of([Fault(f"answer.{one.where}", one.message) for one in wrong], many=message)


def _as_read(port: PluginPort | None, value: Any, taker: BaseField | None) -> Any:
    """Of a closed list a text takes the word that people read, and not its code."""
    return port.words.get(value, value) if port and port.words and isinstance(taker, FREE_TEXTS) else value


@transaction.atomic
def _given_up(hall: Hall, call: PluginCall, words: str) -> Refused:
    """A person takes over: it stands in their inbox, and they are told."""
    run, item = held_item(call.item_id)
    call.refresh_from_db(fields=["state"])
    if call.state in {CallState.WAITING, CallState.ANSWERED} and item.state == WorkState.WAITING:
        CALL_TRANSITIONS.check(call.state, CallState.FAILED)
        call.state = CallState.FAILED
        call.save(update_fields=["state"])
        state = WorkState.CLAIMED if item.owner_id else WorkState.TO_CLAIM
        ITEM_TRANSITIONS.check(item.state, state)
        item.state, item.failure = state, words[:_LONGEST_FAILURE]
        item.save(update_fields=["state", "failure"])
        note_work(hall, [item])
        note_act(system_actor(), hall, run, "fail", item=item, opinion=words)
        people = [item.owner_id] if item.owner_id else people_with_keys(hall, item)
        tell_stuck(hall, run, latest_act_id(run) or item.pk, people, f"“{item.label}”没有成功")
        keep_run(run)
    return Refused(words[:_LONGEST_FAILURE])
