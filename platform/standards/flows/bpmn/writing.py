"""Writes a flow as BPMN 2.0 with its drawing. What BPMN lacks stands as JSON in an element of ours, read back by
``standards.flows.bpmn.reading``."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from standards.flows.bpmn.layout import FlowPlacing, Point, half_of, placed
from standards.flows.bpmn.words import BPMN, BPMNDI, DC, DI, ELEMENTS, LANGUAGE, OURS, SHOWN, XSI, q
from standards.flows.definition import FlowDefinition
from standards.flows.nodes import BaseNode, CallNode, EndNode, FlowEdge, MessageNode, TimerNode, TimeUnit

if TYPE_CHECKING:
    from lxml import etree

_SPACES: Final = {None: BPMN, "bpmndi": BPMNDI, "dc": DC, "di": DI, "xsi": XSI, "yizhan": OURS}
_DURATIONS: Final = {
    TimeUnit.WORKING_DAYS: "P{}D",
    TimeUnit.WORKING_HOURS: "PT{}H",
    TimeUnit.DAYS: "P{}D",
    TimeUnit.HOURS: "PT{}H",
}


def write_bpmn(flow: FlowDefinition) -> bytes:
    """The flow as BPMN 2.0 XML (UTF-8). ``read_bpmn`` gives the same flow again."""
    from lxml import etree  # noqa: PLC0415 - needed by those who draw alone

    root = etree.Element(
        q(BPMN, "definitions"), {"id": "Definitions", "targetNamespace": OURS, "exporter": "Yizhan"}, nsmap=_SPACES
    )
    for name in dict.fromkeys(node.message for node in flow.nodes if isinstance(node, MessageNode)):
        etree.SubElement(root, q(BPMN, "message"), {"id": f"Message-{name}", "name": name})
    process = etree.SubElement(root, q(BPMN, "process"), {"id": "Process", "name": flow.title, "isExecutable": "true"})
    whole = {"owner": flow.owner.model_dump(mode="json"), "hint": flow.hint}
    _add_ours(process, {name: value for name, value in whole.items() if value})
    placing = placed(flow)
    defaults = {_default_of(flow, node) for node in flow.nodes}
    for node in flow.nodes:
        _add_node(process, flow, node)
    for edge in flow.edges:
        _add_edge(process, edge, is_named=edge.name in defaults)
    _add_drawing(root, flow, placing)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=False)
    return written


def _add_ours(parent: "etree._Element", values: dict[str, Any]) -> None:
    if values:
        extensions = _sub(parent, BPMN, "extensionElements")
        _sub(extensions, OURS, "adds").text = json.dumps(values, ensure_ascii=True, separators=(",", ":"))


def _sub(parent: "etree._Element", space: str, name: str, /, **attributes: str) -> "etree._Element":
    from lxml import etree  # noqa: PLC0415 - see above

    return etree.SubElement(parent, q(space, name), attributes)


def _add_node(process: "etree._Element", flow: FlowDefinition, node: BaseNode) -> None:
    attributes = {"id": node.name} | ({"name": node.label} if node.label else {})
    if default := _default_of(flow, node):
        attributes["default"] = default
    element = _sub(process, BPMN, ELEMENTS[node.type], **attributes)
    given = node.model_dump(mode="json", exclude_unset=True)
    if "acts" in given:
        given["acts"] = sorted(given["acts"])
    _add_ours(element, {name: value for name, value in given.items() if name not in SHOWN})
    for edges, tag in ((flow.ways_in, "incoming"), (flow.ways_out, "outgoing")):
        for edge in edges[node.name]:
            _sub(element, BPMN, tag).text = edge.name
    if isinstance(node, EndNode) and node.terminates:
        _sub(element, BPMN, "terminateEventDefinition", id=f"Terminate-{node.name}")
    elif isinstance(node, TimerNode):
        timer = _sub(element, BPMN, "timerEventDefinition", id=f"Timer-{node.name}")
        duration = _sub(timer, BPMN, "timeDuration", **{q(XSI, "type"): "tFormalExpression"})
        duration.text = _DURATIONS[node.wait.unit].format(node.wait.amount)
    elif isinstance(node, MessageNode):
        reference = f"Message-{node.message}"
        _sub(element, BPMN, "messageEventDefinition", id=f"Wait-{node.name}", messageRef=reference)
    elif isinstance(node, CallNode):
        element.set("calledElement", node.flow)


def _default_of(flow: FlowDefinition, node: BaseNode) -> str:
    """The way that BPMN knows as a gateway's default one; a second one, or one of another node, it cannot say."""
    if node.type not in {"exclusive", "inclusive"}:
        return ""
    return next((edge.name for edge in flow.ways_out[node.name] if edge.is_default), "")


def _add_edge(process: "etree._Element", edge: FlowEdge, *, is_named: bool) -> None:
    attributes = {"id": edge.name, "sourceRef": edge.source, "targetRef": edge.target}
    element = _sub(process, BPMN, "sequenceFlow", **attributes | ({"name": edge.label} if edge.label else {}))
    _add_ours(element, {"is_default": True} if edge.is_default and not is_named else {})
    if edge.condition:
        kind = {q(XSI, "type"): "tFormalExpression", "language": LANGUAGE}
        _sub(element, BPMN, "conditionExpression", **kind).text = edge.condition


def _add_drawing(root: "etree._Element", flow: FlowDefinition, placing: FlowPlacing) -> None:
    diagram = _sub(root, BPMNDI, "BPMNDiagram", id="Diagram")
    plane = _sub(diagram, BPMNDI, "BPMNPlane", id="Plane", bpmnElement="Process")
    for node in flow.nodes:
        (x, y), (across, down) = placing.places[node.name], half_of(node)
        is_laid = node.x is None or node.y is None
        marker = {"isMarkerVisible": "true"} if node.type == "exclusive" else {}
        shape = _sub(plane, BPMNDI, "BPMNShape", id=f"Shape-{node.name}", bpmnElement=node.name, **marker)
        if is_laid:
            # where the drawing put it: who moves it gives it a place of its own
            shape.set(q(OURS, "laid"), _dots([(x, y)]))
            for name in ("x", "y"):
                if (own := getattr(node, name)) is not None:
                    shape.set(q(OURS, name), str(own))
        bounds = {"x": x - across, "y": y - down, "width": 2 * across, "height": 2 * down}
        _sub(shape, DC, "Bounds", **{name: str(value) for name, value in bounds.items()})
    for edge in flow.edges:
        points = placing.routes[edge.name]
        line = _sub(plane, BPMNDI, "BPMNEdge", id=f"Line-{edge.name}", bpmnElement=edge.name)
        if not edge.bends:
            line.set(q(OURS, "laid"), _dots(points))
        for x, y in points:
            _sub(line, DI, "waypoint", x=str(x), y=str(y))


def _dots(points: Sequence[Point]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)
