"""What the hall's interface takes and gives about the halls below it."""

from datetime import datetime
from uuid import UUID

from ninja import Field, Schema

from province.halls.models import HallKind


class AssignmentIn(Schema):
    """``publishes``: what is complete in a hall is shown to citizens at once."""

    item_ids: list[UUID] = Field(min_length=1, max_length=2_000)
    kinds: list[HallKind] = Field(min_length=1, max_length=len(HallKind))
    publishes: bool = False


class AssignmentProgressOut(Schema):
    """How many halls have adopted the items, wait for it, or could not."""

    done: int
    waiting: int
    failed: int


class AssignmentLineOut(Schema):
    id: UUID
    kinds: list[HallKind]
    item_ids: list[UUID]
    publishes: bool
    by_name: str
    created_at: datetime
    ended_at: datetime | None
    progress: AssignmentProgressOut


class AssignmentFailureOut(Schema):
    """``is_over``: the hall is not asked again by itself."""

    hall_name: str
    reason: str
    attempts: int
    is_over: bool


class AssignmentOut(AssignmentLineOut):
    """``failures``: at most 200."""

    failures: list[AssignmentFailureOut]


class RetriedOut(Schema):
    """How many halls are asked once more."""

    halls: int
