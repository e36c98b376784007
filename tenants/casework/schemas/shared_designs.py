"""What the hall's interface takes and gives about 统一表单和流程."""

from typing import Any
from uuid import UUID

from ninja import Field, Schema


class DesignOfferOut(Schema):
    """What came with the version of the item that the hall shows. ``seen``: to be handed back by who takes or declines
    it."""

    version_id: UUID = Field(alias="version.pk")
    version_number: int | None = Field(alias="version.public_number")
    form: dict[str, Any] | None = Field(alias="design.form")
    flow: dict[str, Any] | None = Field(alias="design.flow")
    digest: str = Field(alias="design.digest")
    is_taken: bool
    is_newer: bool
    is_declined: bool
    differences: list[str] = Field(description="from the hall's drafts to what came, in sentences")
    own_changes: list[str] = Field(description="what the hall changed in what it took")
    added: list[str] = Field(description="materials of this 业务办理项 that the form asks for besides")
    left_out: list[str] = Field(description="materials of the item for which this 业务办理项 does not ask")
    setup_revision: int = Field(alias="setup.revision")
    seen: str


class DesignDecisionIn(Schema):
    """``revision``: of the setup (``setup_revision``); 409 where it, what came or the hall's drafts changed since."""

    revision: int
    seen: str = Field(max_length=200)
