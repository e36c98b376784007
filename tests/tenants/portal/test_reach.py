"""Editors of a hall whose position reaches only their own articles, or those of their department."""

import json
from typing import Any

import pytest
from django.test import Client

from foundation import schemas
from foundation.errors import NotAllowed, NotFound
from province.halls.models import Hall
from province.people.models import Account, OpenWork, Position, Unit
from province.people.queries.actors import actor_of
from province.rights.roles import Reach, Role
from province.sign_in.operations.tokens import issue_token
from tenants.portal.models import Article
from tenants.portal.operations.articles import create_article, pin_article, save_article
from tenants.portal.operations.library import offer_article
from tenants.portal.operations.reviews import pass_article_review, submit_article
from tenants.portal.queries.desk import articles_at_desk
from tenants.shell.slots import Desk
from tests.conftest import person
from tests.factories.halls import make_person
from tests.factories.people import account, client_of, make_role, make_unit
from tests.factories.sites import BODY, make_columns

pytestmark = pytest.mark.django_db
HOST = "north.yizhan.localhost"
DESK = "/desk/articles/"


@pytest.fixture
def hall(north: Hall) -> Hall:
    make_columns(north)
    return north


@pytest.fixture
def office(hall: Hall) -> Unit:
    return make_unit("宣传科", hall=hall)


@pytest.fixture
def own(hall: Hall, office: Unit) -> Account:
    return make_editor("qin", Reach.OWN, hall, office)


def make_editor(username: str, reach: Reach, hall: Hall, unit: Unit | None = None, role: Role = Role.EDITOR) -> Account:
    made = make_person(username, f"编{username}")
    Position.objects.create(
        account=made, role=role, hall_id=hall.pk, reach_prefix=hall.prefixes[-1], reach=reach, unit=unit
    )
    return made


def write(hall: Hall, username: str, title: str = "便民服务进村") -> Article:
    with schemas.enter(hall.schema_name):
        return create_article(by=person(username), hall=hall, column="news", title=title, body=BODY)


def seen(hall: Hall, username: str) -> set[str]:
    with schemas.enter(hall.schema_name):
        return {row.title for row in articles_at_desk(Desk(person(username), hall))}


class TestOwn:
    def test_sees_and_changes_what_is_her_own(self, hall: Hall, own: Account, office: Unit) -> None:
        theirs, mine = write(hall, "sun", "别人的"), write(hall, "qin", "自己的")
        assert (mine.owner_id, mine.unit_id) == (own.pk, office.pk)
        assert seen(hall, "qin") == {"自己的"}
        assert seen(hall, "sun") == {"自己的", "别人的"}
        given: dict[str, Any] = {"by": person("qin"), "hall": hall}
        with schemas.enter(hall.schema_name):
            save_article(**given, article_id=mine.pk, revision=0, summary="改")
            submit_article(**given, article_id=mine.pk)
            for refused in (
                lambda: save_article(**given, article_id=theirs.pk, revision=0, summary="改"),
                lambda: submit_article(**given, article_id=theirs.pk),
                lambda: offer_article(**given, article_id=theirs.pk),
            ):
                with pytest.raises(NotFound):
                    refused()
            with pytest.raises(NotAllowed):
                pin_article(**given, article_id=mine.pk, is_pinned=True)

    def test_is_nobody_in_another_hall(self, hall: Hall, own: Account, south: Hall) -> None:
        make_columns(south)
        with pytest.raises(NotAllowed):
            write(south, "qin")
        # whatever stands there in her name by mistake
        stray = write(south, "zhou", "南边的")
        with schemas.enter(south.schema_name):
            Article.objects.filter(pk=stray.pk).update(owner_id=own.pk)
        assert seen(south, "qin") == set()

    def test_is_the_same_on_pages_and_over_the_interface(self, hall: Hall, own: Account) -> None:
        theirs, mine = write(hall, "sun", "别人的文章"), write(hall, "qin", "自己的文章")
        browser = client_of("qin", HOST)
        for path in ("/desk/", DESK, f"{DESK}?state=editing", f"{DESK}?export=csv"):
            page = browser.get(path).content.decode()
            assert "别人的文章" not in page, path
        assert "自己的文章" in browser.get(DESK).content.decode()
        paths = ("", "edit/", "compare/?from=0&to=0")
        assert [browser.get(f"{DESK}{theirs.pk}/{path}").status_code for path in paths] == [404] * 3
        assert [browser.get(f"{DESK}{mine.pk}/{path}").status_code for path in paths] == [200] * 3
        assert browser.post(f"{DESK}{theirs.pk}/submit/").status_code == 404
        key = issue_token(by=person("qin"), account=own, name="测试", scopes=["portal.write"])
        program = Client(headers={"host": HOST, "authorization": f"Bearer {key}"})
        root = "/api/hall/v1/portal/articles"
        listed = json.loads(program.get(root).content)["items"]
        assert [(one["title"], one["owner_name"], one["unit_name"]) for one in listed] == [
            ("自己的文章", own.name, "宣传科")
        ]
        for path in ("", "/versions", "/history", "/difference?before=0"):
            assert program.get(f"{root}/{theirs.pk}{path}").status_code == 404, path
        assert json.loads(program.get("/api/hall/v1/portal/settings/overview").content)["counts"]["editing"] == 1

    def test_costs_one_query_however_many(self, hall: Hall, own: Account, django_assert_num_queries: Any) -> None:
        for number in range(4):
            write(hall, "qin", f"第{number}篇")
        desk = Desk(actor_of(own), hall)
        with schemas.enter(hall.schema_name):
            # the first in a schema also says which
            assert articles_at_desk(desk).exists()
            with django_assert_num_queries(1):
                found = {(row.title, row.owner_name) for row in articles_at_desk(desk)}
        assert len(found) == 4


class TestUnit:
    def test_sees_its_department_and_those_below(self, hall: Hall, office: Unit) -> None:
        below, beside = make_unit("新闻组", hall=hall, parent=office), make_unit("财务科", hall=hall)
        for username, unit in (("qin", office), ("lan", below), ("tie", beside)):
            make_editor(username, Reach.UNIT, hall, unit)
            write(hall, username, unit.name)
        assert seen(hall, "qin") == {"宣传科", "新闻组"}
        assert seen(hall, "lan") == {"新闻组"}
        assert seen(hall, "tie") == {"财务科"}

    def test_reviews_what_its_department_wrote(self, hall: Hall, office: Unit) -> None:
        make_editor("qin", Reach.UNIT, hall, office)
        reviewer = make_person("shu", "舒审")
        role = make_role("科室审核", ["portal.write", "portal.review"], hall=hall)
        Position.objects.create(
            account=reviewer, own_role=role, hall_id=hall.pk, reach_prefix="420582", reach=Reach.UNIT, unit=office
        )
        ours, theirs = write(hall, "qin"), write(hall, "sun")
        with schemas.enter(hall.schema_name):
            versions = [
                submit_article(by=person(who), hall=hall, article_id=article.pk)
                for who, article in (("qin", ours), ("sun", theirs))
            ]
            pass_article_review(by=person("shu"), hall=hall, version_id=versions[0].pk)
            with pytest.raises(NotFound):
                pass_article_review(by=person("shu"), hall=hall, version_id=versions[1].pk)


class TestOpenWork:
    def test_is_what_is_not_finished(self, hall: Hall) -> None:
        """From the first draft until it is published; again while it is corrected; whose it is, not who wrote."""
        article = write(hall, "sun")
        given: dict[str, Any] = {"hall": hall, "article_id": article.pk}

        def is_open() -> bool:
            return OpenWork.objects.filter(
                kind="article", object_id=article.pk, hall_id=hall.pk, owner_id=account("sun").pk
            ).exists()

        assert is_open()
        with schemas.enter(hall.schema_name):
            version = submit_article(by=person("sun"), **given)
            assert is_open()
            for _ in range(3):
                article = pass_article_review(by=person("li"), hall=hall, version_id=version.pk)
            assert article.draft_state == "done"
            assert not is_open()
            save_article(by=person("li"), **given, revision=article.revision, summary="更正")
            assert is_open()
