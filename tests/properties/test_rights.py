"""The rights against a tiny model of them: a random person, a random object, one sentence a reach."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4, uuid5

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foundation import schemas
from province.content.models import Manuscript
from province.content.queries.desks import may_at_desk
from province.content.queries.manuscripts import manuscripts_at_desk
from province.halls.models import Hall
from province.people.models import Account, OwnRole, Position, Unit
from province.people.queries.actors import actor_of
from province.rights.actors import Actor
from province.rights.queries import may, units_within_reach, within_reach
from province.rights.roles import Reach
from tenants.portal.models import Article, Column
from tenants.portal.queries.access import articles_of, may_over
from tenants.shell.slots import Desk
from tests.factories.people import account

pytestmark = pytest.mark.django_db

SPACE = UUID(int=7)
# the halls of the cast: (slug, prefix), and the province's own offices
PLACES = (("north", "420582"), ("south", "420583"), ("village", "420582103200"), ("", ""))
UNITS = ("", "a", "a/b", "a/b/c", "d")
PEOPLE = ("sun", "wu", "zhou")
WRITES = "portal.write"
PERMISSIONS = ("content.read", "content.push", "people.manage", WRITES)


@dataclass(frozen=True)
class Held:
    """A position of the person, as the model knows it."""

    permissions: frozenset[str]
    place: tuple[str, str]
    reach: Reach
    unit: str


@dataclass(frozen=True)
class Thing:
    """Something in a hall (or of the province), perhaps of a unit, perhaps of somebody."""

    place: tuple[str, str]
    unit: str
    owner: str


def fits(held: Held) -> bool:
    """Positions that cannot be had are none of the model's."""
    is_province = not held.place[0]
    if held.reach is Reach.UNIT:
        return bool(held.unit)
    return is_province == (held.reach is Reach.PROVINCE) or held.reach is Reach.OWN


positions = st.builds(
    Held,
    st.frozensets(st.sampled_from(PERMISSIONS), min_size=1),
    st.sampled_from(PLACES),
    st.sampled_from(list(Reach)),
    st.sampled_from(UNITS),
).filter(fits)
things = st.builds(Thing, st.sampled_from(PLACES), st.sampled_from(UNITS), st.sampled_from(PEOPLE))


def reaches(person: str, held: Held, thing: Thing) -> bool:
    """The rule, in words: everything; one's hall and below; one's hall; one's unit and below; one's own."""
    (here, prefix), (there, thing_prefix) = held.place, thing.place
    is_below = bool(prefix) and thing_prefix.startswith(prefix)
    match held.reach:
        case Reach.PROVINCE:
            return True
        case Reach.SUBTREE:
            return is_below
        case Reach.HALL:
            return bool(here) and here == there
        case Reach.UNIT:
            return here == there and f"{thing.unit}/".startswith(f"{held.unit}/")
        case Reach.OWN:
            # what belongs to no hall goes along with its owner
            return thing.owner == person and (not here or there in {"", here})


class TestMay:
    @given(
        person=st.sampled_from(PEOPLE),
        held=st.lists(positions, max_size=3, unique=True),
        things=st.lists(things, min_size=1, max_size=6),
        permission=st.sampled_from(PERMISSIONS),
        is_open=st.booleans(),
    )
    @settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_agrees_with_the_model_in_python_and_in_the_database(
        self, person: str, held: list[Held], things: list[Thing], permission: str, *, is_open: bool
    ) -> None:
        with transaction.atomic():
            _check(person, held, things, permission, is_open=is_open)
            transaction.set_rollback(True)


def _check(person: str, held: list[Held], things: list[Thing], permission: str, *, is_open: bool) -> None:
    hall_ids = _hall_ids()
    units = _make_units(hall_ids)
    Position.objects.all().delete()
    Account.objects.filter(username=person).update(is_active=is_open)
    who = account(person)
    for one in held:
        _make_position(who, one, units, hall_ids)
    by = actor_of(who)
    # things as rows of a table that has a hall, a prefix, a unit and an owner
    rows = {thing: _make_thing(thing, units, hall_ids) for thing in things}
    found = set(
        Position.objects.filter(
            within_reach(by, permission, hall="hall_id", prefix="reach_prefix", unit="unit_id", owner="account_id"),
            pk__in=[row.pk for row in rows.values()],
        ).values_list("pk", flat=True)
    )
    for thing, row in rows.items():
        meant = is_open and any(permission in one.permissions and reaches(person, one, thing) for one in held)
        assert _may(by, permission, row) is meant, (held, thing)
        assert (row.pk in found) is meant, (held, thing)
    for hall_id in filter(None, hall_ids.values()):
        allowed = units_within_reach(by, permission, hall_id=hall_id)
        for unit_id in (None, *Unit.objects.values_list("pk", flat=True)):
            meant = may(by, permission, hall_id=hall_id, unit_id=unit_id)
            assert (allowed is None or unit_id in allowed) is meant, (held, unit_id)


def _may(by: Actor, permission: str, row: Position) -> bool:
    return may(
        by,
        permission,
        hall_id=row.hall_id,
        prefix=row.reach_prefix or None,
        unit_id=row.unit_id,
        owner_id=row.account_id,
    )


# a village has no desk
DESKS = {"north": "420582", "south": "420583", "": "42"}
texts = st.builds(
    Thing,
    st.sampled_from([place for place in PLACES if place[0] in DESKS]),
    st.sampled_from(UNITS),
    st.sampled_from(PEOPLE),
)


def reaches_text(person: str, held: Held, text: Thing) -> bool:
    """The rule of ``reaches`` for manuscripts: a desk's place is its prefix, and one's own stays where one works."""
    (here, prefix), (there, _) = held.place, text.place
    match held.reach:
        case Reach.SUBTREE:
            return bool(prefix) and DESKS[there].startswith(prefix)
        case Reach.HALL:
            return bool(here) and here == there
        case Reach.OWN:
            return text.owner == person and (not here or here == there)
        case _:
            return reaches(person, held, text)


class TestMayAtDesk:
    @given(
        person=st.sampled_from(PEOPLE),
        held=st.lists(positions, max_size=3, unique=True),
        texts=st.lists(texts, min_size=1, max_size=6),
        at=st.sampled_from(["north", "south"]),
    )
    @settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_agrees_with_the_model_over_manuscripts_and_articles(
        self, person: str, held: list[Held], texts: list[Thing], at: str
    ) -> None:
        with transaction.atomic():
            _check_texts(person, held, texts, at)
            transaction.set_rollback(True)


def _check_texts(person: str, held: list[Held], texts: list[Thing], at: str) -> None:
    hall_ids = _hall_ids()
    units = _make_units(hall_ids)
    Position.objects.all().delete()
    who = account(person)
    for one in held:
        _make_position(who, one, units, hall_ids)
    by = actor_of(who)
    manuscripts = {
        text: Manuscript.objects.create(desk_prefix=DESKS[text.place[0]], **_whose(text, units)) for text in texts
    }
    found = {row.pk for row in manuscripts_at_desk(by)}
    for text, row in manuscripts.items():
        meant = any("content.read" in one.permissions and reaches_text(person, one, text) for one in held)
        assert may_at_desk(by, "content.read", row) is meant, (held, text)
        assert (row.pk in found) is meant, (held, text)
    _check_articles(by, held, person, [text for text in texts if text.place[0] == at], units, at)


def _check_articles(
    by: Actor, held: list[Held], person: str, texts: list[Thing], units: dict[tuple[str, str], Unit], at: str
) -> None:
    """Those of one hall. A hall above reaches its texts at the desk of its own, not at this hall's."""
    hall = Hall.objects.get(slug=at)
    with schemas.enter(hall.schema_name):
        column = Column.objects.create(code="reach", name="范围")
        articles = {text: Article.objects.create(column=column, **_whose(text, units)) for text in texts}
        found = set(articles_of(Desk(by, hall)).values_list("pk", flat=True))
        for text, row in articles.items():
            meant = any(
                WRITES in one.permissions
                and (one.reach is Reach.PROVINCE or one.place[0] == at or (one.reach is Reach.OWN and not one.place[0]))
                and (one.reach is Reach.SUBTREE or reaches_text(person, one, text))
                for one in held
            )
            assert may_over(by, WRITES, hall, row) is meant, (held, text)
            assert (row.pk in found) is meant, (held, text)


def _whose(text: Thing, units: dict[tuple[str, str], Unit]) -> dict[str, Any]:
    unit = units.get((text.place[0], text.unit))
    return {"title": "稿", "owner_id": account(text.owner).pk, "unit_id": unit.pk if unit else None}


def _hall_ids() -> dict[str, UUID | None]:
    return {"": None, **dict(Hall.objects.values_list("slug", "pk"))}


def _make_units(hall_ids: dict[str, UUID | None]) -> dict[tuple[str, str], Unit]:
    """Make one little tree of departments, of equal shape, in every place."""

    def id_of(slug: str, path: str) -> UUID:
        return uuid5(SPACE, f"{slug}:{path}")

    def above(path: str) -> list[str]:
        parts = path.split("/")
        return ["/".join(parts[:length]) for length in range(1, len(parts))]

    made = {
        (slug, path): Unit(
            id=id_of(slug, path),
            hall_id=hall_ids[slug],
            parent_id=id_of(slug, above(path)[-1]) if above(path) else None,
            name=path,
            ancestors=[id_of(slug, one) for one in above(path)],
        )
        for slug, _ in PLACES
        for path in UNITS[1:]
    }
    Unit.objects.bulk_create(made.values())
    return made


def _make_position(
    who: Account, held: Held, units: dict[tuple[str, str], Unit], hall_ids: dict[str, UUID | None]
) -> Position:
    slug, prefix = held.place
    role = OwnRole.objects.create(name=uuid4().hex[:24], permissions=sorted(held.permissions))
    return Position.objects.create(
        account=who,
        own_role=role,
        hall_id=hall_ids[slug],
        reach_prefix=prefix,
        reach=held.reach,
        unit=units.get((slug, held.unit)),
    )


def _make_thing(thing: Thing, units: dict[tuple[str, str], Unit], hall_ids: dict[str, UUID | None]) -> Position:
    """A row to be reached: another position, which gives nobody anything (its role is empty)."""
    slug, prefix = thing.place
    nothing = OwnRole.objects.create(name=uuid4().hex[:24], permissions=[])
    return Position.objects.create(
        account=account(thing.owner),
        own_role=nothing,
        hall_id=hall_ids[slug],
        reach_prefix=prefix,
        reach=Reach.HALL,
        unit=units.get((slug, thing.unit)),
    )
