"""Fees at the desk, on the case's page and over HTTP."""

from html import unescape
from typing import Any

import pytest
from django.test import Client

from province.halls.models import Hall
from province.people.models import Account
from province.people.operations.positions import give_position
from province.rights.roles import Reach
from province.sign_in.operations.tokens import issue_token
from tenants.casework.models import Case, CaseSetup
from tenants.casework.operations.deciding import decide_case
from tenants.fees.models import FeeOrder, FeePayment
from tenants.fees.states import FeeState
from tests.conftest import person
from tests.factories.casework import accepted, apply_online
from tests.factories.citizens import make_proved
from tests.factories.fees import BOOK, NOTE, PHOTO, RULES, make_charged_setup, opened
from tests.factories.halls import make_person
from tests.factories.people import client_of, make_role
from tests.tenants.citizen_pages.test_pages import browser, signed_in
from tests.tenants.services.test_site_pages import queries_of

pytestmark = pytest.mark.django_db

NORTH, SOUTH = "north.yizhan.localhost", "south.yizhan.localhost"
API = "/api/hall/v1/fees"


@pytest.fixture(scope="module", autouse=True)
def _opened(file_rows: None) -> None:
    make_charged_setup(Hall.objects.get(slug="north"), is_paid_first=True)


@pytest.fixture
def case(at_north: Hall) -> Case:
    return accepted(at_north, CaseSetup.objects.get())


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return unescape(answer.content.decode())


def program(username: str) -> Client:
    scopes = ("fees.order", "fees.take", "fees.approve", "casework.handle")
    account = Account.objects.get(username=username)
    key = issue_token(by=person(username), account=account, name="tests", scopes=scopes)
    return Client(headers={"host": NORTH, "authorization": f"Bearer {key}"})


class TestDesk:
    def test_opens_an_order_from_the_case_and_takes_the_money(self, at_north: Hall, case: Case) -> None:
        hua, new = client_of("hua", NORTH), f"/desk/fees/cases/{case.pk}/"
        page = text_of(hua, f"/desk/cases/{case.pk}/")
        assert new in page
        assert "还没有开缴费单" in page
        form = text_of(hua, new)
        for said in ("工本费：数量（本）", "每本 120.00 元", "照相费：单价（元）", "10.00 到 30.00 之间"):
            assert said in form, said
        assert "工本费：单价" not in form
        for fields, said in (
            ({}, "至少填写一项"),
            ({f"quantity_{PHOTO}": "1"}, "10.00 元到 30.00 元之间"),
            ({f"quantity_{PHOTO}": "1", f"price_{PHOTO}": "很多"}, "请填写金额"),
            ({f"quantity_{BOOK}": "-1"}, "数量不能是负数"),
        ):
            refused = hua.post(new, {"act": "open"} | fields)
            assert (refused.status_code, said in unescape(refused.text)) == (422, True), (fields, said)
        # a price for what is fixed is not read at all
        wish = {f"quantity_{BOOK}": "1", f"price_{BOOK}": "1", f"quantity_{PHOTO}": "2", f"price_{PHOTO}": "12.5"}
        made = hua.post(new, {"act": "open"} | wish)
        order = FeeOrder.objects.get()
        assert made["Location"] == f"/desk/fees/{order.pk}/"
        assert order.total_fen == 12_000 + 2_500
        path = made["Location"]
        decide_case(by=person("tao"), hall=at_north, case_id=case.pk, outcome="granted", reasons="")
        held = client_of("cao", NORTH).post(
            f"/desk/cases/{case.pk}/", {"act": "serve", "way": "window", "proof": "签收"}
        )
        assert "先缴费后发证" in held.text
        refused = hua.post(path, {"act": "take", "way": "card"})
        assert (refused.status_code, "请填写凭证号" in refused.text) == (422, True)
        paid = hua.post(path, {"act": "take", "way": "card", "reference": "88001"}, follow=True).text
        assert "88001" in paid
        receipt = hua.get(f"{path}receipt/")
        assert receipt.content.startswith(b"%PDF")
        assert "145.00 元" in text_of(hua, f"/desk/cases/{case.pk}/")
        days = text_of(hua, "/desk/fees/days/")
        assert "合计 145.00 元" in days
        assert "145.00" in hua.get("/desk/fees/days/?export=csv").text
        assert hua.get("/desk/fees/days/?export=xlsx").getvalue().startswith(b"PK")
        assert client_of("hua", SOUTH).get(path).status_code in {302, 403, 404}
        assert client_of("sun", NORTH).get(path).status_code == 403

    def test_leads_nobody_to_an_order_who_may_not_open_it(self, at_north: Hall, case: Case) -> None:
        order = opened(at_north, case)
        role = make_role("只办件", ["portal.write", "casework.handle"])
        make_person("guo", "郭办")
        give_position(
            by=person("zhao"),
            account=Account.objects.get(username="guo"),
            role=role,
            hall_id=at_north.pk,
            reach_prefix=at_north.prefixes[-1],
            reach=Reach.HALL,
        )
        guo = client_of("guo", NORTH)
        page = text_of(guo, f"/desk/cases/{case.pk}/")
        assert "待缴费" in page
        assert f"/desk/fees/{order.pk}/" not in page
        assert guo.get(f"/desk/fees/{order.pk}/").status_code == 403

    def test_lets_a_second_person_decide(self, at_north: Hall, case: Case) -> None:
        order = opened(at_north, case)
        path = f"/desk/fees/{order.pk}/"
        he, tao, hua = (client_of(name, NORTH) for name in ("he", "tao", "hua"))
        assert "作废" in text_of(he, path)
        asked = {"act": "ask_waiver", "basis": RULES[0], "reason": "低保证"}
        assert he.post(path, asked | {"basis": "领导同意"}).status_code == 422
        assert he.post(path, asked).status_code == 302
        # who has asked sees no way to decide
        assert "同意减免" not in text_of(he, path)
        assert "同意减免" in text_of(tao, path)
        assert order.case.item_name in text_of(tao, "/desk/")
        assert he.post(path, {"act": "grant_waiver"}).status_code == 422
        assert hua.post(path, {"act": "take", "way": "cash"}).status_code == 422
        assert tao.post(path, {"act": "grant_waiver"}).status_code == 302
        assert RULES[0] in text_of(hua, path)
        assert "已减免" in text_of(hua, "/desk/fees/?state=waived")
        assert RULES[0] in hua.get("/desk/fees/?all=&export=csv").text

    def test_gives_back_and_lists_with_a_steady_number_of_queries(self, at_north: Hall, case: Case) -> None:
        order = opened(at_north, case)
        path = f"/desk/fees/{order.pk}/"
        tao, hua = client_of("tao", NORTH), client_of("hua", NORTH)
        hua.post(path, {"act": "take", "way": "cash"})
        assert hua.post(path, {"act": "ask_refund", "reason": "没有领证"}).status_code == 302
        assert tao.post(path, {"act": "grant_refund", "note": "同意"}).status_code == 302
        payment = FeePayment.objects.get()
        assert "待退款" in text_of(hua, "/desk/fees/?state=to_refund")
        empty = hua.post(f"{path}refunded/", {"payment": payment.pk, "reference": ""}, follow=True).text
        assert "请填写退款凭证号" in empty
        done = hua.post(f"{path}refunded/", {"payment": payment.pk, "reference": "T9"}, follow=True).text
        assert "已登记退款" in done
        one = queries_of(hua, "/desk/fees/?all=")
        for _ in range(3):
            opened(at_north, accepted(at_north, CaseSetup.objects.get()))
        assert queries_of(hua, "/desk/fees/?all=") <= one

    def test_says_that_nothing_is_charged(self, at_north: Hall, case: Case) -> None:
        hua, new = client_of("hua", NORTH), f"/desk/fees/cases/{case.pk}/"
        assert hua.post(new, {"act": "free", "reason": ""}).status_code == 422
        hua.post(new, {"act": "free", "reason": "首次申领不收"})
        assert "本件不收费" in text_of(hua, f"/desk/cases/{case.pk}/")
        assert client_of("tao", NORTH).post(new, {"act": "free", "reason": "x"}).status_code == 422


class TestApplicant:
    def test_is_told_first_what_to_pay_and_where(self, at_north: Hall) -> None:
        citizen = make_proved(1)
        setup = CaseSetup.objects.get()
        case = apply_online(at_north, setup, citizen)
        newer = apply_online(at_north, setup, citizen)
        order = opened(at_north, case)
        client = signed_in(citizen)
        cases = text_of(client, "/cases/")
        assert "请缴费 120.00 元" in cases
        assert cases.index(str(case.pk)) < cases.index(str(newer.pk))
        page = text_of(client, f"/cases/{case.pk}/")
        for said in ("请缴费 120.00 元", "每本 120 元", order.number, "12 号"):
            assert said in page, said
        own = client.get("/api/hall/v1/casework/own").json()["items"]
        assert {one["id"]: one["owed_fen"] for one in own} == {str(case.pk): 12_000, str(newer.pk): 0}
        [shown] = client.get(f"{API}/own/{case.pk}").json()
        assert (shown["total_fen"], shown["can_pay_online"]) == (12_000, False)
        assert client.post(f"{API}/own/{order.pk}/pay", {}, "application/json").status_code == 409
        assert browser().get(f"{API}/own/{case.pk}").status_code == 401
        stranger = signed_in(make_proved(2))
        assert stranger.get(f"{API}/own/{case.pk}").status_code == 404
        assert stranger.post(f"{API}/own/{order.pk}/pay", {}, "application/json").status_code == 404
        looked_up = browser()
        looked_up.post("/progress/", {"number": case.number, "tail": citizen.phone.plain[-4:]})
        assert "请缴费 120.00 元" in text_of(looked_up, f"/cases/{case.pk}/")


class TestPrograms:
    def test_do_all_that_the_desk_does(self, at_north: Hall, case: Case) -> None:
        hua, tao = program("hua"), program("tao")
        fees = hua.get(f"{API}/cases/{case.pk}").json()
        assert [(one["place"], one["least_fen"], one["most_fen"]) for one in fees["rates"]] == [
            (BOOK, 12_000, 12_000),
            (NOTE, 2_000, 2_000),
            (PHOTO, 1_000, 3_000),
        ]
        assert fees["rules"] == list(RULES)
        wish = {"case_id": str(case.pk), "lines": [{"place": BOOK, "quantity": 1, "price_fen": 1}]}
        assert _post(hua, f"{API}/orders", wish).status_code == 422
        wish["lines"] = [{"place": BOOK, "quantity": 1}]
        made = _post(hua, f"{API}/orders", wish)
        assert (made.status_code, made.json()["total_fen"]) == (201, 12_000)
        assert _post(hua, f"{API}/orders", wish).status_code == 409
        path = f"{API}/orders/{made.json()['id']}"
        assert _post(hua, f"{path}/cancel", {"reason": "开错了"}).json()["state"] == "cancelled"
        path = f"{API}/orders/{_post(hua, f'{API}/orders', wish).json()['id']}"
        assert _post(hua, f"{path}/ask-waiver", {"basis": RULES[0], "reason": "低保"}).status_code == 200
        assert _post(tao, f"{path}/refuse", {"asked": "waiver", "note": "过期"}).json()["is_granted"] is False
        assert _post(hua, f"{path}/take", {"way": "cash"}).json()["state"] == "paid"
        assert _post(hua, f"{path}/ask-refund", {"reason": "没有领证"}).status_code == 200
        assert _post(hua, f"{path}/grant", {"asked": "refund"}).status_code == 403
        whole = _post(tao, f"{path}/grant", {"asked": "refund"}).json()
        assert (whole["state"], whole["payments"][0]["state"]) == ("refunded", "to_refund")
        back = f"{API}/payments/{whole['payments'][0]['id']}/refunded"
        assert _post(hua, back, {"reference": "T1"}).json()["state"] == "refunded"
        assert hua.get(path).json()["payments"][0]["refund_reference"] == "T1"
        free = _post(hua, f"{API}/orders/free", {"case_id": str(case.pk), "reason": "首次"})
        assert free.json()["state"] == FeeState.FREE
        assert [one["state"] for one in hua.get(f"{API}/orders").json()["items"]] == ["cancelled", "refunded", "free"]
        today = f"{case.created_at:%Y}-01-01"
        [day] = hua.get(f"{API}/days?first={today}&last=2099-01-01").json()
        assert (day["by_way"]["cash"], day["refunded_fen"]) == (12_000, 12_000)
        assert _post(hua, f"{path}/ask-interface", {}).status_code == 409


def _post(client: Client, path: str, body: dict[str, Any]) -> Any:
    return client.post(path, body, "application/json")
