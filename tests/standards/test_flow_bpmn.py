"""Flows as BPMN 2.0: what we write, and what other editors export."""

from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given, settings
from lxml import etree

from foundation.errors import Invalid
from standards.flows.bpmn.layout import half_of, placed
from standards.flows.bpmn.reading import read_bpmn
from standards.flows.bpmn.writing import write_bpmn
from standards.flows.checks import check_flow
from standards.flows.definition import FlowDefinition
from standards.flows.reading import read_flow
from tests.standards.flow_samples import LEAVE, any_flow, flow_of

DRAWINGS: Final = Path(__file__).parent / "drawings"
SPACES: Final = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)


def drawn(inside: str, *, beside: str = "", ways: str = "") -> bytes:
    """A file of one process with a start, what is given, and an end."""
    return (
        f'<definitions {SPACES} targetNamespace="x">{beside}<process id="P"><startEvent id="a"/>{inside}'
        f'<endEvent id="z"/><sequenceFlow id="w" sourceRef="a" targetRef="z"/>{ways}</process></definitions>'
    ).encode()


def _said(raw: bytes) -> list[str]:
    with pytest.raises(Invalid) as refusal:
        read_bpmn(raw)
    return [refusal.value.message, *(fault.message for fault in refusal.value.faults)]


class TestOurs:
    @settings(max_examples=50, deadline=None)
    @given(any_flow())
    def test_is_read_as_it_was_written(self, flow: FlowDefinition) -> None:
        written = write_bpmn(flow)
        reading = read_bpmn(written)
        assert (reading.flow, reading.left_out) == (flow, ())
        assert write_bpmn(reading.flow) == written

    def test_keeps_what_another_editor_has_moved_and_renamed(self) -> None:
        root = etree.fromstring(write_bpmn(read_flow(LEAVE)))
        space = {"b": "http://www.omg.org/spec/BPMN/20100524/MODEL", "c": "http://www.omg.org/spec/DD/20100524/DC"}
        root.find(".//b:userTask[@id='leader']", space).set("name", "科长审批")
        bounds = root.xpath("//*[@bpmnElement='leader']/c:Bounds", namespaces=space)[0]
        bounds.set("y", "400")
        flow = read_bpmn(etree.tostring(root)).flow
        leader = flow.named_nodes["leader"]
        assert (leader.label, leader.y) == ("科长审批", 440)
        assert flow.named_nodes["file"].y is None
        assert [step.who for step in flow.steps] == [step.who for step in read_flow(LEAVE).steps]

    def test_is_laid_out_without_signs_on_one_another(self) -> None:
        many = [f"s{number}" for number in range(26)]
        fan = flow_of(
            ["start a", "exclusive f", *(f"step {one}" for one in many), "exclusive j", "end z"],
            [
                *("a f", *(f"f {one}" for one in many[:9])),
                *(f"{one} {many[at + 9]}" for at, one in enumerate(many[:17])),
                *(*(f"{one} j" for one in many[17:]), "j z", "s20 s3"),
            ],
        )
        strays = []
        for flow in (fan, read_flow(LEAVE)):
            placing = placed(flow)
            boxes = [(*placing.places[node.name], *half_of(node), node.name) for node in flow.nodes]
            strays += [
                (one[4], other[4])
                for one in boxes
                for other in boxes
                if one[4] < other[4] and abs(one[0] - other[0]) < one[2] + other[2] + 10
                if abs(one[1] - other[1]) < one[3] + other[3] + 10
            ]
            for edge in flow.edges:
                points = placing.routes[edge.name]
                strays += [
                    (edge.name, points) for one, other in pairwise(points) if one[0] != other[0] and one[1] != other[1]
                ]
        assert strays == []


class TestOthers:
    def test_camunda_opens(self) -> None:
        reading = read_bpmn((DRAWINGS / "camunda.bpmn").read_bytes())
        flow = reading.flow
        assert flow.title == "请假审批"
        leader, fix = flow.steps
        assert leader.who.model_dump() == {"kind": "role", "role": "manager", "in_unit": False}
        assert leader.limit
        assert leader.limit.model_dump() == {"amount": 3, "unit": "days"}
        assert fix.who.kind == "initiator"
        assert [(edge.label, edge.condition, edge.is_default) for edge in flow.ways_out["gateway_1"]] == [
            ("", "", True),
            ("退回", "", False),
        ]
        # drawn left of the edge of the sheet
        assert (flow.named_nodes["startevent_1"].x, leader.x) == (0, 122)
        assert flow.ways_out["activity_fix"][0].bends == ((122, 240),)
        said = "".join(fault.message for fault in reading.left_out)
        for words in ("leader", "formKey", "taskListener会运行程序", "${approved == false}", "流程负责人要重新选择"):
            assert words in said
        found = check_flow(flow, None)
        assert [fault.where for fault in found if "没有写条件" in fault.message] == ["flow_0d"]

    def test_flowable_opens(self) -> None:
        reading = read_bpmn((DRAWINGS / "flowable.bpmn").read_bytes())
        finance, asset = reading.flow.steps
        assert (finance.sharing, asset.who.kind) == ("in_turn", "initiator")
        nodes: dict[str, Any] = {node.name: node for node in reading.flow.nodes}
        assert nodes["end"].terminates
        assert nodes["wait"].wait.model_dump() == {"amount": 8, "unit": "hours"}
        assert nodes["archive"].flow == "archiveflow"
        said = "".join(fault.message for fault in reading.left_out)
        for words in ("candidateStrategy", "“财务审核”：办理人要重新选择", "完成条件没有带入"):
            assert words in said

    def test_bpmn_io_opens(self) -> None:
        reading = read_bpmn((DRAWINGS / "bpmn_io.bpmn").read_bytes())
        assert [node.type for node in reading.flow.nodes] == ["start", "step", "inclusive", "end"]
        assert reading.flow.steps[0].label == "choose recipe"
        said = "".join(fault.message for fault in reading.left_out)
        for words in ("泳道", "注释"):
            assert words in said

    def test_activiti_opens(self) -> None:
        raw = (DRAWINGS / "flowable.bpmn").read_bytes()
        reading = read_bpmn(raw.replace(b"http://flowable.org/bpmn", b"http://activiti.org/bpmn"))
        assert reading.flow == read_bpmn(raw).flow
        assert any("Activiti" in fault.message for fault in reading.left_out)

    def test_what_there_is_not_here_is_refused_by_its_name(self) -> None:
        event = '<{0} id="x" name="叉"><{1}EventDefinition/></{0}>'
        refused = {
            "脚本任务（scriptTask）": drawn('<scriptTask id="x" name="叉"/>'),
            "决策表任务（businessRuleTask）": drawn('<businessRuleTask id="x" name="叉"/>'),
            "内嵌子流程（subProcess）": drawn('<subProcess id="x" name="叉"/>'),
            "特别子流程（ad-hoc）": drawn('<adHocSubProcess id="x" name="叉"/>'),
            "边界事件": drawn('<boundaryEvent id="x" name="叉"/>'),
            "事件网关": drawn('<eventBasedGateway id="x" name="叉"/>'),
            "服务任务": drawn('<serviceTask id="x" name="叉"/>'),
            "补偿中间事件": drawn(event.format("intermediateCatchEvent", "compensate")),
            "信号开始事件": drawn(event.format("startEvent", "signal")),
            "错误结束事件": drawn(event.format("endEvent", "error")),
            "循环标记": drawn('<userTask id="x" name="叉"><standardLoopCharacteristics/></userTask>'),
            "读不懂": drawn(event.format("intermediateCatchEvent", "timer")),
            "引用了别的文件": drawn("", beside='<import location="file:///etc/passwd"/>'),
            "DMN 决策表": b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"/>',
            "别的文件（html）": b"<html/>",
            "是空的": f"<definitions {SPACES}/>".encode(),
            "2 个流程": drawn("").replace(b"</definitions>", b'<process id="Q"><task id="q"/></process></definitions>'),
            "用了几次": drawn('<task id="a"/>'),
            "没有编号": drawn("<task/>"),
            "连到了不能带入的": drawn("", ways='<sequenceFlow id="v" sourceRef="a" targetRef="gone"/>'),
            "10,000 个节点": drawn("".join(f'<task id="t{n}"/>' for n in range(9_998))),
            "最多 2 MB": b" " * (5 * 1024 * 1024),
            "不是正确的 XML": b"<definitions>",
            "嵌套太深": b"<a>" * 10_000 + b"</a>" * 10_000,
            "内容太多": drawn("", beside="<message/>" * 20_001),
            "编码是 koi8-r": b'<?xml version="1.0" encoding="koi8-r"?><a/>',
            "另存为 UTF-8": b"\xff\xff<a/>",
        }
        said = {words: _said(raw) for words, raw in refused.items()}
        assert {words: found for words, found in said.items() if not any(words in one for one in found)} == {}

    def test_names_with_markup_stay_words(self) -> None:
        name = "&lt;script&gt;alert(1)&lt;/script&gt; ]]&gt; {{ 7 }}"
        flow = read_bpmn(drawn(f'<task id="__import__(1)" name="{name}"/>')).flow
        assert flow.steps[0].label == "<script>alert(1)</script> ]]> {{ 7 }}"
        assert flow.steps[0].name == "import_1"
        assert b"<script>" not in write_bpmn(flow)

    def test_other_encodings_are_read(self) -> None:
        text = (DRAWINGS / "camunda.bpmn").read_text()
        wanted = read_bpmn(text.encode()).flow
        for encoding in ("GBK", "utf-16"):
            raw = text.replace('encoding="UTF-8"', f'encoding="{encoding}"').encode(encoding)
            assert read_bpmn(raw).flow == wanted
