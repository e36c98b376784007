"""Who asked is told by short message that there is something to read: through a carrier that fails, delays, repeats and
lies; once for each answer, by day, and no longer than they want it."""

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils import timezone

from config import environment
from foundation import circuits
from foundation.errors import Conflict, NotFound
from foundation.events import outgoing
from province.citizens.connectors import bridge as bridges
from province.citizens.models import GuestContact, LocalMessage, PhoneNotice
from province.citizens.operations import notices
from province.citizens.operations.guest_contacts import erase_guest_contact
from province.citizens.operations.notices import next_allowed, send_next_notice, send_notice_again, send_notices
from province.halls.models import Hall
from province.opinion.states import QuestionState
from tenants.engagement.models import Question
from tenants.engagement.operations.answering import close_question, refuse_question
from tenants.engagement.operations.notices import send_message_again, stop_messages
from tests.channel_server import Reply, Request
from tests.conftest import person
from tests.factories.citizens import make_citizen, phone_of
from tests.factories.engagement import REPLY, TEXT, last_of, make_question, reply
from tests.factories.people import client_of
from tests.factories.sites import inside
from tests.province.citizens.bridges import KEY, FakeBridge
from tests.tenants.citizen_pages.test_pages import signed_in

pytestmark = pytest.mark.django_db

NORTH = "north.yizhan.localhost"


@pytest.fixture(autouse=True)
def by_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whenever the tests run; and what a process learnt of other tests' bridges is forgotten."""
    monkeypatch.setattr(notices, "FIRST_HOUR", time.min)
    monkeypatch.setattr(notices, "LAST_HOUR", time.max)
    circuits.circuit_of.cache_clear()
    monkeypatch.setattr(bridges, "SECONDS", 0.5)


@pytest.fixture
def carrier(settings: pytest.FixtureRequest) -> Iterator[FakeBridge]:
    with FakeBridge().running() as bridge:
        for end, value in (("", "http"), ("_URL", bridge.channel.url()), ("_KEY", KEY)):
            setattr(settings, f"MESSAGE_GATEWAY{end}", value)
        yield bridge


def answered(hall: Hall, **facts: object) -> Question:
    question = make_question(hall, **facts)
    reply(hall, question, "hua")
    return question


def send_all() -> int:
    """In this thread, whose transaction the test's is."""
    tried = 0
    while send_next_notice():
        tried += 1
    return tried


def again_now() -> None:
    PhoneNotice.objects.update(next_attempt_at=timezone.now(), claimed_until=None)


class TestAsker:
    def test_is_told_number_and_way_and_nothing_of_what_was_said(
        self, north: Hall, carrier: FakeBridge, settings: pytest.FixtureRequest
    ) -> None:
        settings.MESSAGE_TEMPLATES = {"question_answered": "SMS_1002"}  # type: ignore[attr-defined]
        settings.MESSAGE_SIGNATURE = "湖北政务"  # type: ignore[attr-defined]
        question = answered(north, name="王大妈")
        assert send_all() == 1
        (asked,) = carrier.asked
        assert (asked["kind"], asked["phone"]) == ("question_answered", phone_of())
        assert (asked["template"], asked["signature"]) == ("SMS_1002", "湖北政务")
        assert asked["text"].startswith("【湖北政务】您在")
        for part in (north.name, str(question.number), f"http://{NORTH}"):
            assert part in asked["text"]
        assert asked["parameters"].keys() == {"hall", "number", "address"}
        assert not [word for word in (TEXT, REPLY, "王大妈") if word in str(asked)]
        assert phone_of() not in str(PhoneNotice.objects.values().get())

    def test_is_told_of_each_answer_once_and_of_every_end(self, north: Hall, carrier: FakeBridge) -> None:
        question = answered(north)
        reply(north, question, "hua")  # sent twice, it is one
        with inside(north):
            close_question(by=person("hua"), hall=north, question_id=question.pk, reason="已电话回访")
        other = make_question(north, phone=phone_of(2))
        with inside(north):
            refuse_question(
                by=person("hua"), hall=north, question_id=other.pk, reason="请到县医保局", after=last_of(other)
            )
        assert send_all() == 3
        assert [one["kind"] for one in carrier.asked] == ["question_answered", "question_closed", "question_refused"]
        assert send_all() == 0

    def test_is_not_told_who_does_not_want_it_or_stops_it(self, north: Hall, carrier: FakeBridge) -> None:
        answered(north, wants_messages=False)
        stopped = answered(north, phone=phone_of(2))
        site = Client(headers={"host": NORTH})
        at = f"/engagement/questions/{stopped.pk}/"
        # nobody else stops it
        assert site.post(f"{at}stop-messages/").url == "/progress/"
        site.post("/progress/", {"number": stopped.number, "tail": phone_of(2)[-4:]})
        assert "不再发短信" in site.get(at).text
        assert "以后不再为这条咨询发短信" in site.post(f"{at}stop-messages/", follow=True).text
        reply(north, stopped, "hua", "再补充一句。")
        assert send_all() == 0
        assert carrier.asked == []
        with inside(north), pytest.raises(Conflict, match="不再接收"):
            send_message_again(
                by=person("hua"), hall=north, question_id=stopped.pk, notice_id=PhoneNotice.objects.get().pk
            )

    def test_sees_it_in_me_as_well(self, north: Hall, carrier: FakeBridge) -> None:
        citizen = make_citizen(3)
        question = make_question(north)
        with inside(north):
            Question.objects.filter(pk=question.pk).update(citizen_id=citizen.pk, guest_contact_id=None)
        reply(north, question, "hua")
        send_all()
        assert carrier.asked[0]["phone"] == phone_of(3)
        assert "咨询已答复，已发短信" in signed_in(citizen, NORTH).get("/me/").text

    def test_whose_phone_was_erased_gets_nothing(self, north: Hall, carrier: FakeBridge) -> None:
        question = answered(north)
        erase_guest_contact(hall_id=north.pk, guest_contact_id=GuestContact.objects.get().pk)
        send_all()
        assert (PhoneNotice.objects.get().state, carrier.asked) == ("dead", [])
        assert question.number


class TestCarrier:
    @pytest.mark.parametrize(
        "lie",
        [
            lambda *_: Reply(status=503, body=b"{}", headers={"Retry-After": "60"}),
            lambda *_: Reply(hangs_up=True),
            lambda *_: Reply(delay=0.8),
            lambda bridge, request: Reply(body=bridge.answer(request).body),
            lambda bridge, request: bridge.answer(request, id="another", result="accepted"),
        ],
        ids=["busy", "hangs up", "late", "unsigned", "for another"],
    )
    def test_that_fails_or_lies_is_asked_later_by_the_same_id(
        self, north: Hall, carrier: FakeBridge, lie: Callable[[FakeBridge, Request], Reply | None]
    ) -> None:
        answered(north)
        carrier.reply = lie
        assert send_all() == 1
        waiting = PhoneNotice.objects.get()
        assert (waiting.state, waiting.attempts) == ("waiting", 1)
        assert waiting.next_attempt_at > timezone.now() + timedelta(seconds=20)
        assert send_all() == 0
        carrier.reply = lambda *_: None
        circuits.circuit_of.cache_clear()
        again_now()
        send_all()
        assert PhoneNotice.objects.get().state == "done"
        assert {one.key for one in carrier.channel.requests} == {str(waiting.pk)}
        # the carrier sends each id once, however often it was asked
        assert len(carrier.channel.acts) == 1

    def test_that_was_asked_by_a_killed_worker_is_asked_again_by_the_same_id(
        self, north: Hall, carrier: FakeBridge, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        answered(north)

        def killed(*_: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(outgoing, "_note_sent", killed)
            with pytest.raises(KeyboardInterrupt):
                send_next_notice()
        # its claim still holds
        assert send_all() == 0
        PhoneNotice.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
        assert send_all() == 1
        assert PhoneNotice.objects.get().state == "done"
        assert len(carrier.channel.acts) == 1

    @pytest.mark.parametrize("code", ["bad_phone", "blocked"])
    def test_that_refuses_the_phone_is_seen_at_the_desk_with_the_phone_masked(
        self, north: Hall, south: Hall, carrier: FakeBridge, code: str
    ) -> None:
        question = answered(north)
        carrier.says = lambda _: {"result": "refused", "code": code}
        send_all()
        notice = PhoneNotice.objects.get()
        assert (notice.state, notice.attempts) == ("dead", 1)
        desk = client_of("hua", host=NORTH)
        page = desk.get(f"/desk/questions/{question.pk}/").text
        assert "没有送达" in page
        assert "138****0001" in page
        assert phone_of() not in page
        assert str(question.pk) in desk.get("/desk/questions/?state=untold").text
        with pytest.raises(NotFound):
            send_notice_again(hall_id=south.pk, subject_id=question.pk, notice_id=notice.pk, is_wanted=True)
        carrier.says = lambda _: {"result": "accepted"}
        again = f"/desk/questions/{question.pk}/notices/{notice.pk}/again/"
        assert "重新排队" in desk.post(again, follow=True).text
        send_all()
        assert PhoneNotice.objects.get().state == "done"
        assert "短信不用再发" in desk.post(again, follow=True).text

    def test_that_has_sent_too_many_is_asked_tomorrow_and_not_for_ever(self, north: Hall, carrier: FakeBridge) -> None:
        answered(north)
        carrier.says = lambda _: {"result": "refused", "code": "too_many"}
        send_all()
        waiting = PhoneNotice.objects.get()
        assert waiting.state == "waiting"
        assert timezone.localdate(waiting.next_attempt_at) == timezone.localdate() + timedelta(days=1)
        PhoneNotice.objects.update(since=timezone.now() - timedelta(days=4), next_attempt_at=timezone.now())
        send_all()
        assert (PhoneNotice.objects.get().state, len(carrier.asked)) == ("dead", 1)


class TestQuota:
    def test_of_a_phone_and_of_a_hall_leaves_the_rest_for_tomorrow(
        self, north: Hall, carrier: FakeBridge, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(notices, "MOST_TO_PHONE", 1)
        monkeypatch.setattr(notices, "MOST_OF_HALL", 2)
        for serial in (1, 1, 2, 3):
            answered(north, phone=phone_of(serial))
        send_all()
        assert [one["phone"] for one in carrier.asked] == [phone_of(1), phone_of(2)]
        waiting = PhoneNotice.objects.filter(state="waiting")
        assert all(timezone.localdate(one.next_attempt_at) > timezone.localdate() for one in waiting)
        assert waiting.count() == 2


class TestHours:
    @pytest.mark.parametrize(
        ("now", "then"),
        [
            ("2026-11-29 07:59", "2026-11-29 08:00"),
            ("2026-11-29 08:00", "2026-11-29 08:00"),
            ("2026-11-29 20:59", "2026-11-29 20:59"),
            ("2026-11-29 21:00", "2026-11-30 08:00"),
            ("2026-11-30 00:30", "2026-11-30 08:00"),
        ],
    )
    def test_are_those_of_the_day(self, now: str, then: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(notices, "FIRST_HOUR", time(8))
        monkeypatch.setattr(notices, "LAST_HOUR", time(21))
        at, expected = (timezone.make_aware(datetime.fromisoformat(one)) for one in (now, then))
        assert next_allowed(at) == expected

    def test_of_the_night_send_nothing(self, north: Hall, carrier: FakeBridge, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(notices, "is_allowed", lambda _: False)
        answered(north)
        assert PhoneNotice.objects.get().next_attempt_at > timezone.now()
        assert send_notices() == 0
        again_now()
        send_all()
        assert (PhoneNotice.objects.get().state, carrier.asked) == ("waiting", [])


class TestSettings:
    def test_name_templates_of_known_kinds(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("MESSAGE_TEMPLATES", "code=SMS_1 question_answered=SMS_2")
        assert environment.pairs("MESSAGE_TEMPLATES", of={"code", "question_answered"})["code"] == "SMS_1"
        monkeypatch.setenv("MESSAGE_TEMPLATES", "cod=SMS_1")
        with pytest.raises(ImproperlyConfigured, match="MESSAGE_TEMPLATES"):
            environment.pairs("MESSAGE_TEMPLATES", of={"code"})

    def test_of_this_machine_show_the_signed_text(self, north: Hall) -> None:
        question = answered(north)
        send_all()
        assert LocalMessage.objects.get().text.plain.startswith("【湖北省政务服务】")
        with inside(north):
            assert Question.objects.get(pk=question.pk).state == QuestionState.ANSWERED
            stop_messages(hall=north, question_id=question.pk)
