"""What places handed down to the halls below them, and how far it has come."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from foundation.errors import NotFound
from foundation.events.models import Event, EventDelivery
from foundation.events.queries import has_delivery
from province.catalogue.events import ITEMS_ASSIGNED
from province.catalogue.models import Assignment, HallItem
from province.catalogue.queries.misfits import Misfit, misfits_of
from province.halls.models import Hall, HallKind
from province.halls.states import HallState
from province.rights.actors import Actor
from province.rights.queries import works_at

# failed halls that a page names
_LISTED = 200
_State = EventDelivery.State


def halls_below(prefix: str, kinds: Collection[str]) -> QuerySet[Hall]:
    """The halls of these kinds below the place, without its own; retired ones are gone."""
    below = Hall.objects.filter(division__code__startswith=prefix, kind__in=kinds)
    return below.exclude(division__code=prefix.ljust(12, "0")).exclude(state=HallState.RETIRED).order_by("number")


def assignments_of(prefix: str) -> QuerySet[Assignment]:
    """What this place handed down, the latest first; without the copies of its hall guides."""
    return Assignment.objects.filter(prefix=prefix).defer("hall_guides").order_by("-created_at", "-pk")


def item_ids_handed_down(hall: Hall) -> set[UUID]:
    """The items that places above want this hall to have, by assignments that have not ended."""
    return {item_id for item_ids in _orders_to(hall).values_list("item_ids", flat=True) for item_id in item_ids}


def hall_guides_handed_down(hall: Hall) -> dict[str, Any]:
    """By the item's id, the guides with which such assignments let the hall begin; of several the latest counts."""
    found: dict[str, Any] = {}
    for hall_guides in _orders_to(hall).order_by("created_at", "pk").values_list("hall_guides", flat=True):
        found |= hall_guides
    return found


def _orders_to(hall: Hall) -> QuerySet[Assignment]:
    meant = Q(hall_ids=[]) | Q(hall_ids__contains=[hall.pk])
    return Assignment.objects.filter(meant, prefix__in=hall.prefixes[:-1], kinds__contains=[hall.kind], ended_at=None)


def assignment_in_reach(by: Actor, assignment_id: UUID) -> Assignment:
    """The assignment. Raises NotFound for another place's."""
    found = Assignment.objects.filter(pk=assignment_id).first()
    if found is None or not works_at(by, "catalogue.assign", prefix=found.prefix):
        raise NotFound("没有这次下发。")
    return found


@dataclass(frozen=True, slots=True)
class AssignmentProgress:
    """How many of the halls have adopted the items, wait for it, or could not."""

    done: int
    waiting: int
    failed: int

    @property
    def halls(self) -> int:
        return self.done + self.waiting + self.failed

    @property
    def percent(self) -> int:
        return 100 * self.done // self.halls if self.halls else 100


@dataclass(frozen=True, slots=True)
class AssignmentFailure:
    """A hall that could not adopt the items so far; ``is_over``: it is not asked again by itself."""

    hall_name: str
    reason: str
    attempts: int
    is_over: bool


@dataclass(frozen=True, slots=True)
class AssignmentPreview:
    """What a hand-down would come to. ``known``: pairs of hall and item that are there already; ``misfits``: items that
    halls do not exercise by their level."""

    items: int
    halls_by_kind: dict[str, int]
    known: int
    misfits: tuple[Misfit, ...] = ()

    @property
    def halls(self) -> int:
        return sum(self.halls_by_kind.values())

    @property
    def pairs(self) -> int:
        return self.halls * self.items

    @property
    def new(self) -> int:
        return self.pairs - self.known


def halls_meant(prefix: str, kinds: Collection[str], hall_ids: Collection[UUID] = ()) -> QuerySet[Hall]:
    """The halls below the place that are chosen one by one, or else all of these kinds."""
    if hall_ids:
        return halls_below(prefix, HallKind.values).filter(pk__in=hall_ids)
    return halls_below(prefix, kinds)


def preview_assignment(
    prefix: str,
    kinds: Collection[str],
    item_ids: Collection[UUID],
    *,
    hall_ids: Collection[UUID] = (),
    with_agency: Collection[UUID] = (),
) -> AssignmentPreview:
    """What handing these items down would come to: three queries. ``with_agency``: as for ``misfits_of``."""
    halls = list(halls_meant(prefix, kinds, hall_ids).values_list("pk", "kind", "short_name"))
    known = HallItem.objects.filter(hall_id__in=[pk for pk, _, _ in halls], item__in=item_ids).count()
    counts = Counter(kind for _, kind, _ in halls)
    by_kind: dict[str, int] = {kind: counts[kind] for kind in HallKind if counts[kind]}
    misfits = misfits_of([(kind, name) for _, kind, name in halls], item_ids, with_agency)
    return AssignmentPreview(len(item_ids), by_kind, known, tuple(misfits))


def kinds_below(prefix: str) -> list[tuple[HallKind, int]]:
    """Which kinds of halls there are below the place, and how many of each."""
    halls = halls_below(prefix, HallKind.values).order_by().values_list("kind").annotate(number=Count("pk"))
    found = dict(halls)
    return [(kind, found[kind]) for kind in HallKind if kind in found]


def failed_deliveries(assignment: Assignment) -> QuerySet[EventDelivery]:
    """The deliveries of halls that could not adopt the items: given up, or to be repeated later."""
    deliveries = EventDelivery.objects.filter(event__kind=ITEMS_ASSIGNED.name, event__subject_id=assignment.pk)
    is_tried = Q(state=_State.WAITING, attempts__gt=0)
    return deliveries.filter(Q(state=_State.DEAD) | is_tried)


def failures_of(assignment: Assignment) -> list[AssignmentFailure]:
    """The halls that could not adopt the items, at most ``_LISTED``: two queries."""
    failed = list(failed_deliveries(assignment).select_related("event").order_by("state", "pk")[:_LISTED])
    halls = Hall.objects.filter(pk__in=[delivery.event.hall_id for delivery in failed])
    names: dict[UUID | None, str] = dict(halls.values_list("pk", "short_name"))
    return [
        AssignmentFailure(
            names.get(delivery.event.hall_id, ""),
            _reason(delivery.last_error),
            delivery.attempts,
            delivery.state == _State.DEAD,
        )
        for delivery in failed
    ]


def progress_of(assignment: Assignment) -> AssignmentProgress:
    return progress_by_assignment([assignment])[assignment.pk]


def progress_by_assignment(assignments: Collection[Assignment]) -> dict[UUID, AssignmentProgress]:
    """How far each of the assignments has come: one query."""
    wanted = [one.pk for one in assignments]
    events = Event.objects.filter(kind=ITEMS_ASSIGNED.name, subject_id__in=wanted).order_by()
    is_dead, is_waiting = Q(has_delivery(_State.DEAD)), Q(has_delivery(_State.WAITING))
    counts = {
        "done": Count("pk", filter=~is_dead & ~is_waiting),
        "waiting": Count("pk", filter=is_waiting & ~is_dead),
        "failed": Count("pk", filter=is_dead),
    }
    rows = events.values("subject_id").annotate(**counts).values_list("subject_id", *counts)
    found = {assignment_id: AssignmentProgress(*figures) for assignment_id, *figures in rows}
    return {pk: found.get(pk, AssignmentProgress(0, 0, 0)) for pk in wanted}


def _reason(error: str) -> str:
    """The reason as people can read it: our own refusals are in Chinese, a machine's are not for them."""
    words = error.partition(": ")[2]
    return words[:200] if any("\u4e00" <= sign <= "\u9fff" for sign in words) else "服务厅暂时写不进去"
