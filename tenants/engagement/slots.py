"""What an app states about whose things people complain."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from foundation.contributions import Slot
from province.halls.models import Hall


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplainedCase:
    """The case that a complaint is about, as whose it is has found it."""

    case_id: UUID
    item_id: UUID
    item_version_id: UUID


@dataclass(frozen=True, slots=True)
class ComplaintSubject:
    """Cases, of which one app may state what follows. ``handled_by``: those in which any of these accounts has had a
    hand; ``handlers``: of one, account id -> name; ``numbers``: id -> number; ``desk_page`` and ``own_page``: the paths
    of one at the desk and on the site; ``shown_by``: the case to which a number and the end of a phone lead. All are
    called inside the hall's schema."""

    name: str
    handled_by: Callable[[Collection[UUID]], QuerySet[Any]]
    handlers: Callable[[UUID], Mapping[UUID, str]]
    numbers: Callable[[Collection[UUID]], Mapping[UUID, str]]
    desk_page: Callable[[UUID], str]
    own_page: Callable[[UUID], str]
    shown_by: Callable[[Hall, str, str], ComplainedCase | None]


COMPLAINT_SUBJECTS = Slot[ComplaintSubject]("engagement.complaint_subjects", keys=lambda _: ["cases"])
