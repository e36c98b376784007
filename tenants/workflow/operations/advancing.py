"""What becomes of a run's rows when its tokens move: work begins, work falls away, the run ends.

The caller holds the run's row. Each token that waits has an item, and each item somebody: that is checked here.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from foundation.errors import Conflict
from foundation.events.operations import clear_due_times, emit_event, set_due_time, set_due_times
from foundation.gathering import insert_rows, send, update_row
from province.halls.models import Hall
from province.people.operations.work import close_open_work, keep_open_work
from province.rights.actors import Actor
from province.workdays.operations import hold_calendar
from standards.flows import running
from standards.flows.nodes import CallNode, PluginNode, Sharing, StepLimit, StepNode, TimerNode
from standards.flows.people import AnyWho, ByDoer
from standards.flows.running import Advance, RunToken
from standards.flows.walking import RunStuck
from tenants.workflow.events import CALL_WANTED, ITEM_DUE, ITEM_REMINDS, RUN_ENDED, TIMER_ENDS
from tenants.workflow.models import Run, RunCopy, WorkCandidate, WorkItem
from tenants.workflow.operations.plugin_calls import begin_call, end_calls
from tenants.workflow.operations.run_forms import known_of, release_form
from tenants.workflow.operations.run_notices import tell_copied, tell_ended, tell_of_items
from tenants.workflow.operations.run_rows import keep_run, note_act, state_of
from tenants.workflow.queries.calls import results_of
from tenants.workflow.queries.candidates import Found, RunFacts, managers_of, people_for
from tenants.workflow.queries.limits import WORKING, before, due_at, is_end_assumed
from tenants.workflow.queries.running import RunningFlow, flow_of_run
from tenants.workflow.queries.step_ends import StepEnd, last_day_of, step_end
from tenants.workflow.slots import LastDay
from tenants.workflow.states import ITEM_TRANSITIONS, OPEN_ITEMS, RUN_TRANSITIONS, ItemPart, RunStatus, WorkState

WORK_ITEM: Final = "work_item"
# who decide one step together; a department of 500 is no council
MOST_SIGNERS: Final = 100
_ENDINGS: Final = {"finished": RunStatus.FINISHED, "refused": RunStatus.REFUSED}


@dataclass(slots=True)
class Advancing:
    """One act on a run whose row is held: ``by`` who does it; ``has_items``: False for a run that is only now made."""

    by: Actor
    hall: Hall
    run: Run
    has_items: bool = True
    _known: Mapping[str, Any] | None = None
    _last_days: list[LastDay | None] = field(default_factory=list)
    # where nothing is open any more
    _cleared: set[int] = field(default_factory=set)

    @property
    def flow(self) -> RunningFlow:
        return flow_of_run(self.run)

    @property
    def known(self) -> Mapping[str, Any]:
        """The form's values as expressions see them, read once."""
        if self._known is None:
            self._known = known_of(self.hall, self.run, self.flow)
        return self._known

    @property
    def last_day(self) -> LastDay | None:
        """On which what the run is about is in time, asked once."""
        if not self._last_days:
            self._last_days.append(last_day_of(self.run))
        return self._last_days[0]

    def is_of(self, last_day: LastDay | None) -> None:
        """Who starts the run for something says until when that is in time."""
        self._last_days = [last_day]

    def finish(self, token_id: int, outcome: str = "") -> None:
        """Let a token go on. Raises Conflict where the run cannot go on from there."""
        state = state_of(self.run)
        outcomes = dict(state.outcomes) | {state.token(token_id).node: outcome}
        known = {**self.known, **results_of(self.hall, self.flow, outcomes)} if self.flow.conditions else {}
        try:
            advance = running.finish(
                self.flow.walking, state, token_id, self.flow.decide(known, outcomes), outcome=outcome
            )
        except RunStuck as stuck:
            raise Conflict(stuck.message) from stuck
        self.take(advance)

    def take(self, advance: Advance, *, is_back: bool = False) -> None:
        """Write what an act made of the run. ``is_back``: a step is done again, by who did it last."""
        self.run.state = advance.state.as_json()
        self.close_items([token.id for token in advance.left if token.id not in self._cleared])
        for token in advance.entered:
            self._enter(token, is_back=is_back)
        self.has_items = True
        if not advance.state.tokens and self.run.ended_at is None:
            self.end(_ENDINGS[advance.state.ending])
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
        if tokens == [] or not self.has_items:
            return
        items = WorkItem.objects.filter(run=self.run, state__in=OPEN_ITEMS).exclude(pk__in=but)
        _cancel(list(items if tokens is None else items.filter(token__in=tokens)))

    def clear_token(self, token_id: int, items: Iterable[WorkItem]) -> None:
        """What is open of all the ``items`` at this token falls away."""
        _cancel([one for one in items if one.state in OPEN_ITEMS])
        self._cleared.add(token_id)

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
            self._call_outside(token, node)
            return
        item = self._waiting(token)
        if isinstance(node, TimerNode):
            item.due_at = due_at(self.hall, node.wait, timezone.now())
            item.save(update_fields=["due_at"])
            set_due_time(kind=TIMER_ENDS, subject_id=item.pk, hall_id=self.hall.pk, due_at=item.due_at)
        elif isinstance(node, CallNode):
            emit_event(kind=CALL_WANTED, subject_id=item.pk, hall_id=self.hall.pk)

    def _waiting(self, token: RunToken, part: ItemPart = ItemPart.WAIT) -> WorkItem:
        item = WorkItem(
            run=self.run,
            token=token.id,
            step=token.node,
            label=self.flow.label(token.node),
            part=part,
            state=WorkState.WAITING,
        )
        _insert_items([item])
        return item

    def _call_outside(self, token: RunToken, node: PluginNode) -> None:
        """Its keeper is known from the beginning: who can do something if it fails."""
        found = somebody_for(self, self.facts(token.node), node.keeper)
        item = self._waiting(token, ItemPart.OUTSIDE)
        if len(found.people) == 1:
            [(item.owner_id, item.owner_name)] = found.people.items()
            item.save(update_fields=["owner_id", "owner_name"])
            note_work(self.hall, [item])
        else:
            WorkCandidate.objects.bulk_create(WorkCandidate(item=item, key=key) for key in found.keys)
        begin_call(self.hall, self.run, item, node, self.known, self.flow.form)

    def facts(self, step: str = "") -> RunFacts:
        """What rules ask of the run; ``step``: the one that begins."""
        return RunFacts(
            self.hall.pk,
            self.run.initiator_id,
            self.run.unit_id,
            [UUID(one) for one in self.run.chosen.get(step, ())],
            self._doer_of,
            self.flow.named(self._known_now()) if self.flow.expressions else {},
        )

    def _known_now(self) -> Mapping[str, Any]:
        return {**self.known, **results_of(self.hall, self.flow, state_of(self.run).outcomes)}

    def _doer_of(self, step: str) -> UUID | None:
        done = WorkItem.objects.filter(run=self.run, step=step, state=WorkState.DONE, part=ItemPart.MAIN)
        latest = done.filter(owner_id__isnull=False).order_by("-done_at").first()
        return latest.owner_id if latest else None


def begin_step(act: Advancing, token: RunToken, node: StepNode, *, is_again: bool) -> None:
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


def make_items(
    act: Advancing, token: RunToken, found: Found, *, label: str, node: StepNode | None = None, place: int = 0
) -> list[WorkItem]:
    """The items of a step that begins: one for each who has a say, or one that somebody claims. ``place``: of the
    first of them."""
    sharing = node.sharing if node else Sharing.ANY
    common: dict[str, Any] = {"run": act.run, "token": token.id, "step": token.node, "label": label}
    common |= _end_of(act, node.limit) if node and node.limit else {}
    people = list(found.people.items())[:MOST_SIGNERS]
    if sharing is Sharing.ANY and len(people) > 1:
        made = [WorkItem(**common, place=place, state=WorkState.TO_CLAIM)]
    elif sharing is Sharing.ANY:
        ((owner_id, name),) = people
        made = [WorkItem(**common, place=place, state=WorkState.CLAIMED, owner_id=owner_id, owner_name=name)]
    else:
        made = [
            WorkItem(
                **common,
                owner_id=one,
                owner_name=name,
                place=number,
                state=WorkState.WAITING if sharing is Sharing.IN_TURN and number > place else WorkState.CLAIMED,
            )
            for number, (one, name) in enumerate(people, start=place)
        ]
    _insert_items(made)
    if made[0].state == WorkState.TO_CLAIM:
        WorkCandidate.objects.bulk_create(WorkCandidate(item=made[0], key=key) for key in found.keys)
    start_clocks(act.hall, made, node)
    note_work(act.hall, made)
    tell_of_items(act.hall, act.run, made, found.people, but=act.by.id)
    return made


def _end_of(act: Advancing, limit: StepLimit) -> dict[str, Any]:
    """The columns that say when a step that begins now is over; of a run whose time stands, when it would be."""
    now = timezone.now()
    if limit.unit in WORKING:
        # a correction of the calendar comes before or after
        hold_calendar(act.hall)
    own = due_at(act.hall, limit, now)
    if act.run.stands_since:
        return {"stood_due_at": own}
    end = step_end(own, act.last_day, is_assumed=is_end_assumed(act.hall, limit, now, own))
    return {"due_at": end.due_at, "own_due_at": end.own_due_at, "is_due_assumed": end.is_due_assumed}


def set_end(item: WorkItem, end: StepEnd) -> None:
    """Write when an item is over. Its clocks are the caller's."""
    item.due_at, item.own_due_at, item.is_due_assumed = end.due_at, end.own_due_at, end.is_due_assumed
    item.stood_due_at = None
    if item.due_at > timezone.now():
        # of what is in time again nothing says that it is late
        item.was_late = False
    item.save(update_fields=["due_at", "own_due_at", "is_due_assumed", "stood_due_at", "was_late"])


def start_clocks(hall: Hall, items: Iterable[WorkItem], node: StepNode | None) -> None:
    """Set when the owners of a step's items are reminded, and when their time is over: it is the same for all."""
    running = [item for item in items if item.wakes_at and item.state != WorkState.WAITING]
    if not running or not (ends_at := running[0].wakes_at):
        return
    ids = [item.pk for item in running]
    set_due_times(kind=ITEM_DUE, subject_ids=ids, hall_id=hall.pk, due_at=ends_at)
    if node and node.remind_before and not running[0].was_late:
        at = before(hall, node.remind_before, ends_at, timezone.now())
        set_due_times(kind=ITEM_REMINDS, subject_ids=ids, hall_id=hall.pk, due_at=at)


def note_work(hall: Hall, items: Iterable[WorkItem]) -> None:
    """Who leaves hands over what is theirs."""
    owners = {item.pk: item.owner_id if item.state in OPEN_ITEMS else None for item in items}
    if owned := {one: owner for one, owner in owners.items() if owner}:
        keep_open_work(hall_id=hall.pk, kind=WORK_ITEM, owners=owned)
    if free := owners.keys() - owned.keys():
        close_open_work(kind=WORK_ITEM, object_ids=free)


def close_item(item: WorkItem, state: WorkState) -> None:
    """End an item: its clocks stop, nobody may claim it, it is nobody's open work."""
    ITEM_TRANSITIONS.check(item.state, state)
    item.state = state
    item.done_at = timezone.now()
    update_row(item, "state", "done_at", "outcome", "opinion")
    _let_go_of([item])


def _cancel(items: Collection[WorkItem]) -> None:
    """As ``close_item``, of several that fall away."""
    if not items:
        return
    now = timezone.now()
    for item in items:
        ITEM_TRANSITIONS.check(item.state, WorkState.CANCELLED)
        item.state, item.done_at = WorkState.CANCELLED, now
    gone = [one.pk for one in items]
    send("UPDATE workflow_workitem SET state = 'cancelled', done_at = %s WHERE id = ANY (%s)", [now, gone])
    _let_go_of(items)


def _let_go_of(items: Iterable[WorkItem]) -> None:
    """Clocks, candidates and open work of what has ended go, a statement each."""
    of_people = [one.pk for one in items if one.part != ItemPart.WAIT]
    if of_people:
        send("DELETE FROM workflow_workcandidate WHERE item_id = ANY (%s)", [of_people])
    if owned := [one.pk for one in items if one.owner_id]:
        close_open_work(kind=WORK_ITEM, object_ids=owned)
    if called := [one.pk for one in items if one.part == ItemPart.OUTSIDE]:
        end_calls(called)
    stop_clocks(items)


def stop_clocks(items: Iterable[WorkItem]) -> None:
    if timed := [one.pk for one in items if one.due_at]:
        clear_due_times(kinds=[ITEM_DUE, ITEM_REMINDS, TIMER_ENDS], subject_ids=timed)


def close_parts(item: WorkItem, parts: Collection[ItemPart] = ItemPart) -> None:
    """What others have open for this person's work falls away, and what is open for that."""
    for one in WorkItem.objects.filter(parent=item, part__in=list(parts), state__in=OPEN_ITEMS):
        close_parts(one)
        _cancel([one])


def copy_to(act: Advancing, people: Collection[UUID]) -> int:
    """抄送 to these accounts; who has it already is told of nothing. Returns how many are new."""
    if not people:
        return 0
    known = set(RunCopy.objects.filter(run=act.run, account_id__in=people).values_list("account_id", flat=True))
    new = sorted(set(people) - known)
    RunCopy.objects.bulk_create(RunCopy(run=act.run, account_id=one, by_name=act.by.shown_name) for one in new)
    if new:
        tell_copied(act.hall, act.run, new)
    return len(new)


_NEXT_ROUND: Final = """1 + coalesce(
    (SELECT round FROM workflow_workitem WHERE run_id = %s AND step = %s ORDER BY round DESC LIMIT 1), 0)"""


def _insert_items(items: Sequence[WorkItem]) -> None:
    """Those with which a step begins once more."""
    insert_rows(items, round=(_NEXT_ROUND, [items[0].run_id, items[0].step]))
