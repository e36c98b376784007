"""What the interface says of the guides of halls, for systems that gather them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from province.catalogue.models import GuideChange


class GuideHeadOut(Schema):
    """How far a hall's feed is: its last position, and when that happened."""

    hall_code: str
    hall_name: str
    position: int
    happened_at: datetime


class GuideChangesQuery(Schema):
    """``hall``: the 12 digits of its division; ``after``: the cursor of the answer before, 0 from the beginning. With
    its national form a guide is some 10 kB."""

    hall: str = Field(min_length=12, max_length=12, examples=["420581000000"])
    after: int = Field(0, ge=0, le=2**63 - 1)
    limit: int = Field(50, ge=1, le=200)


class GuideChangeOut(Schema):
    """``removed``: the hall shows the item no more. ``version_number``: the newest version of the item that the hall
    has accepted. ``national``: for each national table its rows, null where nothing is shown, or the schema refuses it
    (``refusal``)."""

    position: int
    kind: GuideChange.Kind
    happened_at: datetime
    item_id: UUID
    basic_code: str
    version_number: int
    guide_id: UUID | None
    guide_number: int | None
    former_task_code: str = Field("", description="of a succession: the 实施编码 that the hall had for it before")
    national: dict[str, Any] | None = None
    refusal: str = ""


class GuideChangesOut(Schema):
    """``cursor``: where to go on, also where nothing has happened since."""

    changes: list[GuideChangeOut]
    cursor: int
    has_more: bool
