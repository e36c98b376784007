from datetime import datetime
from uuid import UUID

from ninja import Field, Schema

from foundation.api import Moment
from foundation.masking import MaskedName
from province.catalogue.models import Succession
from province.catalogue.schemas.items import Reason, SuccessorOut
from province.catalogue.states import SuccessionKind, SuccessionState


class SuccessionQuery(Schema):
    """``codes``: of the items that are merged into this one, or that come out of it. ``goes_on``: an item that is
    split stays beside its parts, and keeps its code."""

    kind: SuccessionKind
    codes: list[str] = Field(max_length=20, examples=[["420131002000"]])
    goes_on: bool = False
    begins_at: Moment | None = Field(None, description="None: as soon as somebody else confirms it")


class SuccessionIn(SuccessionQuery):
    reason: Reason


class SuccessionOut(Schema):
    """``parts``: the items that are merged into ``item_id``, or that come out of it."""

    id: UUID
    kind: SuccessionKind
    item_id: UUID
    basic_code: str = Field(alias="item.basic_code")
    parts: list[SuccessorOut]
    goes_on: bool
    begins_at: datetime | None
    reason: str
    state: SuccessionState
    proposed_by_name: MaskedName
    decided_by_name: MaskedName
    decided_at: datetime | None
    decision_reason: str
    done_at: datetime | None
    created_at: datetime

    @staticmethod
    def resolve_parts(row: Succession) -> list[object]:
        return [part.item for part in sorted(row.parts.all(), key=lambda one: one.position)]


class SuccessionPreviewOut(Schema):
    """What it would touch. ``refusal``: why it cannot be, "" where it can; ``ended``: items that nobody handles any
    more; ``successors``: those that take over; ``halls``: how many follow by themselves; ``moved_parts``: how many 子项
    go under the item that takes over."""

    refusal: str
    ended: list[SuccessorOut] = Field(alias="sides.ended")
    successors: list[SuccessorOut] = Field(alias="sides.after")
    halls: int
    open_versions: int
    assignments: int
    moved_parts: int
