"""How far events have come, and which of them nobody can take any more."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils import timezone

from foundation.events.kinds import REGISTRY, EventKind, NoPayload
from foundation.events.models import DueTime, EventDelivery


@dataclass(frozen=True, slots=True)
class GoneSubscriber:
    """So many deliveries wait for a subscriber that this program does not have."""

    kind: str
    subscriber: str
    waiting: int


def has_delivery(*states: EventDelivery.State) -> Exists:
    """Whether an event has a delivery in one of these states: a condition on ``Event``. An event that has none waiting
    and none dead is done."""
    return Exists(EventDelivery.objects.filter(event=OuterRef("pk"), state__in=states))


def waiting_deliveries() -> QuerySet[EventDelivery]:
    """What waits for a subscriber that this program has."""
    waiting = EventDelivery.objects.filter(state=EventDelivery.State.WAITING)
    return waiting.filter(subscriber__in=REGISTRY.subscriber_names)


def seconds_behind() -> float:
    """How long the delivery that should be handled next has been due; 0 where none is."""
    waiting = EventDelivery.objects.filter(state=EventDelivery.State.WAITING)
    due_at = waiting.order_by("available_at", "id").values_list("available_at", flat=True).first()
    return max(0.0, (timezone.now() - due_at).total_seconds()) if due_at else 0.0


def gone_subscribers() -> list[GoneSubscriber]:
    waiting = EventDelivery.objects.filter(state=EventDelivery.State.WAITING)
    rows = waiting.exclude(subscriber__in=REGISTRY.subscriber_names).values_list("event__kind", "subscriber")
    return [GoneSubscriber(*row) for row in rows.annotate(Count("pk")).order_by("event__kind", "subscriber")]


def declared_due_times() -> QuerySet[DueTime]:
    return DueTime.objects.filter(kind__in=[kind.name for kind in REGISTRY.kinds])


def halls_with_due_times(kind: EventKind[NoPayload], halls: QuerySet[Any]) -> list[UUID]:
    """Ids of those of the ``halls`` (rows whose key is a hall's id) for which something of this kind is to come: one
    query, whatever their number."""
    waiting = DueTime.objects.filter(kind=kind.name, hall_id__in=halls.values("pk"))
    found = waiting.order_by("hall_id").values_list("hall_id", flat=True).distinct()
    return [one for one in found if one]


def undeclared_due_times() -> QuerySet[DueTime]:
    """Due times of kinds that this program does not declare: they never come due."""
    return DueTime.objects.exclude(kind__in=[kind.name for kind in REGISTRY.kinds])
