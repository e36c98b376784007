"""收费 as a step of a case's flow: one order by the item's list, waited for until nothing is owed; none is left."""

from dataclasses import replace
from typing import Any

import pytest

from foundation.events.models import OutsideCall
from foundation.events.outgoing import Deferred, Refused
from province.cases.models import CaseReport
from province.catalogue.models import Item
from province.halls.models import Hall
from province.workdays.models import Clock
from tenants.casework.models import Case, CaseSetup
from tenants.casework.operations.examining import resume_case, suspend_case, withdraw_case
from tenants.fees.models import FeeOrder
from tenants.fees.operations.asking import ask_waiver, grant_ask
from tenants.fees.operations.opening import LineWish, cancel_fee_order, note_nothing_due
from tenants.fees.operations.paying import take_payment
from tenants.fees.operations.restored import report_fees_again
from tenants.fees.operations.steps import FEE_PLUGIN
from tenants.fees.states import FeeState
from tenants.workflow.models import Flow, PluginCall, Run, WorkItem
from tenants.workflow.operations.by_hand import answer_by_hand
from tenants.workflow.operations.moving import move_runs
from tenants.workflow.operations.restored import report_work_again
from tenants.workflow.operations.returns import jump_run, return_item
from tenants.workflow.operations.runs import terminate_run
from tenants.workflow.queries.calls import call_words
from tenants.workflow.queries.flows import faults_of_flow
from tenants.workflow.slots import OutsideStep
from tenants.workflow.states import RunStatus
from tests.conftest import person
from tests.factories.case_steps import FEE, asked_directly, examined_by, heard, sent, sent_at_last
from tests.factories.casework import accepted
from tests.factories.catalogue import abolish
from tests.factories.fees import BOOK, NOTE, RULES, make_charged_setup, opened
from tests.factories.people import client_of
from tests.factories.plugins import offered
from tests.factories.runs import begin_run, do, free_step, item_at, open_steps, people, publish_flow, row_of
from tests.factories.sites import inside

pytestmark = pytest.mark.django_db

NORTH = "north.yizhan.localhost"


@pytest.fixture(scope="module", autouse=True)
def _opened(file_rows: None) -> None:
    north = Hall.objects.get(slug="north")
    make_charged_setup(north)
    with inside(north):
        charging(north)


@pytest.fixture
def case(at_north: Hall) -> Case:
    """Accepted, and asked for the fee."""
    return asked(at_north)


def asked(hall: Hall) -> Case:
    made = accepted(hall, CaseSetup.objects.get())
    sent()
    return made


def charging(hall: Hall, **constants: str) -> Flow:
    """charge → something was paid: look (cao); else the end."""
    return examined_by(
        hall,
        FEE | ({"constants": constants} if constants else {}),
        {"type": "exclusive", "name": "paid"},
        free_step("look", people("cao")),
        edges=[
            ("start", "charge"),
            ("charge", "paid"),
            ("paid", "look", 'charge.state == "paid" and charge.amount > 100'),
            ("paid", "finish", "default"),
            ("look", "finish"),
        ],
    )


def run_of(case: Case) -> Run:
    return Run.objects.get(pk=case.run_id)


def item_of(case: Case) -> WorkItem:
    return WorkItem.objects.filter(run=case.run_id, step="charge").latest("pk")


def orders(case: Case) -> list[str]:
    return list(FeeOrder.objects.filter(case=case).order_by("number").values_list("state", flat=True))


def order_of(case: Case) -> FeeOrder:
    return FeeOrder.objects.filter(case=case).latest("number")


def owed(case: Case) -> int:
    return CaseReport.objects.get(pk=case.pk).owed_fen


def said(case: Case) -> str:
    return call_words([item_of(case).pk])[item_of(case).pk]


def answer(case: Case) -> dict[str, Any]:
    call = PluginCall.objects.get(item=item_of(case))
    found: dict[str, Any] = call.answer.opened(Hall.objects.get(slug="north").pk)
    return found


def pay(hall: Hall, order: FeeOrder) -> None:
    take_payment(by=person("hua"), hall=hall, order_id=order.pk, way="cash")


class TestAFeeOfAStep:
    def test_is_asked_for_once_and_waited_for_until_it_is_paid(self, at_north: Hall, case: Case) -> None:
        order = order_of(case)
        assert (order.pk, order.state, order.total_fen, owed(case)) == (item_of(case).pk, "open", 12_000, 12_000)
        assert said(case) == f"等待缴费：缴费单 {order.number}，120.00 元。"
        assert said(case) in client_of("cao", NORTH).get(f"/desk/runs/{case.run_id}/").text
        # it is no failure, and the case's time goes on
        assert (sent(), sent_at_last(), orders(case)) == (0, 1, ["open"])
        assert not Clock.objects.filter(owner_id=case.pk, kind="statutory").exclude(state="running").exists()
        pay(at_north, order)
        assert sent() == 1
        assert (open_steps(run_of(case)), OutsideCall.objects.exists()) == (["look"], False)
        assert answer(case) == {"state": "paid", "amount": "120", "number": order.number}
        # come there once more, it is not charged again
        return_item(by=person("cao"), hall=at_north, item_id=item_at(run_of(case), "look").pk, opinion="重看")
        do(at_north, run_of(case), "start", "cao")
        sent()
        assert (open_steps(run_of(case)), orders(case), owed(case)) == (["look"], ["paid"], 0)

    def test_ends_where_it_is_waived_whole_or_in_part_or_opened_wrongly(self, at_north: Hall, case: Case) -> None:
        hua, he = person("hua"), person("he")

        def waived(of: Case, fen: int | None) -> None:
            order = order_of(of)
            ask_waiver(by=hua, hall=at_north, order_id=order.pk, basis=RULES[0], reason="低保证", fen=fen)
            sent_at_last()
            assert run_of(of).status == RunStatus.RUNNING
            grant_ask(by=he, hall=at_north, order_id=order.pk, asked="waiver")

        waived(case, None)
        sent()
        assert (run_of(case).status, answer(case)["state"]) == (RunStatus.FINISHED, "waived")
        part = asked(at_north)
        waived(part, 1_000)
        sent()
        assert (orders(part), run_of(part).status) == (["cancelled", "open"], RunStatus.RUNNING)
        assert said(part).endswith("110.00 元。")
        pay(at_north, order_of(part))
        sent()
        assert answer(part) == {"state": "paid", "amount": "110", "number": order_of(part).number}
        wrong = asked(at_north)
        cancel_fee_order(by=hua, hall=at_north, order_id=order_of(wrong).pk, reason="开错了")
        sent()
        assert answer(wrong)["state"] == "cancelled"

    def test_takes_what_the_desk_has_opened_or_said_and_waits_for_another_order(self, at_north: Hall) -> None:
        by_desk = accepted(at_north, CaseSetup.objects.get())
        own = opened(at_north, by_desk, LineWish(BOOK, 2))
        sent()
        assert said(by_desk) == f"等待缴费：缴费单 {own.number}，240.00 元。"
        pay(at_north, own)
        sent()
        assert (answer(by_desk)["amount"], orders(by_desk)) == ("240", ["paid"])
        other = accepted(at_north, CaseSetup.objects.get())
        notes = opened(at_north, other, LineWish(NOTE, 1))
        sent()
        assert notes.number in said(other)
        pay(at_north, notes)
        sent()
        assert orders(other) == ["paid", "open"]
        free = accepted(at_north, CaseSetup.objects.get())
        note_nothing_due(by=person("hua"), hall=at_north, case_id=free.pk, reason="首次申领")
        sent()
        assert (answer(free)["state"], run_of(free).status) == ("free", RunStatus.FINISHED)

    def test_leaves_no_owed_order_however_the_run_goes_elsewhere(self, at_north: Hall) -> None:
        cao, he = person("cao"), person("he")

        def by_hand(case: Case, state: str) -> None:
            given = {"state": state, "amount": "120"}
            answer_by_hand(by=cao, hall=at_north, item_id=item_of(case).pk, answer=given, opinion="窗口收的")

        ways: dict[str, tuple[Any, str]] = {
            "terminated": (
                lambda one: terminate_run(by=he, hall=at_north, run_id=one.run_id, opinion="不走"),
                "cancelled",
            ),
            "jumped": (
                lambda one: jump_run(by=he, hall=at_north, run_id=one.run_id, step="look", opinion="先看"),
                "cancelled",
            ),
            "withdrawn": (
                lambda one: withdraw_case(by=cao, hall=at_north, case_id=one.pk, reason="不办了"),
                "cancelled",
            ),
            "said to be nothing": (lambda one: by_hand(one, "free"), "cancelled"),
            # who says by hand that it was paid enters it at the desk
            "said to be paid": (lambda one: by_hand(one, "paid"), "open"),
        }
        strays = []
        for name, (leave, state) in ways.items():
            case = asked(at_north)
            leave(case)
            heard()
            found = (orders(case), bool(owed(case)), OutsideCall.objects.filter(kind="workflow.plugin").count())
            if found != ([state], state == "open", 0):
                strays.append((name, found))
        assert strays == []
        # and where a part of it was waived before, the order in its place
        case = asked(at_north)
        order = order_of(case)
        ask_waiver(by=person("hua"), hall=at_north, order_id=order.pk, basis=RULES[0], reason="低保证", fen=1_000)
        grant_ask(by=he, hall=at_north, order_id=order.pk, asked="waiver")
        terminate_run(by=he, hall=at_north, run_id=run_of(case).pk, opinion="不走")
        heard()
        assert (orders(case), owed(case)) == (["cancelled", "cancelled"], 0)

    def test_is_not_begun_by_a_worker_that_comes_too_late(self, at_north: Hall) -> None:
        he: dict[str, Any] = {"by": person("he"), "hall": at_north}
        case = accepted(at_north, CaseSetup.objects.get())
        suspend_case(**he, case_id=case.pk, reason="等批复")
        assert isinstance(asked_directly(at_north, case), Deferred)
        terminate_run(**he, run_id=run_of(case).pk, opinion="不走")
        assert isinstance(asked_directly(at_north, case), Refused)
        assert (orders(case), owed(case)) == ([], 0)

    def test_that_is_paid_while_it_is_looked_at_goes_on_at_once(self, at_north: Hall) -> None:
        def look(step: OutsideStep, given: Any) -> Any:
            try:
                return FEE_PLUGIN.call(step, given)
            finally:
                # at the counter, before the worker has noted that it waits
                if order := FeeOrder.objects.filter(pk=step.key, state=FeeState.OPEN).first():
                    pay(at_north, order)
                    heard()

        with offered(replace(FEE_PLUGIN, call=look)):
            case = asked(at_north)
        assert (open_steps(run_of(case)), orders(case)) == (["look"], ["paid"])

    def test_goes_on_over_suspension_another_version_an_abolished_item_and_a_restore(
        self, at_north: Hall, case: Case
    ) -> None:
        he: dict[str, Any] = {"by": person("he"), "hall": at_north}
        suspend_case(**he, case_id=case.pk, reason="等批复")
        pay(at_north, order_of(case))
        sent()
        assert "挂起" in said(case)
        resume_case(**he, case_id=case.pk)
        sent()
        assert open_steps(run_of(case)) == ["look"]
        moved = asked(at_north)
        flow = Flow.objects.get(code="examine")
        nodes = [one | {"label": "收费"} if one["name"] == "charge" else one for one in flow.definition["nodes"]]
        version = publish_flow(at_north, flow.definition | {"nodes": nodes}, form=flow.form, code="examine").newest
        assert version
        [done] = move_runs(**he, run_ids=[run_of(moved).pk], version_id=version.pk, places={})
        assert done.reason == ""
        abolish(Item.objects.get(pk=moved.item_id))
        # the hall comes out of an archive that is older than the order: it is the same one again
        number = order_of(moved).number
        OutsideCall.objects.all().delete()
        FeeOrder.objects.filter(case=moved).delete()
        report_fees_again(hall=at_north)
        assert owed(moved) == 0
        report_work_again(hall=at_north)
        sent()
        assert (orders(moved), order_of(moved).number, owed(moved)) == (["open"], number, 12_000)
        assert order_of(moved).pk == item_of(moved).pk
        pay(at_north, order_of(moved))
        sent()
        assert (open_steps(run_of(moved)), item_of(moved).label) == (["look"], "收费")

    def test_that_cannot_be_asked_for_says_why(self, at_north: Hall, north: Hall) -> None:
        cases = {
            "指南里没有“加急费”这项收费，只有：工本费、工本费加注、照相费。": {"fee": "加急费"},
            "缴费单没有开出：单价应在 10.00 元到 30.00 元之间。": {"fee": "照相费", "price": "31"},
        }
        strays = []
        for words, constants in cases.items():
            charging(at_north, **constants)
            failure = item_of(asked(at_north)).failure
            if words not in failure:
                strays.append(failure)
        assert strays == []
        photo = charging(at_north, fee="照相费", price="25.50", quantity="2")
        assert faults_of_flow(photo, at_north) == []
        assert order_of(asked(at_north)).total_fen == 5_100
        loose = row_of(at_north, FEE | {"keeper": people("cao")}, code="loose")
        run = begin_run(at_north, loose)
        sent()
        assert "不是在审查办件" in item_at(run, "charge").failure

    def test_is_checked_by_the_guides_of_its_items_before_publication(self, at_north: Hall) -> None:
        def faults(flow: Flow) -> str:
            return "".join(one.message for one in faults_of_flow(flow, at_north))

        assert faults(charging(at_north)) == ""
        assert faults(charging(at_north, fee="工本费 加注")) == ""
        assert "没有“加急费”这项收费：请写成工本费、工本费加注、照相费中的一项" in faults(
            charging(at_north, fee="加急费")
        )
        assert "有几项收费，请在“收费项目”" in faults(charging(at_north, quantity="1"))
        assert "不能写“0”" in faults(charging(at_north, fee="工本费", quantity="0"))
        assert "只能用在审查办件的流程里" in faults(row_of(at_north, FEE, code="loose"))
