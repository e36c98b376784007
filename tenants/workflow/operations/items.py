"""What a person does with their own work in a run: claim it, put it back, do it. And what a step comes to by it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from django.db import transaction

from foundation.errors import Conflict, Invalid, NotFound
from foundation.gathering import gathering, update_row
from province.halls.models import Hall
from province.rights.actors import Actor
from standards.flows import running
from standards.flows.conditions import DONE
from standards.flows.nodes import OnRefusal, Sharing, StepNode
from standards.flows.people import ByChoice, ByPeople
from standards.flows.running import RunToken
from tenants.workflow.models import WorkCandidate, WorkItem
from tenants.workflow.operations.advancing import (
    Advancing,
    close_item,
    make_items,
    note_work,
    start_clocks,
    stop_clocks,
)
from tenants.workflow.operations.run_forms import fill_in, moment_of
from tenants.workflow.operations.run_notices import tell_turn
from tenants.workflow.operations.run_rows import (
    check_open,
    check_own,
    clean_opinion,
    held_item,
    held_step,
    items_beside,
    keep_run,
    latest_act_id,
    note_act,
    own_item,
    refuse_late,
    require_taking_part,
    state_of,
)
from tenants.workflow.queries.candidates import Found, people_for
from tenants.workflow.queries.run_access import may_claim, own_keys
from tenants.workflow.states import ITEM_TRANSITIONS, OPEN_ITEMS, ItemPart, WorkState

# who decide a step; the others only say something about it
DECIDING: Final = (ItemPart.MAIN, ItemPart.BESIDE, ItemPart.AFTER)
# what another one waits for
AHEAD: Final = (ItemPart.DELEGATE, ItemPart.BEFORE)


@transaction.atomic
@gathering()
def claim_item(*, by: Actor, hall: Hall, item_id: UUID) -> WorkItem:
    """认领: take what several could do. Once more by the same person changes nothing. Raises Conflict where somebody
    was quicker, with who; NotFound for who could never have claimed it."""
    me = require_taking_part(by, hall)
    run, item = held_item(item_id)
    if item.owner_id == me and item.state == WorkState.CLAIMED:
        return item
    if not may_claim(item, own_keys(by, hall)):
        raise NotFound("没有这项工作，可能网址输入有误，或者不由您办理。")
    check_open(run)
    if item.state != WorkState.TO_CLAIM:
        refuse_late(run, item)
    item.owner_id, item.owner_name = me, by.acting_for or by.name
    move_item(item, WorkState.CLAIMED)
    WorkCandidate.objects.filter(item=item).update(is_open=False)
    note_work(hall, [item])
    note_act(by, hall, run, "claim", item=item)
    keep_run(run)
    return item


@transaction.atomic
@gathering()
def put_back_item(*, by: Actor, hall: Hall, item_id: UUID) -> WorkItem:
    """放回: give what was claimed back to all who could do it. Raises Conflict for what was given to this person
    alone."""
    run, item = own_item(by, hall, item_id)
    if not WorkCandidate.objects.filter(item=item).exists():
        raise Conflict("这项工作直接交给了您，不能放回；可以转办给别人。")
    item.owner_id, item.owner_name = None, ""
    move_item(item, WorkState.TO_CLAIM)
    WorkCandidate.objects.filter(item=item).update(is_open=True)
    note_work(hall, [item])
    note_act(by, hall, run, "put_back", item=item)
    keep_run(run)
    return item


@transaction.atomic
@gathering()
def finish_item(  # noqa: PLR0913 - all that a step asks for
    *,
    by: Actor,
    hall: Hall,
    item_id: UUID,
    outcome: str = "",
    opinion: str = "",
    posted: Mapping[str, object] | None = None,
    chosen: Mapping[str, Sequence[UUID]] | None = None,
    next_people: Sequence[UUID] = (),
    form_revision: int | None = None,
) -> WorkItem:
    """办理: say how one's work ends, and let the run go on where that decides its step. The same once more changes
    nothing.

    ``posted``: what was filled in of the form; ``chosen``: by step, the people for those steps that this one chooses
    for; ``next_people``: on a free stretch, who goes on with the same step (none: it ends); ``form_revision``: of the
    form on which it was filled in, None: whatever stands there. Raises Invalid with faults, Conflict where it is not to
    be done any more, somebody else has saved the form since, or the run could not go on.
    """
    me = require_taking_part(by, hall)
    run, item, here = held_step(item_id)
    if (
        item.owner_id == me
        and item.state == WorkState.DONE
        and (item.outcome, item.opinion) == (outcome or item.outcome, clean_opinion(opinion))
    ):
        return item
    check_own(by, hall, run, item)
    if item.part == ItemPart.OUTSIDE:
        raise Conflict("这是外部动作，不能直接办完：请再试一次，或者手工填写结果并继续。")
    act = Advancing(by, hall, run)
    node = act.flow.step(item.step)
    label = ""
    item.opinion = clean_opinion(opinion)
    if node and item.part not in AHEAD:
        item.outcome, label = _outcome(node, item, outcome)
        _check_opinion(node, item)
    if item.part in {ItemPart.MAIN, ItemPart.DELEGATE, ItemPart.BESIDE} and (posted or item.part == ItemPart.MAIN):
        fill_in(by, hall, run, act.flow, item.step, posted, revision=form_revision)
    choose(act, item.step, chosen or {})
    going_on = _going_on(act, item, node, next_people)
    close_item(item, WorkState.DONE)
    note_act(
        by,
        hall,
        run,
        "submit" if node is None else "finish",
        item=item,
        to="、".join(going_on.people.values()),
        outcome_label=label,
        opinion=item.opinion,
        moment=moment_of(by, hall, run, f"{item.label}{f'：{label}' if label else ''}"[:100]),
    )
    if going_on and node:
        make_items(act, RunToken(item.token, item.step), going_on, label=node.label, node=node)
        _begin_after(act, item, node, WorkItem.objects.filter(parent=item))
        keep_run(run, "chosen")
    else:
        settle(act, item, node, here)
    return item


def move_item(item: WorkItem, state: WorkState) -> None:
    """Let the state follow, and write who has it."""
    ITEM_TRANSITIONS.check(item.state, state)
    item.state = state
    update_row(item, "state", "owner_id", "owner_name")


def settle(act: Advancing, item: WorkItem, node: StepNode | None, here: list[WorkItem] | None = None) -> None:
    """What follows from an item that is done, or taken away: who waited for it goes on, or its step is decided.
    ``here``: all items of its step as they are now, read where the caller has not."""
    if item.part in AHEAD:
        if item.parent_id:
            give_back(act, WorkItem.objects.get(pk=item.parent_id))
        keep_run(act.run, "chosen")
        return
    here = items_beside(item) if here is None else here
    if item.state == WorkState.DONE:
        _begin_after(act, item, node, here)
    gone = {WorkState.CANCELLED, WorkState.RETURNED}
    items = [one for one in here if one.part in DECIDING and one.state not in gone]
    verdict = _verdict(node, items)
    if verdict is None:
        _next_in_turn(act, node, items)
        keep_run(act.run, "chosen")
        return
    act.clear_token(item.token, here)
    _conclude(act, item.token, node, verdict)


def give_back(act: Advancing, parent: WorkItem) -> None:
    """Who waited for others goes on, where none of them has anything left to say."""
    ahead = WorkItem.objects.filter(parent=parent, part__in=AHEAD, state__in=OPEN_ITEMS)
    if parent.state == WorkState.WAITING and not ahead.exists():
        _begin_turn(act, parent, act.flow.step(parent.step))


def _begin_after(act: Advancing, item: WorkItem, node: StepNode | None, here: Iterable[WorkItem]) -> None:
    """Who was to sign after this one does so now. ``here``: all of the step, or what is for this one."""
    for one in here:
        if (one.parent_id, one.part, one.state) == (item.pk, ItemPart.AFTER, WorkState.WAITING):
            _begin_turn(act, one, node)


def take_turn_back(act: Advancing, item: WorkItem, node: StepNode | None) -> None:
    """Whose turn came because this one was done waits again. Raises Conflict where they have begun."""
    here = list(WorkItem.objects.filter(run=act.run, token=item.token).exclude(state=WorkState.CANCELLED))
    main = [one for one in here if one.part == ItemPart.MAIN]
    done = act.run.acts.filter(item=item, act__in=["finish", "submit"]).order_by("-pk").first()
    chosen = [one for one in main if done and one.pk > done.pk] if node and node.free else []
    later = [one for one in here if (one.parent_id, one.part) == (item.pk, ItemPart.AFTER)]
    if node and node.sharing is Sharing.IN_TURN:
        later += [one for one in main if (one.place, one.pk) > (item.place, item.pk)]
    waits = {one.pk for one in later if one.state == WorkState.WAITING and not _lent(one)}
    begun = [one for one in {one.pk: one for one in [*chosen, *later]}.values() if one.pk not in waits]
    of_several = bool(chosen) and node is not None and node.sharing is not Sharing.ANY
    if (
        of_several
        or any(one.state not in {WorkState.CLAIMED, WorkState.TO_CLAIM} for one in begun)
        or act.run.acts.filter(item__in=begun).exists()
    ):
        raise Conflict("后面的人已经开始办理，不能撤回。")
    for one in begun:
        if one in chosen or one.state == WorkState.TO_CLAIM:
            close_item(one, WorkState.CANCELLED)
        else:
            move_item(one, WorkState.WAITING)
            stop_clocks([one])


def _begin_turn(act: Advancing, item: WorkItem, node: StepNode | None) -> None:
    move_item(item, WorkState.CLAIMED)
    start_clocks(act.hall, [item], node)
    # its turn can come several times
    tell_turn(act.hall, act.run, item, latest_act_id(act.run) or item.pk)


def _next_in_turn(act: Advancing, node: StepNode | None, items: Sequence[WorkItem]) -> None:
    if node is None or node.sharing is not Sharing.IN_TURN:
        return
    main = [one for one in items if one.part == ItemPart.MAIN and one.state != WorkState.DONE]
    waits = [one for one in main if one.state == WorkState.WAITING and not _lent(one)]
    if waits and len(waits) == len(main):
        _begin_turn(act, waits[0], node)


def _lent(item: WorkItem) -> bool:
    return WorkItem.objects.filter(parent=item, part__in=AHEAD, state__in=OPEN_ITEMS).exists()


def _verdict(node: StepNode | None, items: Sequence[WorkItem]) -> str | None:
    """How the step ends by now; None where it does not yet."""
    done = [one for one in items if one.state == WorkState.DONE]
    left = len(items) - len(done)
    if node is None:
        return DONE if not left else None
    good = [one.outcome for one in done if _is_favourable(node, one.outcome)]
    bad = [one.outcome for one in done if not _is_favourable(node, one.outcome)]
    match node.sharing:
        case Sharing.SHARE:
            if len(good) * 100 >= node.share * len(items):
                return good[0]
            return bad[0] if bad and (len(good) + left) * 100 < node.share * len(items) else None
        case Sharing.VETO | Sharing.IN_TURN if bad:
            return bad[0]
        case _ if left:
            return None
        case _:
            # of free stretches the last one says how they end
            return bad[0] if bad else good[-1]


def _is_favourable(node: StepNode, code: str) -> bool:
    return next((one.is_favourable for one in node.outcomes if one.code == code), True)


def _conclude(act: Advancing, token_id: int, node: StepNode | None, outcome: str) -> None:
    refused = node is not None and not _is_favourable(node, outcome)
    if node is None or not refused or node.on_refusal is OnRefusal.GO_ON or act.flow.asks_for_outcome(node.name):
        act.finish(token_id, outcome)
        return
    state = state_of(act.run)
    visits = running.earlier(act.flow.walking, state, token_id)
    if node.on_refusal is OnRefusal.END or not visits:
        act.take(running.end(state))
        return
    is_start = node.on_refusal is OnRefusal.RETURN_START
    start = next((one for one in visits if one.node == act.flow.walking.start), visits[-1])
    act.take(running.go_back(act.flow.walking, state, (start if is_start else visits[0]).id), is_back=True)


def _outcome(node: StepNode, item: WorkItem, code: str) -> tuple[str, str]:
    """The code and what it is called."""
    if not node.outcomes:
        return DONE, ""
    found = next((one for one in node.outcomes if one.code == code), None)
    if found is None:
        said = "、".join(one.label for one in node.outcomes)
        message = f"请选择“{item.label}”的办理结果：{said}。"
        raise Invalid.at("outcome", message)
    return found.code, found.label


def _check_opinion(node: StepNode, item: WorkItem) -> None:
    is_needed = node.asks_opinion == "required" or (
        node.asks_opinion == "on_refusal" and not _is_favourable(node, item.outcome)
    )
    if is_needed and not item.opinion:
        raise Invalid.at("opinion", "请填写意见。")


def choose(act: Advancing, step: str, chosen: Mapping[str, Sequence[UUID]]) -> None:
    for node in act.flow.definition.steps:
        if not isinstance(node.who, ByChoice) or node.who.at != step:
            continue
        people = chosen.get(node.name, ())
        if people:
            found = colleagues(act, people, f"chosen.{node.name}")
            act.run.chosen[node.name] = [str(one) for one in found.people]
        elif node.fallback is None and not act.run.chosen.get(node.name):
            message = f"请选择“{node.label}”的办理人。"
            raise Invalid.at(f"chosen.{node.name}", message)


def _going_on(act: Advancing, item: WorkItem, node: StepNode | None, people: Sequence[UUID]) -> Found:
    if node is None or not node.free or not people:
        return Found({})
    if item.part != ItemPart.MAIN:
        # what was lent goes back to whose it is
        raise Invalid.at("next_people", "委派和加签的工作办完后交回主办的人，不用选下一位。")
    return colleagues(act, people, "next_people")


def colleagues(act: Advancing, people: Sequence[UUID], field: str) -> Found:
    """Raises Invalid where one of them takes no part in flows here."""
    found = people_for(ByPeople(account_ids=tuple(people)[:100]), act.facts())
    if set(people) - set(found.people):
        raise Invalid.at(field, "选的人里有人已经离岗，或者不参加本厅的流程，请重新选择。")
    return found
