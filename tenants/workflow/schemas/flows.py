"""Flows as the API carries them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from foundation.masking import MaskedName
from province.designers.schemas import FlowFaultOut, FlowJson, Revision
from standards.flows.nodes import StepLimit


class FlowIn(Schema):
    """``code`` never changes; without one, it is made of the title. What the flow begins with: a definition, a BPMN
    drawing or an item's code; with none of them, a start, a step and an end."""

    title: str = Field(examples=["请假"])
    code: str = Field("", examples=["leave"])
    definition: FlowJson | None = None
    drawing: str = Field("", description="BPMN 2.0 XML, 2 MB at most")
    item_code: str = Field("", examples=["420111001000"])


class FlowDraftIn(Schema):
    """``revision`` is the one that was read."""

    definition: FlowJson
    revision: Revision


class FlowSetUpIn(Schema):
    form_id: UUID | None = None
    promise: StepLimit | None = None
    revision: Revision


class FlowLineOut(Schema):
    id: UUID
    code: str
    title: str
    state: str
    form_id: UUID | None
    promise: dict[str, Any] | None
    revision: int
    version: int | None = Field(alias="newest.number", default=None)
    origin_version_id: UUID | None = Field(description="the version of an item with which it came down; null: its own")
    origin_digest: str | None = Field(description="SM3 of the form and flow that came with it")
    edited_by_name: MaskedName
    edited_at: datetime | None


class FlowOut(FlowLineOut):
    definition: dict[str, Any]


class DrawnFlowOut(Schema):
    """``left_out``: what the drawing says and the flow does not."""

    flow: FlowLineOut
    left_out: list[FlowFaultOut]


class FlowVersionOut(Schema):
    number: int
    form_version: int | None = Field(alias="form_version.number", default=None)
    submitted_by_name: MaskedName
    created_at: datetime


class FlowDifferenceOut(Schema):
    """``where``: a node or a way; "" for the whole."""

    where: str
    said: str
