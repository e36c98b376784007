from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from foundation.masking import MaskedName
from province.catalogue.schemas.items import Reason, Values
from province.catalogue.states import ProposalState


class ProposalIn(Schema):
    """A new item of this family and type, or (``item_id``) another word in one that is there."""

    hall_code: str = Field(description="the division code of the hall", examples=["420582000000"])
    item_id: UUID | None = None
    family: str = ""
    item_type: str = ""
    values: Values
    reason: Reason


class AcceptIn(Schema):
    """A new item needs its department and basic code."""

    department: str = ""
    basic_code: str = ""
    answer: Reason = ""


class DeclineProposalIn(Schema):
    answer: Reason


class ProposalOut(Schema):
    id: UUID
    hall_id: UUID
    item_id: UUID | None
    family: str
    item_type: str
    name: str
    values: dict[str, Any]
    reason: str
    state: ProposalState
    proposed_by_name: MaskedName
    decided_by_name: MaskedName
    answer: str
    created_at: datetime
