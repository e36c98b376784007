"""Pushes over HTTP on the province's host."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from province.content.models import Push
from province.people.models import Account
from province.sign_in.operations.tokens import issue_token
from tests.conftest import person
from tests.factories.manuscripts import make_approved_version
from tests.factories.pushes import make_push

pytestmark = pytest.mark.django_db
ROOT = "/api/province/v1/content/pushes"


class _Caller:
    """A program with a key of one of the cast."""

    def __init__(self, username: str, *scopes: str) -> None:
        account = Account.objects.get(username=username)
        self.key = issue_token(by=person(username), account=account, name="测试", scopes=scopes)
        self.client = Client(headers={"host": "yizhan.localhost", "authorization": f"Bearer {self.key}"})

    def get(self, path: str = "", **query: str) -> Any:
        return self.client.get(f"{ROOT}{path}", query)

    def post(self, path: str = "", data: object = None, key: str = "") -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        return self.client.post(
            f"{ROOT}{path}", json.dumps(data or {}), content_type="application/json", headers=headers
        )


@pytest.fixture
def zhao() -> _Caller:
    return _Caller("zhao", "content.read", "content.push")


def _problem(response: HttpResponse) -> dict[str, Any]:
    assert response.headers["Content-Type"] == "application/problem+json"
    found: dict[str, Any] = json.loads(response.content)
    return found


class TestPushApi:
    def test_previews_pushes_withdraws_and_restores(self, zhao: _Caller) -> None:
        body = {"version_id": str(make_approved_version().pk), "to": ["420582000000"], "column": "news"}
        assert zhao.post("/preview", body).json()["sentence"] == "将在 2 个服务厅显示"
        made = zhao.post("", body | {"is_pinned": True})
        assert made.status_code == 201
        push = made.json()
        assert (push["state"], push["is_pinned"]) == ("live", True)
        path = f"/{push['id']}"
        assert zhao.get().json()["items"] == [zhao.get(path).json()]
        withdrawn = zhao.post(f"{path}/withdraw", {"kind": "gone", "reason": "有误"})
        assert withdrawn.json()["withdrawal_kind"] == "gone"
        assert zhao.post(f"{path}/restore").json()["state"] == "live"
        assert [line["label"] for line in zhao.get(f"{path}/history").json()] == ["发布", "撤稿", "撤销撤稿"]

    def test_sent_twice_with_one_key_is_done_once(self, zhao: _Caller) -> None:
        body = {"version_id": str(make_approved_version().pk), "to": ["420582000000"], "column": "news"}
        first, second = zhao.post("", body, key="k1"), zhao.post("", body, key="k1")
        assert (first.status_code, first.json()) == (second.status_code, second.json())
        assert Push.objects.count() == 1

    def test_shows_how_far_a_proof_is(self, zhao: _Caller) -> None:
        push = make_push()
        assert zhao.get(f"/{push.pk}/proof").status_code == 404
        started = zhao.post(f"/{push.pk}/proof")
        assert (started.status_code, started.json()["waiting"]) == (202, 3)
        first = zhao.get(f"/{push.pk}/proof/halls", limit="2").json()
        rest = zhao.get(f"/{push.pk}/proof/halls", cursor=first["next_cursor"]).json()
        codes = [line["code"] for line in (*first["items"], *rest["items"])]
        assert codes == ["420582000000", "420582103200", "420583000000"]
        assert rest["next_cursor"] == ""

    def test_stops_and_resumes(self, zhao: _Caller) -> None:
        body = {
            "version_id": str(make_approved_version().pk),
            "to": ["420000000000"],
            "column": "news",
            "starts_at": "2099-01-01T08:00:00+08:00",
        }
        path = f"/{zhao.post('', body).json()['id']}"
        assert zhao.post(f"{path}/stop").json()["state"] == "stopped"
        assert zhao.post(f"{path}/resume").json()["state"] == "scheduled"

    def test_refuses_in_problem_documents(self, zhao: _Caller) -> None:
        version = make_approved_version()
        body = {"version_id": str(version.pk), "to": ["420582000000"], "column": "news"}
        nobody = _problem(zhao.post("", body | {"to": []}))
        assert nobody["status"] == 422
        naive = _problem(zhao.post("", body | {"starts_at": "2099-01-01T08:00:00"}))
        assert naive["status"] == 422
        assert _problem(zhao.get(f"/{uuid4()}"))["status"] == 404
        assert _problem(_Caller("sun", "content.push").post("", body))["status"] in {403, 404}
        narrowed = _Caller("zhao", "content.read")
        assert _problem(narrowed.post("", body))["status"] == 403
        assert Client(headers={"host": "yizhan.localhost"}).get(ROOT).status_code == 401

    def test_keeps_one_desk_s_pushes_from_another(self) -> None:
        push = make_push()
        sun = _Caller("sun", "content.read", "content.push")
        assert sun.get(f"/{push.pk}").status_code == 404
        assert sun.post(f"/{push.pk}/withdraw", {"kind": "gone", "reason": "有误"}).status_code == 404
        assert sun.get().json()["items"] == []
