"""What somebody is responsible for, everywhere: it goes to a successor when they leave."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet

from foundation.contributions import Slot
from foundation.errors import NotFound
from foundation.events.kinds import ReceivedEvent
from foundation.events.models import Event, EventDelivery
from province.halls.models import Hall
from province.people.events import HANDED_OVER, HANDED_OVER_IN_HALL, HandedOver
from province.people.models import Account, OpenWork
from province.rights.actors import Actor
from province.rights.queries import system_actor


@dataclass(frozen=True, slots=True)
class ProvinceWork:
    """Work that lies at the province: how much of it somebody (by the account's id) is responsible for."""

    label: str
    count: Callable[[UUID], int]


WORK = Slot[ProvinceWork]("people.work", keys=lambda work: [work.label])
# what does not go over but ends together with the account
ENDING_WORK = Slot[ProvinceWork]("people.ending_work", keys=lambda work: [work.label])


@dataclass(frozen=True, slots=True)
class HallWork:
    """What a hall's open work of this kind (``OpenWork.kind``) is called."""

    kind: str
    label: str


HALL_WORK = Slot[HallWork]("people.hall_work", keys=lambda work: [work.kind])


@dataclass(frozen=True, slots=True)
class Work:
    """So many things of one kind."""

    label: str
    number: int


def work_of(account: Account) -> list[Work]:
    """What would go to a successor; only what there is."""
    found = [Work(one.label, one.count(account.pk)) for one in WORK.entries()]
    kinds = {one.kind: one.label for one in HALL_WORK.entries()}
    open_work = OpenWork.objects.filter(owner_id=account.pk).values_list("kind").annotate(Count("pk")).order_by("kind")
    found += [Work(kinds[kind], number) for kind, number in open_work]
    return [one for one in found if one.number]


def work_that_ends(account: Account) -> list[Work]:
    """What would go over to nobody and end with the account."""
    return [Work(one.label, one.count(account.pk)) for one in ENDING_WORK.entries()]


def halls_with_work(account: Account) -> set[UUID]:
    """Where the person has a position or something open."""
    halls = {hall_id for hall_id in account.positions.values_list("hall_id", flat=True) if hall_id}
    return halls | set(OpenWork.objects.filter(owner_id=account.pk).values_list("hall_id", flat=True).distinct())


def halls_with_open_work(kind: str, halls: QuerySet[Hall]) -> set[UUID]:
    """Ids of those of these halls in which something of this kind is open: one query, whatever their number."""
    found = OpenWork.objects.filter(kind=kind, hall_id__in=halls.values("pk"))
    return set(found.order_by().values_list("hall_id", flat=True).distinct())


@dataclass(frozen=True, slots=True)
class HandOver:
    """How far somebody's hand-over has come: ``waiting`` and ``failed`` are steps of it."""

    successor: Account
    waiting: int
    failed: int

    @property
    def is_done(self) -> bool:
        return not self.waiting and not self.failed


def hand_over_of(account: Account) -> HandOver | None:
    """The person's last hand-over, None where there was none."""
    events = Event.objects.filter(subject_id=account.pk)
    latest = events.filter(kind=HANDED_OVER.name).order_by("-created_at", "-pk").first()
    if latest is None:
        return None
    steps = events.filter(kind__in=[HANDED_OVER.name, HANDED_OVER_IN_HALL.name], created_at__gte=latest.created_at)
    states = list(EventDelivery.objects.filter(event__in=steps).values_list("state", flat=True))
    return HandOver(
        Account.objects.get(pk=HANDED_OVER.payload_of(latest).successor_id),
        states.count(EventDelivery.State.WAITING),
        states.count(EventDelivery.State.DEAD),
    )


def parties_of(event: ReceivedEvent[HandedOver]) -> tuple[Account, Account]:
    """Who leaves, and who takes over by now: where the successor of that time has left, too, the successor's. Raises
    NotFound."""
    handed_over = Event.objects.filter(kind=HANDED_OVER.name).order_by("created_at")
    to, since = event.payload.successor_id, event.created_at
    while later := handed_over.filter(subject_id=to, created_at__gt=since).first():
        to, since = HANDED_OVER.payload_of(later).successor_id, later.created_at
    return _account(event.payload.leaver_id), _account(to)


def orderer_of(event: ReceivedEvent[HandedOver]) -> Actor:
    """Who ordered the hand-over, for the audit."""
    if event.payload.ordered_by_id is None:
        return system_actor()
    account = _account(event.payload.ordered_by_id)
    return Actor(account.pk, account.name, ())


def _account(account_id: UUID) -> Account:
    found = Account.objects.filter(pk=account_id).first()
    if found is None:
        raise NotFound("没有这个账号。")
    return found
