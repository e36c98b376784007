"""Systems outside that the settings declare for flows: asked under one key whatever they do, believed where their
answer fits what was declared, seen and ended by hand where it never comes."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings as program_settings
from django.utils import timezone
from pytest_django import Settings

from config import environment
from config.doctor import gateways
from config.doctor.findings import DoctorFault, DoctorNote
from config.flow_systems import read_flow_systems
from foundation import circuits
from foundation.errors import Invalid
from foundation.events.models import OutsideCall
from province.console.slots import Area, PlaceFinding
from province.halls.models import Hall
from standards.flows.systems import OutsideSystem, read_systems
from tenants.workflow.models import Flow, Run, WorkItem
from tenants.workflow.operations.by_hand import answer_by_hand
from tenants.workflow.operations.calling import send_next_plugin_call
from tenants.workflow.operations.system_plugins import plugin_of, system_plugins, system_services
from tenants.workflow.queries.call_lights import find_failed
from tenants.workflow.queries.callable import plugin_choices
from tenants.workflow.queries.filled import values_of
from tenants.workflow.queries.flows import faults_of_flow
from tenants.workflow.states import RunStatus
from tests.channel_server import Reply, Request
from tests.conftest import person
from tests.factories.plugins import offered
from tests.factories.runs import begin_run, item_at, open_steps
from tests.factories.sites import inside
from tests.forked import killed
from tests.province.citizens.bridges import KEY, FakeBridge
from tests.tenants.workflow.test_plugins import POST, paying_flow, said, sent

PAY: dict[str, Any] = {
    "code": "pay",
    "label": "缴费",
    "seconds": 1,
    "attempts": 12,
    "given": [
        {"name": "amount", "label": "金额", "type": "number", "required": True, "least": 0.01},
        {"name": "subject", "label": "事由", "longest": 20},
        {"name": "payer", "label": "缴款人", "right": "personal"},
        {"name": "place", "label": "渠道", "type": "choice", "words": {"window": "窗口", "web": "网上"}},
    ],
    "answered": [
        {"name": "number", "label": "缴款单号", "required": True, "longest": 40},
        {"name": "paid", "label": "实缴", "type": "number", "required": True, "least": 0},
        {"name": "paid_on", "label": "缴款日期", "type": "date"},
        {"name": "parts", "label": "笔数", "type": "whole"},
        {"name": "is_final", "label": "已结清", "type": "yes_no"},
        {"name": "way", "label": "方式", "type": "choice", "words": {"cash": "现金", "card": "刷卡"}},
    ],
    "refusals": {"closed": "今天已经关账"},
}


def declared(address: str, *, within: tuple[str, ...] = (), **more: Any) -> OutsideSystem:
    system = {"code": "cash", "label": "收费系统", "address": address, "within": within, "actions": [PAY | more]}
    [found] = read_systems(json.dumps({"format": 1, "systems": [system]}))
    return found


def paid(asked: Mapping[str, Any]) -> dict[str, Any]:
    """As agreed: the same key is the same receipt."""
    if asked["kind"] == "ping":
        return {"result": "ready"}
    answer = {"number": f"R-{asked['id'][-6:]}", "paid": asked["given"]["amount"], "way": "card"}
    return {"result": "done", "answer": answer}


@pytest.fixture
def cash(settings: Settings) -> Iterator[FakeBridge]:
    circuits.circuit_of.cache_clear()
    with FakeBridge(says=paid).running() as bridge:
        settings.FLOW_SYSTEMS = [(declared(bridge.channel.url("/cash/")), KEY)]
        with offered(*system_plugins()):
            yield bridge


def charging_flow(hall: Hall, **attributes: Any) -> Flow:
    return paying_flow(hall, plugin="cash_pay", **attributes)


def try_once() -> None:
    """Send what waits, as if its time had come and no failure were remembered."""
    circuits.circuit_of.cache_clear()
    sent(1)


@pytest.mark.django_db
class TestASystem:
    def test_is_asked_under_our_signature_and_what_it_gives_decides(self, at_north: Hall, cash: FakeBridge) -> None:
        flow = charging_flow(at_north)
        assert faults_of_flow(flow, at_north) == []
        run = begin_run(at_north, flow, posted=POST)
        item = item_at(run, "pay")
        assert sent() == 1
        [request] = cash.channel.requests
        assert (request.path, request.key, cash.unsigned) == ("/cash/pay", str(item.pk), 0)
        assert request.said == {
            "id": str(item.pk),
            "kind": "pay",
            "hall": at_north.division.code,
            "run": run.number,
            "given": {"amount": "12.5", "subject": "工本费", "payer": "钱南"},
        }
        run = Run.objects.get(pk=run.pk)
        assert run.filled
        assert values_of(at_north, run.filled)["receipt"] == f"R-{str(item.pk)[-6:]}"
        assert open_steps(run) == ["look"]

    def test_that_fails_delays_repeats_or_lies_is_asked_the_same_again(self, at_north: Hall, cash: FakeBridge) -> None:
        kept: list[Reply] = []
        # made before the clock of a second runs
        huge = Reply(body=b"x" * 100_000_000)

        def lying(**answer: Any) -> Callable[[FakeBridge, Request], Reply]:
            right = {"number": "R-1", "paid": "3"}
            return lambda bridge, request: bridge.answer(request, result="done", answer=right | answer)

        def other(bridge: FakeBridge, request: Request) -> Reply:
            kept.append(bridge.answer(request))
            return Reply(body=kept[0].body, headers={"X-Yizhan-Signature": "sm3=00"})

        replies: list[tuple[Callable[[FakeBridge, Request], Reply], str]] = [
            (lambda *_: Reply(status=503), "对方答复 503。"),
            (lambda *_: Reply(hangs_up=True), "连接失败或答复不完整。"),
            (lambda *_: Reply(delay=1.2), "1 秒内没有答复。"),
            (lambda *_: huge, "答复超过 64 KB。"),
            (lambda *_: Reply(status=401), "对方不认可我们的签名（答复 401）"),
            (other, "答复的签名不对，不予采信。"),
            # an answer to what was asked before
            (lambda *_: kept[0], "答复的签名不对，不予采信。"),
            (lambda bridge, request: bridge.answer(request, id="x", result="done"), "答复不合约定。"),
            (lambda bridge, request: bridge.answer(request, result="who knows"), "答复不合约定。"),
            (lying(number=7, paid="x"), "对方答复的内容不对：“缴款单号”、“实缴”。"),
            (lying(number="长" * 41), "对方答复的内容不对：“缴款单号”。"),
            (lying(number="a\u202eb"), "对方答复的内容不对：“缴款单号”。"),
            (lying(paid=-1), "对方答复的内容不对：“实缴”。"),
            (lying(paid="1e400"), "对方答复的内容不对：“实缴”。"),
            (lying(paid_on="2026-02-30", parts=1.5), "对方答复的内容不对：“缴款日期”、“笔数”。"),
            (lying(is_final="maybe", way="boat"), "对方答复的内容不对：“已结清”、“方式”。"),
            (lambda bridge, request: bridge.answer(request, result="done", answer=[1]), "对方答复的内容不对：格式。"),
            (lambda bridge, request: bridge.answer(request, result="later"), "对方已经收到，还在办理。"),
        ]
        run = begin_run(at_north, charging_flow(at_north), posted=POST)
        item, strays = item_at(run, "pay"), []
        for reply, words in replies:
            cash.reply = reply
            # it may be tried as often as there are ways to fail here
            OutsideCall.objects.update(attempts=1)
            try_once()
            if f"上一次：{words}" not in said(item):
                strays.append((words, said(item)))
        assert strays == []
        assert len(cash.channel.requests) == len(replies)
        assert {(one.key, one.body) for one in cash.channel.requests} == {(str(item.pk), cash.channel.requests[0].body)}
        cash.reply = lambda *_: None
        try_once()
        assert open_steps(run) == ["look"]
        assert [one.act for one in run.acts.order_by("pk")] == ["start", "answered"]

    def test_that_will_not_is_left_to_a_person_and_no_redirect_is_followed(
        self, at_north: Hall, cash: FakeBridge
    ) -> None:
        inner = cash.channel.url("/inner")
        answers: list[tuple[Callable[[FakeBridge, Request], Reply], str]] = [
            (lambda *_: Reply(status=302, headers={"Location": inner}), "对方要转到别的地址（答复 302），没有跟着去。"),
            (lambda *_: Reply(status=307, headers={"Location": inner}), "对方要转到别的地址（答复 307），没有跟着去。"),
            (lambda *_: Reply(status=404), "对方答复 404。"),
            (lambda one, asked: one.answer(asked, result="refused", code="closed"), "对方没有办理：今天已经关账。"),
            # whatever it writes besides might quote the form
            (
                lambda one, asked: one.answer(asked, result="refused", code=["钱南"], reason="钱南"),
                "对方没有办理，也没有说明约定的原因。",
            ),
        ]
        flow, strays = charging_flow(at_north), []
        for reply, words in answers:
            cash.reply = reply
            run = begin_run(at_north, flow, posted=POST)
            try_once()
            item = WorkItem.objects.get(pk=item_at(run, "pay").pk)
            if item.failure != words:
                strays.append((words, item.failure))
        assert strays == []
        assert {one.path for one in cash.channel.requests} == {"/cash/pay"}
        assert len(cash.channel.requests) == len(answers)
        # and is seen: on the overview, by the doctor, on the page of services outside
        assert list(find_failed(Area())) == [
            PlaceFinding("workflow.outside_failed", at_north.division.code[:6], len(answers))
        ]
        assert list(find_failed(Area("11"))) == []
        fault = gateways.flow_systems_answer()
        assert isinstance(fault, DoctorFault)
        assert "收费系统：它没有" not in fault.fault
        assert f"有 {len(answers)} 个流程环节的外部动作没有成功" in fault.fault
        cash.reply = lambda *_: None
        for item in WorkItem.objects.exclude(failure=""):
            answer = {"number": "手-1", "paid": "3", "way": "cash", "is_final": "true", "parts": "2"}
            answer_by_hand(by=person("cao"), hall=at_north, item_id=item.pk, answer=answer, opinion="窗口已收")
        assert set(Run.objects.values_list("status", flat=True)) == {RunStatus.FINISHED}
        assert gateways.flow_systems_answer() == DoctorNote("1 个都有答复。")
        [service] = system_services()
        assert (service.name, service.check().is_reachable) == ("收费系统", True)
        cash.says = lambda _: {"result": "busy"}
        assert service.check().failure == "它说自己现在办不了"

    def test_that_hangs_is_left_alone_without_costing_a_try(self, at_north: Hall, cash: FakeBridge) -> None:
        cash.reply = lambda *_: Reply(status=500)
        run = begin_run(at_north, charging_flow(at_north), posted=POST)
        for _ in range(circuits.FAILURES):
            sent(1)
        before = len(cash.channel.requests), OutsideCall.objects.get().attempts
        sent(1)
        assert (len(cash.channel.requests), OutsideCall.objects.get().attempts) == before
        assert "“收费系统”近来连续没有答复，暂停一会儿再试。" in said(item_at(run, "pay"))

    def test_is_offered_to_the_halls_that_may_use_it(self, north: Hall, south: Hall) -> None:
        system = declared("https://fire.example.gov.cn", within=(north.division.code[:6],))
        with offered(plugin_of(system, KEY, system.actions[0])):
            [choice] = [one for one in plugin_choices(north) if one["code"] == "cash_pay"]
            assert "cash_pay" not in {one["code"] for one in plugin_choices(south)}
            with inside(north):
                flow = charging_flow(north)
                assert faults_of_flow(flow, north) == []
                assert any("“cash_pay”这里没有" in one.message for one in faults_of_flow(flow, south))
        assert choice["label"] == "收费系统：缴费"
        assert [(one["name"], one["right"]) for one in choice["inputs"]][1:3] == [
            ("subject", "plain"),
            ("payer", "personal"),
        ]


@contextmanager
def _declared_here(address: str) -> Iterator[None]:
    program_settings.FLOW_SYSTEMS = [(declared(address), KEY)]
    with offered(*system_plugins()):
        yield


def _send_one(address: str) -> None:
    """In a process of its own."""
    with _declared_here(address):
        OutsideCall.objects.update(next_attempt_at=timezone.now(), claimed_until=None)
        assert send_next_plugin_call()


@pytest.mark.usefixtures("fresh_database")
class TestAKilledWorker:
    def test_between_the_answer_and_its_note_asks_under_the_same_key_again(self, cash: FakeBridge) -> None:
        north = Hall.objects.get(slug="north")
        with inside(north):
            run = begin_run(north, charging_flow(north), posted=POST)
            item = item_at(run, "pay")
        killed(_send_one, cash.channel.url("/cash"), dying_at=("tenants.workflow.operations.calling", "_keep_answer"))
        assert len(cash.channel.requests) == 1
        with inside(north):
            assert open_steps(run) == ["pay"]
        sent()
        assert [one.key for one in cash.channel.requests] == [str(item.pk)] * 2
        assert len({one.body for one in cash.channel.requests}) == len(cash.channel.acts) == 1
        with inside(north):
            assert [one.act for one in run.acts.order_by("pk")] == ["start", "answered"]
            assert open_steps(run) == ["look"]


class TestADeclaration:
    def test_is_refused_with_the_place_of_each_fault(self) -> None:
        def with_port(**attributes: Any) -> dict[str, Any]:
            return {"actions": [PAY | {"answered": [{"name": "number", "label": "单号"} | attributes]}]}

        cases: dict[str, tuple[dict[str, Any], str]] = {
            "an address with a password": ({"address": "https://a:b@example.cn"}, "systems.0.address"),
            "an address with a question": ({"address": "https://example.cn/?x=1"}, "systems.0.address"),
            "another scheme": ({"address": "file:///etc/passwd"}, "systems.0.address"),
            "no action": ({"actions": []}, "至少 1 个"),
            "a key": ({"key": "00"}, "没有“key”这个属性"),
            "a type that there is not": (with_port(type="file"), "只能是"),
            "a choice of nothing": (with_port(type="choice"), "类型是 choice 的要写 words"),
            "a bound of a text": (with_port(least=1), "只有数字能写"),
            "bounds that exclude all": (with_port(type="number", least=2, most=1), "least 不能大于 most"),
            "an outcome": (with_port(name="outcome"), "“outcome”是表达式里的词"),
            "a name of the program's": (with_port(name="copy"), "“copy”程序自己要用"),
            "an action called as the question whether it is there": ({"actions": [PAY | {"code": "ping"}]}, "“ping”"),
            "an action twice": ({"actions": [PAY, PAY]}, "“cash_pay”写了 2 次"),
            "a code too long": ({"code": "a" * 38}, "最多 40 个字符"),
            "an endless wait": ({"actions": [PAY | {"seconds": 60}]}, "不能大于 15"),
        }
        system = {"code": "cash", "label": "收费系统", "address": "https://example.cn", "actions": [PAY]}
        strays = []
        for case, (attributes, words) in cases.items():
            try:
                read_systems(json.dumps({"format": 1, "systems": [system | attributes]}))
                strays.append((case, "taken"))
            except Invalid as refusal:
                told = " ".join(f"{one.where} {one.message}" for one in refusal.faults) or refusal.message
                if words not in told:
                    strays.append((case, told))
        assert strays == []

    def test_needs_a_key_and_an_encrypted_way_and_repeats_no_key(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def read(address: str, keys: str) -> Any:
            system = {"code": "cash", "label": "收费系统", "address": address, "actions": [PAY]}
            monkeypatch.setenv("FLOW_SYSTEMS", json.dumps({"format": 1, "systems": [system]}))
            monkeypatch.setenv("FLOW_SYSTEM_KEYS", keys)
            return read_flow_systems("FLOW_SYSTEMS", "FLOW_SYSTEM_KEYS")

        [(system, key)] = read("https://10.0.0.8/cash", f"other={KEY[::-1].hex()} cash={KEY.hex()}")
        assert (system.address_of("pay"), key) == ("https://10.0.0.8/cash/pay", KEY)
        for address, keys, words in (
            ("http://10.0.0.8/cash", f"cash={KEY.hex()}", "须是 https 地址"),
            ("https://10.0.0.8/cash", "", "没有写系统“cash”的密钥"),
            ("https://10.0.0.8/cash", "cash=geheim", "十六进制"),
            ("https://10.0.0.8/cash", "geheim-8x", "须如 fire="),
        ):
            with pytest.raises(environment.VariableFault, match=words) as refused:
                read(address, keys)
            assert "geheim" not in str(refused.value)
