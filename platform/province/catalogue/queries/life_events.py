"""Life events (一件事) as people edit them, and what citizens see under each."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from foundation.errors import NotFound
from province.catalogue.models import ItemVersion, LifeEvent
from province.catalogue.queries.validity import items_valid_at
from standards.items.codelists import APPLIED
from standards.items.facets import Facet, Whom, facet_key

_MOST_NAMED: Final = 50
# behind every place that there is
_LAST: Final = 10_000


@dataclass(frozen=True, slots=True)
class EventLine:
    """``number``: how many items that citizens find stand under it, or would if it were not retired."""

    event: LifeEvent
    number: int


@dataclass(frozen=True, slots=True)
class EventTrial:
    """What citizens would see of all events (name, number of items, whether it is the one that is tried), and the names
    of the first items under this one. ``number``: of these items."""

    groups: list[tuple[str, int, bool]]
    names: list[str]
    number: int


def life_events() -> list[LifeEvent]:
    """All, in their order, those of people first."""
    return _in_order(LifeEvent.objects.all())


def event_with_id(event_id: UUID) -> LifeEvent:
    found = LifeEvent.objects.filter(pk=event_id).first()
    if found is None:
        raise NotFound("没有这件事。")
    return found


def event_lines() -> list[EventLine]:
    """All events with their numbers of items: two queries."""
    numbers = _numbers()
    return [EventLine(event, numbers[event.code]) for event in life_events()]


def trial_of_event(event: LifeEvent | None, *, name: str, whom: str) -> EventTrial:
    """What citizens would see if the event (None: a new one) were in use under this name and for these people."""
    numbers = _numbers()
    code = event.code if event else ""
    tried = LifeEvent(code=code, name=name, whom=whom, place=event.place if event else _LAST)
    others = LifeEvent.objects.filter(retired_at=None).exclude(code=code)
    shown = [
        (one.name, numbers[one.code], one is tried)
        for one in _in_order([*others, tried])
        if numbers[one.code] or one is tried
    ]
    names = _standing(code).order_by("name").values_list("name", flat=True)[:_MOST_NAMED] if code else []
    return EventTrial(shown, list(names), numbers[code])


def _in_order(events: Iterable[LifeEvent]) -> list[LifeEvent]:
    return sorted(events, key=lambda one: (one.whom == Whom.BODY, one.place, one.code))


def _found() -> QuerySet[ItemVersion]:
    return items_valid_at(timezone.now()).filter(item__item_type__in=APPLIED, is_complete=True)


def _standing(code: str) -> QuerySet[ItemVersion]:
    return _found().filter(facets__contains=[facet_key(Facet.LIFE_EVENT, code)])


def _numbers() -> Counter[str]:
    """By code; one query."""
    before = facet_key(Facet.LIFE_EVENT, "")
    found = _found().values_list("facets", flat=True)
    return Counter(one.removeprefix(before) for facets in found for one in facets if one.startswith(before))
