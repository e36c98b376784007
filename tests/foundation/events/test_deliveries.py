"""Each subscriber gets every event once, in order, whatever becomes of the others."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from foundation.events.kinds import NoPayload, ReceivedEvent, declare_event, subscribes
from foundation.events.models import Event, EventDelivery
from foundation.events.operations import (
    ATTEMPTS,
    LONGEST_WAIT,
    drain_events,
    emit_event,
    emit_events,
    forget_old_events,
    handle_next_delivery,
    retry_deliveries,
)
from foundation.events.queries import GoneSubscriber, gone_subscribers, has_delivery
from foundation.rows import draw_id
from tests.foundation.events.kinds import KEPT, POISON, SAID, Said, note, notes
from tests.races import at_once

MANY = 10_000
State = EventDelivery.State


def say(words: str, *, is_urgent: bool = False) -> None:
    emit_event(kind=SAID, payload=Said(words=words), is_urgent=is_urgent)


def delivery_to(subscriber: str) -> EventDelivery:
    return EventDelivery.objects.get(subscriber=subscriber)


def pass_time() -> None:
    """Whatever waits may go now, in the order that it has."""
    EventDelivery.objects.filter(state=State.WAITING).update(available_at=F("available_at") - timedelta(hours=2))


@pytest.mark.django_db
class TestOrder:
    def test_is_that_of_the_emissions(self) -> None:
        for words in "甲乙丙丁":
            say(words)
        drain_events()
        assert notes(by="first") == notes(by="second") == list("甲乙丙丁")

    def test_is_kept_within_one_statement(self) -> None:
        halls = [draw_id() for _ in range(50)]
        emit_events(kind=SAID, payload=Said(words="全体"), subject_id=draw_id(), hall_ids=halls)
        waiting = EventDelivery.objects.filter(subscriber="tests.first").order_by("available_at", "id")
        assert [one.event.hall_id for one in waiting.select_related("event")] == halls

    def test_lets_the_urgent_go_first(self) -> None:
        say("先")
        say("急", is_urgent=True)
        drain_events()
        assert notes() == ["急", "急", "先", "先"]


@pytest.mark.django_db
class TestEmission:
    def test_is_one_statement_for_one_hall_and_for_ten_thousand(self) -> None:
        # the first statement of a connection sets its search path
        Event.objects.exists()
        with CaptureQueriesContext(connection) as one:
            say("一")
        with CaptureQueriesContext(connection) as many:
            emit_events(
                kind=SAID, payload=Said(words="万"), subject_id=draw_id(), hall_ids=[draw_id() for _ in range(MANY)]
            )
        assert (len(one), len(many)) == (1, 1)
        assert (Event.objects.count(), EventDelivery.objects.count()) == (MANY + 1, 2 * (MANY + 1))

    def test_to_no_hall_leaves_nothing(self) -> None:
        emit_events(kind=SAID, payload=Said(words="无"), subject_id=draw_id(), hall_ids=[])
        assert not Event.objects.exists()

    def test_is_undone_with_the_change(self) -> None:
        with transaction.atomic():
            say("不")
            transaction.set_rollback(True)
        assert not Event.objects.exists()
        assert not EventDelivery.objects.exists()

    def test_by_a_subscriber_follows(self) -> None:
        """What a subscriber emits is delivered after what waits already."""
        chain = declare_event("tests.chained", NoPayload)

        @subscribes(chain, "tests.chain")
        def _answer(event: ReceivedEvent[NoPayload]) -> None:
            say("答")

        emit_event(kind=chain)
        say("问")
        drain_events()
        assert notes(by="first") == ["问", "答"]


@pytest.mark.django_db
class TestRepeat:
    def test_finds_nothing_to_do(self) -> None:
        say("一")
        assert (drain_events(), drain_events()) == (2, 0)
        assert notes() == ["一", "一"]
        assert set(EventDelivery.objects.values_list("state", "attempts")) == {("done", 1)}

    def test_has_no_row_of_its_own(self) -> None:
        say("一")
        event = Event.objects.get()
        with pytest.raises(IntegrityError), transaction.atomic():
            event.deliveries.create(subscriber="tests.first")

    def test_goes_to_the_one_subscriber_that_it_is_asked_for(self) -> None:
        say("一")
        drain_events()
        assert retry_deliveries(EventDelivery.objects.filter(subscriber="tests.second")) == 1
        drain_events()
        assert (notes(by="first"), notes(by="second")) == (["一"], ["一", "一"])


@pytest.mark.django_db
class TestPoison:
    def test_delays_no_other_subscriber_and_no_other_event(self) -> None:
        say("先")
        say(POISON)
        say("后")
        drain_events()
        assert notes(by="first") == ["先", POISON, "后"]
        # what the failing one wrote is undone
        assert notes(by="second") == ["先", "后"]
        waiting = EventDelivery.objects.get(state=State.WAITING)
        assert (waiting.subscriber, waiting.attempts, waiting.last_error) == ("tests.second", 1, "ValueError: poison")

    def test_waits_longer_each_time_and_is_given_up(self) -> None:
        say(POISON)
        for attempt in range(1, ATTEMPTS):
            before = timezone.now()
            drain_events()
            after = timezone.now()
            wait = min(timedelta(seconds=2**attempt), LONGEST_WAIT)
            assert before + wait <= delivery_to("tests.second").available_at <= after + wait
            pass_time()
        drain_events()
        dead = delivery_to("tests.second")
        assert (dead.state, dead.attempts, dead.last_error) == (State.DEAD, ATTEMPTS, "ValueError: poison")
        assert dead.finished_at
        assert drain_events() == 0
        assert delivery_to("tests.first").state == State.DONE

    def test_is_tried_anew_when_its_cause_is_mended(self) -> None:
        say(POISON)
        EventDelivery.objects.filter(subscriber="tests.second").update(state=State.DEAD, attempts=ATTEMPTS)
        drain_events()
        Event.objects.update(payload={"words": "好"})
        assert retry_deliveries(EventDelivery.objects.filter(state=State.DEAD)) == 1
        drain_events()
        assert notes(by="second") == ["好"]

    def test_is_told_from_what_waits_and_what_is_done(self) -> None:
        for words in ("完", POISON):
            say(words)
        drain_events()
        say("等")
        is_unfinished = has_delivery(State.WAITING, State.DEAD)
        unfinished = Event.objects.filter(is_unfinished, kind=SAID.name).order_by("id")
        assert [SAID.payload_of(one).words for one in unfinished] == [POISON, "等"]


@pytest.mark.django_db
class TestSubscriber:
    def test_that_is_added_later_gets_what_is_emitted_from_then_on(self) -> None:
        kind = declare_event("tests.grows", NoPayload)
        subscribes(kind, "tests.was_there")(lambda event: note("was there", "", event))
        emit_event(kind=kind)
        subscribes(kind, "tests.added_later")(lambda event: note("added", "", event))
        emit_event(kind=kind)
        drain_events()
        assert (len(notes(by="was there")), len(notes(by="added"))) == (2, 1)

    def test_that_is_gone_is_named_and_blocks_nobody(self) -> None:
        say("一")
        event = Event.objects.get()
        for subscriber, state in (("tests.gone", "waiting"), ("tests.gone_long_ago", "done")):
            event.deliveries.create(
                subscriber=subscriber, state=state, available_at=timezone.now() - timedelta(minutes=5)
            )
        say("二")
        drain_events()
        assert notes(by="first") == notes(by="second") == ["一", "二"]
        gone = delivery_to("tests.gone")
        assert (gone.state, gone.attempts) == (State.WAITING, 0)
        assert gone_subscribers() == [GoneSubscriber("tests.said", "tests.gone", 1)]

    def test_that_went_to_another_kind_is_handed_none_of_the_old_one(self) -> None:
        Event.objects.create(kind="tests.due", payload={"words": "x"}).deliveries.create(subscriber="tests.first")
        drain_events()
        assert notes() == []
        assert "subscribes to tests.said by now" in delivery_to("tests.first").last_error


@pytest.mark.django_db
class TestTenThousandWaiting:
    def test_cost_no_statement_more_than_one(self) -> None:
        say("一")
        with CaptureQueriesContext(connection) as alone:
            handle_next_delivery()
        emit_events(
            kind=SAID, payload=Said(words="万"), subject_id=draw_id(), hall_ids=[draw_id() for _ in range(MANY)]
        )
        drain_events(most=1)
        with CaptureQueriesContext(connection) as among_many:
            handle_next_delivery()
        # begin, claim, savepoint, the subscriber's own, release, note, commit
        assert len(among_many) == len(alone) == 7
        claim = next(one["sql"] for one in among_many if "SKIP LOCKED" in one["sql"])
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE events_event, events_eventdelivery")
            cursor.execute(f"EXPLAIN {claim}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
        # it reads the next row out of the index of what waits, and sorts nothing
        assert "events_waiting" in plan
        assert "Sort" not in plan

    def test_are_all_delivered_in_the_end(self) -> None:
        emit_events(
            kind=SAID, payload=Said(words="万"), subject_id=draw_id(), hall_ids=[draw_id() for _ in range(MANY // 20)]
        )
        say("急", is_urgent=True)
        assert handle_next_delivery()
        assert notes() == ["急"]
        drain_events()
        assert len(notes(by="first")) == len(notes(by="second")) == MANY // 20 + 1


@pytest.mark.usefixtures("fresh_database")
class TestTwoRelays:
    def test_never_take_the_same_delivery(self) -> None:
        for number in range(100):
            say(str(number))
        assert sum(at_once(*[drain_events] * 3)) == 200
        assert sorted(map(int, notes(by="first"))) == sorted(map(int, notes(by="second"))) == list(range(100))


@pytest.mark.django_db
class TestForgetOldEvents:
    def test_leaves_what_is_young_waits_was_given_up_or_is_read_later(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("foundation.events.operations._FORGOTTEN_AT_ONCE", 2)
        for words in (*"甲乙丙丁", POISON):
            say(words)
        emit_event(kind=KEPT)
        drain_events()
        # of the poisoned one a delivery waits to be tried again
        say("未处理")
        # kept, and poisoned, and the one that waits; the notes of the subscribers go with the others
        left = {KEPT.name: 1, SAID.name: 2}
        assert forget_old_events() == 0
        assert forget_old_events(kept=timedelta()) > 5
        for state in (State.WAITING, State.DEAD):
            EventDelivery.objects.filter(attempts__gt=0).exclude(state=State.DONE).update(state=state)
            assert forget_old_events(kept=timedelta()) == 0
            assert {one: Event.objects.filter(kind=one).count() for one in left} == left
            assert Event.objects.count() == sum(left.values())
        assert EventDelivery.objects.count() == 5
