"""What a new flow begins with: nothing, a file, or the chart of an item."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from foundation.errors import Fault
from province.rights.roles import Role
from standards.flows.bpmn.reading import read_bpmn
from standards.flows.changes import first_flow
from standards.flows.definition import FlowDefinition
from standards.flows.people import ByRole
from standards.flows.reading import read_flow
from tenants.workflow.queries.flows import flow_of_item

# who has what nobody else has: of every hall
_OWNER: Final = ByRole(kind="role", role=Role.HALL_ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class FlowBeginning:
    """``left_out``: what a file says and the flow does not."""

    definition: FlowDefinition
    left_out: tuple[Fault, ...] = ()


def beginning_of_flow(
    title: str, *, definition: Mapping[str, Any] | None = None, drawing: bytes = b"", item_code: str = ""
) -> FlowBeginning:
    """The first of them that is given, else a start, a step and an end. Raises Invalid for what cannot be read,
    NotFound for a code of no item."""
    if definition is not None:
        return FlowBeginning(read_flow(definition))
    if drawing:
        reading = read_bpmn(drawing)
        return FlowBeginning(reading.flow, reading.left_out)
    if item_code.strip():
        return FlowBeginning(flow_of_item(item_code))
    return FlowBeginning(first_flow(" ".join(title.split()) or "新流程", _OWNER))
