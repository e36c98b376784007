"""What places handed down to the halls below them, and how far it has come."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from foundation.errors import NotFound
from foundation.outbox.models import OutboxEvent
from province.catalogue.models import Assignment
from province.halls.models import Hall
from province.halls.states import HallState
from province.identity.models import Actor
from province.identity.queries.rights import works_at

# an event for each hall: subject the assignment
ASSIGNED = "catalogue.items_assigned"
_STATES = {
    "done": OutboxEvent.State.DONE,
    "waiting": OutboxEvent.State.WAITING,
    "failed": OutboxEvent.State.DEAD,
}


def halls_below(prefix: str, kinds: Collection[str]) -> QuerySet[Hall]:
    """The halls of these kinds below the place, without its own; retired ones are gone."""
    below = Hall.objects.filter(division__code__startswith=prefix, kind__in=kinds)
    return below.exclude(division__code=prefix.ljust(12, "0")).exclude(state=HallState.RETIRED).order_by("number")


def assignments_of(prefix: str) -> QuerySet[Assignment]:
    """What this place handed down, the latest first."""
    return Assignment.objects.filter(prefix=prefix).order_by("-created_at", "-pk")


def item_ids_handed_down(hall: Hall) -> set[UUID]:
    """The items that places above want this hall to have, by orders that still count."""
    return {item_id for item_ids in _orders_to(hall).values_list("item_ids", flat=True) for item_id in item_ids}


def parts_handed_down(hall: Hall) -> dict[str, Any]:
    """By the item's id: what such orders let the hall begin with; of several the latest counts."""
    found: dict[str, Any] = {}
    for parts in _orders_to(hall).order_by("created_at", "pk").values_list("parts", flat=True):
        found |= parts
    return found


def _orders_to(hall: Hall) -> QuerySet[Assignment]:
    return Assignment.objects.filter(prefix__in=hall.prefixes[:-1], kinds__contains=[hall.kind], ended_at=None)


def assignment_in_reach(by: Actor, assignment_id: UUID) -> Assignment:
    """Raises NotFound for another place's."""
    found = Assignment.objects.filter(pk=assignment_id).first()
    if found is None or not works_at(by, "catalogue.assign", prefix=found.prefix):
        raise NotFound("没有这次下发。")
    return found


@dataclass(frozen=True, slots=True)
class AssignmentProgress:
    """Of the halls that it went to: how many have it, wait for it, or could not take it."""

    done: int
    waiting: int
    failed: int

    @property
    def halls(self) -> int:
        return self.done + self.waiting + self.failed


def progress_of(assignment: Assignment) -> AssignmentProgress:
    """One query."""
    events = OutboxEvent.objects.filter(kind=ASSIGNED, subject_id=assignment.pk)
    counts = {name: Count("pk", filter=Q(state=state)) for name, state in _STATES.items()}
    return AssignmentProgress(**events.aggregate(**counts))
