"""Two at once in one run, and a process that is killed in the middle of a step."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from foundation import schemas
from foundation.errors import Conflict, DomainError, Invalid
from foundation.events.models import DueTime
from foundation.events.operations import drain_events
from province.halls.models import Hall
from tenants.workflow.models import Flow, HallPlace, Run, WorkItem
from tenants.workflow.operations.clock import note_item_late
from tenants.workflow.operations.flows import save_flow_draft
from tenants.workflow.operations.items import claim_item, finish_item
from tenants.workflow.operations.places import PlaceFacts, create_place
from tenants.workflow.operations.returns import return_item
from tenants.workflow.operations.signers import transfer_item
from tenants.workflow.states import OPEN_ITEMS, WorkState
from tests.conftest import person
from tests.factories.runs import (
    DECISIONS,
    HANDLERS,
    LEADERS,
    begin_run,
    do,
    forked_flow,
    free_step,
    item_at,
    open_steps,
    people,
    row_of,
)
from tests.factories.sites import inside
from tests.forked import run_and_die
from tests.races import at_once

pytestmark = pytest.mark.usefixtures("fresh_database")


def _in(hall: Hall, act: Callable[..., Any], **given: Any) -> Callable[[], Any]:
    def run() -> Any:
        with schemas.enter(hall.schema_name):
            return act(hall=hall, **given)

    return run


class TestTwoAtOnce:
    def test_one_claims_one_decides_and_a_step_ends_once(self, fresh_database: None) -> None:
        north = Hall.objects.get(slug="north")
        with inside(north):
            run = begin_run(north, row_of(north, free_step("any", people("cao", "hua")), free_step("last", LEADERS)))
            item = item_at(run, "any")
        claims = at_once(*[_in(north, claim_item, by=person(one), item_id=item.pk) for one in ("cao", "hua")])
        assert sorted(type(one).__name__ for one in claims) == ["Conflict", "WorkItem"]
        told = next(one for one in claims if isinstance(one, Conflict))
        assert "已经认领" in told.message
        owner = "cao" if isinstance(claims[0], WorkItem) else "hua"
        by: dict[str, Any] = {"by": person(owner), "item_id": item.pk}
        ends = at_once(
            _in(north, finish_item, **by),
            _in(north, finish_item, **by),
            _in(north, return_item, opinion="退", **by),
            _in(north, transfer_item, to_id=person("tao").id, **by),
        )
        assert sum(isinstance(one, DomainError) for one in ends) in {2, 3}
        with inside(north):
            run = Run.objects.get()
            open_ones = WorkItem.objects.filter(run=run, state__in=OPEN_ITEMS)
            assert open_ones.count() == len(run.state["t"]) == 1
            decided = WorkItem.objects.filter(run=run, step="any", state__in=[WorkState.DONE, WorkState.RETURNED])
            assert decided.count() <= 1

    def test_the_last_two_signers_end_a_step_once(self, fresh_database: None) -> None:
        north = Hall.objects.get(slug="north")
        with inside(north):
            vote = free_step("vote", people("cao", "hua"), sharing="all", outcomes=DECISIONS)
            run = begin_run(north, row_of(north, vote, free_step("last", LEADERS)))
            items = {one: item_at(run, "vote", one) for one in ("cao", "hua")}
        at_once(
            *[_in(north, finish_item, by=person(one), item_id=item.pk, outcome="agreed") for one, item in items.items()]
        )
        with inside(north):
            assert open_steps(run) == ["last"]
            assert WorkItem.objects.filter(run=run, step="last").count() == 1

    def test_of_two_who_act_on_one_thing_one_wins_and_the_other_is_told(self, fresh_database: None) -> None:
        north = Hall.objects.get(slug="north")
        past = timezone.now() - timedelta(minutes=1)
        with inside(north):
            drawn = row_of(north, free_step("hand", HANDLERS), code="drawn")
            claimed = begin_run(north, row_of(north, free_step("any", people("cao", "hua")), code="any"))
            item = item_at(claimed, "any")
            claim_item(by=person("cao"), hall=north, item_id=item.pk)
            branches = begin_run(north, forked_flow(north))
            do(north, branches, "hand", "cao")
            passing = free_step("lead", LEADERS, limit={"amount": 1}, at_limit="pass", outcomes=DECISIONS)
            late = begin_run(north, row_of(north, passing, code="late"))
            timed = item_at(late, "lead")
            WorkItem.objects.filter(pk=timed.pk).update(due_at=past)
            left, right = (item_at(branches, one).pk for one in ("left", "right"))
        draft: dict[str, Any] = {"by": person("he"), "flow_id": drawn.pk, "revision": drawn.revision}
        pairs: list[tuple[Callable[..., Any], Callable[..., Any]]] = [
            (
                _in(north, save_flow_draft, definition=drawn.definition | {"hint": "一"}, **draft),
                _in(north, save_flow_draft, definition=drawn.definition | {"hint": "二"}, **draft),
            ),
            (
                _in(north, claim_item, by=person("hua"), item_id=item.pk),
                _in(north, transfer_item, by=person("cao"), item_id=item.pk, to_id=person("tao").id),
            ),
            (
                _in(north, finish_item, by=person("hua"), item_id=left),
                _in(north, return_item, by=person("tao"), item_id=right, to_step="hand", opinion="重来"),
            ),
            (
                _in(north, finish_item, by=person("tao"), item_id=timed.pk, outcome="refused"),
                _in(north, note_item_late, item_id=timed.pk, cause_id=timed.pk),
            ),
        ]
        ends = [at_once(*pair) for pair in pairs]
        told = [[one.message for one in pair if isinstance(one, DomainError)] for pair in ends]
        assert [len(one) for one in told[:2]] == [1, 1]
        assert "已经转办" in told[1][0] or "已经认领" in told[1][0]
        with inside(north):
            assert Flow.objects.get(pk=drawn.pk).revision == drawn.revision + 1
            assert WorkItem.objects.get(pk=item.pk).owner_id == person("tao").id
            # done first, it was taken away again by the return; done too late, it was refused
            assert open_steps(branches) == ["hand"]
            assert all("已经退回" in one or "已经不能" in one for one in told[2])
            decided = WorkItem.objects.get(run=late, step="lead")
            assert late.acts.filter(act="finish").count() == 1
            status = Run.objects.get(pk=late.pk).status
            # the person's refusal, or the clock's consent
            assert (decided.outcome, status) in {("refused", "refused"), ("agreed", "finished")}
            assert bool(told[3]) == (decided.outcome == "agreed")


_KILLED = """
import os, signal
from foundation import schemas
from foundation.events.operations import drain_events
from province.halls.models import Hall
from province.people.models import Account
from province.people.queries.actors import actor_of
from tenants.workflow.operations import advancing, items

def die(*given, **facts):
    os.kill(os.getpid(), signal.SIGKILL)

# what is next is written, the run's own row is not
advancing.keep_run = die
if not given:
    drain_events()
hall = Hall.objects.get(slug="north")
with schemas.enter(hall.schema_name):
    items.finish_item(by=actor_of(Account.objects.get(username="cao")), hall=hall, item_id=given[0])
"""


class TestAKilledProcess:
    def test_leaves_a_step_and_a_timer_as_they_were(self, fresh_database: None) -> None:
        north = Hall.objects.get(slug="north")
        with inside(north):
            pause = {"type": "timer", "name": "pause", "wait": {"amount": 1, "unit": "hours"}}
            flow = row_of(north, free_step("hand", HANDLERS), pause, free_step("lead", LEADERS))
            run = begin_run(north, flow)
            item = item_at(run, "hand")
        run_and_die(_KILLED, item.pk)
        with inside(north):
            assert open_steps(run) == ["hand"]
            assert not WorkItem.objects.filter(step="pause").exists()
            do(north, run, "hand", "cao")
            past = timezone.now() - timedelta(minutes=1)
            WorkItem.objects.filter(step="pause").update(due_at=past)
        DueTime.objects.filter(kind="workflow.timer_ends").update(due_at=past)
        # what has come due, without an item
        run_and_die(_KILLED)
        with inside(north):
            assert open_steps(run) == ["pause"]
        drain_events()
        drain_events()
        with inside(north):
            assert open_steps(run) == ["lead"]
            assert run.acts.filter(act="wake").count() == 1


class TestTwoAtOnceInTheListOfPlaces:
    def test_add_one_name_once(self, north: Hall) -> None:
        adding = _in(north, create_place, by=person("sun"), facts=PlaceFacts(name="东门"))
        outcomes = at_once(adding, adding)
        assert [type(one) for one in outcomes].count(Invalid) == 1
        with inside(north):
            assert HallPlace.objects.count() == 1
