"""Runs of flows as values: branches, joins, going back, what is refused, and how large a state becomes."""

import json
from itertools import pairwise
from typing import Any

import pytest

from standards.flows.definition import FlowDefinition
from standards.flows.running import RunState, begin, earlier, finish, go_back, jump, undone_by
from standards.flows.walking import RunSpins, RunStuck, WalkingFlow, prepare
from tests.standards.run_samples import flow_of_nodes, gateway, step


def _no(_: str) -> bool:
    return False


def _yes(_: str) -> bool:
    return True


def _at(state: RunState) -> list[str]:
    return sorted(one.node + (f"<{one.edge}" if one.edge else "") for one in state.tokens)


def _done(flow: WalkingFlow, state: RunState, *names: str, decide: Any = _no) -> RunState:
    for name in names:
        (token,) = (one for one in state.held if one.node == name)
        state = finish(flow, state, token.id, decide, outcome="done").state
    return state


def _id(state: RunState, name: str) -> int:
    return next(one.id for one in state.held if one.node == name)


def forked(kind: str = "parallel") -> FlowDefinition:
    """start → a → fork → (b1 → b2 | c) → join → d → finish"""
    conditions: tuple[str, ...] = () if kind == "parallel" else ("x == 1",)
    return flow_of_nodes(
        *(step(name) for name in ("a", "b1", "b2", "c", "d")),
        gateway("fork", kind),
        gateway("join", kind),
        edges=[
            ("start", "a"),
            ("a", "fork"),
            ("fork", "b1", *conditions),
            ("fork", "c", *conditions),
            ("b1", "b2"),
            ("b2", "join"),
            ("c", "join"),
            ("join", "d"),
            ("d", "finish"),
        ],
    )


class TestBranches:
    def test_join_waits_for_all_of_a_fork_and_for_those_that_were_taken(self) -> None:
        flow = prepare(forked())
        state = _done(flow, begin(flow).state, "start", "a")
        assert _at(state) == ["b1", "c"]
        state = _done(flow, state, "c", "b1")
        assert _at(state) == ["b2", "join<e6"]
        state = _done(flow, state, "b2")
        assert (_at(state), _at(_done(flow, state, "d"))) == (["d"], [])
        assert _done(flow, state, "d").ending == "finished"

        flow = prepare(forked("inclusive"))
        one_way = _done(flow, begin(flow).state, "start")
        one_way = _done(flow, one_way, "a", decide="e3".__eq__)
        assert _at(one_way) == ["c"]
        assert _at(_done(flow, one_way, "c")) == ["d"]
        both = _done(flow, _done(flow, begin(flow).state, "start"), "a", decide=_yes)
        assert _at(_done(flow, both, "c")) == ["b1", "join<e6"]

    def test_a_join_in_a_loop_takes_nothing_of_the_round_before(self) -> None:
        """SpiffWorkflow 3.2 alone lets the second round through with one branch."""
        flow = prepare(
            flow_of_nodes(
                *(step(name) for name in ("b", "c", "d")),
                gateway("merge", "exclusive"),
                gateway("fork", "parallel"),
                gateway("join", "parallel"),
                gateway("again", "exclusive"),
                edges=[
                    ("start", "merge"),
                    ("merge", "fork"),
                    ("fork", "b"),
                    ("fork", "c"),
                    ("b", "join"),
                    ("c", "join"),
                    ("join", "d"),
                    ("d", "again"),
                    ("again", "merge", "x == 1"),
                    ("again", "finish", "default"),
                ],
            )
        )
        state = _done(flow, begin(flow).state, "start")
        for first, second in (("b", "c"), ("c", "b"), ("b", "c")):
            state = _done(flow, state, first)
            assert _at(state)[0] == second
            state = _done(flow, state, second)
            assert _at(state) == ["d"]
            state = _done(flow, state, "d", decide=_yes)
        assert _done(flow, _done(flow, state, "b", "c"), "d").ending == "finished"

    def test_end_that_terminates_or_refuses_ends_every_branch(self) -> None:
        for attributes, ending in (({"terminates": True}, "finished"), ({"is_refused": True}, "refused")):
            flow = prepare(
                flow_of_nodes(
                    *(step(name) for name in ("b", "c")),
                    gateway("fork", "parallel"),
                    {"type": "end", "name": "stop", **attributes},
                    edges=[("start", "fork"), ("fork", "b"), ("fork", "c"), ("b", "stop"), ("c", "finish")],
                )
            )
            state = _done(flow, begin(flow).state, "start", "b")
            assert (state.tokens, state.ending) == ((), ending)

    def test_what_cannot_go_on_is_named(self) -> None:
        no_way = prepare(
            flow_of_nodes(
                step("a"),
                {**gateway("which", "exclusive"), "label": "金额"},
                edges=[("start", "which"), ("which", "a", "x == 1"), ("which", "finish", "x == 2"), ("a", "finish")],
            )
        )
        with pytest.raises(RunStuck, match="金额"):
            _done(no_way, begin(no_way).state, "start")
        round_and_round = prepare(
            flow_of_nodes(
                {**gateway("one", "exclusive"), "label": "转圈"},
                gateway("two", "exclusive"),
                edges=[
                    ("start", "one"),
                    ("one", "two"),
                    ("two", "one", "x == 1"),
                    ("two", "finish", "default"),
                ],
            )
        )
        with pytest.raises(RunSpins, match="反复自动流转"):
            _done(round_and_round, begin(round_and_round).state, "start", decide=_yes)


class TestGoingBack:
    def test_gives_back_what_other_branches_have_done(self) -> None:
        flow = prepare(forked())
        state = _done(flow, begin(flow).state, "start", "a", "b1", "c", "b2")
        assert [one.node for one in earlier(flow, state, _id(state, "d"))] == ["b2", "c", "b1", "a", "start"]
        visits = {one.node: one.id for one in earlier(flow, state, _id(state, "d"))}

        to_branch = go_back(flow, state, visits["b1"])
        assert _at(to_branch.state) == ["b1", "join<e6"]
        assert [one.node for one in to_branch.left] == ["d"]
        assert _at(_done(flow, to_branch.state, "b1", "b2")) == ["d"]

        before_fork = go_back(flow, state, visits["a"]).state
        assert (_at(before_fork), sorted(before_fork.outcomes)) == (["a"], ["start"])
        assert _at(_done(flow, before_fork, "a")) == ["b1", "c"]

        inside = _done(flow, begin(flow).state, "start", "a", "b1")
        back = go_back(flow, inside, earlier(flow, inside, _id(inside, "b2"))[1].id).state
        # the other branch came of it too
        assert _at(back) == ["a"]
        assert undone_by(flow, inside, earlier(flow, inside, _id(inside, "b2"))[1].id)[0].node == "b1"

    def test_to_what_is_out_or_unknown_is_refused(self) -> None:
        flow = prepare(forked())
        state = _done(flow, begin(flow).state, "start", "a")
        for visit in (_id(state, "b1"), 999):
            with pytest.raises(LookupError):
                go_back(flow, state, visit)
        with pytest.raises(LookupError):
            finish(flow, state, 1, _no)

    def test_jump_refuses_what_would_wait_for_ever(self) -> None:
        flow = prepare(forked())
        state = _done(flow, begin(flow).state, "start", "a")
        with pytest.raises(RunStuck, match="不会再来"):
            jump(flow, state, "b2")
        assert _at(jump(flow, state, "b2", instead_of=[_id(state, "b1")]).state) == ["b2", "c"]
        assert _at(jump(flow, state, "d").state) == ["d"]


class TestSize:
    def test_of_a_state_is_bounded(self) -> None:
        names = [f"step_number_{number}_of_twenty" for number in range(20)]
        flow = prepare(
            flow_of_nodes(
                *(step(name) for name in names),
                gateway("again", "exclusive"),
                edges=[
                    ("start", names[0]),
                    *pairwise(names),
                    (names[-1], "again"),
                    ("again", names[0], "x == 1"),
                    ("again", "finish", "default"),
                ],
            )
        )
        state = _done(flow, begin(flow).state, "start")
        sizes = []
        for _ in range(10):
            state = _done(flow, state, *names, decide=_yes)
            sizes.append(len(json.dumps(state.as_json())))
        # 20 steps once; and however often they come round
        assert sizes[0] < 3_000
        assert max(sizes) < 10_000
