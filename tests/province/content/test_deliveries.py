import time
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from threading import Event, Thread

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from foundation.errors import Conflict, NotAllowed, NotFound
from foundation.events.operations import drain_events
from foundation.events.outgoing import ATTEMPTS, CLAIM_LASTS
from province.content.models import ChannelDelivery, MediaAccount, Push, WebPushSubscription
from province.content.operations.accounts import close_account
from province.content.operations.decisions import adopt_push
from province.content.operations.deliveries import (
    retry_delivery,
    send_deliveries,
    send_next_delivery,
    write_deliveries,
)
from province.content.operations.pushes import replace_version, restore_push
from province.content.operations.subscriptions import subscribe_reader, unsubscribe_reader
from province.content.queries.accounts import deliveries_of_push, deliveries_table, delivery_with_id
from province.content.queries.audiences import Audience, Scope
from province.content.states import DeliveryState, PushMode, WithdrawalKind
from province.halls.models import Hall
from tests.channel_server import Channel, Reply
from tests.conftest import person
from tests.factories.accounts import make_account
from tests.factories.manuscripts import make_approved_version
from tests.factories.pushes import make_push, withdraw
from tests.races import at_once

COUNTY = Audience((Scope("420582"),))


@pytest.fixture
def channel(settings: Settings) -> Iterator[Channel]:
    settings.CHANNEL_ALLOWED_HOSTS = ["127.0.0.1"]
    with Channel().running() as running:
        yield running


def connected(hall: Hall | None = None, channel: Channel | None = None, **fields: str) -> MediaAccount:
    """An account to which something is sent."""
    return make_account(hall, connector="http", endpoint=channel.url() if channel else "https://a.cn/", **fields)


def subscribed(hall: Hall) -> WebPushSubscription:
    return subscribe_reader(hall=hall, endpoint=f"https://push.test/{hall.slug}", p256dh="k", auth="a")


def reached(push: Push) -> list[str]:
    """Names of the accounts and halls of readers' apps that the push is delivered to."""
    names = []
    for one in ChannelDelivery.objects.filter(push=push).select_related("account", "subscription"):
        assert one.account or one.subscription
        names.append(one.account.name if one.account else Hall.objects.get(pk=one.subscription.hall_id).slug)
    return sorted(names)


def states(push: Push) -> list[tuple[str, int, str]]:
    rows = ChannelDelivery.objects.filter(push=push).order_by("turn", "act")
    return [(one.act, one.turn, one.state) for one in rows]


def send_all() -> int:
    sent = 0
    while send_next_delivery():
        sent += 1
    return sent


def pass_time() -> None:
    """Whatever waits for another attempt may have it now; claims of killed workers are over."""
    ChannelDelivery.objects.update(claimed_until=None)
    ChannelDelivery.objects.filter(state=DeliveryState.WAITING).update(
        next_attempt_at=timezone.now() - timedelta(seconds=1)
    )


@pytest.mark.django_db
class TestWriteDeliveries:
    def test_reaches_accounts_and_apps_in_the_audience_alone(self, north: Hall, south: Hall) -> None:
        connected(north)
        connected(south, name="枝江发布")
        connected(Hall.objects.get(slug="village"), name="红联村")
        connected(name="湖北发布")
        subscribed(north)
        subscribed(south)
        push = make_push(audience=COUNTY, sends_message=True)
        drain_events()
        assert reached(push) == ["north", "当阳发布", "红联村"]

    @pytest.mark.parametrize(
        ("audience", "expected"),
        [
            (Audience((Scope("42"),)), ["当阳发布", "湖北发布", "红联村"]),
            (Audience((Scope("42", ("village",)),)), ["红联村"]),
            (Audience((Scope("420582"),), (Scope("420582103"),)), ["当阳发布"]),
            (Audience((Scope("420582"),), (Scope("420582", ("county",)),)), ["红联村"]),
            (Audience((Scope("420582", ("county", "village")),), (Scope("420582103200"),)), ["当阳发布"]),
        ],
        ids=["all", "kind", "exclusion", "excluded kind", "excluded hall"],
    )
    def test_means_whom_the_push_means(self, north: Hall, audience: Audience, expected: list[str]) -> None:
        connected(north)
        connected(Hall.objects.get(slug="village"), name="红联村")
        connected(name="湖北发布")
        push = make_push(audience=audience)
        drain_events()
        assert reached(push) == expected

    def test_passes_over_who_wants_nothing(self, north: Hall) -> None:
        make_account(north, name="只备案")
        closed = connected(north, name="已注销")
        close_account(by=person("zhao"), account=closed, reason="停更")
        push = make_push(audience=COUNTY)
        drain_events()
        assert reached(push) == []

    def test_reaches_accounts_of_halls_that_adopted_an_offer(self, north: Hall) -> None:
        connected(north)
        push = make_push(audience=COUNTY, mode=PushMode.OFFERED)
        adopt_push(by=person("sun"), hall=north, push_id=push.pk, column="news")
        drain_events()
        assert reached(push) == ["当阳发布"]

    def test_writes_a_turn_once(self, north: Hall) -> None:
        connected(north)
        push = make_push(audience=COUNTY)
        assert [write_deliveries(push_id=push.pk, turn=push.turn, act="push") for _ in range(2)] == [1, 0]

    def test_writes_nothing_for_a_turn_that_is_over(self, north: Hall) -> None:
        """The relay was slow: the push was withdrawn before its first event was handled."""
        connected(north)
        push = make_push(audience=COUNTY)
        withdraw(push)
        drain_events()
        assert states(push) == []

    def test_costs_the_same_number_of_queries_for_any_audience(self, north: Hall) -> None:
        for number in range(50):
            connected(north, name=f"账号{number}")
        push = make_push(audience=COUNTY)
        with CaptureQueriesContext(connection) as queries:
            write_deliveries(push_id=push.pk, turn=push.turn, act="push")
        assert len(queries) <= 6
        assert len(reached(push)) == 50


@pytest.mark.django_db
class TestSendDeliveries:
    def test_says_what_is_pushed_and_where_it_stands(self, north: Hall, channel: Channel) -> None:
        connected(north, channel)
        push = make_push(audience=COUNTY, title="医保新政")
        drain_events()
        assert send_all() == 1
        (said,) = channel.acts
        assert (said["act"], said["title"], said["account"]) == ("push", "医保新政", "当阳发布")
        assert said["url"].endswith(f"/p/{push.pk}/")
        assert "north.yizhan.localhost" in said["url"]
        delivery = ChannelDelivery.objects.get(push=push)
        assert (delivery.state, delivery.external_ref) == (DeliveryState.DONE, f"ref-{str(delivery.pk)[-4:]}")

    def test_claims_out_of_the_index_of_what_waits(self, north: Hall, channel: Channel) -> None:
        """However much waits: nothing is sorted to find the next one."""
        account, push = connected(north, channel), make_push(audience=COUNTY)
        ChannelDelivery.objects.bulk_create(
            ChannelDelivery(push=push, account=account, act="push", turn=push.turn, step=step) for step in range(5_000)
        )
        with CaptureQueriesContext(connection) as queries:
            assert send_next_delivery()
        (claim,) = [one["sql"] for one in queries if "SKIP LOCKED" in one["sql"]]
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE content_channeldelivery")
            cursor.execute(f"EXPLAIN {claim}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert "content_delivery_waiting" in plan
        assert "Sort" not in plan

    def test_says_why_something_is_withdrawn(self, north: Hall, channel: Channel) -> None:
        connected(north, channel)
        push = make_push(audience=COUNTY)
        drain_events()
        send_all()
        withdraw(push, WithdrawalKind.NOTICE, reason="数字有误")
        drain_events()
        send_all()
        assert [(said["act"], said["push_id"]) for said in channel.acts] == [
            ("push", str(push.pk)),
            ("withdraw", str(push.pk)),
        ]
        assert (channel.acts[1]["kind"], channel.acts[1]["reason"]) == ("notice", "数字有误")

    def test_waits_longer_after_each_failure(self, north: Hall, channel: Channel) -> None:
        channel.reply_to = lambda _: Reply(500)
        connected(north, channel)
        make_push(audience=COUNTY)
        drain_events()
        waits = []
        for _ in range(4):
            pass_time()
            send_all()
            one = ChannelDelivery.objects.get()
            waits.append(round((one.next_attempt_at - timezone.now()).total_seconds()))
        assert waits == [15, 30, 60, 120]
        assert one.last_error == "对方答复 500。"

    def test_waits_as_long_as_the_other_side_asks(self, north: Hall, channel: Channel) -> None:
        channel.reply_to = lambda _: Reply(429, headers={"Retry-After": "600"})
        connected(north, channel)
        make_push(audience=COUNTY)
        drain_events()
        send_all()
        assert ChannelDelivery.objects.get().next_attempt_at > timezone.now() + timedelta(minutes=9)

    def test_becomes_a_dead_letter_with_its_reason(self, north: Hall, channel: Channel) -> None:
        channel.reply_to = lambda _: Reply(503)
        connected(north, channel)
        make_push(audience=COUNTY)
        drain_events()
        for _ in range(ATTEMPTS + 3):
            pass_time()
            send_all()
        dead = ChannelDelivery.objects.get()
        assert (dead.state, dead.attempts) == (DeliveryState.DEAD, ATTEMPTS)
        assert "12 次" in dead.last_error
        assert "503" in dead.last_error
        assert len({request.key for request in channel.requests}) == 1

    def test_gives_up_at_once_where_nothing_will_help(self, north: Hall, channel: Channel) -> None:
        channel.reply_to = lambda _: Reply(403)
        connected(north, channel)
        make_push(audience=COUNTY)
        drain_events()
        assert send_all() == 1
        assert ChannelDelivery.objects.get().state == DeliveryState.DEAD

    def test_is_answered_twice_and_done_once(self, north: Hall, channel: Channel) -> None:
        """The other side did it, and its answer was lost."""
        answers = iter([Reply(hangs_up=True), Reply()])
        channel.reply_to = lambda _: next(answers)
        connected(north, channel)
        push = make_push(audience=COUNTY)
        drain_events()
        send_all()
        pass_time()
        send_all()
        assert (len(channel.requests), len(channel.acts)) == (2, 1)
        assert states(push) == [("push", 1, "done")]

    def test_forgets_readers_who_are_gone(self, north: Hall, settings: Settings) -> None:
        subscribed(north)
        make_push(audience=COUNTY, sends_message=True)
        drain_events()
        send_all()
        assert not WebPushSubscription.objects.exists()
        assert not ChannelDelivery.objects.exists()


@pytest.mark.django_db
class TestWithdrawal:
    def test_keeps_back_what_was_never_sent(self, north: Hall, channel: Channel) -> None:
        connected(north, channel)
        push = make_push(audience=COUNTY)
        drain_events()
        withdraw(push)
        drain_events()
        assert send_all() == 0
        assert states(push) == [("push", 1, "overtaken")]

    def test_holds_from_its_commit_before_any_event_is_handled(self, north: Hall, channel: Channel) -> None:
        connected(north, channel)
        push = make_push(audience=COUNTY)
        drain_events()
        withdraw(push)
        assert send_all() == 0
        assert channel.requests == []

    def test_follows_what_may_have_arrived(self, north: Hall, channel: Channel) -> None:
        channel.reply_to = lambda _: Reply(500)
        connected(north, channel)
        push = make_push(audience=COUNTY)
        drain_events()
        send_all()
        withdraw(push)
        drain_events()
        channel.reply_to = lambda _: Reply()
        pass_time()
        send_all()
        assert states(push) == [("push", 1, "overtaken"), ("withdraw", 2, "done")]

    def test_waits_for_a_push_that_is_on_its_way(self, north: Hall, channel: Channel) -> None:
        connected(north, channel)
        push = make_push(audience=COUNTY)
        drain_events()
        ChannelDelivery.objects.update(attempts=1, claimed_until=timezone.now() + CLAIM_LASTS)
        withdraw(push)
        drain_events()
        assert send_all() == 0
        ChannelDelivery.objects.filter(act="push").update(claimed_until=timezone.now() - timedelta(seconds=1))
        assert send_all() == 1
        assert [said["act"] for said in channel.acts] == ["withdraw"]

    def test_is_undone_by_pushing_again(self, north: Hall, channel: Channel) -> None:
        connected(north, channel)
        push = make_push(audience=COUNTY)
        for change in (lambda: None, lambda: withdraw(push), lambda: restore_push(by=person("zhao"), push=push)):
            change()
            drain_events()
            send_all()
        assert [said["act"] for said in channel.acts] == ["push", "withdraw", "push"]
        assert [said.get("turn") for said in channel.acts] == [1, 2, 3]

    def test_says_the_latest_version_alone(self, north: Hall, channel: Channel) -> None:
        connected(north, channel)
        push = make_push(audience=COUNTY)
        drain_events()
        corrected = make_approved_version(manuscript=push.version.manuscript)
        replace_version(by=person("zhao"), push=push, version=corrected)
        drain_events()
        send_all()
        assert [said["version_id"] for said in channel.acts] == [str(corrected.pk)]


@pytest.mark.django_db
class TestRetryDelivery:
    @pytest.fixture
    def dead(self, north: Hall, channel: Channel) -> ChannelDelivery:
        channel.reply_to = lambda _: Reply(403)
        connected(north, channel)
        make_push(audience=COUNTY)
        drain_events()
        send_all()
        channel.reply_to = lambda _: Reply()
        return ChannelDelivery.objects.get()

    def test_sends_it_once_more_under_the_same_key(self, dead: ChannelDelivery, channel: Channel) -> None:
        retry_delivery(by=person("sun"), delivery=dead)
        send_all()
        dead.refresh_from_db()
        assert dead.state == DeliveryState.DONE
        assert len({request.key for request in channel.requests}) == 1

    def test_is_refused_where_it_is_not_dead(self, dead: ChannelDelivery) -> None:
        retry_delivery(by=person("zhao"), delivery=dead)
        with pytest.raises(Conflict):
            retry_delivery(by=person("zhao"), delivery=dead)

    def test_is_refused_where_something_later_was_done(self, dead: ChannelDelivery) -> None:
        withdraw(dead.push)
        with pytest.raises(Conflict, match="又有变化"):
            retry_delivery(by=person("zhao"), delivery=dead)

    def test_is_not_another_halls(self, dead: ChannelDelivery) -> None:
        with pytest.raises(NotAllowed):
            retry_delivery(by=person("zhou"), delivery=dead)
        with pytest.raises(NotFound):
            delivery_with_id(person("zhou"), dead.pk)

    def test_is_found_among_dead_letters(self, dead: ChannelDelivery) -> None:
        assert list(deliveries_table(by=person("sun"), state="dead")) == [dead]
        assert list(deliveries_table(by=person("zhou"), state="dead")) == []
        assert deliveries_of_push(dead.push_id) == {"dead": 1}


@pytest.mark.django_db
class TestSubscription:
    def test_moves_to_the_hall_that_names_it_last(self, north: Hall, south: Hall) -> None:
        for hall in (north, south):
            subscribe_reader(hall=hall, endpoint="https://push.test/1", p256dh="k", auth="a")
        assert WebPushSubscription.objects.get().hall_id == south.id

    def test_ends(self, north: Hall) -> None:
        subscribed(north)
        unsubscribe_reader(endpoint="https://push.test/north")
        unsubscribe_reader(endpoint="https://push.test/unknown")
        assert not WebPushSubscription.objects.exists()


@pytest.mark.usefixtures("fresh_database")
class TestManyAtOnce:
    def test_send_each_delivery_once(self, channel: Channel) -> None:
        north = Hall.objects.get(slug="north")
        for number in range(40):
            connected(north, channel, name=f"账号{number}")
        make_push(audience=COUNTY)
        drain_events()
        sent = at_once(*[send_deliveries] * 2)
        assert sum(sent) == 40
        assert len(channel.requests) == len(channel.acts) == 40
        assert set(ChannelDelivery.objects.values_list("state", flat=True)) == {DeliveryState.DONE}

    def test_never_let_a_push_arrive_after_its_withdrawal(self, channel: Channel) -> None:
        """The push is being sent while it is withdrawn."""
        north = Hall.objects.get(slug="north")
        connected(north, channel)
        push = make_push(audience=COUNTY)
        drain_events()
        begun = Event()

        def slowly(_: object) -> Reply:
            first = not begun.is_set()
            begun.set()
            return Reply(delay=0.7 if first else 0)

        channel.reply_to = slowly
        sender = Thread(target=send_deliveries)
        sender.start()
        assert begun.wait(5)
        withdraw(push)
        drain_events()
        deadline = time.monotonic() + 5
        while len(channel.acts) < 2 and time.monotonic() < deadline:
            send_deliveries()
            time.sleep(0.05)
        sender.join()
        assert [said["act"] for said in channel.acts] == ["push", "withdraw"]
        assert states(push) == [("push", 1, "done"), ("withdraw", 2, "done")]

    def test_write_what_two_relays_handle_at_once_once(self) -> None:
        connected(Hall.objects.get(slug="north"))
        push = make_push(audience=COUNTY)
        at_once(*[partial(write_deliveries, push_id=push.pk, turn=1, act="push")] * 3)
        assert states(push) == [("push", 1, "waiting")]
