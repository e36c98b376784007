"""How far a grant reaches, the same in Python and in SQL; who may do what and why; looking around as somebody else."""

from itertools import product
from uuid import UUID, uuid4

import pytest
from django.test import Client

from foundation.errors import Conflict, NotAllowed, NotFound
from province.audit.models import AuditEntry
from province.halls.models import Hall
from province.people.models import Position
from province.people.operations.accounts import close_account
from province.people.operations.positions import give_position
from province.people.operations.previews import start_preview
from province.people.operations.substitutes import name_substitute
from province.people.queries.people import account_in_sight, people_table, rights_of, who_may
from province.rights.actors import Actor, Grant
from province.rights.queries import may, system_actor, within_reach
from province.rights.roles import Reach, Role
from tenants.portal.states import ArticleState
from tests.conftest import person
from tests.factories.people import account, client_of, make_unit, position_of
from tests.factories.sites import inside, make_article, make_columns

ME, SOMEBODY = uuid4(), uuid4()
HALL, OTHER = uuid4(), uuid4()
UNIT, BELOW, BESIDE = uuid4(), uuid4(), uuid4()


def actor(reach: Reach, *, hall_id: UUID | None = HALL, prefix: str = "420582") -> Actor:
    grant = Grant(
        frozenset({"content.read"}),
        hall_id,
        prefix,
        reach,
        unit_ids=frozenset({UNIT, BELOW}),
        owner_id=ME,
    )
    return Actor(ME, "某", (grant,))


class TestReach:
    @pytest.mark.parametrize(
        ("reach", "where", "is_within"),
        [
            (Reach.PROVINCE, {}, True),
            (Reach.PROVINCE, {"hall_id": OTHER, "prefix": "99"}, True),
            (Reach.SUBTREE, {}, False),
            (Reach.SUBTREE, {"hall_id": HALL}, True),
            (Reach.SUBTREE, {"hall_id": OTHER}, False),
            (Reach.SUBTREE, {"prefix": "420582103"}, True),
            (Reach.SUBTREE, {"prefix": "4205"}, False),
            (Reach.SUBTREE, {"hall_id": OTHER, "prefix": "420582103"}, True),
            (Reach.HALL, {"hall_id": HALL}, True),
            (Reach.HALL, {"prefix": "420582"}, True),
            (Reach.HALL, {"prefix": "420582103"}, False),
            (Reach.HALL, {}, False),
            (Reach.UNIT, {"unit_id": BELOW}, True),
            (Reach.UNIT, {"unit_id": BESIDE}, False),
            (Reach.UNIT, {"hall_id": HALL}, False),
            (Reach.UNIT, {"hall_id": OTHER, "unit_id": UNIT}, False),
            (Reach.OWN, {"owner_id": ME}, True),
            (Reach.OWN, {"owner_id": SOMEBODY}, False),
            (Reach.OWN, {"hall_id": OTHER, "owner_id": ME}, False),
            (Reach.OWN, {"hall_id": HALL, "prefix": "420582", "owner_id": ME}, True),
            (Reach.OWN, {}, False),
        ],
    )
    def test_covers(self, reach: Reach, where: dict[str, object], *, is_within: bool) -> None:
        assert may(actor(reach), "content.read", **where) is is_within  # type: ignore[arg-type]

    def test_gives_no_other_permission(self) -> None:
        assert not may(actor(Reach.PROVINCE), "content.write")

    def test_of_nobodys_prefix_is_nothing(self) -> None:
        """A position whose hall is not known yet must not reach the whole province."""
        for reach in (Reach.SUBTREE, Reach.HALL):
            assert not may(actor(reach, prefix=""), "content.read", prefix="420582")

    @pytest.mark.django_db
    @pytest.mark.parametrize("reach", list(Reach))
    def test_is_the_same_as_a_filter(self, reach: Reach, north: Hall, south: Hall) -> None:
        for username, hall, prefix in (("sun", north, "420582"), ("zhou", south, "420583"), ("wu", None, "")):
            for place in (hall, Hall.objects.get(slug="village")):
                Position.objects.create(
                    account=account(username),
                    role=Role.EDITOR,
                    hall_id=place.pk if place else None,
                    reach_prefix=place.division.prefix if place else prefix,
                    unit=make_unit(f"{username}科", hall=place) if place else None,
                )
        unit = Position.objects.exclude(unit=None).filter(hall_id=north.pk).get().unit
        assert unit
        for hall_id, prefix in ((north.pk, "420582"), (None, "")):
            if (hall_id is None) != (reach is Reach.PROVINCE) and reach in {Reach.HALL, Reach.SUBTREE, Reach.PROVINCE}:
                continue
            grant = Grant(
                frozenset({"people.read"}),
                hall_id,
                prefix,
                reach,
                unit_ids=frozenset({unit.pk}),
                owner_id=account("sun").pk,
            )
            by = Actor(ME, "某", (grant,))
            found = Position.objects.filter(
                within_reach(
                    by, "people.read", hall="hall_id", prefix="reach_prefix", unit="unit_id", owner="account_id"
                )
            )
            meant = {
                position.pk
                for position in Position.objects.all()
                if may(
                    by,
                    "people.read",
                    hall_id=position.hall_id,
                    prefix=position.reach_prefix,
                    unit_id=position.unit_id,
                    owner_id=position.account_id,
                )
            }
            assert set(found.values_list("pk", flat=True)) == meant


@pytest.mark.django_db
class TestReviewers:
    @pytest.mark.parametrize(("username", "step"), [("lu", "first"), ("ma", "second"), ("fang", "final")])
    def test_give_their_own_review_alone(self, username: str, step: str) -> None:
        for other in ("first", "second", "final"):
            assert may(person(username), f"content.review.{other}") is (other == step)
        assert not may(person(username), "content.review")


@pytest.mark.django_db
class TestRightsOf:
    def test_says_by_which_position(self, north: Hall) -> None:
        rights = {one.permission.name: one.grants for one in rights_of(account("sun"))}
        ((grant, whose),) = rights["content.push"]
        assert (grant.role, grant.hall_id, grant.reach, whose) == ("服务厅编辑", north.pk, Reach.SUBTREE, "")
        assert "halls.manage" not in rights

    def test_agrees_with_may(self, north: Hall) -> None:
        for username in ("zhao", "sun", "he", "hua", "jiang", "xu", "an", "ji", "lu", "wu"):
            names = {one.permission.name for one in rights_of(account(username))}
            by = person(username)
            place = {"hall_id": by.grants[0].hall_id} if by.grants else {}
            assert names == {
                name
                for name in system_actor().grants[0].permissions
                if may(by, name, **place)  # type: ignore[arg-type]
            }

    def test_names_whom_somebody_stands_in_for(self) -> None:
        position = position_of("sun")
        day = position.created_at.date()
        name_substitute(
            by=person("sun"), position=position, substitute=account("hua"), from_on=day, to_on=day.replace(year=2099)
        )
        rights = {one.permission.name: one.grants for one in rights_of(account("hua"))}
        assert [whose for _, whose in rights["content.push"]] == ["孙北"]
        assert [whose for _, whose in rights["content.read"]] == ["", "孙北"] or len(rights["content.read"]) == 2

    def test_of_a_closed_account_are_none(self) -> None:
        close_account(by=person("zhao"), account=account("sun"))
        assert rights_of(account("sun")) == []


@pytest.mark.django_db
class TestWhoMay:
    def names(self, **asked: object) -> set[str]:
        return {position.account.username for position in who_may(by=person("zhao"), **asked)}  # type: ignore[arg-type]

    def test_finds_all_who_may_and_nobody_else(self, north: Hall, south: Hall) -> None:
        village = Hall.objects.get(slug="village")
        everybody = list(people_table(by=person("zhao")))
        for permission, hall in product(
            ("content.push", "citizens.check", "audit.read", "rights.grant"), (north, south, village)
        ):
            prefix = hall.division.prefix
            meant = {
                one.username
                for one in everybody
                if may(person(one.username), permission, hall_id=hall.pk, prefix=prefix)
            }
            assert self.names(permission=permission, hall_id=hall.pk, prefix=prefix) == meant, (permission, hall)

    def test_counts_nobody_whose_account_is_closed(self, north: Hall) -> None:
        close_account(by=person("zhao"), account=account("sun"))
        assert "sun" not in self.names(permission="content.push", hall_id=north.pk, prefix="420582")

    def test_shows_a_halls_administrator_those_in_reach(self, north: Hall) -> None:
        found = who_may(by=person("he"), permission="content.push", hall_id=north.pk, prefix="420582")
        assert {position.account.username for position in found} == {"sun", "li", "he"}

    def test_knows_no_undeclared_permission(self) -> None:
        with pytest.raises(LookupError):
            self.names(permission="content.burn")


@pytest.mark.django_db
class TestPeopleInSight:
    def test_are_those_of_the_hall_and_below(self) -> None:
        seen = {one.username for one in people_table(by=person("he"))}
        assert seen == {"sun", "li", "he", "hua", "cao", "tao", "jiang"}
        for username in ("zhou", "zhao", "wu"):
            with pytest.raises(NotFound):
                account_in_sight(person("he"), account(username).pk)

    def test_are_nobody_without_the_permission(self) -> None:
        assert not people_table(by=person("sun")).exists()


@pytest.mark.django_db
class TestStartPreview:
    def test_is_for_people_within_reach(self, south: Hall) -> None:
        start_preview(by=person("he"), account=account("sun"))
        start_preview(by=person("zhao"), account=account("qian"))
        for by, seen in (("he", "zhou"), ("he", "zhao"), ("sun", "li"), ("he", "wu"), ("wu", "sun")):
            with pytest.raises(NotAllowed):
                start_preview(by=person(by), account=account(seen))

    def test_reaches_nobody_with_another_position_elsewhere(self, south: Hall) -> None:
        give_position(
            by=person("zhao"), account=account("sun"), role=Role.EDITOR, hall_id=south.pk, reach_prefix="420583"
        )
        with pytest.raises(NotAllowed):
            start_preview(by=person("he"), account=account("sun"))

    @pytest.mark.parametrize("by", ["zhao", "an"])
    @pytest.mark.parametrize("seen", ["xu", "an", "ji"])
    def test_is_never_of_the_three_administrators(self, by: str, seen: str) -> None:
        with pytest.raises(NotAllowed, match=r"管理员|自己"):
            start_preview(by=person(by), account=account(seen))

    def test_is_not_of_oneself_and_of_no_closed_account(self) -> None:
        with pytest.raises(NotAllowed, match="自己"):
            start_preview(by=person("zhao"), account=account("zhao"))
        close_account(by=person("zhao"), account=account("sun"))
        with pytest.raises(Conflict, match="已停用"):
            start_preview(by=person("zhao"), account=account("sun"))


def looking_as(username: str, by: str = "zhao", host: str = "yizhan.localhost") -> Client:
    client = client_of(by, host)
    assert client.post(f"/account/preview/{account(username).pk}/").status_code == 302
    return client


WRITES = ("post", "put", "patch", "delete")


@pytest.mark.django_db
class TestPreview:
    def test_shows_what_the_person_sees(self) -> None:
        client = looking_as("sun")
        assert client.get("/console/halls/").status_code == 403
        page = client.get("/console/manuscripts/").content.decode()
        assert "您正在以 <strong>孙北</strong> 的身份查看" in page
        assert "/console/halls/" not in page

    @pytest.mark.parametrize("method", WRITES)
    @pytest.mark.parametrize(
        "path",
        [
            "/console/manuscripts/new/",
            "/console/settings/people/new/",
            "/account/password/",
            "/account/tokens/",
            "/api/province/v1/content/manuscripts",
            "/no/such/page/",
        ],
    )
    def test_changes_nothing(self, method: str, path: str) -> None:
        client = looking_as("sun")
        before = AuditEntry.objects.count()
        answer = client.generic(method.upper(), path, "{}", content_type="application/json")
        assert answer.status_code == 403
        assert "只能看，不能办理" in (answer.json()["detail"] if path.startswith("/api/") else answer.content.decode())
        assert AuditEntry.objects.count() == before

    def test_ends_when_the_administrator_says_so(self) -> None:
        client = looking_as("sun")
        page = client.post("/account/preview/end/", follow=True).content.decode()
        assert "已结束查看" in page
        assert client.get("/console/halls/").status_code == 200
        entries = AuditEntry.objects.filter(object_id=account("sun").pk, act__contains="preview").order_by("pk")
        assert [(one.act, one.actor_id) for one in entries] == [
            ("people.start_preview", account("zhao").pk),
            ("people.end_preview", account("zhao").pk),
        ]

    def test_shows_nothing_once_the_person_is_gone(self) -> None:
        client = looking_as("sun")
        close_account(by=person("qian"), account=account("sun"))
        assert client.get("/console/manuscripts/").status_code == 403

    def test_works_at_a_halls_desk(self) -> None:
        client = looking_as("sun", by="he", host="north.yizhan.localhost")
        page = client.get("/desk/").content.decode()
        assert "您正在以 <strong>孙北</strong> 的身份查看" in page
        assert client.post("/desk/articles/new/", {"title": "不行"}).status_code == 403

    def test_is_closed_to_others(self) -> None:
        assert client_of("sun").post(f"/account/preview/{account('li').pk}/").status_code == 404
        assert client_of("he").post(f"/account/preview/{account('zhou').pk}/").status_code == 404


@pytest.mark.usefixtures("fresh_database")
class TestDatabaseInPreview:
    def test_refuses_what_a_page_writes_on_its_way(self) -> None:
        """Opening an article to edit it takes its lock: a reading request that changes a row."""
        north = Hall.objects.get(slug="north")
        make_columns(north)
        article = make_article(north, "写到一半", state=ArticleState.DRAFT)
        client = looking_as("sun", by="he", host="north.yizhan.localhost")
        answer = client.get(f"/desk/articles/{article.pk}/edit/")
        assert answer.status_code == 403
        assert "只能看，不能办理" in answer.content.decode()
        with inside(north):
            article.refresh_from_db()
        assert article.locked_by_id is None
        assert client.get(f"/desk/articles/{article.pk}/").status_code == 200
        assert client.post("/account/preview/end/").status_code == 302
        assert client_of("he", "north.yizhan.localhost").get(f"/desk/articles/{article.pk}/edit/").status_code == 200
