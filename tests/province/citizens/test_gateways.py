"""Messages and the register of people through a province's own bridge: a real server that refuses, delays, answers
twice, answers nonsense and signs wrongly."""

import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from config import environment
from config.doctor import gateways
from config.doctor.findings import DoctorFault, DoctorNote
from foundation import circuits
from foundation.bridges import Bridge
from foundation.errors import Invalid, TooMany, Unavailable
from province.citizens.connectors import bridge as bridges
from province.citizens.connectors.bridge import Outage, ask_bridge
from province.citizens.models import Citizen, GatewayRecord, PhoneCode
from province.citizens.operations.citizen_sign_in import sign_in_citizen
from province.citizens.operations.citizens import PROOFS_A_DAY, prove_identity
from province.citizens.operations.companies import register_company
from province.citizens.operations.phone_codes import send_code
from province.citizens.queries.citizens import actor_of_citizen
from tests.channel_server import Reply, Request
from tests.factories.citizens import company_code, make_citizen, make_proved, number_of, phone_of
from tests.province.citizens.bridges import KEY, FakeBridge
from tests.races import at_once
from tests.servers import free_port

SIGN_IN = PhoneCode.Purpose.SIGN_IN


@pytest.fixture(autouse=True)
def no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a process learnt of other tests' bridges, and how long it waits."""
    circuits.circuit_of.cache_clear()
    monkeypatch.setattr(bridges, "SECONDS", 0.5)


@pytest.fixture
def carrier(settings: pytest.FixtureRequest) -> Iterator[FakeBridge]:
    with FakeBridge().running() as bridge:
        _choose(settings, "MESSAGE_GATEWAY", bridge.channel.url())
        yield bridge


@pytest.fixture
def register(settings: pytest.FixtureRequest) -> Iterator[FakeBridge]:
    with FakeBridge(says=lambda _: {"result": "match"}).running() as bridge:
        _choose(settings, "IDENTITY_VERIFIER", bridge.channel.url())
        yield bridge


def _choose(settings: object, name: str, address: str) -> None:
    for end, value in (("", "http"), ("_URL", address), ("_KEY", KEY)):
        setattr(settings, f"{name}{end}", value)


def first(reply: Reply) -> Callable[[FakeBridge, Request], Reply | None]:
    """So the first time, and as agreed afterwards."""
    return lambda bridge, _: reply if len(bridge.channel.requests) == 1 else None


def always(**made: object) -> Callable[[FakeBridge, Request], Reply | None]:
    return lambda *_: Reply(**made)  # type: ignore[arg-type]


@pytest.mark.django_db
class TestMessageGateway:
    @pytest.mark.parametrize("algorithm", ["sm3", "sha256"])
    def test_gets_the_code_under_our_signature(
        self, carrier: FakeBridge, settings: pytest.FixtureRequest, algorithm: str
    ) -> None:
        carrier.algorithm = settings.BRIDGE_SIGNATURE = algorithm  # type: ignore[attr-defined]
        assert send_code(phone=phone_of(), purpose=SIGN_IN)
        (asked,) = carrier.asked
        code = asked["parameters"]["code"]
        assert (asked["kind"], asked["phone"], asked["parameters"]["minutes"]) == ("code", phone_of(), "5")
        assert f"验证码 {code}，用于登录" in asked["text"]
        assert sign_in_citizen(phone=phone_of(), code=code).phone.plain == phone_of()
        record = GatewayRecord.objects.get()
        assert (record.succeeded_at is not None, record.failed_at) == (True, None)

    @pytest.mark.parametrize("reply", [Reply(status=503, body=b"{}"), Reply(hangs_up=True)])
    def test_is_asked_once_more_by_the_same_id_where_it_failed_at_once(self, carrier: FakeBridge, reply: Reply) -> None:
        carrier.reply = first(reply)
        assert send_code(phone=phone_of(), purpose=SIGN_IN)
        assert [one.key for one in carrier.channel.requests] == [str(PhoneCode.objects.get().pk)] * 2
        assert len(carrier.channel.acts) == 1

    def test_that_refuses_connections_sends_nothing_and_lets_the_next_try_go_at_once(
        self, settings: pytest.FixtureRequest, carrier: FakeBridge
    ) -> None:
        settings.MESSAGE_GATEWAY_URL = f"http://127.0.0.1:{free_port()}/"  # type: ignore[attr-defined]
        with pytest.raises(Unavailable, match="没有发出去"):
            send_code(phone=phone_of(), purpose=SIGN_IN)
        assert GatewayRecord.objects.get().failure == "连接失败"
        settings.MESSAGE_GATEWAY_URL = carrier.channel.url()  # type: ignore[attr-defined]
        assert send_code(phone=phone_of(), purpose=SIGN_IN)

    @pytest.mark.parametrize(
        "lie",
        [
            lambda bridge, request: Reply(body=bridge.answer(request).body),
            lambda bridge, request: Reply(body=bridge.answer(request).body, headers={"X-Yizhan-Signature": "sm3=00"}),
            lambda bridge, request: bridge.answer(request, id=str(uuid4()), result="accepted"),
            lambda bridge, request: bridge.answer(request, result=1),
            always(body=b"<html>200 OK</html>"),
            always(delay=0.8),
            always(trickle=1, body=b"x" * 100),
        ],
        ids=["unsigned", "signed wrongly", "another id", "nonsense", "a page", "late", "trickling"],
    )
    def test_that_lies_or_is_late_is_not_believed_and_its_code_may_still_come(
        self, carrier: FakeBridge, lie: Callable[[FakeBridge, Request], Reply | None]
    ) -> None:
        carrier.reply = lie
        began = time.monotonic()
        assert send_code(phone=phone_of(), purpose=SIGN_IN) is False
        assert time.monotonic() - began < 3
        assert GatewayRecord.objects.get().succeeded_at is None
        assert sign_in_citizen(phone=phone_of(), code=carrier.asked[-1]["parameters"]["code"])

    def test_is_not_taken_in_by_an_answer_to_somebody_else(self, carrier: FakeBridge) -> None:
        kept: list[Reply] = []

        def replayed(bridge: FakeBridge, request: Request) -> Reply:
            kept.append(bridge.answer(request))
            return kept[0]

        carrier.reply = replayed
        assert send_code(phone=phone_of(1), purpose=SIGN_IN)
        assert send_code(phone=phone_of(2), purpose=SIGN_IN) is False

    @pytest.mark.parametrize(
        ("code", "error", "words"),
        [
            ("bad_phone", Invalid, "空号"),
            ("blocked", Invalid, "拒收"),
            ("too_many", TooMany, "明天"),
            ("no_credit", Unavailable, "工作人员会处理"),
        ],
    )
    def test_says_why_it_refuses(self, carrier: FakeBridge, code: str, error: type[Exception], words: str) -> None:
        carrier.says = lambda _: {"result": "refused", "code": code}
        with pytest.raises(error, match=words):
            send_code(phone=phone_of(), purpose=SIGN_IN)
        assert PhoneCode.objects.get().expires_at <= timezone.now()

    def test_is_left_alone_after_three_failures_until_it_is_back(
        self, carrier: FakeBridge, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        carrier.reply = always(status=500, body=b"")
        for serial in range(circuits.FAILURES):
            send_code(phone=phone_of(serial), purpose=SIGN_IN)
        before = len(carrier.channel.requests)
        with pytest.raises(Unavailable):
            send_code(phone=phone_of(7), purpose=SIGN_IN)
        assert len(carrier.channel.requests) == before
        carrier.reply = lambda *_: None
        monkeypatch.setattr(circuits.circuit_of(carrier.channel.url()), "_rests_until", 0.0)
        assert send_code(phone=phone_of(7), purpose=SIGN_IN)

    def test_that_hangs_holds_few_threads(self, carrier: FakeBridge) -> None:
        carrier.reply = always(delay=0.8)
        bridge = Bridge(carrier.channel.url(), KEY)

        def ask() -> float:
            began = time.monotonic()
            with pytest.raises(Outage):
                ask_bridge(bridge, request_id=uuid4(), content={"kind": "ping"})
            return time.monotonic() - began

        took = [one for one in at_once(*[ask] * (circuits.AT_ONCE + 3)) if isinstance(one, float)]
        assert len([one for one in took if one < 0.3]) >= 3


@pytest.mark.django_db
class TestRegister:
    def test_proves_who_somebody_is(self, register: FakeBridge) -> None:
        citizen = make_citizen(name="")
        found = prove_identity(by=actor_of_citizen(citizen), citizen=citizen, name="张小三", number=number_of())
        assert found.level == Citizen.Level.NUMBER
        told = {key: register.asked[0][key] for key in ("kind", "name", "number", "phone")}
        assert told == {"kind": "person", "name": "张小三", "number": number_of(), "phone": phone_of()}

    @pytest.mark.parametrize(("said", "words"), [({}, "核对不上"), ({"code": "phone"}, "登记在别人名下")])
    def test_says_what_does_not_fit(self, register: FakeBridge, said: dict[str, str], words: str) -> None:
        register.says = lambda _: {"result": "mismatch", **said}
        citizen = make_citizen()
        with pytest.raises(Invalid, match=words):
            prove_identity(by=actor_of_citizen(citizen), citizen=citizen, name="张小三", number=number_of())
        citizen.refresh_from_db()
        assert (citizen.level, citizen.tries) == (Citizen.Level.PHONE, 1)

    def test_that_does_not_answer_costs_nobody_a_try(self, register: FakeBridge) -> None:
        citizen = make_citizen()
        register.reply = always(status=502, body=b"")
        for _ in range(PROOFS_A_DAY + 1):
            with pytest.raises(Unavailable, match="不计入"):
                prove_identity(by=actor_of_citizen(citizen), citizen=citizen, name="张小三", number=number_of())
        citizen.refresh_from_db()
        assert (citizen.level, citizen.tries) == (Citizen.Level.PHONE, 0)

    def test_is_never_taken_to_say_yes_by_anything_else(self, register: FakeBridge) -> None:
        register.says = lambda _: {"result": "accepted"}
        citizen = make_citizen()
        with pytest.raises(Unavailable):
            prove_identity(by=actor_of_citizen(citizen), citizen=citizen, name="张小三", number=number_of())

    def test_knows_companies(self, register: FakeBridge) -> None:
        boss = make_proved()
        register_company(by=actor_of_citizen(boss), citizen=boss, code=company_code(), name="当阳市某某合作社")
        told = {key: register.asked[0][key] for key in ("kind", "code", "name", "representative", "number")}
        assert told == {
            "kind": "company",
            "code": company_code(),
            "name": "当阳市某某合作社",
            "representative": "张小三",
            "number": number_of(),
        }


@pytest.mark.django_db
class TestDoctor:
    def test_tells_whether_it_answers_and_when_it_did_last(self, carrier: FakeBridge, register: FakeBridge) -> None:
        carrier.says = register.says = lambda asked: {"result": "ready" if asked["kind"] == "ping" else "accepted"}
        assert gateways.both_are_set() is None
        found = gateways.messages_go_out()
        assert isinstance(found, DoctorNote)
        assert "还没有成功过" in found.note
        assert isinstance(gateways.register_answers(), DoctorNote)
        GatewayRecord.objects.update(succeeded_at=timezone.now() - timedelta(days=1))
        carrier.reply = always(status=401, body=b"")
        fault = gateways.messages_go_out()
        assert isinstance(fault, DoctorFault)
        assert re.search(r"核对两边的密钥.*最近一次成功是 \d{4}-", fault.fault)

    def test_tells_what_citizens_lack_without_them(self, settings: pytest.FixtureRequest) -> None:
        settings.MESSAGE_GATEWAY = settings.IDENTITY_VERIFIER = ""  # type: ignore[attr-defined]
        missing = gateways.both_are_set()
        assert missing
        assert "MESSAGE_GATEWAY" in missing.fault
        assert "IDENTITY_VERIFIER" in missing.fault
        assert gateways.messages_go_out() is None


class TestSettings:
    @pytest.mark.parametrize(
        ("address", "key", "named"),
        [
            ("http://bridge.example.gov.cn/", KEY.hex(), "_URL"),
            ("https://user:secret@bridge.example.gov.cn/", KEY.hex(), "_URL"),
            ("", KEY.hex(), "_URL"),
            ("https://bridge.example.gov.cn/", "abc", "_KEY"),
            ("https://bridge.example.gov.cn/", "00" * 32, "_KEY"),
        ],
    )
    def test_that_would_show_people_to_others_stop_the_program(
        self, monkeypatch: pytest.MonkeyPatch, address: str, key: str, named: str
    ) -> None:
        monkeypatch.setenv("MESSAGE_GATEWAY_URL", address)
        monkeypatch.setenv("MESSAGE_GATEWAY_KEY", key)
        with pytest.raises(ImproperlyConfigured, match=f"MESSAGE_GATEWAY{named}") as refused:
            environment.bridge("MESSAGE_GATEWAY", is_chosen=True)
        assert "secret" not in str(refused.value)
