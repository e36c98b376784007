"""25 attempts to run code by way of a flow: nothing runs, and what was tried is refused, left out or stays words.

Each attempt would leave a file if anything of it ran; the parts are those that touch what somebody sent: reading it,
saying and working out its conditions, writing it, and SpiffWorkflow's walk over what was read.
"""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from foundation.errors import Invalid
from standards.flows.bpmn.reading import read_bpmn
from standards.flows.bpmn.writing import write_bpmn
from standards.flows.checks import check_flow
from standards.flows.conditions import check_condition, holds, names_of_flow
from standards.flows.definition import FlowDefinition
from standards.flows.reading import read_flow
from standards.flows.walking import MoveBudget, prepare, walk
from standards.forms.expressions.kinds import ExpressionFault
from standards.forms.expressions.wording import in_words
from tests.standards.flow_samples import LEAVE_FORM, OWNER
from tests.standards.test_flow_bpmn import drawn

# put into every attempt at %s: runs as Python, and is named so that nothing else holds it
PAYLOAD: Final = "__import__('pathlib').Path('{place}').touch()"


@dataclass(frozen=True)
class Attempt:
    """``raw``: a file with ``%s`` for the code; ``said``: words of the refusal, or of what was left out; "" where it
    stays words without meaning."""

    raw: str
    said: str


def _step(inside: str = "", attributes: str = "", name: str = "审批") -> str:
    task = f'<userTask id="s" name="{name}" {attributes}>{inside}</userTask>'
    ways = '<sequenceFlow id="v" sourceRef="a" targetRef="s"/><sequenceFlow id="u" sourceRef="s" targetRef="z"/>'
    return drawn(task, ways=ways).decode()


def _condition(attributes: str = "") -> str:
    said = f'<conditionExpression xsi:type="tFormalExpression" {attributes}>%s</conditionExpression>'
    way = f'<sequenceFlow id="v" sourceRef="g" targetRef="z">{said}</sequenceFlow>'
    others = '<sequenceFlow id="u" sourceRef="g" targetRef="y"/>'
    return drawn('<exclusiveGateway id="g" default="u"/><endEvent id="y"/>', ways=way + others).decode()


def _adds(json: str) -> str:
    holder = f'<yizhan:adds xmlns:yizhan="urn:yizhan:flow:1">{json}</yizhan:adds>'
    return _step(f"<extensionElements>{holder}</extensionElements>")


def _behind_doctype(doctype: str) -> str:
    return doctype + _step(name="&x;")


OURS: Final = 'language="urn:yizhan:expression:1"'
_LISTENER: Final = (
    "<extensionElements><camunda:{0}><camunda:script>%s</camunda:script></camunda:{0}></extensionElements>"
)
ATTEMPTS: Final[dict[str, Attempt]] = {
    "script task": Attempt(drawn("<scriptTask id='x'><script>%s</script></scriptTask>").decode(), "脚本任务"),
    "script task of another language": Attempt(
        drawn("<scriptTask id='x' scriptFormat='groovy'><script>%s</script></scriptTask>").decode(), "脚本任务"
    ),
    "decision table": Attempt(
        drawn("<businessRuleTask id='x' camunda:decisionRef='d' name=\"%s\"/>").decode(), "决策表任务"
    ),
    "DMN file": Attempt(
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"><decision><decisionTable><rule><text>%s'
        "</text></rule></decisionTable></decision></definitions>",
        "DMN 决策表",
    ),
    "service task by an expression": Attempt(
        drawn("<serviceTask id='x' camunda:expression=\"${%s}\"/>").decode(), "服务任务"
    ),
    "service task by a class": Attempt(drawn("<serviceTask id='x' camunda:class=\"%s\"/>").decode(), "服务任务"),
    "listener of a task": Attempt(_step(_LISTENER.format("taskListener")), "taskListener会运行程序"),
    "listener of an execution": Attempt(_step(_LISTENER.format("executionListener")), "executionListener会运行程序"),
    "script before a task (Spiff)": Attempt(
        _step(
            '<extensionElements><s:preScript xmlns:s="http://spiffworkflow.org/bpmn/schema/1.0/core">%s</s:preScript>'
            "</extensionElements>"
        ),
        "preScript",
    ),
    "assignee by an expression": Attempt(_step(attributes='camunda:assignee="${%s}"'), "办理人要重新选择"),
    "due date by an expression": Attempt(_step(attributes='camunda:dueDate="${%s}"'), "dueDate"),
    "several by an expression": Attempt(
        _step(
            "<multiInstanceLoopCharacteristics><loopCardinality>%s</loopCardinality></multiInstanceLoopCharacteristics>"
        ),
        "没有带入",
    ),
    "input by an expression": Attempt(
        _step("<dataInputAssociation><assignment><from>%s</from></assignment></dataInputAssociation>"),
        "dataInputAssociation",
    ),
    "timer by an expression": Attempt(
        drawn(
            "<intermediateCatchEvent id='x'><timerEventDefinition><timeDuration>%s</timeDuration>"
            "</timerEventDefinition></intermediateCatchEvent>"
        ).decode(),
        "读不懂",
    ),
    "condition of another language": Attempt(_condition(), "别的语言"),
    "condition that says it is ours": Attempt(_condition(OURS), "条件不对"),
    "name of a step": Attempt(_step(name="{{ %s }} ${%s} #{%s} {%% load x %%}"), ""),
    "label of a way": Attempt(
        drawn("", ways="<sequenceFlow id='v' sourceRef='a' targetRef='z' name=\"${%s}\"/>").decode(), ""
    ),
    "documentation": Attempt(_step("<documentation>{{ %s }}</documentation>"), ""),
    "import": Attempt(drawn("", beside="<import location=\"data:,%s\" importType='x'/>").decode(), "引用了别的文件"),
    "style sheet": Attempt("<?xml-stylesheet type='text/xsl' href=\"data:,%s\"?>" + _step(), "处理指令"),
    "entity of a file": Attempt(_behind_doctype('<!DOCTYPE d [<!ENTITY x SYSTEM "file:///%s">]>'), "DOCTYPE"),
    "entities in entities": Attempt(
        _behind_doctype('<!DOCTYPE d [<!ENTITY y "%s%s%s"><!ENTITY x "&y;&y;&y;&y;">]>'), "DOCTYPE"
    ),
    "what we add, with a class": Attempt(_adds('{"__class__": "os.system", "who": "%s"}'), "没有“__class__”这个属性"),
    "what we add, with a person by an expression": Attempt(
        _adds('{"who": {"kind": "expression", "expression": "%s"}}'), "办理人不对"
    ),
}


def _walk(flow: FlowDefinition) -> None:
    """Let SpiffWorkflow go on from every node, as runs do, with conditions as they work them out."""
    names, conditions = names_of_flow(flow, LEAVE_FORM), {}
    for edge in flow.edges:
        with suppress(ExpressionFault):
            conditions[edge.name] = check_condition(edge.condition, names)
    walking = prepare(flow)
    for node in flow.nodes:
        walk(walking, node.name, lambda edge: edge in conditions and holds(conditions[edge], {}, {}), MoveBudget())


def _all_said(flow: FlowDefinition) -> list[str]:
    names = names_of_flow(flow, LEAVE_FORM)
    for edge in flow.edges:
        in_words(edge.condition, names, {})
        try:
            holds(check_condition(edge.condition, names), {}, {})
        except ExpressionFault:
            continue
    return [fault.message for fault in check_flow(flow, LEAVE_FORM)]


class TestAttempts:
    @pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=list(ATTEMPTS))
    def test_run_nothing(self, attempt: Attempt, tmp_path: Path) -> None:
        place = tmp_path / "ran"
        code = PAYLOAD.format(place=place)
        raw = attempt.raw.replace("%%", "%").replace("%s", code)
        try:
            reading = read_bpmn(raw.encode())
        except Invalid as refusal:
            said = [refusal.message, *(fault.message for fault in refusal.faults)]
        else:
            said = [*(fault.message for fault in reading.left_out), *_all_said(reading.flow)]
            written = write_bpmn(reading.flow)
            # what goes on to the engine has no place where code could stand
            for word in (b"script", b"camunda", b"Listener", b"<documentation", b"DOCTYPE", b"loopCardinality"):
                assert word not in written.replace(code.encode(), b"")
            assert read_bpmn(written).flow == reading.flow
            _walk(reading.flow)
        assert any(attempt.said in one for one in [*said, ""]), said
        assert not place.exists()

    def test_are_twenty_five(self) -> None:
        assert len(ATTEMPTS) == 25

    def test_the_code_would_run(self, tmp_path: Path) -> None:
        place = tmp_path / "ran"
        exec(PAYLOAD.format(place=place))  # noqa: S102 - the proof that the others could fail
        assert place.exists()

    def test_expressions_are_taken_by_our_grammar_alone(self) -> None:
        names = names_of_flow(read_flow(_plain()), LEAVE_FORM)
        tried = [
            *("__import__('os').system('x')", "().__class__", "days; days", "days = 3", "`${days}`", "$root", "$.x"),
            *("rand(3)", "eval('1')", "matches(reason, '(a+)+$')", "days.__class__", "{days: 1}", "x => x", "[].x"),
            *("map([1], #)", "reason[0]", "/etc/passwd", "{{ days }}", "s.outcome.x", "lambda: 1"),
        ]

        def taken(text: str) -> bool:
            try:
                check_condition(text, names)
            except ExpressionFault:
                return False
            return True

        assert [text for text in tried if taken(text)] == []


def _plain() -> dict[str, object]:
    return {
        "format": 1,
        "title": "流程",
        "owner": OWNER,
        "nodes": [{"type": "start", "name": "a"}, {"type": "end", "name": "z"}],
        "edges": [{"name": "w", "source": "a", "target": "z"}],
    }
