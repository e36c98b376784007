"""Fees: charged by the item's list and nothing else, paid once, waived and given back by a second person."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from foundation import schemas
from foundation.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from province.audit.models import AuditEntry
from province.cases.models import CaseReport
from province.halls.models import Hall
from tenants.casework.models import Case, CaseSetup
from tenants.casework.operations.closing import serve_decision
from tenants.casework.operations.deciding import decide_case
from tenants.casework.operations.examining import withdraw_case
from tenants.fees.models import FeeLine, FeeOrder, FeePayment
from tenants.fees.operations.asking import ask_refund, ask_waiver, grant_ask, refuse_ask
from tenants.fees.operations.opening import LineWish, cancel_fee_order, note_nothing_due, open_fee_order
from tenants.fees.operations.paying import note_refund, take_online_payment, take_payment
from tenants.fees.operations.restored import report_fees_again
from tenants.fees.queries.access import order_of, orders_of
from tenants.fees.queries.rates import fee_list_of_case
from tenants.fees.queries.receipts import paper_of_receipt
from tenants.fees.queries.shown import day_sums, orders_at_desk, orders_by_filter
from tenants.fees.states import FeeState, PaymentState, RefundCause
from tenants.shell.slots import Desk
from tests.conftest import person
from tests.factories.casework import accepted, apply_at_window
from tests.factories.fees import BOOK, FEES, NOTE, PHOTO, RULES, make_charged_setup, opened
from tests.factories.sites import inside

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _opened(file_rows: None) -> None:
    make_charged_setup(Hall.objects.get(slug="north"))


@pytest.fixture
def case(at_north: Hall) -> Case:
    return accepted(at_north, CaseSetup.objects.get())


def owed(case: Case) -> int:
    return CaseReport.objects.get(pk=case.pk).owed_fen


def paid(hall: Hall, order: FeeOrder, **given: Any) -> FeePayment:
    return take_payment(by=person("hua"), hall=hall, order_id=order.pk, **({"way": "cash"} | given))


def refused(act: Any, kind: type[DomainError] = Conflict) -> str:
    with pytest.raises(kind) as caught:
        act()
    return "".join([caught.value.message, *(one.message for one in caught.value.faults)])


class TestOrder:
    def test_charges_what_the_guide_lists_and_nothing_else(self, at_north: Hall, case: Case) -> None:
        strays = (
            ([], "至少填写一项"),
            ([LineWish(4, 1)], "没有这个收费项目"),
            ([LineWish(BOOK, 0)], "数量应为"),
            ([LineWish(BOOK, 10_000)], "数量应为"),
            ([LineWish(BOOK, 1, 12_001)], "收费标准是固定的"),
            ([LineWish(BOOK, 1, 1)], "收费标准是固定的"),
            ([LineWish(PHOTO, 1)], "10.00 元到 30.00 元之间"),
            ([LineWish(PHOTO, 1, 3_001)], "10.00 元到 30.00 元之间"),
            ([LineWish(PHOTO, 1, 999)], "10.00 元到 30.00 元之间"),
            ([LineWish(BOOK, 1), LineWish(BOOK, 2)], "只能有一行"),
        )
        for lines, said in strays:
            assert said in refused(lambda lines=lines: _open(at_north, case, lines), Invalid), lines
        order = opened(at_north, case, LineWish(BOOK, 1), LineWish(NOTE, 2), LineWish(PHOTO, 3, 2_500))
        assert (order.number, order.state) == (f"{case.number}F01", FeeState.OPEN)
        found = [
            (one.fee, one.label, one.unit, one.quantity, one.price_fen) for one in order.lines.order_by("position")
        ]
        assert found == [
            ("工本费", "", "本", 1, 12_000),
            ("工本费", "加注", "项", 2, 2_000),
            ("照相费", "", "张", 3, 2_500),
        ]
        assert order.total_fen == owed(case) == 12_000 + 4_000 + 7_500
        assert "还没有缴" in refused(lambda: opened(at_north, case))
        assert "还没有缴" in refused(
            lambda: note_nothing_due(by=person("hua"), hall=at_north, case_id=case.pk, reason="x")
        )

    def test_cannot_be_beyond_the_list_even_past_the_operations(self, at_north: Hall, case: Case) -> None:
        order = opened(at_north, case)
        facts = {"order": order, "fee": "x", "standard": "x", "unit": "本", "least_fen": 100, "most_fen": 200}
        writes: tuple[tuple[str, Any], ...] = (
            ("no_price_beyond", lambda: FeeLine.objects.create(**facts, position=8, quantity=1, price_fen=201)),
            ("no_price_beyond", lambda: FeeLine.objects.create(**facts, position=8, quantity=1, price_fen=99)),
            ("no_empty_fee_line", lambda: FeeLine.objects.create(**facts, position=8, quantity=0, price_fen=150)),
            ("written once", lambda: FeeLine.objects.filter(order=order).update(price_fen=13_000, most_fen=13_000)),
            ("written once", lambda: FeeLine.objects.filter(order=order).update(quantity=2)),
            ("one_open_fee_order_per_case", lambda: _copy(order)),
            ("no_waiver_or_refund", lambda: FeeOrder.objects.filter(pk=order.pk).update(state="waived")),
            (
                "nobody_grants",
                lambda: FeeOrder.objects.filter(pk=order.pk).update(asked_by_id=case.pk, decided_by_id=case.pk),
            ),
        )
        for name, write in writes:
            with pytest.raises(IntegrityError, match=name), transaction.atomic():
                write()

    def test_is_refused_for_what_is_free_and_for_whom_it_does_not_concern(self, at_north: Hall, north: Hall) -> None:
        unreadable = [FEES[0] | {"standard": "按省公布的标准"}]
        setups = {
            "不收费": make_charged_setup(north, number=1, has_fee=False, fees=[], fee_basis=[]),
            "没有这个收费项目": make_charged_setup(north, number=2, fees=unreadable),
        }
        for said, setup in setups.items():
            case = apply_at_window(at_north, setup)
            assert said in refused(lambda case=case: opened(at_north, case), DomainError), said
            assert fee_list_of_case(case).rates == ()
        case = apply_at_window(at_north, CaseSetup.objects.exclude(pk__in=[one.pk for one in setups.values()]).get())
        for by in ("sun", "tao"):
            with pytest.raises(NotAllowed):
                opened(at_north, case, by=by)
        withdraw_case(by=person("cao"), hall=at_north, case_id=case.pk, reason="不办了")
        assert "已经结束" in refused(lambda: opened(at_north, case))

    def test_ends_with_a_case_that_is_not_done(self, at_north: Hall, case: Case) -> None:
        order = opened(at_north, case)
        withdraw_case(by=person("cao"), hall=at_north, case_id=case.pk, reason="不办了")
        order.refresh_from_db()
        assert (order.state, owed(case)) == (FeeState.CANCELLED, 0)
        assert "已作废" in refused(lambda: paid(at_north, order))

    def test_charges_nothing_twice(self, at_north: Hall, case: Case) -> None:
        paid(at_north, opened(at_north, case))
        assert "已经缴过" in refused(lambda: opened(at_north, case))
        second = opened(at_north, case, LineWish(NOTE, 1))
        assert second.number == f"{case.number}F02"
        cancel_fee_order(by=person("hua"), hall=at_north, order_id=second.pk, reason="开错了")
        assert opened(at_north, case, LineWish(NOTE, 1)).number == f"{case.number}F03"


class TestPaying:
    def test_settles_the_whole_once(self, at_north: Hall, case: Case) -> None:
        order = opened(at_north, case)
        for given, said in (
            ({"way": "online"}, "请选择收款方式"),
            ({"way": "bitcoin"}, "请选择收款方式"),
            ({"way": "slip"}, "请填写凭证号"),
            ({"way": "cash", "reference": "1"}, "现金不填"),
        ):
            assert said in refused(lambda given=given: paid(at_north, order, **given), Invalid), given
        with pytest.raises(NotAllowed):
            take_payment(by=person("cao"), hall=at_north, order_id=order.pk, way="cash")
        payment = paid(at_north, order, way="slip", reference=" 42000001 ")
        assert (payment.amount_fen, payment.reference, payment.state) == (12_000, "42000001", PaymentState.RECEIVED)
        assert owed(case) == 0
        assert "已缴费" in refused(lambda: paid(at_north, order))
        other = opened(at_north, apply_at_window(at_north, CaseSetup.objects.get()))
        assert "已经用过" in refused(lambda: paid(at_north, other, way="slip", reference="42000001"), Invalid)
        with pytest.raises(IntegrityError, match="one_payment_settles"), transaction.atomic():
            FeePayment.objects.create(order=order, way="cash", amount_fen=1, paid_at=timezone.now())
        with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
            FeePayment.objects.filter(pk=payment.pk).update(amount_fen=1)
        entry = AuditEntry.objects.get(act="fees.take")
        assert entry.changes["total"] == [None, "120.00"]

    def test_keeps_what_came_besides_until_it_went_back(self, at_north: Hall, case: Case) -> None:
        order = opened(at_north, case)
        told = {"hall": at_north, "order_id": order.pk, "paid_at": timezone.now()}
        wrong = take_online_payment(**told, reference="A1", amount_fen=11_999)
        order.refresh_from_db()
        assert (wrong.cause, order.state) == (RefundCause.WRONG_AMOUNT, FeeState.OPEN)
        first = take_online_payment(**told, reference="A2", amount_fen=12_000)
        assert take_online_payment(**told, reference="A2", amount_fen=12_000) == first
        assert "金额或者缴费单不同" in refused(lambda: take_online_payment(**told, reference="A2", amount_fen=1))
        twice = take_online_payment(**told, reference="A3", amount_fen=12_000)
        assert (first.state, twice.cause) == (PaymentState.RECEIVED, RefundCause.TWICE)
        second = opened(at_north, case, LineWish(NOTE, 1))
        cancel_fee_order(by=person("hua"), hall=at_north, order_id=second.pk, reason="开错了")
        late = take_online_payment(**(told | {"order_id": second.pk}), reference="A4", amount_fen=2_000)
        assert late.cause == RefundCause.NOT_OWED
        desk = Desk(person("hua"), at_north)
        assert orders_by_filter(desk) == {"open": 0, "asked": 0, "to_refund": 2}
        assert "不用退" in refused(
            lambda: note_refund(by=person("hua"), hall=at_north, payment_id=first.pk, reference="R")
        )
        for one in (wrong, twice, late):
            for _ in range(2):
                note_refund(by=person("hua"), hall=at_north, payment_id=one.pk, reference="R1")
        assert orders_by_filter(desk)["to_refund"] == 0
        [day] = day_sums(desk, first=timezone.localdate(), last=timezone.localdate())
        assert (day.total, day.number, day.refunded) == (11_999 + 12_000 + 12_000 + 2_000, 4, 25_999)


class TestSecondPerson:
    def test_waives_by_a_rule_of_the_guide(self, at_north: Hall, case: Case) -> None:
        order = opened(at_north, case)
        given = {"hall": at_north, "order_id": order.pk}
        asked = {**given, "basis": RULES[1], "reason": "福利院证明"}
        with pytest.raises(Invalid):
            ask_waiver(by=person("he"), **(asked | {"basis": "领导同意"}))
        with pytest.raises(NotAllowed):
            ask_waiver(by=person("tao"), **asked)
        ask_waiver(by=person("he"), **asked)
        assert "正在等" in refused(lambda: ask_waiver(by=person("hua"), **asked))
        assert "先不要收款" in refused(lambda: paid(at_north, order))
        grant = {**given, "asked": "waiver"}
        assert "自己申请的" in refused(lambda: grant_ask(by=person("he"), **grant), NotAllowed)
        with pytest.raises(NotAllowed):
            grant_ask(by=person("hua"), **grant)
        with pytest.raises(Invalid):
            refuse_ask(by=person("tao"), **grant, note=" ")
        refuse_ask(by=person("tao"), **grant, note="证明过期")
        assert "没有等您决定" in refused(lambda: grant_ask(by=person("tao"), **grant))
        ask_waiver(by=person("hua"), **asked)
        assert "没有等您决定" in refused(lambda: grant_ask(by=person("he"), **(grant | {"asked": "refund"})))
        order = grant_ask(by=person("he"), **grant)
        assert (order.state, order.basis, order.decided_by_name) == (FeeState.WAIVED, RULES[1], person("he").name)
        assert owed(case) == 0
        assert "已经缴过或者减免" in refused(lambda: opened(at_north, case))

    def test_waives_a_part_by_a_new_order_for_the_rest(self, at_north: Hall, case: Case) -> None:
        order = opened(at_north, case, LineWish(BOOK, 1), LineWish(NOTE, 2))
        asked = {"hall": at_north, "order_id": order.pk, "basis": RULES[1], "reason": "福利院证明"}
        for fen in (0, -1, 16_000, 20_000):
            said = refused(lambda fen=fen: ask_waiver(by=person("hua"), **asked, fen=fen), Invalid)
            assert "部分减免的金额" in said, fen
        ask_waiver(by=person("hua"), **asked, fen=6_000)
        assert order.total_fen == owed(case) == 16_000
        given = {"hall": at_north, "order_id": order.pk, "asked": "waiver"}
        rest = grant_ask(by=person("he"), **given)
        order.refresh_from_db()
        assert (order.state, rest.state, rest.number[-3:]) == (FeeState.CANCELLED, FeeState.OPEN, "F02")
        assert rest.total_fen == owed(case) == 10_000
        assert (rest.waived_fen, rest.basis, rest.decided_by_name) == (6_000, RULES[1], person("he").name)
        assert "没有等您决定" in refused(lambda: grant_ask(by=person("he"), **given))
        assert FeeOrder.objects.count() == 2
        with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
            FeeOrder.objects.filter(pk=rest.pk).update(waived_fen=9_000)
        # money for the first one is to go back, the rest settles it
        late = take_online_payment(
            hall=at_north, order_id=order.pk, reference="A1", amount_fen=16_000, paid_at=timezone.now()
        )
        assert (late.state, late.cause) == (PaymentState.TO_REFUND, RefundCause.NOT_OWED)
        assert paid(at_north, rest).amount_fen == 10_000
        assert owed(case) == 0
        rest = order_of(Desk(person("hua"), at_north), rest.pk)
        said = [one.value for part in paper_of_receipt(at_north, rest).parts for row in part.lines for one in row]
        assert [one for one in ("60.00 元", "100.00 元") if one not in said] == []
        # another part of what is left is waived on top of it
        second = opened(at_north, accepted(at_north, CaseSetup.objects.get()))
        for fen, left in ((6_000, 6_000), (1_000, 5_000)):
            ask_waiver(by=person("hua"), **(asked | {"order_id": second.pk}), fen=fen)
            second = grant_ask(by=person("he"), **(given | {"order_id": second.pk}))
            assert second.total_fen == left

    def test_gives_back_the_whole_for_a_reason(self, at_north: Hall, case: Case) -> None:
        order = opened(at_north, case)
        given = {"hall": at_north, "order_id": order.pk}
        assert "不能退费" in refused(lambda: ask_refund(by=person("hua"), **given, reason="多收"))
        payment = paid(at_north, order)
        with pytest.raises(Invalid):
            ask_refund(by=person("hua"), **given, reason="")
        ask_refund(by=person("he"), **given, reason="没有领证")
        assert "自己申请的" in refused(lambda: grant_ask(by=person("he"), **given, asked="refund"), NotAllowed)
        assert grant_ask(by=person("tao"), **given, asked="refund").state == FeeState.REFUNDED
        payment.refresh_from_db()
        assert (payment.state, payment.cause) == (PaymentState.TO_REFUND, RefundCause.APPROVED)
        note_refund(by=person("hua"), hall=at_north, payment_id=payment.pk, reference="T1")
        # what went back can be charged again
        assert opened(at_north, case).number.endswith("F02")


class TestPaidFirst:
    def test_holds_the_result_back_until_nothing_is_owed(self, north: Hall) -> None:
        setup = make_charged_setup(north, number=1, is_paid_first=True)
        with inside(north):
            ends = ("pay", "waive", "free")
            for end in ends:
                case = accepted(north, setup)
                decide_case(by=person("tao"), hall=north, case_id=case.pk, outcome="granted", reasons="")
                assert "还没有开缴费单" in refused(lambda case=case: _serve(north, case)), end
                given: dict[str, Any] = {"hall": north, "case_id": case.pk}
                if end == "free":
                    assert note_nothing_due(by=person("hua"), **given, reason="首次申领不收").state == FeeState.FREE
                else:
                    order = opened(north, case)
                    assert "还没有缴" in refused(lambda case=case: _serve(north, case)), end
                if end == "pay":
                    paid(north, order)
                if end == "waive":
                    asked = {"hall": north, "order_id": order.pk}
                    ask_waiver(by=person("hua"), **asked, basis=RULES[0], reason="低保证")
                    grant_ask(by=person("tao"), **asked, asked="waiver")
                assert _serve(north, case).state == "finished", end
            declined = accepted(north, setup)
            decide_case(by=person("tao"), hall=north, case_id=declined.pk, outcome="refused", reasons="不符合条件")
            assert _serve(north, declined).state == "finished"

    def test_is_only_where_the_hall_says_so(self, at_north: Hall, case: Case) -> None:
        opened(at_north, case)
        decide_case(by=person("tao"), hall=at_north, case_id=case.pk, outcome="granted", reasons="")
        assert _serve(at_north, case).state == "finished"
        # what was done and not paid stays owed
        assert owed(case) == 12_000


class TestReach:
    def test_ends_at_the_hall(self, at_north: Hall, case: Case, south: Hall) -> None:
        order = opened(at_north, case)
        with schemas.enter(south.schema_name):
            for act in (
                lambda: take_payment(by=person("zhou"), hall=south, order_id=order.pk, way="cash"),
                lambda: order_of(Desk(person("zhao"), south), order.pk),
                lambda: take_online_payment(
                    hall=south, order_id=order.pk, reference="1", amount_fen=12_000, paid_at=timezone.now()
                ),
            ):
                with pytest.raises((NotFound, NotAllowed)):
                    act()
        assert FeePayment.objects.count() == 0
        with pytest.raises(NotAllowed):
            take_payment(by=person("hua"), hall=south, order_id=order.pk, way="cash")

    def test_finds_orders_by_state_and_words(self, at_north: Hall, case: Case) -> None:
        order = opened(at_north, case)
        desk = Desk(person("tao"), at_north)
        for given, found in (
            ({}, True),
            ({"state": "open"}, True),
            ({"state": "paid"}, False),
            ({"words": order.number[-6:]}, True),
            ({"words": case.number[-4:]}, True),
            ({"words": case.item_name[:3]}, True),
            ({"words": "没有"}, False),
        ):
            assert (order in orders_at_desk(desk, **given)) is found, given
        assert not orders_of(Desk(person("sun"), at_north)).exists()

    def test_reports_what_is_owed_after_a_restore(self, at_north: Hall, case: Case) -> None:
        other = accepted(at_north, CaseSetup.objects.get())
        opened(at_north, case)
        CaseReport.objects.filter(pk=case.pk).update(owed_fen=1)
        CaseReport.objects.filter(pk=other.pk).update(owed_fen=7)
        report_fees_again(hall=at_north)
        assert (owed(case), owed(other)) == (12_000, 0)


def _open(hall: Hall, case: Case, lines: list[LineWish]) -> FeeOrder:
    return open_fee_order(by=person("hua"), hall=hall, case_id=case.pk, lines=lines)


def _copy(order: FeeOrder) -> FeeOrder:
    return FeeOrder.objects.create(
        case=order.case, number=f"{order.number}x", state_at=timezone.now(), opened_by_name="x"
    )


def _serve(hall: Hall, case: Case) -> Case:
    return serve_decision(by=person("cao"), hall=hall, case_id=case.pk, way="window", proof="本人签收")
