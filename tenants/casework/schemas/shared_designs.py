"""What the hall's interface takes and gives about 统一表单和流程."""

from typing import Any, Literal
from uuid import UUID

from ninja import Field, Schema

from tenants.casework.queries.design_merges import DesignMerge, why_flow_stays
from tenants.casework.queries.shared_designs import DesignOffer


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
    flow_changes: list[str] = Field(description="what the province changed in its flow since the hall took one")
    flow_stays: str = Field(description="why merging leaves the hall's flow as it is, '' where it does not")
    added: list[str] = Field(description="materials of this 业务办理项 that the form asks for besides")
    left_out: list[str] = Field(description="materials of the item for which this 业务办理项 does not ask")
    setup_revision: int = Field(alias="setup.revision")
    seen: str

    @staticmethod
    def resolve_flow_stays(obj: DesignOffer) -> str:
        return why_flow_stays(obj)


class DesignDecisionIn(Schema):
    """``revision``: of the setup (``setup_revision``); 409 where it, what came or the hall's drafts changed since."""

    revision: int
    seen: str = Field(max_length=200)


class ClashOut(Schema):
    """What the hall and the province changed differently. ``is_fixed``: materials and what must be filled in, which the
    item settles for all halls: the default is the province's."""

    key: str
    said: str
    ours: str
    theirs: str
    default: Literal["ours", "theirs"]
    chosen: Literal["ours", "theirs"]
    is_fixed: bool


class DesignMergeOut(Schema):
    """``form`` and ``flow``: the drafts that merging would write, null where that one stays; ``refusals``: why it
    cannot be done; ``faults``: what is to be mended before it can be published."""

    form: dict[str, Any] | None
    flow: dict[str, Any] | None
    clashes: list[ClashOut]
    refusals: list[str]
    faults: list[str]
    differences: list[str] = Field(description="from the hall's drafts to these, in sentences")
    kept: list[str] = Field(description="from the province's to these, in sentences")
    note: str
    setup_revision: int = Field(alias="offer.setup.revision")
    seen: str = Field(alias="offer.seen")

    @staticmethod
    def resolve_refusals(obj: DesignMerge) -> list[str]:
        return [one.message for one in obj.refusals]

    @staticmethod
    def resolve_faults(obj: DesignMerge) -> list[str]:
        return [one.message for one in obj.faults]


class DesignMergeIn(DesignDecisionIn):
    """``choices``: key of a clash → whose holds."""

    choices: dict[str, Literal["ours", "theirs"]] = Field({}, max_length=500)
