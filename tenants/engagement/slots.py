"""What an app states about whose things people complain."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from foundation.contributions import Slot


@dataclass(frozen=True, slots=True)
class ComplaintSubject:
    """Cases, of which one app may state what follows. ``handled_by``: those in which any of these accounts has had a
    hand; ``handlers``: of one, account id -> name; ``numbers``: id -> number; ``desk_page`` and ``own_page``: the paths
    of one at the desk and on the site. All are called inside the hall's schema."""

    name: str
    handled_by: Callable[[Collection[UUID]], QuerySet[Any]]
    handlers: Callable[[UUID], Mapping[UUID, str]]
    numbers: Callable[[Collection[UUID]], Mapping[UUID, str]]
    desk_page: Callable[[UUID], str]
    own_page: Callable[[UUID], str]


COMPLAINT_SUBJECTS = Slot[ComplaintSubject]("engagement.complaint_subjects", keys=lambda _: ["cases"])
