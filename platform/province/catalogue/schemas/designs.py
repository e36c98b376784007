from datetime import datetime
from typing import Any

from ninja import Field, Schema

from foundation.masking import MaskedName
from province.designers.schemas import FlowFaultOut


class DesignFaultOut(Schema):
    """``where``: ``form.parts.0.fields.2``, ``flow.leader.who``."""

    where: str
    message: str


class DesignIn(Schema):
    """Both are written whole; null: none. ``revision``: of the answer that was read, 0 before the first."""

    revision: int = Field(ge=0, le=2**31 - 1, examples=[0])
    form: dict[str, Any] | None = Field(None, description="a form as a hall exports it")
    flow: dict[str, Any] | None = Field(None, description="a flow as a hall exports it")


class SharedDesignOut(Schema):
    """``digest``: SM3 over both, \"\" where there is neither."""

    form: dict[str, Any] | None
    flow: dict[str, Any] | None
    digest: str


class DraftedDesignOut(SharedDesignOut):
    revision: int
    faults: list[DesignFaultOut] = Field(description="what keeps it from being submitted")


class DesignLineOut(Schema):
    """The draft of form and flow as it stands after a write."""

    revision: int
    digest: str
    edited_by_name: MaskedName
    edited_at: datetime | None
    locked_by_name: MaskedName = Field(description="who has it open, while locked_until lies ahead")
    locked_until: datetime | None


class DrawnDesignOut(Schema):
    """``left_out``: what the drawing says and the flow does not."""

    flow: DesignLineOut
    left_out: list[FlowFaultOut]
