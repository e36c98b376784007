"""Runs of flows in a hall with many of them: a start, a step by one and under eight writers, the inbox, and what a run
keeps; beside them, on the same PostgreSQL, the bare SpiffWorkflow, which keeps its whole tree of tasks in one row, and
viewflow, which keeps a row for each task."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median, quantiles
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.defaults import UserTask
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from benchmarks import _viewflow
from benchmarks._workflow_readers import read_inbox
from benchmarks.measuring import at_once, line, median_seconds, milliseconds, say
from benchmarks.world import Profile, build
from foundation import schemas
from foundation.rows import draw_id
from province.halls.models import Hall
from province.people.models import Account, Position, Unit
from province.people.queries.actors import actor_of
from province.rights.actors import Actor
from province.rights.roles import Reach, Role
from tenants.workflow.models import Flow, FlowVersion, Run, WorkItem
from tenants.workflow.operations.items import finish_item
from tenants.workflow.operations.runs import start_run
from tenants.workflow.states import DesignState, WorkState

_COUNTY = "640104"
_STEPS = 20
_LEAST_ROUNDS = 5
_WRITERS = 8
_ACTS = 25
_PEOPLE = 16


def run(profile: Profile) -> list[dict[str, Any]]:
    build(profile)
    hall = Hall.objects.get(division__code=_COUNTY.ljust(12, "0"))
    unit = Unit.objects.create(hall_id=hall.pk, name="评测科")
    people = [_person(hall, number, unit) for number in range(_PEOPLE)]
    leader = _person(hall, _PEOPLE, unit, role=Role.APPROVING_LEADER)
    with schemas.enter(hall.schema_name):
        flow = _flow(people)
        _fill(flow, people, *((1_000_000, 50_000) if profile.is_full else (20_000, 2_000)))
        return [
            *_one_writer(hall, flow, people[0], profile),
            _writers(hall, flow, people, profile),
            *_inbox(hall, people, profile),
            *_boxes(hall, people[0], leader, profile),
        ]


def _person(hall: Hall, number: int, unit: Unit, *, role: Role = Role.HANDLER) -> Actor:
    account = Account.objects.create(username=f"worker{number}", name=f"办件员{number}")
    place = {"hall_id": hall.pk, "reach_prefix": hall.prefixes[-1], "reach": Reach.HALL, "unit": unit}
    Position.objects.create(account=account, role=role, **place)
    return actor_of(account)


def _flow(people: list[Actor]) -> Flow:
    """Twenty steps in a row, which every one of these people does in turn, one after the other."""
    names = [f"step_{number}" for number in range(_STEPS)]
    owner = {"kind": "initiator"}
    steps = [{"type": "step", "name": one, "label": f"环节 {one}", "who": owner} for one in names]
    ends = ["start", *names, "finish"]
    definition = {
        "format": 1,
        "title": "评测",
        "owner": owner,
        "nodes": [{"type": "start", "name": "start"}, *steps, {"type": "end", "name": "finish"}],
        "edges": [
            {"name": f"e{place}", "source": one, "target": two} for place, (one, two) in enumerate(pairwise(ends))
        ],
    }
    flow = Flow.objects.create(code="bench", title="评测", definition=definition, owner_id=people[0].id)
    flow.newest = FlowVersion.objects.create(flow=flow, number=1, definition=definition, submitted_by_name="评测")
    flow.state = DesignState.PUBLISHED
    flow.save()
    return flow


_RUNS = """
INSERT INTO workflow_run (id, version_id, number, title, status, initiator_id, initiator_name, state, chosen, revision,
    ended_at)
SELECT uuidv7(), %(version)s, 100000000 + %(from)s + one, '评测 ' || one, %(status)s,
    (%(people)s::uuid[])[1 + one %% %(many)s], '某人', %(state)s::jsonb, '{}'::jsonb, 5, %(ended)s
FROM generate_series(1, %(number)s) AS one
"""
_ITEMS = """
INSERT INTO workflow_workitem (id, run_id, token, step, label, part, state, owner_id, owner_name, place, round, outcome,
    opinion, was_late, failure, due_at, done_at)
SELECT uuidv7(), id, 1, 'step_0', '环节', 'main', %(item_state)s, initiator_id, '某人', 0, 1, '', '', false, '',
    now() + interval '1 day', CASE WHEN %(item_state)s = 'done' THEN now() END
FROM workflow_run WHERE status = %(status)s
"""


def _fill(flow: Flow, people: list[Actor], finished: int, running: int) -> None:
    say(f"  {finished:,} finished runs and {running:,} that run …")
    state = {"t": [[2, "step_0"]], "m": [[[[1, "start"]], [2], None]], "o": {"start": "done"}, "n": 3, "e": ""}
    common = {"version": flow.newest_id, "people": [one.id for one in people], "many": len(people)}
    with connection.cursor() as cursor:
        # so many rows take longer than a page's statement may
        cursor.execute("SET statement_timeout = 0")
        for status, number, item_state, base in (
            ("finished", finished, "done", 0),
            ("running", running, "claimed", 10_000_000),
        ):
            facts = common | {"status": status, "number": number, "item_state": item_state, "from": base}
            facts |= {"state": json.dumps(state), "ended": "2026-11-01T00:00+00" if status == "finished" else None}
            cursor.execute(_RUNS, facts)
            cursor.execute(_ITEMS, facts)
        cursor.execute("ANALYZE workflow_run; ANALYZE workflow_workitem; ANALYZE workflow_workcandidate")
        cursor.execute("RESET statement_timeout")


@dataclass(slots=True)
class _Gone:
    """Seconds of the clock and of this process's processor, of each start and of each step; the bytes of the state that
    a run keeps, at most."""

    starts: list[tuple[float, float]] = field(default_factory=list)
    steps: list[tuple[float, float]] = field(default_factory=list)
    state: int = 0

    @staticmethod
    @contextmanager
    def adding(to: list[tuple[float, float]]) -> Iterator[None]:
        began_at, worked = time.perf_counter(), time.process_time()
        yield
        to.append((time.perf_counter() - began_at, time.process_time() - worked))


def _ms(found: list[tuple[float, float]]) -> tuple[float, float]:
    """Of the clock and of the processor, each in the median."""
    return milliseconds(median(one for one, _ in found)), milliseconds(median(one for _, one in found))


def _one_writer(hall: Hall, flow: Flow, by: Actor, profile: Profile) -> list[dict[str, Any]]:
    """One writer goes through all twenty steps, again and again: here, with the bare engine, with viewflow."""
    # of one or two the first, which reads what the version says, would be the median
    rounds = max(profile.repeats, _LEAST_ROUNDS)
    first = draw_id()
    ours = _ours(hall, flow, by, rounds)
    kept, traced = _bytes_since(first, hall.schema_name), _bytes_since(first, "public")
    bare = _bare(rounds)
    theirs = _viewflow.go_through(rounds=rounds)
    return [
        *(
            line(
                what,
                measured=f"{_ms(own)[0]} ms",
                bound=f"<= {bound} ms",
                holds=_ms(own)[0] <= bound,
                cpu_ms=_ms(own)[1],
                bare_spiff_ms=_ms(engine)[0],
                bare_spiff_cpu_ms=_ms(engine)[1],
                viewflow_ms=_ms(rival)[0],
                viewflow_cpu_ms=_ms(rival)[1],
            )
            for what, bound, own, engine, rival in (
                ("a run is started", 40, ours.starts, bare.starts, theirs.starts),
                (f"a step of {_STEPS} is done by one writer", 30, ours.steps, bare.steps, theirs.steps),
            )
        ),
        line(
            f"the state that a run of {_STEPS} steps keeps, at most",
            measured=f"{ours.state:,} bytes",
            bound="<= 20 KB",
            holds=ours.state <= 20 * 1024,
            bare_spiff_bytes=bare.state,
        ),
        line(
            f"all rows that a run of {_STEPS} steps leaves, without their indexes",
            measured=f"{sum(kept.values()) // rounds:,} bytes",
            bound="none",
            holds=None,
            audit_bytes=sum(size for name, size in traced.items() if name.startswith("audit_")) // rounds,
            others={name: size // rounds for name, size in traced.items()},
            viewflow_bytes=theirs.bytes,
        ),
    ]


def _ours(hall: Hall, flow: Flow, by: Actor, rounds: int) -> _Gone:
    gone = _Gone()
    for _ in range(rounds):
        with _Gone.adding(gone.starts):
            made = start_run(by=by, hall=hall, flow_id=flow.pk)
        for _ in range(_STEPS):
            item = WorkItem.objects.get(run=made, state=WorkState.CLAIMED)
            with _Gone.adding(gone.steps):
                finish_item(by=by, hall=hall, item_id=item.pk)
            gone.state = max(gone.state, len(json.dumps(Run.objects.get(pk=made.pk).state)))
    return gone


def _bytes_since(first: UUID, schema: str) -> dict[str, int]:
    """By table of the schema: of all rows written since this id was drawn, with what pages keep to find them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.columns JOIN information_schema.tables"
            " USING (table_schema, table_name) WHERE table_schema = %s AND column_name = 'id'"
            " AND data_type = 'uuid' AND table_type = 'BASE TABLE'",
            [schema],
        )
        found = {}
        for (table,) in cursor.fetchall():
            name = f'"{schema}"."{table}"'
            asked = f"SELECT coalesce(sum(pg_column_size(one.*) + 4), 0) FROM {name} AS one WHERE id > %s"  # noqa: S608
            cursor.execute(asked, [first])
            if size := cursor.fetchone()[0]:
                found[table] = int(size)
    return found


def _bare(rounds: int) -> _Gone:
    """The engine restores its JSON from a row, does a step and keeps it again: no item, no history, nobody's rights."""
    spec = BpmnProcessSpec("bare")
    steps = [UserTask(spec, f"step_{number}") for number in range(_STEPS)]
    spec.start.connect(steps[0])
    for one, two in pairwise(steps):
        one.connect(two)
    steps[-1].connect(spec.end)
    serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
    gone = _Gone()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE public.bare_spiff (id bigint PRIMARY KEY, kept text)")
        for number in range(rounds):
            with _Gone.adding(gone.starts):
                workflow = BpmnWorkflow(spec)
                workflow.do_engine_steps()
                cursor.execute(
                    "INSERT INTO public.bare_spiff VALUES (%s, %s)", [number, serializer.serialize_json(workflow)]
                )
            for _ in range(_STEPS):
                with _Gone.adding(gone.steps), transaction.atomic():
                    cursor.execute("SELECT kept FROM public.bare_spiff WHERE id = %s FOR UPDATE", [number])
                    workflow = serializer.deserialize_json(cursor.fetchone()[0])
                    workflow.get_tasks(state=TaskState.READY, manual=True)[0].run()
                    workflow.do_engine_steps()
                    kept = serializer.serialize_json(workflow)
                    cursor.execute("UPDATE public.bare_spiff SET kept = %s WHERE id = %s", [kept, number])
                gone.state = max(gone.state, len(kept))
        cursor.execute("DROP TABLE public.bare_spiff")
    return gone


def _writers(hall: Hall, flow: Flow, people: list[Actor], profile: Profile) -> dict[str, Any]:
    taken, worked = at_once("_workflow_writers", [hall.schema_name, str(flow.pk), str(_ACTS)], people[:_WRITERS])
    p95 = quantiles(taken, n=20)[-1]
    held = median(taken) <= 0.030 and p95 <= 0.080
    return line(
        f"a step is done, {_WRITERS} writers at once",
        measured=f"{milliseconds(median(taken))} ms, p95 {milliseconds(p95)} ms",
        bound="<= 30 ms, p95 <= 80 ms",
        # eight processes on two cores measure the cores
        holds=held if profile.is_full else None,
        steps=len(taken),
        cpu_ms=milliseconds(median(worked)),
    )


def _inbox(hall: Hall, people: list[Actor], profile: Profile) -> list[dict[str, Any]]:
    one = median_seconds(lambda: read_inbox(people[0], hall), times=profile.repeats * 5)
    sixteen = median(at_once("_workflow_readers", [hall.schema_name, str(profile.repeats * 5)], people)[0])
    found = [("one", one, 0.100), (f"each of {_PEOPLE} people at once", sixteen, 0.250)]
    return [
        line(
            f"the inbox of {who}",
            measured=f"{milliseconds(seconds)} ms",
            bound=f"<= {bound * 1000:.0f} ms",
            holds=seconds <= bound,
        )
        for who, seconds, bound in found
    ]


def _boxes(hall: Hall, worker: Actor, leader: Actor, profile: Profile) -> list[dict[str, Any]]:
    """The boxes that are narrower or wider than one's own work, with all that their page counts. All sixteen people are
    of one department and hold everything that runs: none is larger."""
    found = [("快到期", worker, "due"), ("部门在办 of its leader", leader, "units")]
    found.append(("部门在办 of one who sees what they may read", worker, "units"))
    timings = [
        (name, median_seconds(lambda by=by, box=box: read_inbox(by, hall, box), times=profile.repeats * 5))
        for name, by, box in found
    ]
    return [
        line(f"the box {name}", measured=f"{milliseconds(seconds)} ms", bound="<= 100 ms", holds=seconds <= 0.100)
        for name, seconds in timings
    ]
