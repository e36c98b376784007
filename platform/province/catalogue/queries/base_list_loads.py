"""How far the loading of the base list has come: one event a department."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Final
from uuid import UUID

from django.utils import timezone

from foundation.events.kinds import ReceivedEvent
from foundation.events.models import Event, EventDelivery
from province.catalogue.base_list.reading import read_base_list
from province.catalogue.events import DEPARTMENT_LOADS, DepartmentLoad
from province.catalogue.queries.checks import check_item
from province.people.models import Account
from province.people.queries.actors import actor_of
from province.rights.actors import Actor
from province.rights.queries import system_actor

_STALLED_AFTER: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class BaseListLoad:
    """``publishes``: what is complete is put in force; ``failed`` are names of departments that were given up."""

    id: UUID
    publishes: bool
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


@dataclass(frozen=True, slots=True)
class BaseListSize:
    """How many items the list has, and how many of them lack nothing."""

    total: int
    complete: int


@cache
def base_list_size() -> BaseListSize:
    """Read and checked once a process: the list is part of the program."""
    items = read_base_list()
    parts = (check_item(family=one.family, item_type=one.item_type, values=one.values).province for one in items)
    return BaseListSize(len(items), sum(part.is_complete for part in parts))


def base_list_load() -> BaseListLoad | None:
    """The last load, None where there was none."""
    latest = Event.objects.filter(kind=DEPARTMENT_LOADS.name).order_by("-created_at", "-pk").first()
    if latest is None or latest.subject_id is None:
        return None
    loads = EventDelivery.objects.filter(event__kind=DEPARTMENT_LOADS.name, event__subject_id=latest.subject_id)
    deliveries = list(loads.select_related("event").order_by("pk"))
    return BaseListLoad(
        id=latest.subject_id,
        publishes=DEPARTMENT_LOADS.payload_of(latest).publishes,
        total=len(deliveries),
        done=sum(one.state == EventDelivery.State.DONE for one in deliveries),
        failed=tuple(
            DEPARTMENT_LOADS.payload_of(one.event).department
            for one in deliveries
            if one.state == EventDelivery.State.DEAD
        ),
        moved_at=max(one.finished_at or one.created_at for one in deliveries),
    )


def orderer_of(event: ReceivedEvent[DepartmentLoad]) -> Actor:
    """The actor who ordered the load, with the rights that they have by now."""
    order = event.payload
    if order.ordered_by_id is None:
        return system_actor()
    return actor_of(Account.objects.get(pk=order.ordered_by_id), order.position_id, order.scopes)
