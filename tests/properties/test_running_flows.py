"""Random flows, random acts, going back at random: a run can always come to its end, and does every step once."""

import json
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from standards.flows.definition import FlowDefinition
from standards.flows.futures import check_goes_on
from standards.flows.running import RunState, begin, earlier, finish, go_back
from standards.flows.walking import WalkingFlow, prepare
from tests.standards.run_samples import sound_flows


class TestARun:
    @settings(max_examples=120)
    @given(sound_flows(), st.data())
    def test_stays_lawful_whatever_is_done_or_undone(self, definition: FlowDefinition, data: st.DataObject) -> None:
        flow = prepare(definition)
        state = begin(flow).state
        for _ in range(data.draw(st.integers(5, 40))):
            state = _act(flow, state, data)
            self.check(flow, state)
            if not state.tokens:
                return
        state = _to_its_end(flow, state)
        assert (state.tokens, state.ending) == ((), "finished")

    def check(self, flow: WalkingFlow, state: RunState) -> None:
        assert RunState.from_json(json.loads(json.dumps(state.as_json()))) == state
        assert bool(state.ending) == (not state.tokens)
        # a step waits for one decision, never for two
        assert max(Counter((one.node, one.edge) for one in state.tokens).values(), default=1) == 1
        check_goes_on(flow, [(one.node, one.edge) for one in state.tokens])
        assert len(state.moves) <= 100
        assert len({one.id for one in state.tokens}) == len(state.tokens)


def _act(flow: WalkingFlow, state: RunState, data: st.DataObject) -> RunState:
    token = data.draw(st.sampled_from(state.held))
    behind = earlier(flow, state, token.id)
    if behind and data.draw(st.booleans()):
        visit = data.draw(st.sampled_from(behind))
        advance = go_back(flow, state, visit.id)
        assert [one.node for one in advance.entered] == [visit.node]
        assert token in advance.left
        return advance.state
    holds = data.draw(st.sets(st.sampled_from([edge.name for edge in flow.definition.edges])))
    return finish(flow, state, token.id, holds.__contains__).state


def _to_its_end(flow: WalkingFlow, state: RunState) -> RunState:
    for _ in range(500):
        if not state.tokens:
            break
        # every loop is left, since no condition holds
        state = finish(flow, state, state.held[0].id, lambda _: False).state
    return state
