"""What somebody is responsible for, everywhere: it goes to a successor when they leave."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from foundation.contributions import Slot
from foundation.errors import NotFound
from foundation.outbox.models import OutboxEvent
from province.identity.models import Account, Actor, OpenWork
from province.identity.queries.rights import system_actor

# an event each: payload {"from": id, "to": id, "by": id or null}, subject the one who leaves. The second is the hall's,
# for every hall where the person has a post or something open
HANDED_OVER, HANDED_OVER_IN_HALL = "identity.handed_over", "identity.handed_over_in_hall"


@dataclass(frozen=True, slots=True)
class ProvinceWork:
    """Work that lies at the province: how much of it somebody (by the account's id) is responsible for."""

    label: str
    count: Callable[[UUID], int]


WORK = Slot[ProvinceWork]("identity.work", keys=lambda work: [work.label])


@dataclass(frozen=True, slots=True)
class HallWork:
    """What a hall's open work of this kind (``OpenWork.kind``) is called."""

    kind: str
    label: str


HALL_WORK = Slot[HallWork]("identity.hall_work", keys=lambda work: [work.kind])


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


def halls_with_work(account: Account) -> set[UUID]:
    """Where the person has a post or something open."""
    halls = {hall_id for hall_id in account.posts.values_list("hall_id", flat=True) if hall_id}
    return halls | set(OpenWork.objects.filter(owner_id=account.pk).values_list("hall_id", flat=True).distinct())


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
    """The last one, None where there was none."""
    events = OutboxEvent.objects.filter(kind__in=[HANDED_OVER, HANDED_OVER_IN_HALL], subject_id=account.pk)
    latest = events.filter(kind=HANDED_OVER).order_by("-created_at", "-pk").first()
    if latest is None:
        return None
    states = list(events.filter(created_at__gte=latest.created_at).values_list("state", flat=True))
    return HandOver(
        Account.objects.get(pk=latest.payload["to"]),
        states.count(OutboxEvent.State.WAITING),
        states.count(OutboxEvent.State.DEAD),
    )


def parties_of(event: OutboxEvent) -> tuple[Account, Account]:
    """Who leaves, and who takes over by now: where the successor of that time has left, too, the successor's. Raises
    NotFound."""
    to, since = event.payload["to"], event.created_at
    while later := (
        OutboxEvent.objects.filter(kind=HANDED_OVER, subject_id=to, created_at__gt=since).order_by("created_at").first()
    ):
        to, since = later.payload["to"], later.created_at
    return _account(event.payload["from"]), _account(to)


def orderer_of(event: OutboxEvent) -> Actor:
    """Who ordered it, for the audit."""
    if event.payload["by"] is None:
        return system_actor()
    account = _account(event.payload["by"])
    return Actor(account.pk, account.name, ())


def _account(account_id: str) -> Account:
    found = Account.objects.filter(pk=account_id).first()
    if found is None:
        raise NotFound("没有这个账号。")
    return found
