"""The table of steps and the drawing are one definition, whatever is done to either."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.errors import DomainError
from standards.flows import changes
from standards.flows.bpmn.reading import read_bpmn
from standards.flows.bpmn.writing import write_bpmn
from standards.flows.charts import from_chart
from standards.flows.checks import check_flow
from standards.flows.definition import FlowDefinition
from standards.flows.people import ByInitiator
from standards.flows.reading import read_flow
from standards.flows.table import as_table, numbers_of
from standards.flows.words import FlowWords
from standards.items.flowchart.chain import ChartCase
from tests.standards.flow_samples import LEAVE, LEAVE_FORM, any_flow
from tests.standards.flows import CASES, FLOWS
from tests.standards.run_samples import flow_of_nodes, step


def _act(  # noqa: PLR0911 - one an act
    draw: Callable[[st.SearchStrategy[Any]], Any], flow: FlowDefinition
) -> FlowDefinition:
    name = draw(st.sampled_from([node.name for node in flow.nodes]))
    other = draw(st.sampled_from([node.name for node in flow.nodes]))
    kind = draw(st.sampled_from(["exclusive", "parallel", "inclusive"]))
    act = draw(st.integers(0, 8))
    match act:
        case 0:
            return changes.add_step(flow, after=name, label="新")
        case 1:
            return changes.delete_node(flow, name=name)
        case 2 | 3:
            return changes.move_node(flow, name=name, up=act == 2)
        case 4:
            return changes.add_branch(flow, after=name, kind=kind)
        case 5:
            return changes.change_node(flow, name=name, values={"label": "改", "x": None})
        case 6:
            ways = [{"target": name, "condition": "days > 1"}, {"target": other, "is_default": True}]
            return changes.change_ways(flow, name=other, ways=ways[: draw(st.integers(0, 2))])
        case 7:
            return changes.add_end(flow)
    node = {"type": "timer", "wait": {"amount": 2}}
    return changes.add_node(flow, after=name, node=node)


class TestTable:
    @settings(max_examples=40, deadline=None)
    @given(st.one_of(any_flow(), st.just(read_flow(LEAVE))), st.data())
    def test_never_disagrees_with_the_drawing(self, flow: FlowDefinition, data: st.DataObject) -> None:
        for _ in range(4):
            with suppress(DomainError):
                flow = _act(data.draw, flow)
            table = as_table(flow)
            # the table says all of the flow
            assert [row.node for row in table] == list(flow.nodes)
            assert {way.name: way for row in table for way in row.ways} == {one.name: one for one in flow.edges}
            assert as_table(read_bpmn(write_bpmn(flow)).flow) == table

    def test_acts_on_a_sound_flow_leave_it_sound(self) -> None:
        flow = read_flow(LEAVE)
        flow = changes.add_step(flow, after="leader", label="复核")
        flow = changes.add_branch(flow, after="step_1", kind="parallel")
        flow = changes.add_step(flow, after="fork_1", label="第三路")
        assert [fault.message for fault in check_flow(flow, LEAVE_FORM)] == []
        assert [edge.target for edge in flow.ways_out["step_3"]] == ["join_1"]
        flow = changes.delete_node(flow, name="step_3")
        flow = changes.delete_node(flow, name="other_1")
        assert [fault.message for fault in check_flow(flow, LEAVE_FORM)] == []

    def test_says_why_not(self) -> None:
        flow = read_flow(LEAVE)
        refused: dict[str, Callable[[], FlowDefinition]] = {
            "“开始”不能删去": lambda: changes.delete_node(flow, name="begin"),
            "至少要有一个“结束”": lambda: changes.delete_node(flow, name="done"),
            "分出了 2 路": lambda: changes.delete_node(flow, name="long"),
            "不能再移动": lambda: changes.move_node(flow, name="leader", up=True),
            "后面不能再加环节": lambda: changes.add_step(flow, after="done"),
            "不是只有一条路": lambda: changes.add_branch(flow, after="long", kind="parallel"),
            "已经不在流程里": lambda: changes.add_step(flow, after="gone"),
            "后面不能再有连线": lambda: changes.change_ways(flow, name="done", ways=[{"target": "begin"}]),
            "“gone”不存在": lambda: changes.change_ways(flow, name="file", ways=[{"target": "gone"}]),
            "没有“run”这个属性": lambda: changes.change_node(flow, name="file", values={"run": "x"}),
        }
        strays = []
        for words, act in refused.items():
            with pytest.raises(DomainError) as refusal:
                act()
            if words not in refusal.value.message:
                strays.append((words, refusal.value.message))
        assert strays == []

    def test_moves_a_step_along_its_way(self) -> None:
        flow = changes.add_step(changes.first_flow("请假", ByInitiator()), after="approval", label="登记")
        moved = changes.move_node(flow, name="step_1", up=True)
        assert [node.name for node in moved.nodes] == ["begin", "step_1", "approval", "finish"]
        assert [edge.target for edge in moved.ways_out["begin"]] == ["step_1"]
        assert as_table(changes.move_node(moved, name="step_1", up=False))[1].node.name == "approval"

    def test_is_written_alike_each_time(self) -> None:
        """What may be done at a step is a set, whose order another process would write otherwise."""
        acts = ["withdraw", "urge", "transfer", "terminate", "return_previous", "remove", "copy"]
        flow = flow_of_nodes(step("one", acts=acts), edges=[("start", "one"), ("one", "finish")])
        assert next(one for one in flow.as_json()["nodes"] if one["name"] == "one")["acts"] == sorted(acts)

    def test_says_itself_in_words(self) -> None:
        flow = read_flow(LEAVE)
        words = FlowWords(flow, LEAVE_FORM, lambda kind, code: "人事岗" if (kind, code) == ("role", "clerk") else "")
        numbers = numbers_of(flow)
        rows = [
            (
                *(words.who(row.node), words.decides(row.node), words.limit(row.node)),
                *((numbers[way.target], words.condition(way)) for way in row.ways),
            )
            for row in as_table(flow)
        ]
        assert rows[1] == ("发起人的部门负责人", "同意、不同意", "1 个工作日", (3, ""))
        assert rows[2] == ("", "", "", (4, "“请假天数”大于 3"), (5, "其他情况"))
        assert rows[3][0] == "职务“副主任”（会签：都同意才通过）"
        assert rows[5][0] == "岗位“人事岗”"


class TestFromChart:
    @settings(max_examples=30, deadline=None)
    @given(FLOWS, CASES)
    def test_any_chart_gives_a_flow_that_hangs_together(self, steps: list[Any], case: dict[str, Any]) -> None:
        excluded = case.pop("excluded")
        flow = from_chart("事项", steps, ChartCase(**case, excluded=excluded))
        assert flow is not None
        assert [fault.message for fault in check_flow(flow, None)] == []
        assert read_bpmn(write_bpmn(flow)).flow == flow

    def test_without_steps_there_is_none(self) -> None:
        assert from_chart("事项", [], ChartCase()) is None

    def test_asks_and_leads_back(self) -> None:
        steps = [{"act": "受理", "position": "窗口", "days": 2, "unit": "1"}, {"act": "决定", "position": "股室"}]
        flow = from_chart("取水许可", steps, ChartCase(item_type="01"))
        assert flow is not None
        accepted = flow.steps[0]
        assert [one.label for one in accepted.outcomes] == ["通过", "一次告知补正", "不予受理"]
        assert accepted.limit
        assert accepted.limit.amount == 2
