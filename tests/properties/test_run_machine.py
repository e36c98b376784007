"""All that people, the clock and other runs can do in runs of random flows, in any order, killed between any two
statements: after every act each run is somebody's, each decision was made once, and its history is whole."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any, Final

import pytest
from django.db import connection, transaction
from django.utils import timezone

from foundation import schemas
from foundation.errors import DomainError
from foundation.events.models import DueTime, EventDelivery
from foundation.events.operations import drain_events
from province.audit.models import AuditEntry
from province.halls.models import Hall
from province.people.models import OpenWork
from standards.flows.running import RunState
from tenants.workflow.models import FilledForm, FilledMoment, Flow, Run, RunAct, WorkItem
from tenants.workflow.operations.clock import deliver_message, release_item, take_over_work
from tenants.workflow.operations.items import claim_item, finish_item, put_back_item
from tenants.workflow.operations.returns import jump_run, return_item, withdraw_item
from tenants.workflow.operations.runs import cancel_run, resume_run, start_run, suspend_run, terminate_run
from tenants.workflow.operations.signers import (
    add_signer,
    copy_run,
    delegate_item,
    remove_signer,
    transfer_item,
    urge_item,
)
from tenants.workflow.queries.filled import moments_of
from tenants.workflow.queries.running import running_flow
from tenants.workflow.states import OPEN_ITEMS, ItemPart, RunStatus, WorkState
from tests.conftest import person
from tests.factories.forms import LEAVE_POST, make_published_form
from tests.factories.kills import Killed, killed_at
from tests.factories.run_checks import THEIRS, check_run
from tests.factories.runs import LEADERS, free_step, publish_flow, row_of
from tests.factories.staffed_flows import INNER, staffed_flow
from tests.soak import SOAK

CAST: Final = ("cao", "hua", "tao", "sun", "li", "he", "zhou")
_MOST_RUNS: Final = 6
_MOST_ITEMS: Final = 60
# what an act may have written, of the hall and of the public schema
_TABLES: Final = (
    *("workflow_run", "workflow_workitem", "workflow_workcandidate", "workflow_runcopy", "workflow_runact"),
    *("workflow_filledform", "workflow_filledmoment"),
    *("people_openwork", "events_duetime", "events_event", "events_eventdelivery", "messaging_notice"),
    *("audit_auditentry", "audit_auditpending"),
)
_SEEN: Final = " UNION ALL ".join(
    f"SELECT '{one}', md5(coalesce(string_agg(row::text, '|' ORDER BY row.id), '')) FROM {one} AS row"  # noqa: S608
    for one in _TABLES
)


def all_rows() -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(_SEEN)
        return list(cursor.fetchall())


@dataclass(frozen=True)
class Act:
    """Something that somebody tries."""

    name: str
    by: str
    do: Callable[[], object]


class RunMachine:
    """Some runs of one random flow, drawn by a seed: of hypothesis' own draws most are the simplest ones, so that
    nearly every act is refused."""

    def __init__(self) -> None:
        self.opened = ExitStack()
        self.opened.enter_context(_taken_back())
        self.north = Hall.objects.get(slug="north")
        self.opened.enter_context(schemas.enter(self.north.schema_name))
        self.actors = {one: person(one) for one in CAST}
        self.names = {self.actors[one].id: one for one in CAST}
        self.history: dict[Any, dict[str, Any]] = {}
        self.moments: dict[Any, dict[str, Any]] = {}
        self.flow: Flow | None = None
        # what was tried, for who reads a failure
        self.done: list[str] = []
        self.has_form = False
        self.audited = AuditEntry.objects.filter(object_type="run").count()

    def teardown(self) -> None:
        self.opened.close()

    def play(self, random: Random, *, acts: int) -> None:
        self.begin(random)
        rules = (self.act, self.go_on, self.wait, self.try_in_either_order)
        for rule in random.choices(rules, weights=(5, 3, 1, 1), k=acts):
            rule(random)
            self.each_run_is_somebodys_and_lawful()
            self.no_history_is_lost()

    def begin(self, random: Random) -> None:
        row_of(self.north, free_step("inner", LEADERS), code=INNER)
        self.has_form = random.random() < 0.3
        form = make_published_form(self.north) if self.has_form else None
        self.flow = publish_flow(self.north, staffed_flow(random), form=form, code="random")
        self._start("sun").do()

    # what somebody does, or tries to

    def act(self, random: Random) -> None:
        tried = self._drawn(random)
        if tried is not None:
            # most are not killed
            self.attempt(tried, kill_at=random.randint(1, 25) if random.random() < 0.3 else 0)

    def go_on(self, random: Random) -> None:
        """Whose turn it is does it."""
        if held_up := Run.objects.filter(status=RunStatus.SUSPENDED).first():
            self.attempt(Act("resume", "he", lambda: self._resume(held_up)))
        if item := _one_of(random, self._items(state__in=THEIRS)):
            self.attempt(self._own_act(random, item, "finish"))
        elif Run.objects.count() < _MOST_RUNS:
            self.attempt(self._start("sun"))

    def wait(self, random: Random) -> None:
        """Time goes by for one item, and the relay works; it may be killed on its way, and comes back."""
        item = _one_of(random, self._items(due_at__isnull=False, state__in=OPEN_ITEMS))
        if item:
            past = timezone.now() - timedelta(minutes=1)
            WorkItem.objects.filter(pk=item.pk).update(due_at=past)
            DueTime.objects.filter(subject_id=item.pk).update(due_at=past)
        try:
            with killed_at(random.randint(1, 60) if random.random() < 0.5 else 0):
                drain_events()
        except Killed:
            return
        assert not EventDelivery.objects.exclude(last_error="").values_list("last_error", flat=True)

    def try_in_either_order(self, random: Random) -> None:
        """Two acts by two people end alike, whichever comes first, where neither is refused."""
        items = self._items(state__in=THEIRS)
        if any(running_flow(one.run.version).conditions for one in items):
            return
        first, second = _one_of(random, items), _one_of(random, items)
        if not first or not second or first.owner_id == second.owner_id:
            return
        acts = [self._own_act(random, one, random.choice(_ITEM_ACTS)) for one in (first, second)]
        ends = [self._tried(order) for order in (acts, acts[::-1])]
        if all(ends):
            assert ends[0] == ends[1], [(one.name, one.by) for one in acts]

    def attempt(self, tried: Act, *, kill_at: int = 0) -> None:
        before = all_rows()
        self.done.append(f"{tried.by} {tried.name}")
        refusal = ""
        try:
            with killed_at(kill_at):
                tried.do()
        except DomainError as refused:
            refusal = refused.message
        except Killed:
            refusal = "他中断了"
        else:
            return
        assert all_rows() == before, (tried, refusal)
        assert "\u4e00" <= refusal.lstrip("“")[0] <= "\u9fff", refusal

    def _tried(self, acts: list[Act]) -> list[Any]:
        """How all runs stand after these; [] where one of them is refused."""
        found: list[Any] = []
        with suppress(DomainError), transaction.atomic():
            for one in acts:
                one.do()
            found = [_how_it_stands(run) for run in Run.objects.order_by("pk")]
            transaction.set_rollback(True)
        return found

    # acts

    def _drawn(self, random: Random) -> Act | None:
        chance = random.random()
        if chance < 0.25:
            return self._run_act(random)
        theirs = self._items(state__in=THEIRS)
        item = _one_of(random, self._items() if chance < 0.4 or not theirs else theirs)
        if item is None:
            return None
        name = random.choice(_ITEM_ACTS)
        if chance < 0.5:
            return self._item_act(random, item, random.choice(CAST), name)
        return self._own_act(random, item, name)

    def _own_act(self, random: Random, item: WorkItem, name: str) -> Act:
        """By who has it, or may claim it."""
        if item.owner_id is None:
            by = random.choice(("he", "sun") if item.part == ItemPart.WAIT else ("cao", "hua", "tao"))
            return self._item_act(random, item, by, "release" if item.part == ItemPart.WAIT else "claim")
        return self._item_act(random, item, self.names[item.owner_id], name)

    def _item_act(self, random: Random, item: WorkItem, by: str, name: str) -> Act:
        other = self.actors[random.choice(CAST)].id
        node = running_flow(item.run.version).step(item.step)
        steps = ["", "", *(one.name for one in running_flow(item.run.version).definition.nodes)]
        opinion = random.choice(("", "意见", "意见"))
        given: dict[str, dict[str, Any]] = {
            "finish": {
                "opinion": opinion,
                "outcome": random.choice(node.outcomes).code if node and node.outcomes else "",
                "next_people": [other] if node and node.free and random.random() < 0.5 else [],
            },
            "return": {"opinion": opinion, "to_step": random.choice(steps)},
            "transfer": {"to_id": other, "opinion": opinion},
            "delegate": {"to_id": other, "opinion": opinion},
            "add_before": {"people": [other], "place": ItemPart.BEFORE},
            "add_beside": {"people": [other], "place": ItemPart.BESIDE},
            "add_after": {"people": [other], "place": ItemPart.AFTER},
        }
        of = {"by": self.actors[by], "hall": self.north, "item_id": item.pk}
        return Act(name, by, lambda: _DOES[name](**of, **given.get(name, {})))

    def _run_act(self, random: Random) -> Act | None:
        run = _one_of(random, list(Run.objects.select_related("version__form_version").order_by("pk")))
        assert run
        name = random.choice(_RUN_ACTS)
        # most need who looks after runs
        by = random.choice(("he", "he", "he", "sun", *CAST))
        if name == "start":
            return self._start(by) if Run.objects.count() < _MOST_RUNS else None
        if name == "hand over":
            leaver, successor = random.sample(CAST[:4], 2)
            return Act(name, "he", lambda: self._hand_over(leaver, successor))
        given: dict[str, dict[str, Any]] = {
            "jump": {
                "step": random.choice(running_flow(run.version).definition.steps).name,
                "opinion": "换人",
                "instead_of": [one.pk for one in self._items(run=run) if random.random() < 0.3],
            },
            "message": {"message": "payment"},
            "copy": {"people": [self.actors["li"].id]},
        }
        of = {"by": self.actors[by], "hall": self.north, "run_id": run.pk}
        return Act(name, by, lambda: _RUN_DOES[name](**of, **given.get(name, {"opinion": "有事"})))

    def _start(self, by: str) -> Act:
        assert self.flow
        posted = LEAVE_POST if self.has_form else None
        given: dict[str, Any] = {"hall": self.north, "flow_id": self.flow.pk, "posted": posted}
        return Act("start", by, lambda: start_run(by=self.actors[by], **given))

    def _resume(self, run: Run) -> None:
        resume_run(by=self.actors["he"], hall=self.north, run_id=run.pk)

    def _hand_over(self, leaver: str, successor: str) -> None:
        left, next_one = self.actors[leaver], self.actors[successor]
        assert left.id
        assert next_one.id
        take_over_work(
            by=self.actors["he"], hall=self.north, leaver=(left.id, left.name), successor=(next_one.id, next_one.name)
        )

    def _items(self, **having: Any) -> list[WorkItem]:
        rows = WorkItem.objects.filter(**having).select_related("run__version__form_version")
        return list(rows.order_by("pk")[:_MOST_ITEMS])

    # what holds after each of them

    def each_run_is_somebodys_and_lawful(self) -> None:
        items = list(WorkItem.objects.prefetch_related("candidates").order_by("pk"))
        for run in Run.objects.select_related("version__form_version", "version__flow"):
            check_run(run, [one for one in items if one.run_id == run.pk])
        owned = {one.pk: one.owner_id for one in items if one.owner_id and one.state in OPEN_ITEMS}
        noted = OpenWork.objects.filter(kind="work_item")
        assert dict(noted.values_list("object_id", "owner_id")) == owned

    def no_history_is_lost(self) -> None:
        acts = {one["id"]: one for one in RunAct.objects.order_by("pk").values()}
        assert [acts.get(one) for one in self.history] == list(self.history.values())
        new = acts.keys() - self.history.keys()
        assert not (new and self.history) or min(new) > max(self.history)
        said = {
            one.moment.pk: one.values for filled in FilledForm.objects.all() for one in moments_of(self.north, filled)
        }
        rows = FilledMoment.objects.order_by("pk").values()
        moments = {one["id"]: one | {"values": said[one["id"]]} for one in rows}
        assert [moments.get(one) for one in self.moments] == list(self.moments.values())
        self.history, self.moments = acts, moments
        assert AuditEntry.objects.filter(object_type="run").count() - self.audited == len(acts)


_DOES: Final[dict[str, Callable[..., object]]] = {
    "claim": claim_item,
    "put_back": put_back_item,
    "finish": finish_item,
    "return": return_item,
    "withdraw": withdraw_item,
    "transfer": transfer_item,
    "delegate": delegate_item,
    "add_before": add_signer,
    "add_beside": add_signer,
    "add_after": add_signer,
    "remove": remove_signer,
    "urge": urge_item,
    "release": release_item,
}
_ITEM_ACTS: Final = tuple(_DOES)
_RUN_DOES: Final[dict[str, Callable[..., object]]] = {
    "cancel": cancel_run,
    "terminate": terminate_run,
    "suspend": suspend_run,
    "resume": resume_run,
    "jump": jump_run,
    "message": deliver_message,
    "copy": copy_run,
}
# what ends a run comes seldom
_RUN_ACTS: Final = (*_RUN_DOES, *("start", "hand over", "resume", "jump", "message", "suspend") * 2)


def _how_it_stands(run: Run) -> Any:
    """What anybody sees of it, without ids and times."""
    items = WorkItem.objects.filter(run=run, state__in=[*OPEN_ITEMS, WorkState.DONE])
    state = RunState.from_json(run.state)
    return (
        run.status,
        sorted((one.node, one.edge) for one in state.tokens),
        dict(state.outcomes),
        sorted(items.values_list("step", "state", "part", "owner_name", "outcome")),
    )


def _one_of[T](random: Random, some: list[T]) -> T | None:
    return random.choice(some) if some else None


@contextmanager
def _taken_back() -> Iterator[None]:
    """Nothing of it remains."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class TestRunMachine:
    @pytest.mark.soak
    @pytest.mark.django_db
    def test_never_loses_an_owner_a_decision_or_its_history(self) -> None:
        # always the same in the short form
        first = secrets.randbelow(2**32) if SOAK else 0
        for seed in range(first, first + (400 if SOAK else 12)):
            machine = RunMachine()
            try:
                machine.play(Random(seed), acts=40 if SOAK else 18)  # noqa: S311 - no secret
            except Exception as fault:
                fault.add_note(f"seed {seed}: {machine.done}")
                raise
            finally:
                machine.teardown()
