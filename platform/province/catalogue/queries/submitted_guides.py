"""Guides of halls that wait for a decision, as places above see them."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from foundation.errors import NotFound
from province.catalogue.models import GuideDecision, SubmittedGuide
from province.halls.models import Hall
from province.halls.states import HallState
from province.rights.actors import Actor
from province.rights.queries import may


@dataclass(frozen=True, slots=True)
class GuideBelow:
    """A guide that waits, and the hall that submitted it."""

    guide: SubmittedGuide
    hall: Hall


def submitted_guides_below(prefix: str) -> QuerySet[SubmittedGuide]:
    """Of the halls below the place, without its own; those on which nobody above has decided, the oldest first."""
    halls = Hall.objects.filter(division__code__startswith=prefix).exclude(division__code=prefix.ljust(12, "0"))
    halls = halls.exclude(state=HallState.RETIRED)
    decided = GuideDecision.objects.filter(adoption_id=OuterRef("adoption_id"), number=OuterRef("number"))
    rows = SubmittedGuide.objects.filter(~Exists(decided), hall_id__in=halls.values("pk"))
    return rows.select_related("item").order_by("submitted_at", "id")


def with_halls(guides: Iterable[SubmittedGuide]) -> list[GuideBelow]:
    """Each with its hall: one query."""
    rows = list(guides)
    halls = Hall.objects.in_bulk({one.hall_id for one in rows})
    return [GuideBelow(one, halls[one.hall_id]) for one in rows]


def submitted_guide_in_reach(by: Actor, submitted_id: UUID) -> SubmittedGuide:
    """Raises NotFound, also for a hall that is not below one of the actor's places."""
    found = SubmittedGuide.objects.select_related("item").filter(pk=submitted_id).first()
    hall = Hall.objects.filter(pk=found.hall_id).first() if found else None
    if found is None or hall is None or not may(by, "catalogue.review_below", prefix=hall.prefixes[-1]):
        raise NotFound("没有这一份待审核的实施清单，可能已由他人处理。")
    return found
