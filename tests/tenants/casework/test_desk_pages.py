"""Cases at the desk: set up, taken in at the window, done step by step; and the same for programs."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from foundation.errors import Invalid
from province.halls.models import Hall
from province.people.models import Account, Position
from province.rights.roles import Reach
from province.sign_in.operations.tokens import issue_token
from standards.flows.reading import read_flow
from tenants.casework.models import Case, CaseSetup, Correction
from tenants.casework.operations.setup_rows import check_ready
from tenants.casework.queries.guides import guide_to_apply_by
from tenants.services.models import Adoption
from tenants.workflow.models import Flow, Form
from tests.conftest import person
from tests.factories.adoptions import make_shown
from tests.factories.casework import ANNA, accepted, apply_at_window, give_all, make_setup
from tests.factories.catalogue import make_item, make_published
from tests.factories.people import client_of, make_unit
from tests.factories.runs import HANDLERS, LEADERS, free_step, row_of
from tests.factories.sites import inside
from tests.province.catalogue.test_handling import layered
from tests.tenants.services.test_site_pages import queries_of

pytestmark = pytest.mark.django_db
NORTH, SOUTH = "north.yizhan.localhost", "south.yizhan.localhost"
SECRET = "11010519491231002X"


@pytest.fixture(scope="module", autouse=True)
def _shown(file_rows: None) -> None:
    make_shown(Hall.objects.get(slug="north"))


@pytest.fixture
def shown(north: Hall) -> Adoption:
    with inside(north):
        return Adoption.objects.get()


@pytest.fixture
def setup(north: Hall, shown: Adoption) -> CaseSetup:
    with inside(north):
        return make_setup(north, shown)


def desk(username: str, host: str = NORTH) -> Client:
    return client_of(username, host)


def act(client: Client, case: Case, name: str, **fields: Any) -> Any:
    return client.post(f"/desk/cases/{case.pk}/", {"act": name} | fields)


def again(north: Hall, case: Case) -> Case:
    with inside(north):
        return Case.objects.get(pk=case.pk)


def program(username: str, *others: str) -> Client:
    """A program with the scopes of who handles and decides."""
    account, scopes = Account.objects.get(username=username), ("casework.handle", "casework.decide", *others)
    key = issue_token(by=person(username), account=account, name="测试", scopes=scopes)
    return Client(headers={"host": NORTH, "authorization": f"Bearer {key}"})


class TestSettingUp:
    def test_leads_from_a_guide_to_a_form_and_opens_when_all_is_ready(self, north: Hall, shown: Adoption) -> None:
        he = desk("he")
        assert he.get("/desk/cases/").text.count("还没有开通申请的事项") == 1
        he.post("/desk/cases/setups/", {"item_id": str(shown.item_id)})
        with inside(north):
            setup = CaseSetup.objects.get()
            form = Form.objects.get(pk=setup.form_id)
        path = f"/desk/cases/setups/{setup.pk}/"
        assert "申请表" in he.get(path).text
        refused = he.post(path, {"act": "open", "revision": setup.revision}, follow=True).text
        assert "申请表还没有发布" in refused
        he.post(f"/desk/forms/{form.pk}/publish/", {"revision": form.revision})
        fields = {"revision": setup.revision, "retention_years": "10", "is_online": ""}
        assert he.post(path, fields | {"retention_years": "0"}).status_code == 422
        he.post(path, fields)
        refused = he.post(path, {"act": "open", "revision": setup.revision + 1}, follow=True).text
        assert "复议机关" in refused
        he.post(path, fields | {"revision": setup.revision + 1, "review_body": "市人民政府", "court": "市人民法院"})
        with inside(north):
            setup.refresh_from_db()
        assert "已开通申请" in he.post(path, {"act": "open", "revision": setup.revision}, follow=True).text
        assert "已停办" in he.post(path, {"act": "close", "revision": setup.revision + 1}, follow=True).text
        assert desk("cao").get(path).status_code == 403
        assert desk("he").get(f"/desk/cases/setups/{uuid4()}/").status_code == 404

    def test_takes_nothing_online_that_the_guide_says_is_not(self, north: Hall, setup: CaseSetup) -> None:
        with inside(north):
            guide = guide_to_apply_by(setup.item_id, "")
            said = replace(guide, values={**guide.values, "is_online": False})
            with pytest.raises(Invalid, match="是否网办"):
                check_ready(north, setup, said)
            setup.is_online = False
            check_ready(north, setup, said)

    def test_draws_a_first_flow_of_the_items_chart_with_one_click(self, north: Hall, setup: CaseSetup) -> None:
        page = desk("he").get(f"/desk/cases/setups/{setup.pk}/").text
        [(address, button)] = re.findall(
            r'<form method="post" action="(/desk/flows/[^"]*)">(.*?)</form>', page, re.DOTALL
        )
        assert "按运行流程图生成流程" in button
        sent = dict(re.findall(r'name="(title|item_code)" value="([^"]*)"', button))
        made = desk("he").post(address, sent, follow=True)
        assert made.redirect_chain, made.text
        with inside(north):
            flow = read_flow(Flow.objects.get().definition)
        # as the item's version says, with what the chart adds to it
        assert [one.label for one in flow.steps if one.label in {"受理", "决定"}] == ["受理", "决定"]
        assert "审批" not in [one.label for one in flow.steps]

    def test_begins_with_each_handling_item_by_itself(self, north: Hall) -> None:
        elsewhere = [{"code": "02", "is_handled": False, "elsewhere": "市政务服务中心三楼"}]
        adoption = make_shown(north, make_published(make_item(7, **layered())), hall_handling=elsewhere)
        he, path = desk("he"), f"/desk/cases/setups/items/{adoption.item_id}/"
        assert str(adoption.item_id) in he.get("/desk/cases/setups/").text
        assert he.post("/desk/cases/setups/", {"item_id": str(adoption.item_id)})["Location"] == path
        page = he.get(path).text
        for words in ("整个事项", "食品经营许可新办", "食品经营许可变更", "本厅不办理"):
            assert words in page, words
        for _ in range(2):
            assert "申请表已生成" in he.post(path, {"code": "01"}, follow=True).text
        for code, refusal in (("02", "不办理"), ("99", "请选择一个业务办理项")):
            assert refusal in he.post(path, {"code": code}, follow=True).text, code
        with inside(north):
            setup = CaseSetup.objects.get()
            assert (setup.handling_code, setup.form.title) == ("01", "食品经营许可新办申请表")
        assert "食品经营许可新办" in he.get("/desk/cases/setups/").text
        assert desk("cao").get(path).status_code == 403
        assert he.get(f"/desk/cases/setups/items/{uuid4()}/").status_code == 404


class TestTheDesk:
    def test_takes_an_application_in_and_shows_what_can_be_done_with_it(self, north: Hall, setup: CaseSetup) -> None:
        hua = desk("hua")
        begun = hua.post("/desk/cases/new/", {"setup_id": str(setup.pk), "channel": "phone"})
        page = hua.get(begun["Location"])
        revision = page.text.split('name="_revision" value="')[1].split('"')[0]
        posted = {name: ("yes" if value is True else "no" if value is False else value) for name, value in ANNA.items()}
        sent = hua.post(begun["Location"], posted | {"_revision": revision, "_act": "send"})
        with inside(north):
            case = Case.objects.get()
        assert sent["Location"] == f"/desk/cases/{case.pk}/"
        assert case.channel == "phone"
        shown = hua.get(sent["Location"]).text
        for words in ("待受理", "受理时限", "补正告知", "不予受理", "安*", case.number):
            assert words in shown
        listed = hua.get("/desk/cases/").text
        assert case.number in listed
        assert SECRET not in listed
        # the row opens beside the list with parts of the case's own page
        assert f'href="/desk/cases/{case.pk}/" data-panel="{case.pk}"' in listed
        assert shown.count("data-panel-part") == 4
        assert case.number in hua.get(f"/desk/cases/?all=&words={case.number[-8:]}").text
        assert case.number in hua.get(f"/desk/cases/?all=&words={SECRET}").text
        assert case.number not in hua.get("/desk/cases/?all=&words=110105194912310038").text
        exported = hua.get("/desk/cases/?state=open&export=csv")
        assert case.number in exported.text
        assert SECRET not in exported.text

    def test_keeps_what_was_typed_where_it_is_refused(self, north: Hall, setup: CaseSetup) -> None:
        with inside(north):
            case = apply_at_window(north, setup)
        cao = desk("cao")
        answer = act(cao, case, "accept", revision=case.revision)
        assert answer.status_code == 422
        assert "还缺" in answer.text
        answer = act(cao, case, "correct", asked="缺身份证\n缺户口簿", workdays="99")
        assert answer.status_code == 422
        assert "缺户口簿" in answer.text
        offered = re.findall(r'name="opened" value="([^"]+)"', answer.text)
        assert offered[0] == "material_1"
        assert "applicant_mobile" in offered
        assert act(cao, case, "correct", asked="缺身份证", opened=["nowhere"]).status_code == 422
        asked = {"asked": "缺身份证\n缺户口簿", "workdays": "5", "opened": ["material_1", "applicant_mobile"]}
        assert act(cao, case, "correct", **asked).status_code == 302
        with inside(north):
            assert Correction.objects.get().fields == ["applicant_mobile", "material_1"]
        assert "缺户口簿" in cao.get(f"/desk/cases/{case.pk}/").text

    def test_carries_a_case_to_its_end(self, north: Hall, setup: CaseSetup) -> None:
        with inside(north):
            case = apply_at_window(north, setup)
            states = {f"state-{one.pk}": "given" for one in case.materials.all()}
        cao, tao = desk("cao"), desk("tao")
        assert cao.post(f"/desk/cases/{case.pk}/materials/", states).status_code == 302
        for client, name, fields in (
            (cao, "accept", {}),
            (cao, "special", {"kind": "experts", "basis": "第四十五条", "number": "20", "unit": "wd"}),
            (cao, "special-end", {"result": "通过"}),
            (tao, "extend", {"workdays": "5", "reason": "案情复杂"}),
            (tao, "suspend", {"reason": "等待另案"}),
            (tao, "resume", {}),
            (tao, "decide", {"outcome": "granted", "reasons": ""}),
            (cao, "serve", {"way": "window", "proof": "本人签收"}),
            (tao, "correct-decision", {"outcome": "refused", "reasons": "不符合", "corrects": "误判"}),
            (cao, "serve", {"way": "post", "proof": "EMS 1"}),
            (cao, "archive", {}),
        ):
            assert act(client, case, name, **fields).status_code == 302, name
            assert client.get(f"/desk/cases/{case.pk}/").status_code == 200, name
        page = cao.get(f"/desk/cases/{case.pk}/").text
        for words in ("已办结：不予", "已被更正", "EMS 1", "保管到", "按时完成"):
            assert words in page, words

    def test_accepts_what_is_ticked_and_says_why_not(self, north: Hall, setup: CaseSetup) -> None:
        with inside(north):
            whole, again_whole = (give_all(north, apply_at_window(north, setup)) for _ in range(2))
            lacks = apply_at_window(north, setup)
        cao = desk("cao")
        page = cao.get("/desk/cases/").text
        assert [f'name="case" value="{one.pk}"' in page for one in (whole, lacks)] == [True, True]
        ticked = [str(one.pk) for one in (whole, lacks, whole)] + [str(uuid4()), "x"]
        told = cao.post("/desk/cases/many/", {"case": ticked, "back": "/desk/cases/?state=received"}, follow=True)
        assert told.redirect_chain[0][0] == "/desk/cases/?state=received"
        for words in ("已受理 1 件", f"{lacks.item_name}（{lacks.short_number}）：", "还缺", "没有这个办件"):
            assert words in told.text, words
        assert "请先勾选" in cao.post("/desk/cases/many/", {"back": "//elsewhere.example/"}, follow=True).text
        assert [again(north, one).state for one in (whole, lacks, again_whole)] == ["accepted", "received", "received"]
        assert desk("sun").post("/desk/cases/many/", {"case": ticked}).status_code == 403
        client = program("he")
        sent = client.post(
            "/api/hall/v1/casework/cases/accept",
            json.dumps({"ids": [str(again_whole.pk), str(lacks.pk)]}),
            content_type="application/json",
        )
        # in the order in which they came
        outcomes = [(one["id"], one["is_done"]) for one in sent.json()]
        assert outcomes == [(str(again_whole.pk), True), (str(lacks.pk), False)]

    def test_unfolds_what_comes_next_and_nothing_else(self, north: Hall, setup: CaseSetup) -> None:
        with inside(north):
            case = give_all(north, apply_at_window(north, setup))
            Case.objects.update(owner_id=None, owner_name="")
        for client, opened, then in ((desk("cao"), "受理", "accept"), (desk("tao"), "作出决定", "")):
            page = client.get(f"/desk/cases/{case.pk}/").text
            assert re.findall(r"<details[^>]* open [^>]*>\s*<summary>(.*?)</summary>", page) == [opened]
            if then:
                act(client, case, then)

    def test_names_other_cases_of_the_same_applicant_that_one_may_handle(self, north: Hall, setup: CaseSetup) -> None:
        with inside(north):
            case, other = apply_at_window(north, setup), apply_at_window(north, setup)
            stranger = apply_at_window(north, setup, applicant_number="110105194912310038", applicant_name="李四")
        page = desk("cao").get(f"/desk/cases/{case.pk}/").text
        card = page.partition("申请人的其他办件")[2].partition("</section>")[0]
        assert [f"/desk/cases/{one.pk}/" in card for one in (case, other, stranger)] == [False, True, False]
        assert "申请人的其他办件" not in desk("cao").get(f"/desk/cases/{stranger.pk}/").text
        told = program("he").get(f"/api/hall/v1/casework/cases/{case.pk}").json()
        assert [one["number"] for one in told["related"]] == [other.number]
        # who works for a department learns nothing of another one's
        unit = make_unit("民政局", hall=north)
        Position.objects.filter(account__username="cao").update(unit=unit, reach=Reach.UNIT)
        with inside(north):
            Case.objects.filter(pk=case.pk).update(unit_id=unit.pk)
        assert program("he").get(f"/api/hall/v1/casework/cases/{case.pk}").json()["related"]
        assert "申请人的其他办件" not in desk("cao").get(f"/desk/cases/{case.pk}/").text

    def test_names_the_case_over_the_flow_that_examines_it(self, north: Hall, setup: CaseSetup) -> None:
        with inside(north):
            setup.flow = row_of(north, free_step("look", HANDLERS), free_step("ok", LEADERS), code="examine")
            setup.save()
            case = accepted(north, setup)
        page = desk("cao").get(f"/desk/runs/{case.run_id}/").text
        assert case.number in page
        assert f"/desk/cases/{case.pk}/" in page
        assert "正在按" in desk("cao").get(f"/desk/cases/{case.pk}/").text

    def test_hides_what_is_anothers(self, north: Hall, south: Hall, setup: CaseSetup) -> None:
        with inside(north):
            case = apply_at_window(north, setup)
        assert desk("sun").get(f"/desk/cases/{case.pk}/").status_code == 403
        assert desk("cao").get(f"/desk/cases/{uuid4()}/").status_code == 404
        assert desk("cao", SOUTH).get(f"/desk/cases/{case.pk}/").status_code in {302, 403, 404}

    def test_asks_as_much_for_thirty_cases_as_for_three(self, north: Hall, setup: CaseSetup) -> None:
        cao = desk("cao")
        with inside(north):
            for _ in range(3):
                apply_at_window(north, setup)
        few = queries_of(cao, "/desk/cases/")
        with inside(north):
            for _ in range(6):
                apply_at_window(north, setup)
        assert queries_of(cao, "/desk/cases/") == few


class TestTheInterface:
    def test_takes_an_application_in_from_another_system_once(self, north: Hall, setup: CaseSetup) -> None:
        client, made = program("he", "workflow.take_part"), []

        def send(way: str, address: str, data: Mapping[str, Any], key: str) -> Any:
            headers = {"Idempotency-Key": key}
            return client.generic(
                way, f"/api/hall/v1/{address}", json.dumps(data), content_type="application/json", headers=headers
            )

        # whatever was not answered in time is sent again
        for _ in range(2):
            begun = send("POST", "casework/cases", {"setup_id": str(setup.pk), "channel": "system"}, "begin-1").json()
            at = f"workflow/fillings/{begun['filled_id']}"
            saved = send("PATCH", at, {"values": ANNA, "revision": begun["revision"]}, "save-1").json()
            sent = send("POST", f"{at}/send", {"revision": saved["revision"]}, "send-1")
            assert sent.status_code == 200, sent.text
            made.append(begun["filled_id"])
        with inside(north):
            case = Case.objects.get()
        assert made == [str(case.filled_id)] * 2
        assert (case.channel, case.state) == ("system", "received")
        for channel in ("handed", "passed", "village", "site", "app"):
            refused = send("POST", "casework/cases", {"setup_id": str(setup.pk), "channel": channel}, f"by-{channel}")
            assert refused.status_code == 422, channel

    def test_does_what_the_pages_do(self, north: Hall, setup: CaseSetup) -> None:
        with inside(north):
            case = give_all(north, apply_at_window(north, setup))
        client = program("he")
        base = f"/api/hall/v1/casework/cases/{case.pk}"

        def send(name: str, data: Mapping[str, Any]) -> Any:
            return client.post(f"{base}/{name}", json.dumps(data), content_type="application/json")

        assert client.get("/api/hall/v1/casework/cases?state=open").json()["items"][0]["number"] == case.number
        accepted_now = send("accept", {"revision": case.revision}).json()
        assert accepted_now["state"] == "accepted"
        assert {one["kind"]: one["state"] for one in accepted_now["clocks"]}["promised"] == "running"
        assert send("accept", {"revision": case.revision}).status_code == 409
        assert send("decide", {"outcome": "refused", "reasons": ""}).status_code == 422
        assert send("decide", {"outcome": "granted"}).json()["outcome"] == "granted"
        assert send("serve", {"way": "window", "proof": "本人签收"}).json()["state"] == "finished"
        assert len(send("archive", {}).json()["digest"]) == 64
        whole = client.get(base).json()
        assert SECRET not in json.dumps(whole)
        assert whole["applicant"]["name"] == "安*"
