"""Programs fill in forms as pages do."""

import json
from typing import Any

import pytest
from django.test import Client

from foundation import schemas
from province.audit.models import AuditEntry
from province.halls.models import Hall
from tenants.workflow.models import FilledForm
from tenants.workflow.operations.places import PlaceFacts, create_place
from tenants.workflow.queries.contexts import names_in_list
from tenants.workflow.states import FilledState
from tests.conftest import person
from tests.factories.forms import LEAVE, LEAVE_POST, begin, make_published_form
from tests.factories.people import program_of

pytestmark = pytest.mark.django_db

BASE = "/api/hall/v1/workflow"
CHOOSING: dict[str, Any] = {
    "format": 1,
    "title": "派车",
    "parts": [
        {
            "name": "all",
            "label": "全部",
            "fields": [
                {"type": "listed", "name": "colleague", "label": "随行", "source": "person"},
                {"type": "listed", "name": "hidden", "label": "看不到的", "source": "person"},
                {"type": "short_text", "name": "why", "label": "原因"},
                {"type": "map_place", "name": "place", "label": "上车地点", "kinds": ["领取点"]},
                {
                    "type": "group",
                    "name": "lines",
                    "label": "明细",
                    "cells": [{"type": "listed", "name": "unit", "label": "科室", "source": "department"}],
                },
            ],
        }
    ],
    "rights": [{"otherwise": "write", "rights": {"hidden": "hidden"}}],
}
HIDDEN = [{"otherwise": "write", "rights": {"number": "hidden"}}]


@pytest.fixture
def program() -> Client:
    client = program_of("cao")
    client.defaults["HTTP_HOST"] = "north.yizhan.localhost"
    return client


def sent(client: Client, method: str, path: str, status: int, **data: Any) -> Any:
    answer = client.generic(
        method, f"{BASE}{path}", json.dumps(data), "application/json", headers={"host": "north.yizhan.localhost"}
    )
    assert answer.status_code == status, answer.content.decode()
    return answer.json() if answer.content else None


class TestFilling:
    def test_goes_from_the_schema_to_the_sent_form(self, north: Hall, program: Client) -> None:
        with schemas.enter(north.schema_name):
            form = make_published_form(north)
        [listed] = sent(program, "GET", "/fillings/forms", 200)["items"]
        assert listed == {"id": str(form.pk), "code": "leave", "title": "请假申请"}
        described = sent(program, "GET", f"/fillings/forms/{form.pk}/schema", 200)
        assert described["schema"]["required"] == ["name", "number", "kind", "days"]
        begun = sent(program, "POST", "/fillings", 201, form_id=str(form.pk))
        path = f"/fillings/{begun['id']}"
        assert begun["origins"] == {"name": "您的工作账号"}
        saved = sent(program, "PATCH", path, 200, values={"kind": "leave"}, revision=0)
        assert "kind" in [fault["where"] for fault in saved["faults"]]
        refused = sent(program, "POST", f"{path}/send", 422, revision=1)
        assert "days" in [fault["where"] for fault in refused["errors"]]
        sent(program, "PATCH", path, 409, values={"kind": "ill"}, revision=0)
        saved = sent(program, "PATCH", path, 200, values=LEAVE_POST, revision=1)
        assert (saved["faults"], saved["values"]["number.sex"]) == ([], "女")
        assert [one["state"] for one in sent(program, "GET", "/fillings?state=draft", 200)["items"]] == ["draft"]
        done = sent(program, "POST", f"{path}/send", 200, revision=2)
        assert (done["state"], sent(program, "DELETE", path, 409)["status"]) == (FilledState.SENT, 409)
        with schemas.enter(north.schema_name):
            draft = begin(north, form.pk)
        sent(program, "DELETE", f"/fillings/{draft.pk}", 204)

    def test_gives_and_takes_nothing_that_is_hidden(self, north: Hall, program: Client) -> None:
        with schemas.enter(north.schema_name):
            form = make_published_form(north, {**LEAVE, "rights": HIDDEN})
        described = sent(program, "GET", f"/fillings/forms/{form.pk}/schema", 200)
        assert "number" not in json.dumps(described["schema"]["properties"])
        begun = sent(program, "POST", "/fillings", 201, form_id=str(form.pk))
        saved = sent(program, "PATCH", f"/fillings/{begun['id']}", 200, values=LEAVE_POST, revision=0)
        assert not [name for name in saved["values"] if name.startswith("number")]
        with schemas.enter(north.schema_name):
            filled = FilledForm.objects.get()
            assert "number" not in filled.values.opened(north.pk)

    def test_lists_what_can_be_chosen_as_the_page_offers_it(self, north: Hall, south: Hall, program: Client) -> None:
        with schemas.enter(north.schema_name):
            gate = create_place(by=person("sun"), hall=north, facts=PlaceFacts(name="东门", kind="领取点"))
            create_place(by=person("sun"), hall=north, facts=PlaceFacts(name="西门"))
            form = make_published_form(north, CHOOSING)
        path = f"/choices/forms/{form.pk}"
        people = sent(program, "GET", f"{path}/colleague?limit=2", 200)
        names = [one["name"] for one in people["items"]]
        while people["next_cursor"]:
            people = sent(program, "GET", f"{path}/colleague?limit=2&cursor={people['next_cursor']}", 200)
            names += [one["name"] for one in people["items"]]
        assert len(names) == len(set(names)) > 2
        with schemas.enter(north.schema_name):
            assert set(names) == set(names_in_list(north, "person").values())
        [cao] = sent(program, "GET", f"{path}/colleague?search=曹", 200)["items"]
        assert (cao["name"], cao["hint"]) == ("曹办", "")
        # a cell of lines; places, of the kinds that the field names
        assert sent(program, "GET", f"{path}/unit", 200)["items"] is not None
        assert sent(program, "GET", f"{path}/place", 200)["items"] == [{"id": str(gate.pk), "name": "东门", "hint": ""}]
        begun = sent(program, "POST", "/fillings", 201, form_id=str(form.pk))
        [same] = sent(program, "GET", f"/choices/fillings/{begun['id']}/colleague?search=曹", 200)["items"]
        saved = sent(program, "PATCH", f"/fillings/{begun['id']}", 200, values={"colleague": same["id"]}, revision=0)
        assert saved["values"]["colleague"] == {"code": cao["id"], "name": "曹办"}
        for wrong in ("/hidden", "/why", "/nothing", "/colleague?version=9"):
            sent(program, "GET", f"{path}{wrong}", 404)
        elsewhere = program_of("zhou")
        for host, client in (("south.yizhan.localhost", elsewhere), ("north.yizhan.localhost", program_of("hua"))):
            found = [
                client.get(f"{BASE}{one}", headers={"host": host}).status_code
                for one in (f"/choices/fillings/{begun['id']}/colleague", f"{path}/colleague")
            ]
            # another hall knows neither, a colleague the form alone
            assert found == ([404, 404] if client is elsewhere else [404, 200])

    def test_is_read_by_who_may_read_what_was_sent(self, north: Hall, program: Client) -> None:
        with schemas.enter(north.schema_name):
            form = make_published_form(north)
        begun = sent(program, "POST", "/fillings", 201, form_id=str(form.pk))
        sent(program, "PATCH", f"/fillings/{begun['id']}", 200, values=LEAVE_POST, revision=0)
        sent(program, "POST", f"/fillings/{begun['id']}/send", 200, revision=1)
        sent(program, "GET", f"/sent/{form.pk}", 403)
        keeper = program_of("he")
        assert len(sent(keeper, "GET", f"/sent/{form.pk}", 200)["items"]) == 1
        [sheet] = sent(keeper, "POST", f"/sent/{form.pk}/export", 200)
        assert sheet["rows"][0][1:3] == ["孙*", "110***********002X"]
        assert AuditEntry.objects.filter(act="workflow.export_sent").count() == 1
