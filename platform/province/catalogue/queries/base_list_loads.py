"""How far the loading of the base list has come: one event of the outbox a department."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.utils import timezone

from foundation.outbox.models import OutboxEvent
from province.identity.models import Account, Actor
from province.identity.queries.rights import actor_of, system_actor

# an event: payload {"department": name, "by": account's id or null, "post": its id or null}, subject the load
LOADS_DEPARTMENT: Final = "catalogue.load_department"
_STALLED_AFTER: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class BaseListLoad:
    """``failed`` are names of departments that were given up."""

    id: UUID
    total: int
    done: int
    failed: tuple[str, ...]
    moved_at: datetime

    @property
    def is_finished(self) -> bool:
        return self.done + len(self.failed) == self.total

    @property
    def is_stalled(self) -> bool:
        return not self.is_finished and timezone.now() - self.moved_at > _STALLED_AFTER


def base_list_load() -> BaseListLoad | None:
    """The last load, None where there was none."""
    latest = OutboxEvent.objects.filter(kind=LOADS_DEPARTMENT).order_by("-created_at", "-pk").first()
    if latest is None or latest.subject_id is None:
        return None
    events = list(OutboxEvent.objects.filter(kind=LOADS_DEPARTMENT, subject_id=latest.subject_id).order_by("pk"))
    return BaseListLoad(
        id=latest.subject_id,
        total=len(events),
        done=sum(event.state == OutboxEvent.State.DONE for event in events),
        failed=tuple(event.payload["department"] for event in events if event.state == OutboxEvent.State.DEAD),
        moved_at=max(event.finished_at or event.created_at for event in events),
    )


def orderer_of(event: OutboxEvent) -> Actor:
    """The actor who ordered the load, with the rights that they have by now."""
    if event.payload["by"] is None:
        return system_actor()
    post = event.payload["post"]
    return actor_of(Account.objects.get(pk=event.payload["by"]), post and UUID(post))
