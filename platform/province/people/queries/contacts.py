"""Colleagues and how to reach them (通讯录、名片)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from foundation.errors import NotFound
from foundation.tokenizing import sounds_of
from province.halls.queries.halls import prefix_of_hall
from province.people.models import Account, ContactCard, Position
from province.people.queries.places import hall_names
from province.people.queries.units import unit_paths
from province.rights.actors import Actor
from province.rights.queries import may


@dataclass(frozen=True, slots=True)
class Duty:
    """One position, as colleagues see it. ``unit``: 政务科/受理组, or ""; ``title`` may be ""."""

    place: str
    unit: str
    title: str
    role: str


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person's card. ``mobile``: whole where its owner shows it, else masked; "" where there is none."""

    id: UUID
    name: str
    duties: Sequence[Duty]
    office_phone: str
    room: str
    mobile: str
    is_mobile_whole: bool


def own_places(by: Actor) -> dict[UUID | None, str]:
    """The halls of the actor's positions, and (None) the province's offices: id -> name."""
    hall_ids = {grant.hall_id for grant in by.grants}
    names = hall_names(Position(hall_id=hall_id) for hall_id in hall_ids)
    return {hall_id: names.get(hall_id, "") for hall_id in sorted(hall_ids, key=lambda one: (one is not None, one))}


def colleagues_at(by: Actor, hall_id: UUID | None, *, search: str = "", unit_id: UUID | None = None) -> list[Colleague]:
    """Who works there, by department and name: the people of one's own hall, or of one within one's reach.

    ``search``: part of a name, of its pinyin or its first letters, of a department, position or office phone;
    ``unit_id``: that department and those below it. Raises NotFound for a hall where the actor knows nobody.
    """
    if not _knows(by, hall_id):
        raise NotFound("没有这个服务厅，或者您在那里没有岗位。")
    positions = _positions().filter(hall_id=hall_id)
    if unit_id:
        positions = positions.filter(Q(unit_id=unit_id) | Q(unit__ancestors__contains=[unit_id]))
    found = _cards(by, positions.order_by("unit__order", "unit_id", "account__name", "pk"))
    words = search.split()
    return [one for one in found if all(_is_meant(one, word.lower()) for word in words)]


def colleague(by: Actor, account_id: UUID) -> Colleague:
    """The person's card with all their positions. Raises NotFound for a person who works nowhere where the actor knows
    people."""
    positions = list(_positions().filter(account_id=account_id).order_by("pk"))
    if account_id != by.id and not any(_knows(by, hall_id) for hall_id in {position.hall_id for position in positions}):
        raise NotFound("没有这位同事。")
    return next(iter(_cards(by, positions)), None) or _without_position(account_id)


def card_of(account: Account) -> ContactCard:
    """The card as its owner wrote it, or an empty one."""
    return ContactCard.objects.filter(account=account).first() or ContactCard(account=account)


def _positions() -> QuerySet[Position]:
    positions = Position.objects.filter(account__is_active=True)
    return positions.select_related("account__card", "own_role", "unit")


def _knows(by: Actor, hall_id: UUID | None) -> bool:
    if any(grant.hall_id == hall_id for grant in by.grants):
        return True
    return may(by, "people.read", hall_id=hall_id, prefix=prefix_of_hall(hall_id) or None)


def _cards(by: Actor, positions: Iterable[Position]) -> list[Colleague]:
    held: dict[UUID, list[Position]] = {}
    for position in positions:
        held.setdefault(position.account_id, []).append(position)
    everything = [position for some in held.values() for position in some]
    names = hall_names(everything)
    paths: dict[UUID, str] = {}
    for hall_id in {position.hall_id for position in everything if position.unit_id}:
        paths |= unit_paths(hall_id)
    return [
        _card(
            by,
            some[0].account,
            [
                Duty(
                    names.get(position.hall_id, ""),
                    paths.get(position.unit_id or UUID(int=0), ""),
                    position.title,
                    position.role_name,
                )
                for position in some
            ],
        )
        for some in held.values()
    ]


def _without_position(account_id: UUID) -> Colleague:
    account = Account.objects.select_related("card").get(pk=account_id)
    return _card(Actor(account.pk, account.name, ()), account, [])


def _card(by: Actor, account: Account, duties: Sequence[Duty]) -> Colleague:
    card = getattr(account, "card", None) or ContactCard(account=account)
    is_whole = card.shows_mobile or account.pk == by.id
    mobile = card.mobile.plain if is_whole else card.mobile.masked
    return Colleague(account.pk, account.name, duties, card.office_phone, card.room, mobile, is_whole)


def _is_meant(one: Colleague, word: str) -> bool:
    full, first = sounds_of(one.name)
    texts = [one.name, one.office_phone, *(text for duty in one.duties for text in (duty.unit, duty.title, duty.role))]
    return full.startswith(word) or first.startswith(word) or any(word in text.lower() for text in texts)
