"""Ratings on pages and over HTTP: the ways by which somebody comes to rate, and the desk of those who answer."""

from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from province.citizens.models import Citizen
from province.halls.models import Hall
from province.people.models import Account
from province.sign_in.operations.tokens import issue_token
from tenants.casework.models import CaseSetup
from tenants.casework.operations.acceptance import accept_case
from tenants.casework.operations.closing import serve_decision
from tenants.casework.operations.deciding import decide_case
from tenants.ratings.models import LowRating, Rating
from tenants.ratings.operations.opening import open_case_rating, open_visit_rating
from tenants.ratings.queries.links import token_of
from tests.conftest import person
from tests.factories.casework import apply_online, give_all
from tests.factories.citizens import make_proved
from tests.factories.people import client_of
from tests.factories.ratings import awaited, rated
from tests.tenants.citizen_pages.test_pages import browser, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("opened")]

NORTH, SOUTH = "north.yizhan.localhost", "south.yizhan.localhost"
API = "/api/hall/v1/ratings"


@pytest.fixture
def setup(at_north: Hall) -> CaseSetup:
    return CaseSetup.objects.get()


def online(hall: Hall, setup: CaseSetup, citizen: Citizen) -> Rating:
    """A citizen's own case, applied for on the site and done."""
    case = give_all(hall, apply_online(hall, setup, citizen))
    accept_case(by=person("cao"), hall=hall, case_id=case.pk)
    decide_case(by=person("tao"), hall=hall, case_id=case.pk, outcome="granted", reasons="")
    serve_decision(by=person("cao"), hall=hall, case_id=case.pk, way="post", proof="EMS 1099")
    open_case_rating(hall=hall, case_id=case.pk)
    return Rating.objects.get(case_id=case.pk)


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return unescape(answer.content.decode())


def program(username: str, host: str = NORTH) -> Client:
    key = issue_token(
        by=person(username),
        account=Account.objects.get(username=username),
        name="tests",
        scopes=("ratings.mend", "ratings.ask", "ratings.manage"),
    )
    return Client(headers={"host": host, "authorization": f"Bearer {key}"})


class TestWays:
    def test_lead_the_applicant_to_rate_once_and_to_read_the_answer(self, at_north: Hall, setup: CaseSetup) -> None:
        citizen = make_proved(1)
        rating = online(at_north, setup, citizen)
        client, path = signed_in(citizen), f"/ratings/{rating.pk}/"
        assert f'href="{path}"' in text_of(client, f"/cases/{rating.case_id}/")
        page = text_of(client, path)
        for said in ("非常满意", "非常不满意", "平台不好操作", "看不到是谁评的"):
            assert said in page
        assert "服务态度" not in page
        refused = client.post(path, {"grade": "5"})
        assert refused.status_code == 422
        assert "请选择哪里不满意" in refused.text
        # a reason that stands with another grade was ticked before
        given = client.post(path, {"grade": "5", "reasons": ["og1", "ob1"], "opinion": "<b>慢</b>"}, follow=True)
        assert "谢谢您的评价" in given.text
        assert "<b>慢" not in given.text
        assert Rating.objects.get().reasons == ["ob1"]
        again = client.post(path, {"grade": "1"}, follow=True)
        assert "您的评价：非常不满意" in again.text
        assert "已经评价过了" in text_of(client, f"/cases/{rating.case_id}/")
        LowRating.objects.update(told="已经改进系统。")
        assert "已经改进系统" in text_of(client, path)
        stranger, another = browser(), signed_in(make_proved(2))
        assert stranger.get(path)["Location"] == "/progress/"
        assert another.get(path).status_code == 404
        assert browser(SOUTH).get(path).status_code == 404

    def test_lead_from_number_and_phone_and_from_a_code(self, at_north: Hall, setup: CaseSetup) -> None:
        rating = awaited(at_north, setup)
        number = setup.cases.get(pk=rating.case_id).number
        client = browser()
        found = client.post("/progress/", {"number": number, "tail": "5678"})
        assert found["Location"] == f"/cases/{rating.case_id}/"
        assert "评价本次服务" in text_of(client, found["Location"])
        client.post(f"/ratings/{rating.pk}/", {"grade": "2"})
        assert Rating.objects.get(pk=rating.pk).channel == "looked_up"

        visit = open_visit_rating(by=person("cao"), hall=at_north)
        token = token_of(at_north, visit)
        other = browser()
        assert other.get(f"/ratings/link/{token}/")["Location"] == f"/ratings/{visit.pk}/"
        other.post(f"/ratings/{visit.pk}/", {"grade": "1", "reasons": ["wg3"]})
        assert Rating.objects.get(pk=visit.pk).channel == "link"
        # what was said is not for the clerk, who has the code and knows the end of the phone
        assert "服务态度好" in text_of(other, f"/ratings/{visit.pk}/")
        clerk = browser()
        clerk.get(f"/ratings/link/{token}/")
        clerk.post("/progress/", {"number": number, "tail": "5678"})
        for one in (visit, rating):
            hidden = text_of(clerk, f"/ratings/{one.pk}/")
            assert "已经评价过了" in hidden
            assert "满意" not in hidden.split("<main")[1]
        for path in (f"/ratings/link/{token}x/", "/ratings/link/nothing/"):
            assert other.get(path).status_code == 404
        assert browser(SOUTH).get(f"/ratings/link/{token}/").status_code == 404
        overview = text_of(browser(), "/ratings/")
        for said in ("4.50", "100.0%", "默认好评"):
            assert said in overview

    def test_are_there_for_the_citizens_own_program(self, at_north: Hall, setup: CaseSetup) -> None:
        citizen = make_proved(1)
        rating = online(at_north, setup, citizen)
        client, path = signed_in(citizen), f"{API}/own/{rating.case_id}"
        shown = client.get(path).json()
        assert (shown["state"], {one["code"][0] for one in shown["offered"]}) == ("awaited", {"o"})
        assert client.post(path, {"grade": 1, "reasons": ["og2"]}, "application/json").status_code == 200
        assert client.post(path, {"grade": 2}, "application/json").status_code == 409
        assert client.get(path).json()["reasons"] == ["办事指南写得准确"]
        assert browser().get(path).status_code == 401
        assert signed_in(make_proved(2)).get(path).status_code == 404


class TestDesk:
    def test_answers_a_low_rating_step_by_step(self, at_north: Hall, setup: CaseSetup) -> None:
        rating = rated(at_north, awaited(at_north, setup), 4, opinion="电话 13912345678 没人接")
        tao, path = client_of("tao", NORTH), f"/desk/ratings/{rating.pk}/"
        assert "差评" in text_of(tao, "/desk/")
        listed = text_of(tao, "/desk/ratings/")
        assert path in listed
        page = text_of(tao, path)
        assert "13912345678" not in page
        assert "等候、办理太久" in page
        refused = tao.post(path, {"act": "contact", "said": ""})
        assert refused.status_code == 422
        for name, fields in (
            ("contact", {"said": "已联系"}),
            ("find", {"said": "查了", "finding": "founded"}),
            ("mend", {"said": "改了"}),
            ("tell", {"said": "对不起"}),
            ("close", {"said": "记录 1"}),
        ):
            assert tao.post(path, {"act": name} | fields).status_code == 302, name
        assert "记录 1" in text_of(tao, path)
        assert path not in text_of(tao, "/desk/ratings/")
        assert path in text_of(tao, "/desk/ratings/?state=closed")
        assert client_of("cao", NORTH).get(path).status_code == 403
        assert client_of("tao", SOUTH).get(path).status_code in {302, 403, 404}

    def test_shows_figures_a_code_and_the_limits(self, at_north: Hall, setup: CaseSetup) -> None:
        cao, tao, he = (client_of(name, NORTH) for name in ("cao", "tao", "he"))
        made = cao.post("/desk/ratings/visits/", {"item_id": str(setup.item_id)})
        page = text_of(cao, made["Location"])
        assert "<svg" in page
        visit = Rating.objects.get()
        assert made["Location"] == f"/desk/ratings/visits/{visit.pk}/"
        assert made["Location"] in text_of(cao, "/desk/ratings/visits/")
        assert tao.get(made["Location"]).status_code == 404
        assert "评价满 5 次才显示" in text_of(cao, "/desk/ratings/visits/")
        rated(at_north, visit, 5)
        assert cao.get(made["Location"]).status_code == 404
        for by, said in (("hall", at_north.name), ("unit", "综合窗口"), ("item", visit.item_name), ("clerk", "曹办")):
            assert said in text_of(tao, f"/desk/ratings/figures/?by={by}"), by
            assert said in tao.get(f"/desk/ratings/figures/?by={by}&export=csv").text, by
        assert tao.get("/desk/ratings/figures/?by=clerk&export=xlsx").getvalue().startswith(b"PK")
        assert cao.get("/desk/ratings/figures/").status_code == 403
        settings = {"default_days": "7", "contact_days": "1", "mending_days": "10"}
        assert he.post("/desk/ratings/settings/", settings | {"contact_days": "9"}).status_code == 422
        assert he.post("/desk/ratings/settings/", settings).status_code == 302
        assert tao.get("/desk/ratings/settings/").status_code == 403

    def test_does_the_same_for_programs(self, at_north: Hall, setup: CaseSetup) -> None:
        cao, tao, he = program("cao"), program("tao"), program("he")
        made = _post(cao, f"{API}/visits", {"item_id": str(setup.item_id)}).json()
        assert browser().get(made["path"]).status_code == 302
        rated(at_north, Rating.objects.get(pk=made["id"]), 4)
        [line] = tao.get(f"{API}/low").json()["items"]
        assert (line["id"], line["state"], line["grade"], line["reasons"]) == (
            made["id"],
            "waiting",
            4,
            ["等候、办理太久"],
        )
        low = f"{API}/low/{made['id']}"
        for name, body in (
            ("contact", {"said": "已联系"}),
            ("find", {"said": "查了", "finding": "unfounded"}),
            ("tell", {"said": "解释"}),
            ("close", {"said": "记录"}),
        ):
            assert _post(tao, f"{low}/{name}", body).status_code == 200, name
        assert _post(tao, f"{low}/mend", {"said": "x"}).status_code == 409
        shown = tao.get(low).json()
        assert (shown["state"], shown["told"], len(shown["acts"])) == ("closed", "解释", 4)
        month = f"{timezone.localdate():%Y-%m}"
        [line] = tao.get(f"{API}/figures?by=clerk&since={month}").json()
        assert (line["counts"], line["low"], line["answered"]) == ([0, 0, 0, 1, 0], 1, 1)
        assert cao.get(f"{API}/own-figures").json() is None
        assert cao.get(f"{API}/low").status_code == 403
        limits = {"default_days": 7, "contact_days": 1, "mending_days": 10}
        assert (
            he.put(f"{API}/settings", limits, "application/json").json() == limits == he.get(f"{API}/settings").json()
        )


def _post(client: Client, path: str, body: dict[str, Any]) -> Any:
    return client.post(path, body, "application/json")
