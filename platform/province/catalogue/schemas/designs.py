from typing import Any

from ninja import Field, Schema


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
