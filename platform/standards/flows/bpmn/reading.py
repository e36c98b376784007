"""Reads a flow out of BPMN 2.0: ours, and what other editors export."""

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from foundation.errors import Fault, Invalid
from standards.definitions import MOST_FAULTS
from standards.flows.bpmn.drawing import read_drawing
from standards.flows.bpmn.vendors import added_by_others, duration_of
from standards.flows.bpmn.words import BPMN, LANGUAGE, OURS, q
from standards.flows.bpmn.xml import children, read_xml
from standards.flows.definition import MOST_EDGES, MOST_NODES, FlowDefinition
from standards.flows.people import TO_CHOOSE
from standards.flows.reading import read_flow
from standards.forms.fields.base import LONGEST_NAME, NAME_PATTERN
from standards.forms.plans import RESERVED

if TYPE_CHECKING:
    from lxml import etree

_NODES: Final[Mapping[str, str]] = {
    "startEvent": "start",
    "endEvent": "end",
    "userTask": "step",
    "manualTask": "step",
    "task": "step",
    "exclusiveGateway": "exclusive",
    "parallelGateway": "parallel",
    "inclusiveGateway": "inclusive",
    "intermediateCatchEvent": "",
    "receiveTask": "message",
    "callActivity": "call",
    "serviceTask": "plugin",
}
_UNKNOWN: Final[Mapping[str, str]] = {
    "scriptTask": "脚本任务",
    "businessRuleTask": "决策表任务",
    "sendTask": "发送任务",
    "subProcess": "内嵌子流程",
    "adHocSubProcess": "特别子流程（ad-hoc）",
    "transaction": "事务子流程",
    "eventBasedGateway": "事件网关",
    "complexGateway": "复杂网关",
    "boundaryEvent": "边界事件",
    "intermediateThrowEvent": "抛出事件",
    "implicitThrowEvent": "抛出事件",
    "standardLoopCharacteristics": "循环标记",
    "messageFlow": "泳池之间的消息流",
    "callChoreography": "编排",
}
_EVENTS: Final[Mapping[str, str]] = {
    "timerEventDefinition": "定时",
    "messageEventDefinition": "消息",
    "signalEventDefinition": "信号",
    "errorEventDefinition": "错误",
    "escalationEventDefinition": "升级",
    "compensateEventDefinition": "补偿",
    "conditionalEventDefinition": "条件",
    "linkEventDefinition": "链接",
    "cancelEventDefinition": "取消",
    "terminateEventDefinition": "终止",
}
# of the drawing alone
_REMARKS: Final = frozenset(
    {"dataObject", "dataObjectReference", "dataStoreReference", "textAnnotation", "association", "group"}
)
_SILENT: Final = frozenset({"incoming", "outgoing", "extensionElements", "documentation", "property", "auditing"})
_OWN_NAME: Final = re.compile(NAME_PATTERN)


@dataclass(frozen=True, slots=True)
class BpmnReading:
    """``left_out``: what the file says and the flow does not, by node or way; "" for the whole."""

    flow: FlowDefinition
    left_out: tuple[Fault, ...]


def read_bpmn(raw: bytes) -> BpmnReading:
    """A flow out of BPMN 2.0 XML. Nothing in it is run. Raises Invalid where it is no such file or where a part of its
    way has no counterpart here, each by its name; what only hangs on a part is left out and listed."""
    root = read_xml(raw)
    process = _process_of(root)
    reader = _Reader(root)
    reader.read(process)
    if reader.refused:
        many = f"文件里有 {len(reader.refused)} 处本系统没有的内容，请在制图软件里改掉以后再导入。"
        raise Invalid.of(reader.refused[:MOST_FAULTS], many=many)
    drawing = read_drawing(root, reader.names)
    for node in reader.nodes:
        node |= drawing.places.get(node["name"], {})  # noqa: PLW2901 - the very node
    for edge in reader.edges:
        if bends := drawing.bends.get(edge["name"]):
            edge["bends"] = bends
    whole = {"title": _line(process.get("name")) or "导入的流程", **_ours(process)}
    if "owner" not in whole:
        whole["owner"] = dict(TO_CHOOSE)
        reader.left_out.append(Fault("", "流程负责人要重新选择。"))
    definition = {**whole, "format": 1, "nodes": reader.nodes, "edges": reader.edges}
    return BpmnReading(read_flow(definition), tuple(reader.left_out))


def _process_of(root: "etree._Element") -> "etree._Element":
    space, _, name = root.tag.rpartition("}")
    if (space.removeprefix("{"), name) != (BPMN, "definitions"):
        kind = "DMN 决策表" if "DMN" in space else "CMMN 案例" if "CMMN" in space else "别的文件"
        message = f"这不是 BPMN 2.0 流程图，是{kind}（{name[:40]}）：请导出 BPMN 2.0 XML。"
        raise Invalid(message)
    if any((space, name) == (BPMN, "import") for space, name, _ in children(root)):
        raise Invalid("流程图引用了别的文件（import），不能导入：请把内容放进一个文件。")
    found = [one for space, name, one in children(root) if (space, name) == (BPMN, "process")]
    filled = [one for one in found if any(name in _NODES for _, name, _ in children(one))]
    if not filled:
        raise Invalid("流程图是空的：里面没有任何环节。")
    if len(filled) > 1:
        message = f"流程图里有 {len(filled)} 个流程（泳池），一次只能导入一个：请分开导出。"
        raise Invalid(message)
    return filled[0]


@dataclass(slots=True)
class _Reader:
    root: "etree._Element"
    nodes: list[dict[str, Any]] = field(default_factory=list)
    edges: list[dict[str, Any]] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    refused: list[Fault] = field(default_factory=list)
    left_out: list[Fault] = field(default_factory=list)

    def read(self, process: "etree._Element") -> None:
        parts = [(name, element) for space, name, element in children(process) if space == BPMN]
        nodes = [(name, element) for name, element in parts if name in _NODES]
        ways = [element for name, element in parts if name == "sequenceFlow"]
        for many, most, word in ((len(nodes), MOST_NODES, "节点"), (len(ways), MOST_EDGES, "连线")):
            if many > most:
                message = f"流程图有 {many:,} 个{word}，最多 {most:,} 个：请拆成几个子流程。"
                raise Invalid(message)
        self._name_all([element for _, element in nodes] + ways)
        self._look_beside(process, parts)
        for name, element in nodes:
            self._read_node(name, element)
        defaults = {element.get("default") for _, element in nodes} - {None}
        for element in ways:
            self._read_way(element, is_default=element.get("id") in defaults)

    def _name_all(self, elements: list["etree._Element"]) -> None:
        ids = [element.get("id") or "" for element in elements]
        if "" in ids:
            raise Invalid("流程图里有没有编号的内容：请从制图软件重新导出。")
        if double := next((one for one, many in Counter(ids).items() if many > 1), ""):
            message = f"流程图里编号“{double[:40]}”用了几次：请从制图软件重新导出。"
            raise Invalid(message)
        taken = {one for one in ids if _is_own(one)}
        for one in ids:
            self.names[one] = one if one in taken else _fresh(one, taken)
            taken.add(self.names[one])

    def _look_beside(self, process: "etree._Element", parts: list[tuple[str, "etree._Element"]]) -> None:
        """What stands in the process or beside it and is no node of ours."""
        for name, element in parts:
            if name in _UNKNOWN:
                self._refuse(name, element)
            elif name == "laneSet":
                self.left_out.append(Fault("", "泳道不带入：办理人写在每个环节上。"))
            elif name not in _NODES and name not in _SILENT | _REMARKS | {"sequenceFlow"}:
                self.left_out.append(Fault("", f"“{name[:40]}”不带入。"))
        if any(name in _REMARKS for name, _ in parts):
            self.left_out.append(Fault("", "图上的注释和数据对象不带入。"))
        for said in added_by_others(process, is_step=False).said:
            self.left_out.append(Fault("", said))
        for element in self.root.iter(q(BPMN, "messageFlow")):
            self._refuse("messageFlow", element)

    def _refuse(self, name: str, element: "etree._Element") -> None:
        label = _line(element.get("name")) or element.get("id") or ""
        self.refused.append(Fault(label[:40], f"“{label[:40]}”是{_UNKNOWN[name]}（{name}），本系统没有。"))

    def _read_node(self, tag: str, element: "etree._Element") -> None:
        name, label = self.names[element.get("id") or ""], _line(element.get("name"))
        kind = _NODES[tag] or self._kind_of_event(element, label)
        if not kind:
            return
        ours = _ours(element)
        node = {**ours, "type": kind, "name": name} | ({"label": label} if label else {})
        self.nodes.append(node)
        given = added_by_others(element, is_step=kind == "step" and "who" not in ours)
        for said in given.said:
            self.left_out.append(Fault(name, f"“{label or name}”：{said}"))
        node |= {key: value for key, value in given.values.items() if key not in ours}
        if kind in {"step", "call", "plugin"}:
            node["label"] = label or element.get("id")
        if kind in {"start", "end"}:
            self._read_events(node, element)
        elif kind == "timer":
            self._read_timer(node, element)
        elif kind == "message":
            node["message"] = _field_name(self._message_of(element) or name)
        elif kind == "call":
            node["flow"] = _field_name(element.get("calledElement") or name)
        elif kind == "plugin" and "plugin" not in ours:
            said = (
                f"“{label or name}”是服务任务（serviceTask），会调用外部程序，不能带入：请删去，导入后再加“外部动作”。"
            )
            self.refused.append(Fault(label or name, said))
        self._read_inside(node, element)

    def _read_inside(self, node: dict[str, Any], element: "etree._Element") -> None:
        for space, name, inner in children(element):
            if space != BPMN or name in _SILENT or name.endswith("EventDefinition"):
                continue
            if name == "multiInstanceLoopCharacteristics" and node["type"] == "step":
                sharing = "in_turn" if inner.get("isSequential") == "true" else "all"
                node.setdefault("sharing", sharing)
                said = f"多人办理设为{'依次办理' if sharing == 'in_turn' else '会签'}，人员来源和完成条件没有带入"
                self.left_out.append(Fault(node["name"], f"“{node['label']}”：{said}。"))
            elif name in _UNKNOWN or name == "multiInstanceLoopCharacteristics":
                said = f"带有{_UNKNOWN.get(name, '多实例标记')}（{name}），本系统没有。"
                self.refused.append(Fault(node["name"], f"“{node.get('label') or node['name']}”{said}"))
            else:
                said = f"“{node.get('label') or node['name']}”的“{name[:40]}”不带入。"
                self.left_out.append(Fault(node["name"], said))

    def _kind_of_event(self, element: "etree._Element", label: str) -> str:
        found = _definitions(element)
        kind = {"timerEventDefinition": "timer", "messageEventDefinition": "message"}.get(found[0] if found else "")
        if kind and len(found) == 1:
            return kind
        called = "、".join(_EVENTS.get(one, one) for one in found) or "没有类型的"
        self.refused.append(
            Fault(label, f"“{label or element.get('id')}”是{called}中间事件，本系统只有等待时间和等待消息。")
        )
        return ""

    def _read_events(self, node: dict[str, Any], element: "etree._Element") -> None:
        for one in _definitions(element):
            if one == "terminateEventDefinition" and node["type"] == "end":
                node["terminates"] = True
                continue
            label = node.get("label") or node["name"]
            side = "开始" if node["type"] == "start" else "结束"
            self.refused.append(Fault(label, f"“{label}”是{_EVENTS.get(one, one)}{side}事件，本系统没有。"))

    def _read_timer(self, node: dict[str, Any], element: "etree._Element") -> None:
        text = "".join(str(one.text or "") for one in element.iter(q(BPMN, "timeDuration"))).strip()
        ours = node.get("wait")
        found = duration_of(text)
        if isinstance(ours, dict) and found and ours.get("amount") == found["amount"]:
            return
        if found is None:
            label = node.get("label") or node["name"]
            said = f"“{label}”等待的时间“{text[:40]}”读不懂：只能写一段天数或小时数，例如 P3D、PT8H。"
            self.refused.append(Fault(label, said))
        node["wait"] = found

    def _message_of(self, element: "etree._Element") -> str:
        references = [element.get("messageRef"), *(one.get("messageRef") for one in element.iter())]
        wanted = next((one for one in references if one), "")
        for message in self.root.iter(q(BPMN, "message")):
            if message.get("id") == wanted:
                return str(message.get("name") or wanted)
        return wanted

    def _read_way(self, element: "etree._Element", *, is_default: bool) -> None:
        name, label = self.names[element.get("id") or ""], _line(element.get("name"))
        ends = {"source": element.get("sourceRef") or "", "target": element.get("targetRef") or ""}
        if lost := next((one for one in ends.values() if one not in self.names), None):
            self.refused.append(Fault(label or name, f"连线“{label or name}”连到了不能带入的“{lost[:40]}”。"))
            return
        edge: dict[str, Any] = {"name": name, **{end: self.names[one] for end, one in ends.items()}}
        if is_default or _ours(element).get("is_default") is True:
            edge["is_default"] = True
        condition = element.find(q(BPMN, "conditionExpression"))
        if condition is not None:
            text = "".join(condition.itertext())
            if condition.get("language") == LANGUAGE:
                edge["condition"] = text
            else:
                label = label or _line(text)
                said = f"连线“{label}”的条件“{_line(text)[:60]}”是别的语言写的，没有运行：请重新写条件。"
                self.left_out.append(Fault(name, said))
        if label:
            edge["label"] = label
        self.edges.append(edge)


def _ours(element: "etree._Element") -> dict[str, Any]:
    """What we added to an element; {} where that is nothing, or no JSON."""
    holder = element.find(f"{q(BPMN, 'extensionElements')}/{q(OURS, 'adds')}")
    try:
        found = json.loads(holder.text or "{}") if holder is not None else {}
    except (ValueError, RecursionError):
        message = f"“{element.get('id')}”里本系统的附加内容读不出来：请重新导出。"
        raise Invalid(message) from None
    return found if isinstance(found, dict) else {}


def _definitions(element: "etree._Element") -> list[str]:
    return [name for space, name, _ in children(element) if space == BPMN and name.endswith("EventDefinition")]


def _line(text: str | None) -> str:
    """A name on one line, as long as ours may be."""
    return text if text and _is_line(text) else " ".join("".join(filter(_is_seen, text or "")).split())[:100].strip()


def _is_line(text: str) -> bool:
    return len(text) <= 100 and text == text.strip() and "\n" not in text  # noqa: PLR2004 - as Words have it


def _is_seen(letter: str) -> bool:
    return letter.isprintable() or letter.isspace()


def _is_own(name: str) -> bool:
    return bool(_OWN_NAME.match(name)) and len(name) <= LONGEST_NAME and name not in RESERVED


def _field_name(text: str) -> str:
    return text if _OWN_NAME.match(text) and len(text) <= LONGEST_NAME else _fresh(text, set())


def _fresh(text: str, taken: set[str]) -> str:
    """A name of ours near to another's, and not taken."""
    found = re.sub(r"[^a-z0-9]+", "_", text.lower()[:100]).strip("_")[: LONGEST_NAME - 8].strip("_")
    found = found if found[:1].isalpha() and found not in RESERVED else f"n_{found}".strip("_")
    name, number = found, 1
    while name in taken:
        number += 1
        name = f"{found}_{number}"
    return name
