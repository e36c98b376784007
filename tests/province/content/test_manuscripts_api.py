"""Manuscripts, reviews, files and the library over HTTP on the province's host."""

import json
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from province.content.models import Asset, Manuscript
from province.content.operations import offer_article
from province.halls.models import Hall
from province.people.models import Account
from province.rights.permissions import PERMISSIONS
from province.sign_in.operations.tokens import issue_token
from tests.conftest import person
from tests.factories.files import picture
from tests.factories.manuscripts import COUNTY, PROVINCE, TITLE, make_asset, make_manuscript, make_version_in_review
from tests.servers import free_port

pytestmark = pytest.mark.django_db
ROOT = "/api/province/v1/content"


class Caller:
    """A program with a key of one of the cast, for every scope or for some."""

    def __init__(self, username: str, *scopes: str) -> None:
        account = Account.objects.get(username=username)
        key = issue_token(by=person(username), account=account, name="测试", scopes=scopes or tuple(PERMISSIONS))
        self.client = Client(headers={"host": "yizhan.localhost", "authorization": f"Bearer {key}"})

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"{ROOT}{path}", query)

    def send(self, method: str, path: str, data: object = None, key: str = "") -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        body = json.dumps({} if data is None else data)
        return self.client.generic(method, f"{ROOT}{path}", body, content_type="application/json", headers=headers)

    def post(self, path: str, data: object = None, key: str = "") -> Any:
        return self.send("POST", path, data, key)


@pytest.fixture
def zhao() -> Caller:
    return Caller("zhao")


@pytest.fixture
def qian() -> Caller:
    return Caller("qian")


class TestManuscriptApi:
    def test_leads_from_a_draft_to_a_version_under_review(self, zhao: Caller) -> None:
        assert zhao.get("/manuscripts/desks").json() == [{"prefix": "42", "name": "湖北省"}]
        made = zhao.post("/manuscripts", {"desk_prefix": PROVINCE, "title": TITLE, "body": "<p>一</p>"})
        assert made.status_code == 201
        draft = made.json()
        assert (draft["state"], draft["state_label"], draft["revision"]) == ("draft", "草稿", 0)
        path = f"/manuscripts/{draft['id']}"
        saved = zhao.send("PATCH", path, {"revision": 0, "body": "<p>二</p>", "keywords": ["便民"]}).json()
        assert (saved["title"], saved["body"], saved["keywords"], saved["lock_owner"]) == (
            TITLE,
            "<p>二</p>",
            ["便民"],
            "赵敏",
        )
        version = zhao.post(f"{path}/versions", {"is_urgent": True})
        assert version.status_code == 201
        assert (version.json()["number"], version.json()["state"]) == (1, "first")
        shown = zhao.get(path).json()
        assert (shown["state"], shown["latest_id"], shown["is_urgent"]) == ("first", version.json()["id"], True)
        assert zhao.get("/manuscripts", state="first").json()["items"][0]["id"] == draft["id"]
        assert [line["label"] for line in zhao.get(f"{path}/history").json()] == ["新建稿件", "送审"]

    def test_keeps_a_second_editor_out(self, zhao: Caller, qian: Caller) -> None:
        path = f"/manuscripts/{make_manuscript().id}"
        assert zhao.send("PUT", f"{path}/lock").json()["lock_owner"] == "赵敏"
        refused = qian.send("PATCH", path, {"revision": 0, "body": "<p>改</p>"})
        assert refused.status_code == 409
        assert "赵敏正在编辑" in refused.json()["detail"]
        assert zhao.send("DELETE", f"{path}/lock").json()["lock_owner"] == ""
        assert qian.send("PATCH", path, {"revision": 0, "body": "<p>改</p>"}).status_code == 200
        assert zhao.send("PATCH", path, {"revision": 0, "body": "<p>旧</p>"}).status_code == 409

    def test_sets_and_takes_away_a_cover(self, zhao: Caller) -> None:
        path = f"/manuscripts/{make_manuscript().id}"
        cover = str(make_asset().id)
        assert zhao.send("PATCH", path, {"revision": 0, "cover_id": cover}).json()["cover_id"] == cover
        assert zhao.send("PATCH", path, {"revision": 1, "title": "新标题"}).json()["cover_id"] == cover
        assert zhao.send("PATCH", path, {"revision": 2, "cover_id": None}).json()["cover_id"] is None
        assert zhao.send("PATCH", path, {"revision": 3, "cover_id": str(uuid4())}).status_code == 404

    def test_imports_a_file(self, zhao: Caller) -> None:
        made = zhao.post("/manuscripts/import", {"desk_prefix": PROVINCE, "name": "a.md", "text": "# 标题\n\n正文"})
        assert (made.status_code, made.json()["title"]) == (201, "标题")

    def test_compares_versions(self, zhao: Caller) -> None:
        first = make_version_in_review(body="<p>周六照常</p>")
        Manuscript.objects.update(body="<p>周日照常</p>")
        second = make_version_in_review(manuscript=Manuscript.objects.get())
        versions = zhao.get(f"/manuscripts/{first.manuscript_id}/versions").json()["items"]
        assert [version["number"] for version in versions] == [1, 2]
        assert zhao.get(f"/manuscripts/versions/{second.id}").json()["body"] == "<p>周日照常</p>"
        shown = zhao.get(f"/manuscripts/versions/{second.id}/difference", since=str(first.id)).json()
        assert "<del>周六</del><ins>周日</ins>" in shown["body"]
        assert (shown["is_body_changed"], shown["is_empty"]) == (True, False)

    def test_writes_once_for_a_key(self, zhao: Caller) -> None:
        body = {"desk_prefix": PROVINCE, "title": TITLE}
        answers = [zhao.post("/manuscripts", body, key="k1") for _ in range(2)]
        assert answers[0].json() == answers[1].json()
        assert Manuscript.objects.count() == 1
        assert zhao.post("/manuscripts", body | {"title": "另一篇"}, key="k1").status_code == 409

    def test_pages_by_cursor(self, zhao: Caller) -> None:
        made = [str(make_manuscript(title=f"第{number}篇").id) for number in range(3)]
        first = zhao.get("/manuscripts", limit=2).json()
        rest = zhao.get("/manuscripts", limit=2, cursor=first["next_cursor"]).json()
        assert [line["id"] for line in first["items"] + rest["items"]] == made
        assert rest["next_cursor"] == ""

    @pytest.mark.parametrize(
        ("body", "where"),
        [
            ({"title": "长" * 81}, "title"),
            ({"title": ""}, "title"),
            ({"body": "<p onclick=x>1</p>"}, "body"),
            ({"desk_prefix": "99"}, "desk_prefix"),
            ({"keywords": ["词" * 21]}, "keywords"),
        ],
    )
    def test_says_in_chinese_which_field_is_wrong(self, zhao: Caller, body: dict[str, Any], where: str) -> None:
        refused = zhao.post("/manuscripts", {"desk_prefix": PROVINCE, "title": TITLE} | body)
        assert refused.status_code == 422
        assert refused.headers["Content-Type"] == "application/problem+json"
        assert [fault["where"] for fault in refused.json()["errors"]] == [where]

    def test_shows_nothing_of_another_countys_desk(self) -> None:
        zhou = Caller("zhou")
        version = make_version_in_review(by="sun", desk_prefix=COUNTY)
        for method, path in (
            ("GET", f"/manuscripts/{version.manuscript_id}"),
            ("PATCH", f"/manuscripts/{version.manuscript_id}"),
            ("PUT", f"/manuscripts/{version.manuscript_id}/lock"),
            ("DELETE", f"/manuscripts/{version.manuscript_id}/lock"),
            ("GET", f"/manuscripts/{version.manuscript_id}/versions"),
            ("POST", f"/manuscripts/{version.manuscript_id}/versions"),
            ("GET", f"/manuscripts/{version.manuscript_id}/history"),
            ("GET", f"/manuscripts/versions/{version.id}"),
            ("GET", f"/manuscripts/versions/{version.id}/difference?since={version.id}"),
            ("POST", f"/reviews/{version.id}/pass"),
            ("POST", f"/reviews/{version.id}/return"),
            ("GET", f"/assets/{make_asset(desk_prefix=COUNTY).id}"),
            ("PATCH", f"/assets/{make_asset(desk_prefix=COUNTY).id}"),
        ):
            answer = zhou.send(method, path, {"revision": 0, "step": "first", "reason": "不行", "alt": "改"})
            assert answer.status_code == 404, (method, path)
        assert zhou.get("/manuscripts").json()["items"] == []
        assert zhou.get("/reviews").json()["items"] == []
        assert zhou.get("/assets").json()["items"] == []

    def test_is_closed_to_whoever_is_not_signed_in(self) -> None:
        client = Client(headers={"host": "yizhan.localhost"})
        for path in ("/manuscripts", "/reviews", "/assets", "/library"):
            assert client.get(f"{ROOT}{path}").status_code == 401

    def test_honours_the_scopes_of_a_key(self) -> None:
        reader = Caller("zhao", "content.read")
        assert reader.get("/manuscripts").status_code == 200
        assert reader.post("/manuscripts", {"desk_prefix": PROVINCE, "title": TITLE}).status_code == 403
        passed = reader.post(f"/reviews/{make_version_in_review().id}/pass", {"step": "first"})
        assert passed.status_code == 403


class TestReviewApi:
    def test_shows_what_waits_and_passes_it_on(self, zhao: Caller, qian: Caller) -> None:
        version = make_version_in_review(is_urgent=True)
        queued = qian.get("/reviews").json()["items"]
        assert [(line["id"], line["may_review"], line["desk_prefix"]) for line in queued] == [
            (str(version.id), True, PROVINCE)
        ]
        assert qian.get("/reviews", is_urgent=False).json()["items"] == []
        passed = qian.post(f"/reviews/{version.id}/pass", {"step": "first", "reason": "可以"}).json()
        assert (passed["state"], passed["reviews"][0]["reviewer_name"]) == ("second", "钱*")
        assert zhao.post(f"/reviews/{version.id}/pass", {"step": "first"}).status_code == 409
        assert qian.post(f"/reviews/{version.id}/pass", {"step": "second"}).status_code == 403

    def test_returns_with_one_of_the_ready_made_reasons(self, qian: Caller) -> None:
        version = make_version_in_review()
        reason = qian.get("/reviews/reasons").json()[0]
        assert qian.post(f"/reviews/{version.id}/return", {"step": "first"}).status_code == 422
        returned = qian.post(f"/reviews/{version.id}/return", {"step": "first", "reason": reason}).json()
        assert (returned["state"], returned["reviews"][0]["reason"]) == ("returned", reason)


@pytest.mark.usefixtures("object_store")
class TestAssetApi:
    def _upload(self, caller: Caller, name: str, content: BytesIO, desk_prefix: str = PROVINCE) -> Any:
        file = SimpleUploadedFile(name, content.getvalue())
        return caller.client.post(f"{ROOT}/assets", {"file": file, "desk_prefix": desk_prefix, "alt": "大厅"})

    def test_takes_a_picture_and_tells_its_address(self, zhao: Caller) -> None:
        made = self._upload(zhao, "大厅.jpg", picture())
        assert made.status_code == 201
        asset = made.json()
        assert (asset["url"], asset["width"], asset["alt"]) == (f"/media/{asset['id']}", 1200, "大厅")
        assert asset["link"].startswith("http://127.0.0.1")
        described = zhao.send("PATCH", f"/assets/{asset['id']}", {"alt": "叫号屏"}).json()
        assert described["alt"] == "叫号屏"
        assert zhao.get("/assets").json()["items"][0]["id"] == asset["id"]

    def test_refuses_a_forged_one_in_plain_words(self, zhao: Caller) -> None:
        refused = self._upload(zhao, "大厅.png", picture())
        assert refused.status_code == 422
        assert "内容是 JPEG 图片" in refused.json()["detail"]
        assert not Asset.objects.exists()

    def test_says_so_where_the_store_is_down(self, zhao: Caller, settings: Settings) -> None:
        settings.S3_ENDPOINT = f"http://127.0.0.1:{free_port()}"
        answer = self._upload(zhao, "大厅.jpg", picture())
        assert (answer.status_code, answer.headers["Content-Type"]) == (503, "application/problem+json")
        assert "文件存储" in answer.json()["detail"]
        assert answer.json()["request_id"]

    def test_refuses_a_desk_out_of_reach(self) -> None:
        assert self._upload(Caller("zhou"), "大厅.jpg", picture(), COUNTY).status_code == 404


class TestLibraryApi:
    def test_takes_what_a_hall_offered_and_shows_the_use(self, zhao: Caller, qian: Caller, north: Hall) -> None:
        offered = offer_article(by=person("sun"), hall=north, article_id=uuid4(), title="延时开放", body="<p>文</p>")
        line = zhao.get("/library", search="延时").json()["items"][0]
        assert (line["id"], line["hall_name"], line["use_count"]) == (str(offered.id), north.name, 0)
        path = f"/library/{offered.id}"
        taken = zhao.post(f"{path}/take", {"desk_prefix": PROVINCE})
        assert (taken.status_code, taken.json()["origin_hall_id"]) == (201, str(north.id))
        assert zhao.get(path).json()["state"] == "taken"
        assert [use["user"] for use in zhao.get(f"{path}/uses").json()] == ["湖北省"]
        assert qian.post(f"{path}/take", {"desk_prefix": PROVINCE}).status_code == 409
        assert qian.post(f"{path}/decline", {"reason": "不要"}).status_code == 409

    def test_declines_with_a_reason(self, zhao: Caller, north: Hall) -> None:
        offered = offer_article(by=person("sun"), hall=north, article_id=uuid4(), title="延时开放", body="<p>文</p>")
        assert zhao.post(f"/library/{offered.id}/decline", {"reason": ""}).status_code == 422
        declined = zhao.post(f"/library/{offered.id}/decline", {"reason": "重复"}).json()
        assert (declined["state"], declined["decline_reason"]) == ("declined", "重复")

    def test_is_closed_to_whoever_has_no_post(self) -> None:
        assert Caller("wu", "content.read").get("/library").status_code == 403


class TestTwoGigabytes:
    """The head says so: nothing of the body is read, and nobody is asked who they are."""

    HEAD = {"CONTENT_LENGTH": str(2 * 1024**3), "CONTENT_TYPE": "multipart/form-data; boundary=x"}

    def test_are_refused_by_the_api_in_plain_words(self, zhao: Caller) -> None:
        refused = zhao.client.generic("POST", f"{ROOT}/assets", **self.HEAD)
        assert refused.status_code == 413
        assert refused.headers["Content-Type"] == "application/problem+json"
        assert "最多 50 MB" in refused.json()["detail"]

    @pytest.mark.parametrize("host", ["yizhan.localhost", "north.yizhan.localhost"])
    def test_are_refused_by_pages_too(self, host: str) -> None:
        refused = Client(headers={"host": host}).generic("POST", "/sign-in/", **self.HEAD)
        assert refused.status_code == 413
        assert "最多 50 MB" in refused.content.decode()
