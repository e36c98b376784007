"""The words of BPMN 2.0 (OMG formal/2013-12-09) in which a flow is written, and ours beside them."""

from collections.abc import Mapping
from typing import Final

BPMN: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI: Final = "http://www.omg.org/spec/BPMN/20100524/DI"
DC: Final = "http://www.omg.org/spec/DD/20100524/DC"
DI: Final = "http://www.omg.org/spec/DD/20100524/DI"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
# what offices add to BPMN's elements
OURS: Final = "urn:yizhan:flow:1"
# the language of our conditions: that of forms
LANGUAGE: Final = "urn:yizhan:expression:1"
# under which editors of others keep what they add
VENDORS: Final[Mapping[str, str]] = {
    "http://camunda.org/schema/1.0/bpmn": "Camunda",
    "http://camunda.org/schema/zeebe/1.0": "Camunda 8",
    "http://camunda.org/schema/modeler/1.0": "Camunda Modeler",
    "http://flowable.org/bpmn": "Flowable",
    "http://flowable.org/design": "Flowable",
    "http://activiti.org/bpmn": "Activiti",
    "http://activiti.com/modeler": "Activiti",
}
# node -> element
ELEMENTS: Final[Mapping[str, str]] = {
    "start": "startEvent",
    "end": "endEvent",
    "step": "userTask",
    "exclusive": "exclusiveGateway",
    "parallel": "parallelGateway",
    "inclusive": "inclusiveGateway",
    "timer": "intermediateCatchEvent",
    "message": "intermediateCatchEvent",
    "call": "callActivity",
    "plugin": "serviceTask",
}
# what of a node stands in BPMN itself; everything else is ours
SHOWN: Final = frozenset({"type", "name", "label", "x", "y", "terminates", "message", "flow"})


def q(space: str, name: str) -> str:
    """A qualified name as lxml has it."""
    return f"{{{space}}}{name}"
