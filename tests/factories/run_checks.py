"""What holds of a run and its items whatever was done: the checks of the run machine."""

from collections import Counter

from foundation.events.models import DueTime, EventDelivery
from standards.flows.futures import check_goes_on
from standards.flows.nodes import StepNode
from standards.flows.running import RunState
from tenants.workflow.models import FilledMoment, Run, WorkItem
from tenants.workflow.queries.running import running_flow
from tenants.workflow.states import OPEN_ITEMS, ItemPart, RunStatus, WorkState

# whose turn it is
THEIRS = (WorkState.CLAIMED, WorkState.TO_CLAIM)


def check_run(run: Run, items: list[WorkItem]) -> None:
    """Each token that waits has somebody who can act on it, or something that will; no decision was made twice."""
    state = RunState.from_json(run.state)
    is_over = run.status not in {RunStatus.RUNNING, RunStatus.SUSPENDED}
    assert is_over == (run.ended_at is not None) == (not state.tokens), run.status
    open_ones = [one for one in items if one.state in OPEN_ITEMS]
    assert {one.token for one in open_ones} == {one.id for one in state.held}
    for token in state.held:
        here = [one for one in open_ones if one.token == token.id]
        assert {one.step for one in here} == {token.node}
        assert any(_can_be_done(one) for one in here), _story(run, items)
    check_parts(run, items)
    for one in open_ones:
        if one.part == ItemPart.WAIT and one.due_at and run.status == RunStatus.RUNNING:
            assert _comes(one), one
    flow = running_flow(run.version)
    check_goes_on(flow.walking, [(one.node, one.edge) for one in state.tokens])
    assert max(Counter((one.node, one.edge) for one in state.tokens).values(), default=1) == 1
    eaten = Counter(token.id for move in state.moves for token in move.consumed)
    assert max(eaten.values(), default=1) == 1
    for (_, step), number in Counter(
        (one.token, one.step) for one in items if one.state == WorkState.DONE and one.part == ItemPart.MAIN
    ).items():
        node = flow.step(step)
        if isinstance(node, StepNode) and node.sharing == "any" and not node.free:
            assert number == 1, _story(run, items)
    acts = Counter((one.act, one.item_id) for one in run.acts.all())
    for item in items:
        done = acts["finish", item.pk] + acts["submit", item.pk] - acts["withdraw", item.pk]
        assert done <= 1, item
    assert acts["start", None] == 1
    assert acts["end", None] == int(is_over)
    if run.filled_id:
        numbers = list(
            FilledMoment.objects.filter(filled=run.filled_id).order_by("pk").values_list("number", flat=True)
        )
        assert numbers == list(range(1, len(numbers) + 1))
        told = run.acts.filter(act__in=["start", "finish", "submit", "return"], by_id__isnull=False)
        assert not told.filter(moment=None).exists()


def check_parts(run: Run, items: list[WorkItem]) -> None:
    """Nobody helps with what is no longer anybody's, or before it is their turn."""
    states = {one.pk: one.state for one in items}
    for one in items:
        if one.state in OPEN_ITEMS and one.parent_id:
            lawful = {
                ItemPart.DELEGATE: {WorkState.WAITING},
                ItemPart.BEFORE: {WorkState.WAITING},
                ItemPart.AFTER: set(OPEN_ITEMS) if one.state == WorkState.WAITING else {WorkState.DONE},
                ItemPart.BESIDE: {*OPEN_ITEMS, WorkState.DONE},
            }[ItemPart(one.part)]
            assert states[one.parent_id] in lawful, _story(run, items)
    flow = running_flow(run.version)
    turns = Counter(one.token for one in items if one.part == ItemPart.MAIN and one.state in THEIRS)
    for token in RunState.from_json(run.state).held:
        node = flow.step(token.node)
        assert node is None or node.sharing != "in_turn" or turns[token.id] <= 1, _story(run, items)


def _story(run: Run, items: list[WorkItem]) -> str:
    """For who reads a failure."""
    acts = [(one.act, one.step_label, one.by_name, one.to, one.opinion) for one in run.acts.order_by("pk")]
    return "\n".join(map(str, [*((one.token, one.step, one.part, one.state, one.owner_name) for one in items), *acts]))


def _can_be_done(item: WorkItem) -> bool:
    is_claimable = item.state == WorkState.TO_CLAIM and any(one.is_open for one in item.candidates.all())
    return item.part == ItemPart.WAIT or is_claimable or (item.state == WorkState.CLAIMED and item.owner_id is not None)


def _comes(timer: WorkItem) -> bool:
    delivered = EventDelivery.objects.filter(event__subject_id=timer.pk, state="waiting")
    return DueTime.objects.filter(subject_id=timer.pk).exists() or delivered.exists()
