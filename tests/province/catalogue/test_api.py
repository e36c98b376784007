"""The catalogue over HTTP: from a draft to the feed; and whatever is sent is answered as the document says."""

import json
import random
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
import schemathesis
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from typer.testing import CliRunner

from config.cli import app
from province.catalogue.base_list.reading import read_base_list
from province.catalogue.models import Item, ItemVersion, Material
from province.halls.models import Hall
from province.people.models import Account
from province.rights.permissions import PERMISSIONS
from province.sign_in.operations.tokens import issue_token
from tests.conftest import person
from tests.factories.catalogue import (
    approve,
    change_draft,
    make_department,
    make_item,
    make_proposal,
    make_published,
    submit,
    values_with,
)
from tests.factories.files import picture
from tests.soak import SOAK

pytestmark = pytest.mark.django_db
ROOT = "/api/province/v1/catalogue"


def client_of(username: str) -> Client:
    account = Account.objects.get(username=username)
    key = issue_token(by=person(username), account=account, name="测试", scopes=tuple(PERMISSIONS))
    headers = {"host": "yizhan.localhost", "authorization": f"Bearer {key}"}
    return Client(headers=headers, raise_request_exception=False)


@pytest.fixture
def zhao() -> Client:
    return client_of("zhao")


def ask(client: Client, method: str, path: str, body: Any = None, status: int = 200) -> Any:
    answer = getattr(client, method)(f"{ROOT}{path}", body, content_type="application/json")
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def get(client: Client, path: str, status: int = 200, **query: Any) -> Any:
    answer = client.get(f"{ROOT}{path}", query)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


class TestCatalogueApi:
    def test_leads_from_a_draft_to_every_hall(self, zhao: Client) -> None:
        make_department()
        made = ask(
            zhao,
            "post",
            "/items",
            {"family": "power", "item_type": "01", "department": "市场监督管理局", "values": values_with()},
            201,
        )
        item = f"/items/{made['id']}"
        refused = ask(zhao, "patch", item, {"revision": 1, "values": {"promised_days": "三天"}}, 422)
        assert refused["errors"][0]["where"] == "promised_days"
        assert ask(zhao, "patch", item, {"revision": 1, "values": {"promised_days": 6}})["revision"] == 2
        assert "较新" in ask(zhao, "patch", item, {"revision": 1, "values": {"promised_days": 7}}, 409)["detail"]
        version = ask(zhao, "post", f"{item}/submit", None, 201)
        assert ask(zhao, "post", f"/versions/{version['id']}/recall")["state"] == "recalled"
        version = ask(zhao, "post", f"{item}/submit", None, 201)
        qian = client_of("qian")
        assert [one["id"] for one in get(qian, "/versions/waiting")["items"]] == [version["id"]]
        path = f"/versions/{version['id']}/pass"
        answer = ask(qian, "post", path, {"office": "legal", "reason": "可以"})
        assert (answer["state"], len(answer["reviews"])) == ("in-review", 1)
        assert "各自的人" in ask(qian, "post", path, {"office": "disclosure"}, 403)["detail"]
        approve(ItemVersion.objects.get(pk=version["id"]))
        past = (timezone.now() - timedelta(days=1)).isoformat()
        assert "早于" in ask(zhao, "post", f"/versions/{version['id']}/publish", {"valid_from": past}, 422)["detail"]
        ask(zhao, "post", f"/versions/{version['id']}/publish", {})
        sun = client_of("sun")
        assert [one["name"] for one in get(sun, "/items", words="spjy")["items"]] == ["食品经营许可"]
        (valid,) = get(sun, "/valid")["items"]
        assert valid["values"]["promised_days"] == 6
        assert get(sun, "/valid", at=past)["items"] == []
        feed = get(sun, "/changes")
        assert [one["kind"] for one in feed["changes"]] == ["published"]
        assert get(sun, "/changes", after=feed["cursor"]) == {
            "changes": [],
            "cursor": feed["cursor"],
            "has_more": False,
        }
        assert get(sun, item)["values"] == {}
        assert get(zhao, item)["values"]["promised_days"] == 6

    def test_returns_with_the_office_and_its_reason(self, zhao: Client) -> None:
        version = submit(make_item())
        qian = client_of("qian")
        body = {"office": "legal", "reason": "依据有误"}
        answer = ask(qian, "post", f"/versions/{version.pk}/return", body)
        assert [(one["office_name"], one["reason"]) for one in answer["reviews"]] == [("法制", "依据有误")]
        assert ask(qian, "post", f"/versions/{version.pk}/pass", {"office": "nobody"}, 404)
        assert ask(zhao, "post", f"/versions/{version.pk}/pass", {"office": "legal"}, 409)
        change_draft(version.item, promised_days=6)
        submitted = f"/items/{version.item_id}/submit"
        assert "请答复法制" in ask(zhao, "post", submitted, {"answers": {}}, 422)["detail"]
        again = ask(zhao, "post", submitted, {"answers": {answer["reviews"][0]["id"]: "已换"}}, 201)
        (answered,) = get(qian, f"/versions/{again['id']}")["answered"]
        assert (answered["office"], answered["reason"], answered["answer"]) == ("legal", "依据有误", "已换")

    def test_suspends_resumes_and_abolishes(self, zhao: Client) -> None:
        item = f"/items/{make_published().item_id}"
        asked = ask(zhao, "post", f"{item}/suspend", {"reason": "升级"}, 201)
        path = f"/pause-requests/{asked['id']}"
        assert ask(zhao, "post", f"{path}/confirm", None, 403)
        qian = client_of("qian")
        assert [one["id"] for one in get(qian, "/pause-requests", state="waiting")["items"]] == [asked["id"]]
        assert ask(qian, "post", f"{path}/confirm")["state"] == "confirmed"
        assert get(zhao, item)["state"] == "suspended"
        assert ask(zhao, "post", f"{item}/resume")["state"] == "active"
        asked = ask(zhao, "post", f"{item}/abolish", {"reason": "废止"}, 201)
        assert ask(qian, "post", f"/pause-requests/{asked['id']}/decline", {"reason": "不必"})["state"] == "declined"
        asked = ask(zhao, "post", f"{item}/abolish", {"reason": "废止"}, 201)
        assert ask(zhao, "post", f"/pause-requests/{asked['id']}/withdraw")["state"] == "withdrawn"
        assert get(zhao, f"/pause-requests/{asked['id']}")["kind"] == "abolished"
        assert [one["kind"] for one in get(zhao, "/changes", after=1, limit=2)["changes"]] == ["suspended", "resumed"]
        assert get(zhao, f"{item}/uses") == []

    def test_compares_versions(self, zhao: Client) -> None:
        item = make_published().item
        make_published(item, promised_days=6)
        (found,) = get(zhao, f"/items/{item.pk}/difference", before=1, after=2)
        assert found["sentence"] == "「承诺办结时限」由“10 个工作日”改为“6 个工作日”。"
        assert get(zhao, f"/items/{item.pk}/difference", before=2) == []
        assert [one["number"] for one in get(zhao, f"/items/{item.pk}/versions")["items"]] == [1, 2]

    def test_takes_proposals_of_halls(self, zhao: Client, north: Hall) -> None:
        sun = client_of("sun")
        body = {
            "hall_code": "420582000000",
            "family": "service",
            "item_type": "20",
            "values": {"name": "优待证"},
            "reason": "常有人问",
        }
        made = ask(sun, "post", "/proposals", body, 201)
        make_department("民政局")
        path = f"/proposals/{made['id']}/accept"
        ask(sun, "post", path, {}, 422)
        accepted = ask(zhao, "post", path, {"department": "民政局", "basic_code": "422001001000"})
        assert accepted["state"] == "accepted"
        assert Item.objects.get().proposed_by_hall_id == north.pk
        assert len(get(sun, "/proposals", state="accepted")["items"]) == 1
        assert get(client_of("zhou"), "/proposals")["items"] == []

    def test_arranges_offices_and_departments(self, zhao: Client) -> None:
        body = {"name": "财政", "sections": ["fees"], "elements": ["local_code"], "step": 2}
        assert ask(zhao, "put", "/offices/finance", body)["code"] == "finance"
        assert ask(zhao, "delete", "/offices/finance")["retired_at"]
        assert "finance" not in [one["code"] for one in get(zhao, "/offices")]
        assert ask(zhao, "put", "/offices/finance", body | {"elements": ["nonsense"]}, 422)
        assert ask(zhao, "post", "/departments", {"name": "水务局"})["name"] == "水务局"
        assert ask(client_of("sun"), "post", "/departments", {"name": "水利局"}, 403)
        assert [one["name"] for one in get(zhao, "/departments")["items"]] == ["水务局"]

    def test_changes_a_material_for_all_items(self, zhao: Client) -> None:
        version = make_published()
        material = Material.objects.get()
        body = {"values": {"checked": "签字清楚"}}
        assert ask(zhao, "put", f"/materials/{material.pk}", body)["values"] == {"checked": "签字清楚"}
        assert ask(zhao, "put", f"/materials/{material.pk}", {"values": {"need": "1"}}, 422)
        assert get(zhao, f"/versions/{version.pk}/materials")[0]["name"] == material.name
        assert len(get(zhao, f"/materials/{material.pk}/items")["items"]) == 1


@pytest.mark.usefixtures("object_store")
class TestFile:
    def test_is_kept_once_and_asked_for_with_a_material(self, zhao: Client) -> None:
        first, second = (
            zhao.post(f"{ROOT}/files", {"file": SimpleUploadedFile("申请书.png", picture("PNG").read())}) for _ in "ab"
        )
        assert (first.status_code, first.json()) == (201, second.json())
        make_published()
        material, body = Material.objects.get(), {"values": {}, "blank_form_id": first.json()["id"]}
        assert ask(zhao, "put", f"/materials/{material.pk}", body)["blank_form"]["name"] == "申请书.png"
        opened = client_of("sun").get(f"{ROOT}/files/{first.json()['id']}")
        assert opened.status_code == 302
        assert "X-Amz-Signature" in opened["Location"]

    def test_is_what_a_draft_may_name(self, zhao: Client) -> None:
        file = zhao.post(f"{ROOT}/files", {"file": SimpleUploadedFile("样表.png", picture("PNG").read())}).json()
        row = values_with()["materials"][0] | {"filled_sample": file["id"]}
        assert submit(make_item(materials=[row])).state == "submitted"

    def test_comes_from_nobody_who_writes_nothing(self) -> None:
        sent = {"file": SimpleUploadedFile("样表.png", picture("PNG").read())}
        assert client_of("sun").post(f"{ROOT}/files", sent).status_code == 403


class TestContract:
    @pytest.mark.soak
    def test_is_kept_whatever_is_sent(self, zhao: Client, north: Hall) -> None:
        item = make_published().item
        version = submit(make_item(1))
        known = [item.pk, item.versions.get().pk, version.pk, version.item_id, make_proposal(north).pk]
        document = zhao.get("/api/province/v1/openapi.json").json()
        operations = [
            one
            for one in (result.ok() for result in schemathesis.openapi.from_dict(document).get_all_operations())
            if one.path.startswith(ROOT) and "multipart/form-data" not in str(one.definition.raw)
        ]
        assert len(operations) > 30
        assert [stray for operation in operations for stray in _strays(zhao, operation, known)] == []


def _strays(client: Client, operation: Any, known: list[UUID]) -> list[tuple[object, ...]]:
    """What was sent where the answer was none of those that the document names for this operation."""
    found = []

    # tests/security/test_contract.py asks the same operations as often
    @settings(max_examples=20 if SOAK else 2, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def call(case: Any) -> None:
        path = operation.path
        for name in case.path_parameters or {}:
            path = path.replace(f"{{{name}}}", "legal" if name == "code" else str(random.choice(known)))  # noqa: S311
        query = urlencode(case.query or {}, doseq=True, errors="replace")
        body = json.dumps(case.body) if isinstance(case.body, dict | list) else ""
        answer = client.generic(operation.method.upper(), f"{path}?{query}", body, content_type="application/json")
        if str(answer.status_code) not in operation.definition.raw["responses"]:
            found.append((operation.method, path, query, body, answer.status_code))

    call()
    return found


class TestCommand:
    def test_loads_the_base_list_once(self) -> None:
        for added, known in ((len(read_base_list()), 0), (0, len(read_base_list()))):
            result = CliRunner().invoke(app, ["catalogue", "load-base"])
            assert result.exit_code == 0, result.stderr
            assert f"新载入 {added} 个事项，其中公布 0 个，其余是草稿；已有 {known} 个。" in result.stdout
        result = CliRunner().invoke(app, ["catalogue", "load-base", "--as", "sun"])
        assert (result.exit_code, result.stdout) == (1, "")
