"""Colleagues and how to reach them (通讯录、名片)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from foundation.errors import NotFound
from foundation.words import sounds_of
from province.identity.models import Account, Actor, ContactCard, Post
from province.identity.queries.places import hall_names, prefix_of_hall
from province.identity.queries.rights import may
from province.identity.queries.units import unit_paths


@dataclass(frozen=True, slots=True)
class Duty:
    """One post, as colleagues see it. ``unit``: 政务科/受理组, or ""; ``title`` may be ""."""

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
    """The halls of the actor's posts, and (None) the province's offices: id -> name."""
    hall_ids = {grant.hall_id for grant in by.grants}
    names = hall_names(Post(hall_id=hall_id) for hall_id in hall_ids)
    return {hall_id: names.get(hall_id, "") for hall_id in sorted(hall_ids, key=lambda one: (one is not None, one))}


def colleagues_at(by: Actor, hall_id: UUID | None, *, search: str = "", unit_id: UUID | None = None) -> list[Colleague]:
    """Who works there, by department and name: the people of one's own hall, or of one within one's reach.

    ``search``: part of a name, of its pinyin or its first letters, of a department, position or office phone;
    ``unit_id``: that department and those below it. Raises NotFound for a hall where the actor knows nobody.
    """
    if not _knows(by, hall_id):
        raise NotFound("没有这个服务厅，或者您在那里没有岗位。")
    posts = _posts().filter(hall_id=hall_id)
    if unit_id:
        posts = posts.filter(Q(unit_id=unit_id) | Q(unit__ancestors__contains=[unit_id]))
    found = _cards(by, posts.order_by("unit__order", "unit_id", "account__name", "pk"))
    words = search.split()
    return [one for one in found if all(_is_meant(one, word.lower()) for word in words)]


def colleague(by: Actor, account_id: UUID) -> Colleague:
    """With all their posts. Raises NotFound for a person who works nowhere where the actor knows people."""
    posts = list(_posts().filter(account_id=account_id).order_by("pk"))
    if account_id != by.id and not any(_knows(by, hall_id) for hall_id in {post.hall_id for post in posts}):
        raise NotFound("没有这位同事。")
    return next(iter(_cards(by, posts)), None) or _without_post(account_id)


def card_of(account: Account) -> ContactCard:
    """What its owner wrote, or an empty one."""
    return ContactCard.objects.filter(account=account).first() or ContactCard(account=account)


def _posts() -> QuerySet[Post]:
    posts = Post.objects.filter(account__is_active=True)
    return posts.select_related("account__card", "own_role", "unit")


def _knows(by: Actor, hall_id: UUID | None) -> bool:
    if any(grant.hall_id == hall_id for grant in by.grants):
        return True
    return may(by, "people.read", hall_id=hall_id, prefix=prefix_of_hall(hall_id) or None)


def _cards(by: Actor, posts: Iterable[Post]) -> list[Colleague]:
    held: dict[UUID, list[Post]] = {}
    for post in posts:
        held.setdefault(post.account_id, []).append(post)
    everything = [post for some in held.values() for post in some]
    names = hall_names(everything)
    paths: dict[UUID, str] = {}
    for hall_id in {post.hall_id for post in everything if post.unit_id}:
        paths |= unit_paths(hall_id)
    return [
        _card(
            by,
            some[0].account,
            [
                Duty(
                    names.get(post.hall_id, ""), paths.get(post.unit_id or UUID(int=0), ""), post.title, post.role_name
                )
                for post in some
            ],
        )
        for some in held.values()
    ]


def _without_post(account_id: UUID) -> Colleague:
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
