"""Changes of rows that wait until they are filed, or were given up."""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Min, QuerySet
from django.utils import timezone

from foundation.events.models import EventDelivery
from foundation.full_text.indexes import INDEXES, TextIndex

# seconds that a change may wait before the database answers in the server's place
BEHIND: Final = 60
_STATES: Final = (EventDelivery.State.WAITING, EventDelivery.State.DEAD)


def unfiled_changes(*indexes: TextIndex) -> QuerySet[EventDelivery]:
    """Of these indexes; of all, where none is named."""
    subscribers = [index.subscriber for index in indexes or INDEXES.values()]
    return EventDelivery.objects.filter(subscriber__in=subscribers, state__in=_STATES)


def changes_behind() -> float:
    """Seconds for which the oldest change has waited to be filed; 0 where none waits."""
    return seconds_since(unfiled_changes().aggregate(at=Min("event__created_at"))["at"])


def is_behind(index: TextIndex) -> bool:
    """Whether a change of its rows has waited for so long that the server must not answer without it. One query."""
    before = timezone.now() - timedelta(seconds=BEHIND)
    # state by state: each has an index of its own
    waiting, dead = (
        EventDelivery.objects.filter(subscriber=index.subscriber, state=state, event__created_at__lt=before)
        for state in _STATES
    )
    return waiting.union(dead).exists()


def seconds_since(moment: datetime | None) -> float:
    return max(0.0, (timezone.now() - moment).total_seconds()) if moment else 0.0
