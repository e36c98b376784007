"""What everybody is told whose text is submitted, decided on and shown, in the same words for all that is reviewed."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.utils import timezone

from foundation.events.kinds import EventKind, NoPayload
from foundation.events.operations import set_due_times
from province.messaging.operations.notices import notify
from province.messaging.slots import NoticeKind, ReviewKinds
from province.people.models import Position
from province.workdays.queries import calendar_of

# working days in which somebody should have decided; no law names a number, halls' own rules say three to five
REVIEW_DAYS: Final = 3


@dataclass(frozen=True, slots=True)
class ReviewedThing:
    """What was submitted, as notices speak of it. ``cause_id``: of one cause nobody is told twice; ``names``: several
    where several were submitted at once; ``path``: of its page, or of their list, at the desk of ``hall_id`` (None: at
    the console)."""

    kinds: ReviewKinds
    cause_id: UUID
    names: Sequence[str]
    path: str
    hall_id: UUID | None = None

    @property
    def called(self) -> str:
        first, *others = self.names
        if not others:
            return f"{self.kinds.thing}“{first}”"
        return f"“{first}”等 {len(self.names)} 份{self.kinds.thing}"


def tell_reviewers(thing: ReviewedThing, reviewers: Iterable[Position], *, without: Collection[UUID] = ()) -> int:
    """Tell them that it waits for their decision; returns how many are told."""
    return _tell(thing, thing.kinds.to_review, f"请审核{thing.called}", positions=reviewers, without=without)


def tell_returned(thing: ReviewedThing, authors: Iterable[UUID]) -> int:
    return _tell(thing, thing.kinds.returned, f"{thing.called}被退回，请修改", people=authors)


def tell_passed(thing: ReviewedThing, authors: Iterable[UUID]) -> int:
    return _tell(thing, thing.kinds.passed, f"{thing.called}审核通过", people=authors)


def tell_published(thing: ReviewedThing, authors: Iterable[UUID], *, how: str, without: Collection[UUID] = ()) -> int:
    """``how``: it reaches readers (公布, 推送, 发布)."""
    return _tell(thing, thing.kinds.published, f"{thing.called}已{how}", people=authors, without=without)


def tell_late(thing: ReviewedThing, reviewers: Collection[Position], authors: Iterable[UUID]) -> int:
    """Remind those who should have decided; where there is nobody who could, the authors learn that."""
    if reviewers:
        return _tell(
            thing, thing.kinds.late, f"{thing.called}等待审核已超过 {REVIEW_DAYS} 个工作日", positions=reviewers
        )
    said = f"{thing.called}没有人能审核，请联系管理员安排审核人"
    return _tell(thing, thing.kinds.late, said, people=authors)


def set_review_limits(
    *, kind: EventKind[NoPayload], version_ids: Iterable[UUID], code: str, hall_id: UUID | None = None
) -> None:
    """Have this event emitted for each version when nobody should still be deciding: after ``REVIEW_DAYS`` working days
    of the place with this division code. What was decided by then, the subscriber finds decided. Two queries."""
    last_day = calendar_of(code).deadline_after(timezone.localdate(), REVIEW_DAYS).last_day
    due_at = timezone.make_aware(datetime.combine(last_day + timedelta(days=1), time.min))
    set_due_times(kind=kind, subject_ids=version_ids, due_at=due_at, hall_id=hall_id)


def _tell(
    thing: ReviewedThing,
    kind: NoticeKind,
    title: str,
    *,
    positions: Iterable[Position] = (),
    people: Iterable[UUID] = (),
    without: Collection[UUID] = (),
) -> int:
    return notify(
        kind=kind,
        cause_id=thing.cause_id,
        title=title,
        path=thing.path,
        hall_id=thing.hall_id,
        positions=positions,
        people=people,
        without=without,
    )
