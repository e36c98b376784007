"""The desk over HTTP for programs: /api/hall/v1/portal."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from foundation import schemas
from province.content.models import LibraryOffer
from province.content.states import PushMode
from province.halls.models import Hall
from province.people.models import Account
from province.sign_in.operations.tokens import issue_token
from tenants.portal.models import Article
from tests.conftest import person
from tests.factories.files import picture
from tests.factories.pushes import make_push
from tests.factories.sites import BODY, make_article, make_columns

pytestmark = pytest.mark.django_db
ROOT = "/api/hall/v1/portal"
ALL = ("portal.write", "portal.review", "portal.manage", "halls.edit", "accounts.manage")


class _Program:
    """A program with a key of one of the cast, on a hall's host."""

    def __init__(self, username: str, *scopes: str, host: str = "north.yizhan.localhost") -> None:
        account = Account.objects.get(username=username)
        key = issue_token(by=person(username), account=account, name="测试", scopes=scopes)
        self.client = Client(headers={"host": host, "authorization": f"Bearer {key}"})

    def get(self, path: str, **query: str) -> Any:
        return self.client.get(f"{ROOT}{path}", query)

    def send(self, method: str, path: str, data: object = None, key: str = "") -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        return self.client.generic(
            method, f"{ROOT}{path}", json.dumps(data or {}), content_type="application/json", headers=headers
        )


@pytest.fixture
def hall(north: Hall) -> Hall:
    make_columns(north)
    return north


@pytest.fixture
def sun(hall: Hall) -> _Program:
    return _Program("sun", *ALL)


@pytest.fixture
def li(hall: Hall) -> _Program:
    return _Program("li", *ALL)


DRAFT = {"column": "news", "title": "便民服务进村", "body": BODY}


class TestArticlesApi:
    def test_writes_reviews_publishes_and_withdraws(self, sun: _Program, li: _Program) -> None:
        made = sun.send("POST", "/articles", DRAFT)
        assert made.status_code == 201
        path = f"/articles/{made.json()['id']}"
        saved = sun.send("PATCH", path, {"revision": 0, "subtitle": "副标题"}).json()
        assert (saved["revision"], saved["subtitle"], saved["title"]) == (1, "副标题", "便民服务进村")
        assert sun.send("POST", f"{path}/submit").json()["number"] == 1
        for step in ("first", "second", "final"):
            answer = li.send("POST", f"{path}/versions/1/pass", {"step": step})
            assert answer.status_code == 200, answer.text
        assert sun.get(path).json()["state"] == "published"
        assert len(sun.get(f"{path}/versions").json()[0]["reviews"]) == 3
        assert sun.send("PUT", f"{path}/pin", {"is_pinned": True}).json()["is_pinned"]
        assert sun.send("POST", f"{path}/withdraw", {"reason": "数据有误"}).json()["state"] == "withdrawn"
        assert sun.send("POST", f"{path}/restore").json()["state"] == "published"
        acts = [line["act"] for line in sun.get(f"{path}/history").json()]
        assert acts[0] == "portal.create_article"
        assert acts[-1] == "portal.restore_article"

    def test_returns_and_recalls(self, sun: _Program, li: _Program) -> None:
        path = f"/articles/{sun.send('POST', '/articles', DRAFT).json()['id']}"
        sun.send("POST", f"{path}/submit")
        answer = li.send("POST", f"{path}/versions/1/return", {"step": "first", "reason": "有错别字"})
        assert answer.json()["draft_state"] == "returned"
        sun.send("POST", f"{path}/submit")
        assert sun.send("POST", f"{path}/recall").json()["draft_state"] == "editing"
        difference = sun.get(f"{path}/difference", before="1", after="2").json()
        assert (difference["fields"], difference["is_body_changed"]) == ([], False)

    def test_refuses_a_stale_revision_as_a_conflict(self, sun: _Program) -> None:
        path = f"/articles/{sun.send('POST', '/articles', DRAFT).json()['id']}"
        sun.send("PATCH", path, {"revision": 0, "title": "先"})
        answer = sun.send("PATCH", path, {"revision": 0, "title": "后"})
        assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")

    def test_locks(self, sun: _Program, li: _Program) -> None:
        path = f"/articles/{sun.send('POST', '/articles', DRAFT).json()['id']}"
        assert li.send("PUT", f"{path}/lock").json()["locked_by_name"] == "李北"
        assert sun.send("PUT", f"{path}/lock").status_code == 409
        assert sun.send("POST", f"{path}/unlock", {"is_forced": True}).json()["locked_by_name"] == ""

    def test_does_a_write_once_for_one_key(self, sun: _Program, hall: Hall) -> None:
        first, second = (sun.send("POST", "/articles", DRAFT, key="k1") for _ in range(2))
        assert first.json()["id"] == second.json()["id"]
        with schemas.enter(hall.schema_name):
            assert Article.objects.count() == 1
        assert sun.send("POST", "/articles", DRAFT | {"title": "另一篇"}, key="k1").status_code == 409

    def test_pages_by_cursor(self, sun: _Program, hall: Hall) -> None:
        for number in range(5):
            make_article(hall, f"文章{number}")
        titles, cursor = [], ""
        for _ in range(3):
            page = sun.get("/articles", limit="2", cursor=cursor, state="published").json()
            titles += [item["title"] for item in page["items"]]
            cursor = page["next_cursor"]
        assert titles == [f"文章{number}" for number in range(5)]
        assert cursor == ""
        assert sun.get("/articles", cursor="bent").status_code == 422

    def test_says_every_fault_in_chinese(self, sun: _Program) -> None:
        answer = sun.send("POST", "/articles", DRAFT | {"title": "字" * 81, "author": "名" * 41})
        assert answer.status_code == 422
        assert [fault["where"] for fault in answer.json()["errors"]] == ["title", "author"]


class TestDoor:
    def test_needs_a_key_or_a_session(self, hall: Hall) -> None:
        answer = Client(headers={"host": "north.yizhan.localhost"}).get(f"{ROOT}/articles")
        assert answer.status_code == 401

    @pytest.mark.parametrize("who", ["zhou", "zhao"])
    def test_is_closed_to_others(self, hall: Hall, who: str) -> None:
        scopes = ["portal.write"] if who == "zhou" else ["content.write"]
        assert _Program(who, *scopes).get("/articles").status_code == 403

    def test_opens_no_further_than_the_keys_scopes(self, hall: Hall) -> None:
        writer = _Program("sun", "portal.write")
        made = writer.send("POST", "/articles", DRAFT).json()
        assert writer.send("PUT", f"/articles/{made['id']}/pin", {"is_pinned": True}).status_code == 403

    def test_does_not_show_another_halls_article(self, sun: _Program, south: Hall) -> None:
        made = sun.send("POST", "/articles", DRAFT).json()
        zhou = _Program("zhou", *ALL, host="south.yizhan.localhost")
        assert zhou.get(f"/articles/{made['id']}").status_code == 404
        assert zhou.send("POST", f"/articles/{made['id']}/submit").status_code == 404


class TestFilesApi:
    def test_keeps_the_same_file_once(self, sun: _Program, object_store: None) -> None:
        answers = [
            sun.client.post(f"{ROOT}/files", {"file": SimpleUploadedFile("图.jpg", picture().read()), "alt": "窗口"})
            for _ in range(2)
        ]
        assert [answer.status_code for answer in answers] == [201, 201]
        assert answers[0].json() == answers[1].json()
        assert answers[0].json()["width"] == 1200


class TestColumnsApi:
    def test_adds_changes_moves_and_removes(self, sun: _Program) -> None:
        assert sun.send("POST", "/columns", {"code": "party", "name": "党建引领"}).status_code == 201
        assert sun.send("PATCH", "/columns/party", {"is_visible": False}).json()["is_visible"] is False
        sun.send("POST", "/columns/party/move", {"steps": -100})
        tree = sun.get("/columns").json()
        assert (tree[0]["column"]["code"], tree[0]["is_shown"]) == ("party", False)
        assert sun.send("DELETE", "/columns/party", key="k").status_code == 204
        assert sun.send("DELETE", "/columns/party", key="k").status_code == 204
        assert sun.get("/columns/party").status_code == 404


class TestPushesApi:
    def test_adopts_moves_and_undoes(self, sun: _Program) -> None:
        push = make_push(title="推荐的稿件", mode=PushMode.OFFERED)
        path = f"/pushes/{push.pk}"
        assert [line["title"] for line in sun.get("/pushes/offered").json()["items"]] == ["推荐的稿件"]
        assert sun.send("POST", f"{path}/adopt", {"column": "news"}).status_code == 204
        assert sun.send("POST", f"{path}/move", {"column": "notices"}).status_code == 204
        assert [line["column"] for line in sun.get("/pushes/shown").json()] == ["notices"]
        assert [line["decision"] for line in sun.get("/pushes/decided").json()["items"]] == ["adopted"]
        assert sun.send("DELETE", f"{path}/decision").status_code == 204
        assert sun.send("POST", f"{path}/decline", {"reason": "不适用"}).status_code == 204
        assert sun.send("POST", f"/pushes/{uuid4()}/adopt", {"column": "news"}).status_code == 404

    def test_pages_through_what_is_offered_and_decided(self, sun: _Program) -> None:
        pushes = [make_push(title=f"推荐 {number}", mode=PushMode.OFFERED) for number in range(5)]
        newest_first = [f"推荐 {number}" for number in reversed(range(5))]
        assert _titles_of_pages(sun, "/pushes/offered") == newest_first
        for push in pushes:
            sun.send("POST", f"/pushes/{push.pk}/decline", {"reason": "不适用"})
        assert _titles_of_pages(sun, "/pushes/decided") == newest_first
        assert sun.get("/pushes/offered", cursor="bent!").status_code == 422

    def test_goes_on_after_what_was_decided_meanwhile(self, sun: _Program) -> None:
        pushes = [make_push(title=f"推荐 {number}", mode=PushMode.OFFERED) for number in range(3)]
        first = sun.get("/pushes/offered", limit="2").json()
        sun.send("POST", f"/pushes/{pushes[1].pk}/adopt", {"column": "news"})
        second = sun.get("/pushes/offered", limit="2", cursor=first["next_cursor"]).json()
        assert [line["title"] for line in second["items"]] == ["推荐 0"]


def _titles_of_pages(program: _Program, path: str) -> list[str]:
    titles, cursor = [], None
    while cursor != "":
        page = program.get(path, limit="2", **({"cursor": cursor} if cursor else {})).json()
        titles += [line["title"] for line in page["items"]]
        cursor = page["next_cursor"]
    return titles


class TestLibraryApi:
    def test_offers_and_picks(self, sun: _Program, hall: Hall, south: Hall) -> None:
        article = make_article(hall, "值得推荐的文章")
        assert sun.send("POST", f"/articles/{article.pk}/offer").status_code == 201
        offer = LibraryOffer.objects.get()
        make_columns(south)
        zhou = _Program("zhou", *ALL, host="south.yizhan.localhost")
        assert [item["hall_name"] for item in zhou.get("/library").json()["items"]] == [hall.name]
        assert zhou.send("POST", f"/library/{offer.pk}/pick", {"column": "news"}).status_code == 201
        assert [use["user"] for use in sun.get(f"/library/{offer.pk}/uses").json()] == [south.name]
        assert sun.get(f"/library/{offer.pk}").json()["body"] == BODY


class TestSettingsApi:
    def test_changes_facts_and_reviews(self, sun: _Program) -> None:
        assert sun.send("PATCH", "/settings", {"slogan": "一站办好"}).json()["slogan"] == "一站办好"
        assert sun.send("PATCH", "/settings", {"site_code": "12"}).status_code == 422
        assert sun.send("PUT", "/settings/review-steps", {"steps": ["final"]}).json()["review_steps"] == ["final"]
        assert sun.get("/settings").json()["review_steps"] == ["final"]

    def test_shows_what_waits(self, sun: _Program) -> None:
        overview = sun.get("/settings/overview").json()
        assert overview["counts"]["in_review"] == 0
        assert {check["key"] for check in overview["checks"]} >= {"home", "empty"}


class TestAccountsApi:
    def test_files_changes_and_closes(self, sun: _Program, south: Hall) -> None:
        new = {"platform": "wechat", "name": "当阳发布", "external_id": "dangyang", "owner": "当阳市政数局"}
        made = sun.send("POST", "/accounts", new)
        assert (made.status_code, made.json()["state"]) == (201, "filed")
        path = f"/accounts/{made.json()['id']}"
        assert sun.send("PATCH", path, {"name": "当阳政务"}).json()["state"] == "changed"
        assert (
            _Program("zhou", *ALL, host="south.yizhan.localhost").send("PATCH", path, {"name": "字"}).status_code == 404
        )
        assert sun.send("POST", f"{path}/close", {"reason": "停止运营"}).json()["state"] == "closed"
        assert [item["name"] for item in sun.get("/accounts").json()["items"]] == ["当阳政务"]


class TestDescription:
    def test_declares_every_problem_of_every_endpoint(self, sun: _Program) -> None:
        paths = sun.client.get("/api/hall/v1/openapi.json").json()["paths"]
        answers = [facts["responses"] for path in paths.values() for facts in path.values()]
        assert len(answers) > 40
        assert all({"401", "403", "404", "409", "422", "503"} <= set(one) for one in answers)
