"""What accounts outside hear of a hall's decisions about an offered push; and what goes first."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from pytest_django import Settings

from foundation.errors import Conflict
from foundation.events.models import Event
from foundation.events.operations import drain_events
from province.content.events import ADOPTION_CHANGED
from province.content.models import ChannelDelivery, MediaAccount, Push
from province.content.operations.accounts import close_account
from province.content.operations.decisions import adopt_push, decline_push, move_push, undo_decision
from province.content.operations.deliveries import retry_delivery, write_deliveries, write_deliveries_of_hall
from province.content.operations.pushes import replace_version
from province.content.operations.subscriptions import subscribe_reader
from province.content.queries.audiences import Audience, Scope
from province.content.states import DeliveryState, PushMode
from province.halls.models import Hall
from tests.channel_server import Channel, Reply
from tests.conftest import person
from tests.factories.accounts import make_account
from tests.factories.manuscripts import make_approved_version
from tests.factories.pushes import make_push, withdraw
from tests.province.content.test_deliveries import connected, pass_time, reached, send_all
from tests.races import at_once

COUNTIES = Audience((Scope("42"),))


@pytest.fixture
def channel(settings: Settings) -> Iterator[Channel]:
    settings.CHANNEL_ALLOWED_HOSTS = ["127.0.0.1"]
    with Channel().running() as running:
        yield running


def offer(**options: object) -> Push:
    """An offered push whose own event is handled: nobody has adopted it yet."""
    push = make_push(audience=COUNTIES, mode=PushMode.OFFERED, sends_message=True, **options)  # type: ignore[arg-type]
    drain_events()
    assert reached(push) == []
    return push


def adopt(hall: Hall, push: Push) -> None:
    adopt_push(by=person("sun"), hall=hall, push_id=push.pk, column="news")


def decline(hall: Hall, push: Push) -> None:
    decline_push(by=person("sun"), hall=hall, push_id=push.pk, reason="与本地无关")


def undo(hall: Hall, push: Push) -> None:
    undo_decision(by=person("sun"), hall=hall, push_id=push.pk)


def acts(push: Push) -> list[tuple[str, int, int, str]]:
    rows = ChannelDelivery.objects.filter(push=push).order_by("turn", "step")
    return [(one.act, one.turn, one.step, one.state) for one in rows]


@pytest.mark.django_db
class TestAdoption:
    def test_reaches_the_accounts_and_apps_of_that_hall_alone(self, north: Hall, south: Hall) -> None:
        connected(north)
        connected(south, name="枝江发布")
        connected(Hall.objects.get(slug="village"), name="红联村")
        subscribe_reader(hall=north, endpoint="https://push.test/north", p256dh="k", auth="a")
        make_account(north, name="只备案")
        push = offer()
        adopt(north, push)
        assert reached(push) == []
        drain_events()
        assert reached(push) == ["north", "当阳发布"]

    def test_is_delivered_once_however_often_it_is_handled(self, north: Hall) -> None:
        connected(north)
        push = offer()
        for _ in range(2):
            adopt(north, push)
        move_push(by=person("sun"), hall=north, push_id=push.pk, column="notices")
        assert Event.objects.filter(kind=ADOPTION_CHANGED.name).count() == 1
        drain_events()
        again = [write_deliveries_of_hall(push_id=push.pk, hall_id=north.pk) for _ in range(2)]
        assert again == [0, 0]
        assert write_deliveries(push_id=push.pk, turn=push.turn, act="push") == 0
        assert acts(push) == [("push", 1, 0, "waiting")]

    def test_says_nothing_once_the_push_is_withdrawn(self, north: Hall) -> None:
        """The relay was slow: adopted, and withdrawn before the adoption's event was handled."""
        connected(north)
        push = offer()
        adopt(north, push)
        withdraw(push)
        drain_events()
        assert acts(push) == []

    def test_follows_later_versions(self, north: Hall, channel: Channel) -> None:
        connected(north, channel)
        push = offer()
        adopt(north, push)
        drain_events()
        send_all()
        corrected = make_approved_version(manuscript=push.version.manuscript)
        replace_version(by=person("zhao"), push=push, version=corrected)
        drain_events()
        send_all()
        assert [(said["act"], said["turn"], said["step"]) for said in channel.acts] == [("push", 1, 0), ("push", 2, 0)]


@pytest.mark.django_db
@pytest.mark.parametrize("change", [decline, undo], ids=["declined", "undone"])
class TestAdoptionGivenUp:
    def test_takes_it_down_where_it_arrived(
        self, north: Hall, channel: Channel, change: Callable[[Hall, Push], None]
    ) -> None:
        connected(north, channel)
        push = offer()
        adopt(north, push)
        drain_events()
        send_all()
        for _ in range(2):
            change(north, push)
            drain_events()
            send_all()
        assert [said["act"] for said in channel.acts] == ["push", "withdraw"]
        assert (channel.acts[1]["kind"], channel.acts[1]["reason"]) == ("gone", "服务厅不再采用这篇推稿。")
        assert acts(push) == [("push", 1, 0, "done"), ("withdraw", 1, 1, "done")]

    def test_keeps_back_what_was_never_sent(
        self, north: Hall, channel: Channel, change: Callable[[Hall, Push], None]
    ) -> None:
        connected(north, channel)
        push = offer()
        adopt(north, push)
        drain_events()
        change(north, push)
        drain_events()
        assert send_all() == 0
        assert acts(push) == [("push", 1, 0, "overtaken")]

    def test_may_be_adopted_again(self, north: Hall, channel: Channel, change: Callable[[Hall, Push], None]) -> None:
        connected(north, channel)
        push = offer()
        for act in (adopt, change, adopt):
            act(north, push)
            drain_events()
            send_all()
        assert [(said["act"], said["step"]) for said in channel.acts] == [("push", 0), ("withdraw", 1), ("push", 2)]

    def test_ends_in_what_was_decided_last(
        self, north: Hall, channel: Channel, change: Callable[[Hall, Push], None]
    ) -> None:
        """The other side fails for a while, and the hall goes on deciding."""
        channel.reply_to = lambda _: Reply(500)
        connected(north, channel)
        push = offer()
        for act in (adopt, change, adopt, change):
            act(north, push)
            drain_events()
            pass_time()
            send_all()
        channel.reply_to = lambda _: Reply()
        pass_time()
        send_all()
        assert [said["act"] for said in channel.acts] == ["withdraw"]
        assert acts(push)[-1] == ("withdraw", 1, 3, "done")

    def test_lets_no_dead_letter_of_before_be_sent_again(
        self, north: Hall, channel: Channel, change: Callable[[Hall, Push], None]
    ) -> None:
        channel.reply_to = lambda _: Reply(403)
        connected(north, channel)
        push = offer()
        adopt(north, push)
        drain_events()
        send_all()
        dead = ChannelDelivery.objects.get()
        change(north, push)
        drain_events()
        with pytest.raises(Conflict, match="又有变化"):
            retry_delivery(by=person("sun"), delivery=dead)


@pytest.mark.usefixtures("fresh_database")
class TestTwoRelaysAtOnce:
    def test_write_what_a_hall_decided_once(self) -> None:
        north = Hall.objects.get(slug="north")
        connected(north)
        push = offer()
        adopt(north, push)
        at_once(*[partial(write_deliveries_of_hall, push_id=push.pk, hall_id=north.pk)] * 3, drain_events)
        assert acts(push) == [("push", 1, 0, "waiting")]


@pytest.mark.django_db
class TestQueue:
    def test_sends_urgent_pushes_first(self, north: Hall, channel: Channel) -> None:
        connected(north, channel)
        for title in ("较早的", "随后的"):
            make_push(audience=COUNTIES, title=title)
            drain_events()
        make_push(audience=COUNTIES, title="紧急的", is_urgent=True)
        drain_events()
        send_all()
        assert [said["title"] for said in channel.acts] == ["紧急的", "较早的", "随后的"]

    def test_puts_urgent_ones_first_on_every_attempt(self, north: Hall, channel: Channel) -> None:
        channel.reply_to = lambda _: Reply(500)
        connected(north, channel)
        make_push(audience=COUNTIES, title="紧急的", is_urgent=True)
        drain_events()
        send_all()
        channel.reply_to = lambda _: Reply()
        make_push(audience=COUNTIES, title="普通的")
        drain_events()
        pass_time()
        send_all()
        assert [said["title"] for said in channel.acts] == ["紧急的", "普通的"]

    def test_sends_nothing_to_an_account_that_was_closed(self, north: Hall, channel: Channel) -> None:
        account: MediaAccount = connected(north, channel)
        make_push(audience=COUNTIES)
        drain_events()
        close_account(by=person("zhao"), account=account, reason="停更")
        assert send_all() == 0
        assert ChannelDelivery.objects.get().state == DeliveryState.OVERTAKEN
