"""What the hall's interface takes and gives about the halls below it."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from ninja import Field, Schema

from foundation.masking import MaskedName
from province.catalogue.queries.submitted_guides import GuideBelow
from province.halls.models import HallKind


class AssignmentIn(Schema):
    """To every hall of ``kinds`` below, or to those of ``hall_ids`` alone. ``publishes``: what is complete in a hall is
    shown to citizens at once."""

    item_ids: list[UUID] = Field(min_length=1, max_length=2_000)
    kinds: list[HallKind] = Field(default=[], max_length=len(HallKind))
    hall_ids: list[UUID] = Field(default=[], max_length=3_000)
    publishes: bool = False


class AssignmentAskedIn(Schema):
    item_ids: list[UUID] = Field(min_length=1, max_length=2_000)
    kinds: list[HallKind] = Field(default=[], max_length=len(HallKind))
    hall_ids: list[UUID] = Field(default=[], max_length=3_000)


class MisfitOut(Schema):
    """An item that halls of one kind do not exercise by its level; ``names``: some of the halls."""

    item_id: UUID
    item: str
    kind: HallKind
    halls: int
    names: list[str]
    words: str


class AssignmentPreviewOut(Schema):
    """``pairs``: of hall and item; ``known``: of these, adopted already."""

    items: int
    halls: int
    pairs: int
    known: int
    misfits: list[MisfitOut]


class HallBelowOut(Schema):
    """``area``: the place that the hall lies in."""

    id: UUID
    code: str
    name: str
    kind: HallKind
    area: str


class AssignmentProgressOut(Schema):
    """How many halls have adopted the items, wait for it, or could not."""

    done: int
    waiting: int
    failed: int


class AssignmentLineOut(Schema):
    id: UUID
    kinds: list[HallKind]
    hall_ids: list[UUID] = Field(description="chosen halls; empty: all of these kinds")
    item_ids: list[UUID]
    publishes: bool
    by_name: MaskedName
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


class GuideBelowLineOut(Schema):
    """A guide of a hall below that waits for a decision; ``number``: which of those submitted for the item it is."""

    id: UUID
    hall: str
    item_id: UUID
    name: str
    basic_code: str
    number: int
    submitted_by_name: MaskedName
    submitted_at: datetime

    @classmethod
    def of(cls, below: GuideBelow) -> Self:
        guide = below.guide
        return cls(
            id=guide.pk,
            hall=below.hall.short_name,
            item_id=guide.item_id,
            name=guide.item.name,
            basic_code=guide.item.basic_code,
            number=guide.number,
            submitted_by_name=guide.submitted_by_name,
            submitted_at=guide.submitted_at,
        )


class GuideBelowOut(GuideBelowLineOut):
    values: dict[str, Any]
    shown_values: dict[str, Any] | None = Field(description="what citizens read until then")


class GuideDecisionIn(Schema):
    """``number``: of the guide that was read; ``reason``: needed for a return."""

    number: int = Field(ge=1, le=2**31 - 1)
    is_passed: bool
    reason: str = ""


class GuideDecisionOut(Schema):
    id: UUID
    is_passed: bool
    reason: str
