"""What becomes of a run's rows when its tokens move: work begins, work falls away, the run ends.

The caller holds the run's row. Each token that waits has an item, and each item somebody: that is checked here.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from foundation.errors import Conflict
from foundation.events.operations import clear_due_time, emit_event, set_due_time
from province.halls.models import Hall
from province.people.models import Account
from province.people.operations.work import note_open_work
from province.rights.actors import Actor
from standards.flows import running
from standards.flows.nodes import CallNode, PluginNode, Sharing, StepNode, TimerNode
from standards.flows.people import AnyWho, ByDoer
from standards.flows.running import Advance, Token
from standards.flows.walking import RunStuck
from tenants.workflow.events import CALL_WANTED, ITEM_DUE, ITEM_REMINDS, RUN_ENDED, TIMER_ENDS
from tenants.workflow.models import Run, RunCopy, WorkCandidate, WorkItem
from tenants.workflow.operations.run_forms import known_of, release_form
from tenants.workflow.operations.run_notices import tell_copied, tell_ended, tell_of_items
from tenants.workflow.operations.run_rows import keep_run, note_act, state_of
from tenants.workflow.queries.candidates import Found, RunFacts, managers_of, people_for
from tenants.workflow.queries.limits import before, due_at
from tenants.workflow.queries.running import RunningFlow, running_flow
from tenants.workflow.states import ITEM_TRANSITIONS, OPEN_ITEMS, RUN_TRANSITIONS, ItemPart, ItemState, RunStatus

WORK_ITEM: Final = "work_item"
# who decide one step together; a department of 500 is no council
MOST_SIGNERS: Final = 100
_ENDINGS: Final = {"finished": RunStatus.FINISHED, "refused": RunStatus.REFUSED}


@dataclass(slots=True)
class Advancing:
    """One act on a run whose row is held: ``by`` who does it."""

    by: Actor
    hall: Hall
    run: Run
    _known: Mapping[str, Any] | None = None

    @property
    def flow(self) -> RunningFlow:
        return running_flow(self.run.version)

    @property
    def known(self) -> Mapping[str, Any]:
        """The form's values as expressions see them, read once."""
        if self._known is None:
            self._known = known_of(self.hall, self.run, self.flow)
        return self._known

    def finish(self, token_id: int, outcome: str = "") -> None:
        """Let a token go on. Raises Conflict where the run cannot go on from there."""
        state = state_of(self.run)
        outcomes = dict(state.outcomes) | {self.node_of(token_id): outcome}
        try:
            advance = running.finish(
                self.flow.walking, state, token_id, self.flow.decide(self.known, outcomes), outcome=outcome
            )
        except RunStuck as stuck:
            raise Conflict(stuck.message) from stuck
        self.take(advance)

    def node_of(self, token_id: int) -> str:
        return state_of(self.run).token(token_id).node

    def take(self, advance: Advance, *, is_back: bool = False) -> None:
        """Write what an act made of the run. ``is_back``: a step is done again, by who did it last."""
        self.run.state = advance.state.as_json()
        self.close_items([token.id for token in advance.left])
        for token in advance.entered:
            self._enter(token, is_back=is_back)
        if not state_of(self.run).tokens and self.run.ended_at is None:
            self.end(_ENDINGS[state_of(self.run).ending])
        keep_run(self.run, "state", "chosen", "status", "ended_at")

    def end(self, status: RunStatus) -> None:
        """End the run: nothing of it is anybody's any more."""
        RUN_TRANSITIONS.check(self.run.status, status)
        self.run.status, self.run.ended_at = status, timezone.now()
        self.close_items(None)
        release_form(self.hall, self.run)
        note_act(self.by, self.hall, self.run, "end", to=status.label, changes={"state": [None, str(status)]})
        tell_ended(self.hall, self.run)
        emit_event(kind=RUN_ENDED, subject_id=self.run.pk, hall_id=self.hall.pk)

    def close_items(self, tokens: Collection[int] | None, but: Collection[UUID] = ()) -> None:
        """What is open at these tokens (None: at all) falls away."""
        items = WorkItem.objects.filter(run=self.run, state__in=OPEN_ITEMS).exclude(pk__in=but)
        for item in items if tokens is None else items.filter(token__in=tokens):
            close_item(item, ItemState.CANCELLED)

    def _enter(self, token: RunToken, *, is_back: bool) -> None:
        node = self.flow.definition.named_nodes[token.node]
        if isinstance(node, StepNode):
            begin_step(self, token, node, is_again=is_back)
            return
        if node.type == "start":
            people = Found({self.run.initiator_id: self.run.initiator_name})
            make_items(self, token, people, label=self.flow.label(token.node))
            return
        if isinstance(node, PluginNode):
            found = somebody_for(self, self.facts(token.node), node.keeper)
            make_items(self, token, found, label=self.flow.label(token.node))
            return
        item = self._waiting(token)
        if isinstance(node, TimerNode):
            item.due_at = due_at(self.hall, node.wait, timezone.now())
            item.save(update_fields=["due_at"])
            set_due_time(kind=TIMER_ENDS, subject_id=item.pk, hall_id=self.hall.pk, due_at=item.due_at)
        elif isinstance(node, CallNode):
            emit_event(kind=CALL_WANTED, subject_id=item.pk, hall_id=self.hall.pk)

    def _waiting(self, token: Token) -> WorkItem:
        return WorkItem.objects.create(
            run=self.run,
            token=token.id,
            step=token.node,
            label=self.flow.label(token.node),
            part=ItemPart.WAIT,
            state=ItemState.WAITING,
            round=_round(self.run, token.node),
        )

    def facts(self, step: str = "") -> RunFacts:
        """What rules ask of the run; ``step``: the one that begins."""
        done = WorkItem.objects.filter(run=self.run, state=ItemState.DONE, owner_id__isnull=False, part=ItemPart.MAIN)
        doers = dict(done.order_by("done_at").values_list("step", "owner_id"))
        return RunFacts(
            self.hall.pk,
            self.run.initiator_id,
            self.run.unit_id,
            [UUID(one) for one in self.run.chosen.get(step, ())],
            {one: owner for one, owner in doers.items() if owner},
            self.flow.named(self.known),
        )


def begin_step(act: Advancing, token: Token, node: StepNode, *, is_again: bool) -> None:
    """Find who does a step, give it to them, and tell them. ``is_again``: it is given to who did it last."""
    facts = act.facts(node.name)
    last = ByDoer(step=node.name) if is_again and node.sharing is Sharing.ANY else None
    found = somebody_for(act, facts, last, node.who, node.fallback)
    make_items(act, token, found, label=node.label, node=node)
    copied = {one for rule in node.copies for one in people_for(rule, facts).people}
    copy_to(act, copied)


def somebody_for(act: Advancing, facts: RunFacts, *rules: AnyWho | None) -> Found:
    """The first of these rules that finds somebody; then the flow's owner, then who manages runs here. Raises Conflict
    where nobody at all could have it."""
    for rule in (*rules, act.flow.definition.owner):
        if rule is not None and (found := people_for(rule, facts)):
            return found
    if found := managers_of(act.hall.pk):
        return found
    raise Conflict("没有人能办理下一个环节，本厅也没有流程管理员。请联系服务厅管理员设置岗位。")


def make_items(act: Advancing, token: Token, found: Found, *, label: str, node: StepNode | None = None) -> None:
    """The items of a step that begins: one for each who has a say, or one that somebody claims."""
    sharing = node.sharing if node else Sharing.ANY
    now = timezone.now()
    ends_at = due_at(act.hall, node.limit, now) if node and node.limit else None
    common = {"run": act.run, "token": token.id, "step": token.node, "label": label, "due_at": ends_at}
    common["round"] = _round(act.run, token.node)
    people = list(found.people.items())[:MOST_SIGNERS]
    if sharing is Sharing.ANY and len(people) > 1:
        made = [WorkItem(**common, state=ItemState.TO_CLAIM)]
    elif sharing is Sharing.ANY:
        made = [WorkItem(**common, state=ItemState.CLAIMED, owner_id=people[0][0], owner_name=people[0][1])]
    else:
        made = [
            WorkItem(
                **common,
                owner_id=one,
                owner_name=name,
                place=place,
                state=ItemState.WAITING if sharing is Sharing.IN_TURN and place else ItemState.CLAIMED,
            )
            for place, (one, name) in enumerate(people)
        ]
    made = WorkItem.objects.bulk_create(made)
    if made[0].state == ItemState.TO_CLAIM:
        WorkCandidate.objects.bulk_create(WorkCandidate(item=made[0], key=key) for key in found.keys)
    for item in made:
        start_clock(act.hall, item, node)
    note_work(act.hall, made)
    tell_of_items(act.hall, act.run, made, found.people, but=act.by.id)


def start_clock(hall: Hall, item: WorkItem, node: StepNode | None) -> None:
    """Set when the item's owner is reminded, and when its time is over."""
    if item.due_at is None or item.state == ItemState.WAITING:
        return
    set_due_time(kind=ITEM_DUE, subject_id=item.pk, hall_id=hall.pk, due_at=item.due_at)
    if node and node.remind_before:
        at = before(hall, node.remind_before, item.due_at, timezone.now())
        set_due_time(kind=ITEM_REMINDS, subject_id=item.pk, hall_id=hall.pk, due_at=at)


def note_work(hall: Hall, items: Iterable[WorkItem]) -> None:
    """Who leaves hands over what is theirs."""
    for item in items:
        is_open = item.owner_id is not None and item.state in OPEN_ITEMS
        note_open_work(hall_id=hall.pk, kind=WORK_ITEM, object_id=item.pk, owner_id=item.owner_id, is_open=is_open)


def close_item(item: WorkItem, state: ItemState) -> None:
    """End an item: its clocks stop, nobody may claim it, it is nobody's open work."""
    ITEM_TRANSITIONS.check(item.state, state)
    was_claimable = item.state == ItemState.TO_CLAIM or item.owner_id is not None
    item.state = state
    item.done_at = timezone.now()
    item.save(update_fields=["state", "done_at", "outcome", "opinion"])
    if was_claimable:
        WorkCandidate.objects.filter(item=item).delete()
    if item.due_at:
        clear_due_time(kind=ITEM_DUE, subject_id=item.pk)
        clear_due_time(kind=ITEM_REMINDS, subject_id=item.pk)
    if item.part == ItemPart.WAIT:
        clear_due_time(kind=TIMER_ENDS, subject_id=item.pk)
    elif item.owner_id:
        note_open_work(hall_id=_ANY_HALL, kind=WORK_ITEM, object_id=item.pk, owner_id=None, is_open=False)


# what is closed is deleted by its id alone
_ANY_HALL: Final = UUID(int=0)


def copy_to(act: Advancing, people: Collection[UUID]) -> int:
    """抄送 to these accounts; who has it already is told of nothing. Returns how many are new."""
    known = set(RunCopy.objects.filter(run=act.run, account_id__in=people).values_list("account_id", flat=True))
    new = sorted(set(people) - known)
    RunCopy.objects.bulk_create(RunCopy(run=act.run, account_id=one, by_name=act.by.shown_name) for one in new)
    if new:
        tell_copied(act.hall, act.run, new)
    return len(new)


def names_of(ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of these accounts."""
    return dict(Account.objects.filter(pk__in=list(ids)).values_list("pk", "name"))


def _round(run: Run, step: str) -> int:
    latest = WorkItem.objects.filter(run=run, step=step).order_by("-round").values_list("round", flat=True).first()
    return (latest or 0) + 1
