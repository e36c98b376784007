"""Fees paid through a payment interface: a real server that fails, delays, repeats, loses what it tells and lies."""

import hmac
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from config.doctor import gateways
from config.doctor.findings import DoctorFault, DoctorNote
from foundation import circuits
from foundation.errors import Conflict, Unavailable
from foundation.events.models import OutsideCall
from province.cases.models import CaseReport
from province.citizens.connectors import bridge as bridges
from province.citizens.models import Citizen
from province.halls.models import Hall
from tenants.casework.models import Case, CaseSetup
from tenants.fees.models import FeeOrder, FeePayment
from tenants.fees.operations.online import ask_payment, place_fee_order, send_next_payment_call
from tenants.fees.operations.opening import cancel_fee_order
from tenants.fees.operations.restored import report_fees_again
from tenants.fees.states import FeeState, RefundCause
from tests.channel_server import Reply
from tests.conftest import person
from tests.factories.casework import apply_online
from tests.factories.citizens import make_proved
from tests.factories.fees import make_charged_setup, opened
from tests.factories.people import client_of
from tests.factories.sites import inside
from tests.province.citizens.bridges import KEY, FakeBridge
from tests.tenants.citizen_pages.test_pages import signed_in

pytestmark = pytest.mark.django_db
NORTH, SOUTH = "north.yizhan.localhost", "south.yizhan.localhost"
ADDRESS = "https://pay.example.gov.cn/order"


@dataclass
class Interface:
    """Takes orders, and knows what was paid: ``money`` by number, as it answers it."""

    bridge: FakeBridge = field(default_factory=FakeBridge)
    money: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def says(self, asked: dict[str, Any]) -> dict[str, Any]:
        if asked["kind"] == "payment_order":
            return {"result": "placed", "address": f"{ADDRESS}?{asked['number']}"}
        if asked["kind"] == "ping":
            return {"result": "ready"}
        found = self.money.get(asked["number"])
        return {"result": "paid", "payments": found} if found else {"result": "unpaid"}

    def pay(self, number: str, amount: int = 12_000, trade: str = "T1") -> dict[str, Any]:
        """Somebody pays; what it would tell of it is returned, and told to nobody."""
        line = {"trade": trade, "amount": amount, "paid_at": timezone.now().isoformat()}
        self.money.setdefault(number, []).append(line)
        return {"id": trade, "kind": "paid", "number": number} | line


def tell(said: dict[str, Any], *, host: str = NORTH, age: int = 0, key: bytes = KEY, nonce: str = "ab" * 16) -> Any:
    """As the interface tells it, ``age`` seconds ago."""
    body, told = json.dumps(said).encode(), str(int(time.time()) - age)
    signature = hmac.new(key, b".".join([told.encode(), nonce.encode(), body]), "sm3").hexdigest()
    headers = {
        "host": host,
        "X-Yizhan-Timestamp": told,
        "X-Yizhan-Nonce": nonce,
        "X-Yizhan-Signature": f"sm3={signature}",
    }
    return Client(headers=headers).post("/fees/notified/", body, "application/json")


@pytest.fixture
def interface(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Interface]:
    circuits.circuit_of.cache_clear()
    monkeypatch.setattr(bridges, "SECONDS", 0.5)
    made = Interface()
    made.bridge.says = made.says
    with made.bridge.running():
        settings.PAYMENTS, settings.PAYMENTS_URL, settings.PAYMENTS_KEY = "http", made.bridge.channel.url(), KEY
        yield made


@pytest.fixture(scope="module", autouse=True)
def _opened(file_rows: None) -> None:
    make_charged_setup(Hall.objects.get(slug="north"))


@pytest.fixture
def order(at_north: Hall) -> FeeOrder:
    case = apply_online(at_north, CaseSetup.objects.get(), make_proved(1))
    return opened(at_north, case)


def state_of(order: FeeOrder) -> str:
    return FeeOrder.objects.get(pk=order.pk).state


def due() -> None:
    OutsideCall.objects.update(next_attempt_at=timezone.now(), claimed_until=None)


class TestPlacing:
    def test_tells_the_interface_and_leads_the_applicant_there(
        self, at_north: Hall, order: FeeOrder, interface: Interface
    ) -> None:
        client, page = signed_in(payer_of(order)), f"/cases/{order.case_id}/"
        shown = client.get(page).text
        assert "请缴费 120.00 元" in shown
        assert "网上缴费" in shown
        assert "请缴费 120.00 元" in client.get("/me/").text
        paid = client.post(f"/fees/{order.pk}/pay/", follow=True).text
        assert f'href="{ADDRESS}?{order.number}"' in paid
        [asked] = interface.bridge.asked
        assert asked["id"] == str(order.pk)
        assert (asked["number"], asked["amount"], asked["payee"]) == (order.number, 12_000, at_north.division.code)
        assert asked["notify"].endswith("/fees/notified/")
        # nothing of who pays is told
        assert set(asked) == {"id", "kind", "number", "amount", "title", "payee", "hall", "notify", "back"}
        another = signed_in(make_proved(2))
        assert another.post(f"/fees/{order.pk}/pay/").status_code == 404
        assert signed_in(payer_of(order), SOUTH).post(f"/fees/{order.pk}/pay/").status_code == 404

    def test_is_tried_again_under_one_key_and_refused_in_plain_words(
        self, at_north: Hall, order: FeeOrder, interface: Interface
    ) -> None:
        answers = iter([Reply(status=503, body=b"{}"), None])
        interface.bridge.reply = lambda *_: next(answers)
        assert place_fee_order(hall=at_north, order_id=order.pk).pay_address
        assert {one["id"] for one in interface.bridge.asked} == {str(order.pk)}
        for reply in (Reply(status=500, body=b"{}"), Reply(delay=0.8), Reply(body=b'{"result": "placed"}')):
            circuits.circuit_of.cache_clear()
            interface.bridge.reply = lambda *_, reply=reply: reply
            with pytest.raises(Unavailable):
                place_fee_order(hall=at_north, order_id=order.pk)
        circuits.circuit_of.cache_clear()
        interface.bridge.reply = lambda bridge, request: bridge.answer(request, result="placed", address="javascript:1")
        with pytest.raises(Unavailable):
            place_fee_order(hall=at_north, order_id=order.pk)

    def test_is_not_there_without_an_interface(self, at_north: Hall, order: FeeOrder) -> None:
        client = signed_in(payer_of(order))
        shown = client.get(f"/cases/{order.case_id}/").text
        assert "网上缴费" not in shown
        assert order.number in shown
        assert "人民路 1 号" in shown
        with pytest.raises(Conflict):
            place_fee_order(hall=at_north, order_id=order.pk)
        assert tell({"number": order.number}).status_code == 401
        assert Client(headers={"host": NORTH}).post("/fees/notified/", {"number": "1"}).status_code == 401


class TestNotices:
    def test_settle_an_order_once_however_often_they_come(
        self, at_north: Hall, order: FeeOrder, interface: Interface
    ) -> None:
        said = interface.pay(order.number)
        for nonce in ("ab" * 16, "ab" * 16, "cd" * 16):
            answer = tell(said, nonce=nonce)
            assert (answer.status_code, answer.json()) == (200, {"id": "T1", "result": "taken"})
            expected = hmac.new(KEY, b".".join([nonce.encode(), answer.content]), "sm3").hexdigest()
            assert answer["X-Yizhan-Signature"] == f"sm3={expected}"
        with inside(at_north):
            assert (state_of(order), FeePayment.objects.count()) == (FeeState.PAID, 1)
            assert CaseReport.objects.get(pk=order.case_id).owed_fen == 0

    def test_are_refused_where_they_lie(self, at_north: Hall, order: FeeOrder, interface: Interface) -> None:
        said = interface.pay(order.number)
        for answer, status in (
            (tell(said, key=bytes(32)), 401),
            (tell(said, age=400), 401),
            (tell(said, age=-400), 401),
            (tell(said, nonce=""), 401),
            (tell(said, host=SOUTH), 404),
            (tell(said | {"number": f"{order.number}x"}), 404),
            (tell(said | {"amount": 0}), 422),
            (tell(said | {"amount": "viel"}), 422),
            (tell(said | {"paid_at": "0001-01-01T00:00:00+08:00"}), 422),
            (tell({}), 422),
        ):
            assert answer.status_code == status, answer.content
        with inside(at_north):
            assert (state_of(order), FeePayment.objects.count()) == (FeeState.OPEN, 0)
        assert tell(said | {"amount": 11_999}).status_code == 200
        # the same number with another amount is a lie; the money of another amount is kept and goes back
        assert tell(said | {"amount": 12_000}).status_code == 409
        with inside(at_north):
            kept = FeePayment.objects.get()
            assert (state_of(order), kept.cause) == (FeeState.OPEN, RefundCause.WRONG_AMOUNT)


class TestAsking:
    def test_finds_what_was_told_to_nobody(self, at_north: Hall, order: FeeOrder, interface: Interface) -> None:
        place_fee_order(hall=at_north, order_id=order.pk)
        assert send_next_payment_call()
        assert (state_of(order), OutsideCall.objects.get().state) == (FeeState.OPEN, "waiting")
        interface.pay(order.number)
        # a moment without an answer is no end
        interface.bridge.reply = lambda *_: Reply(status=500, body=b"{}")
        due()
        assert send_next_payment_call()
        assert (state_of(order), OutsideCall.objects.get().state) == (FeeState.OPEN, "waiting")
        circuits.circuit_of.cache_clear()
        interface.bridge.reply = lambda *_: None
        due()
        assert send_next_payment_call()
        assert state_of(order) == FeeState.PAID
        # it is asked for a day more: somebody may pay twice
        interface.pay(order.number, trade="T2")
        due()
        assert send_next_payment_call()
        assert [one.cause for one in FeePayment.objects.order_by("pk")] == ["", RefundCause.TWICE]
        FeeOrder.objects.update(state_at=timezone.now() - timedelta(days=2))
        due()
        assert send_next_payment_call()
        assert not OutsideCall.objects.exists()

    def test_finds_money_for_what_was_cancelled(self, at_north: Hall, order: FeeOrder, interface: Interface) -> None:
        place_fee_order(hall=at_north, order_id=order.pk)
        cancel_fee_order(by=person("hua"), hall=at_north, order_id=order.pk, reason="开错了")
        interface.pay(order.number)
        report_fees_again(hall=at_north)
        due()
        assert send_next_payment_call()
        assert (state_of(order), FeePayment.objects.get().cause) == (FeeState.CANCELLED, RefundCause.NOT_OWED)

    def test_believes_nothing_that_is_unsigned_or_unreadable(
        self, at_north: Hall, order: FeeOrder, interface: Interface
    ) -> None:
        interface.pay(order.number)
        for reply in (
            lambda _, request: Reply(body=json.dumps({"id": request.key, "result": "paid"}).encode()),
            lambda bridge, request: bridge.answer(request, result="paid"),
            lambda bridge, request: bridge.answer(request, result="paid", payments=[{"trade": "T1", "amount": -1}]),
        ):
            circuits.circuit_of.cache_clear()
            interface.bridge.reply = reply
            with pytest.raises(Unavailable):
                ask_payment(hall=at_north, order_id=order.pk)
        assert not FeePayment.objects.exists()
        circuits.circuit_of.cache_clear()
        interface.bridge.reply = lambda *_: None
        hua = client_of("hua", NORTH)
        FeeOrder.objects.update(pay_address=ADDRESS)
        assert "查询到账" in hua.get(f"/desk/fees/{order.pk}/").text
        assert "已入账" in hua.post(f"/desk/fees/{order.pk}/ask/", follow=True).text

    def test_is_looked_at_by_the_doctor(self, interface: Interface, settings: Any) -> None:
        assert isinstance(gateways.payments_answer(), DoctorNote)
        interface.bridge.reply = lambda *_: Reply(status=401, body=b"{}")
        assert isinstance(gateways.payments_answer(), DoctorFault)
        settings.PAYMENTS = ""
        assert gateways.payments_answer() is None


def payer_of(order: FeeOrder) -> Citizen:
    return Citizen.objects.get(pk=Case.objects.get(pk=order.case_id).citizen_id)
