"""The ways out of a call to something outside: try again, or say by hand what came of it. Each with a reason."""

import json
from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from pydantic import ValidationError

from foundation.errors import Conflict, Fault, Invalid, NotFound
from foundation.sealing.fields import OwnedJSON
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import may
from tenants.workflow.models import PluginCall, Run, WorkItem
from tenants.workflow.operations.advancing import Advancing, note_work
from tenants.workflow.operations.calling import LARGEST_ANSWER, end_step
from tenants.workflow.operations.items import move_item
from tenants.workflow.operations.plugin_calls import ask_outside, tell_left
from tenants.workflow.operations.run_rows import (
    check_open,
    clean_opinion,
    held_item,
    keep_run,
    note_act,
    refuse_late,
    require_taking_part,
)
from tenants.workflow.queries.calls import is_keeper
from tenants.workflow.queries.candidates import MANAGE
from tenants.workflow.queries.plugins import plugins_at
from tenants.workflow.states import CALL_TRANSITIONS, OPEN_ITEMS, CallState, ItemPart, WorkState


@transaction.atomic
def call_again(*, by: Actor, hall: Hall, item_id: UUID, opinion: str) -> WorkItem:
    """再试一次: have it called at once, under the same key and with what it was given at first. For its keeper and for
    who looks after runs here. Raises NotFound, Conflict where the step has ended."""
    run, item, call = _held_call(by, hall, item_id)
    said = clean_opinion(opinion, ask="请写明为什么再试一次。")
    if call.state == CallState.FAILED:
        CALL_TRANSITIONS.check(call.state, CallState.WAITING)
        call.state = CallState.WAITING
        call.save(update_fields=["state"])
        if item.state == WorkState.TO_CLAIM:
            # it is the one's who has taken it on
            _take(by, item)
        item.failure = ""
        item.save(update_fields=["failure"])
        move_item(item, WorkState.WAITING)
        note_work(hall, [item])
    ask_outside(hall, [item.pk])
    note_act(by, hall, run, "call_again", item=item, opinion=said)
    keep_run(run)
    return item


@transaction.atomic
def answer_by_hand(*, by: Actor, hall: Hall, item_id: UUID, answer: Mapping[str, object], opinion: str) -> WorkItem:
    """手工填写结果并继续: say what came of it outside, and let the run go on. What is answered later counts no more.
    For its keeper and for who looks after runs here. Raises NotFound, Conflict where the step has ended, Invalid with a
    fault for each value (``answer.<name>``)."""
    run, item, call = _held_call(by, hall, item_id)
    said = clean_opinion(opinion, ask="请写明结果从哪里来、为什么手工填写。")
    call.answer = OwnedJSON(hall.pk, _checked(hall, call, answer))
    CALL_TRANSITIONS.check(call.state, CallState.BY_HAND)
    call.state = CallState.BY_HAND
    call.save(update_fields=["state", "answer"])
    _take(by, item)
    note_work(hall, [item])
    end_step(Advancing(by, hall, run), item, call, "by_hand", said)
    tell_left(hall.pk, item.pk, call.plugin)
    return item


def _held_call(by: Actor, hall: Hall, item_id: UUID) -> tuple[Run, WorkItem, PluginCall]:
    require_taking_part(by, hall)
    run, item = held_item(item_id)
    call = PluginCall.objects.filter(item=item).first()
    if call is None or not (may(by, MANAGE, hall_id=hall.pk) or is_keeper(by, hall, item)):
        raise NotFound("没有这项外部动作，可能网址输入有误，或者不由您处理。")
    check_open(run)
    if item.part != ItemPart.OUTSIDE or item.state not in OPEN_ITEMS:
        refuse_late(run, item)
    return run, item, call


def _take(by: Actor, item: WorkItem) -> None:
    item.owner_id, item.owner_name = by.acting_for_id or by.id, by.acting_for or by.name
    if item.state != WorkState.CLAIMED:
        move_item(item, WorkState.CLAIMED)
    else:
        item.save(update_fields=["owner_id", "owner_name"])
    item.candidates.update(is_open=False)


def _checked(hall: Hall, call: PluginCall, answer: Mapping[str, object]) -> dict[str, object]:
    plugin = plugins_at(hall).get(call.plugin)
    if plugin is None:
        if answer:
            raise Conflict("这个外部动作已经停用，没有结果可以填写：请不填结果，直接继续。")
        return {}
    given = {name: value for name, value in answer.items() if value not in ("", None)}
    try:
        found: dict[str, object] = plugin.answered.model_validate(given).model_dump(mode="json")
    except ValidationError as fault:
        ports = plugin.ports.outputs
        names = dict.fromkeys(str(one["loc"][0]) for one in fault.errors(include_input=False) if one["loc"])
        faults = [
            Fault(f"answer.{one}", f"请填写“{ports[one].label}”，或者改成符合要求的内容。")
            for one in names
            if one in ports
        ]
        raise Invalid.of(faults, many="有几项结果要补充或修改。") from None
    if len(json.dumps(found, ensure_ascii=False)) > LARGEST_ANSWER:
        raise Invalid("填写的结果太长，请缩短。")
    return found
