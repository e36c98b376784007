"""Workers killed with -9 in the middle of sending: nothing is lost, and the other side does each act once."""

import random
import socket
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from pytest_django import Settings

from foundation.events.operations import drain_events
from province.content.models import ChannelDelivery
from province.content.queries.audiences import Audience, Scope
from province.content.states import DeliveryState
from province.halls.models import Hall
from tests.channel_server import Channel, Reply
from tests.factories.accounts import make_account
from tests.factories.pushes import make_push, withdraw
from tests.forked import running
from tests.province.content.test_deliveries import pass_time

KILLS = 6
ACCOUNTS = 40
WORKER = """
import time
from province.content.operations.deliveries import send_deliveries
while True:
    send_deliveries() or time.sleep(0.05)
"""


def worker() -> AbstractContextManager[None]:
    return running(WORKER, CHANNEL_ALLOWED_HOSTS=["127.0.0.1"])


def wait_until(holds: Callable[[], bool], *, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came to hold"
        time.sleep(0.01)


class TestChannel:
    def test_does_nothing_for_a_message_that_was_cut_off(self) -> None:
        """Else a worker's death between head and body would be an act of the other side that nobody asked for."""
        head = b"POST /hook HTTP/1.1\r\nHost: x\r\nIdempotency-Key: one\r\nContent-Length: 17\r\n\r\n"
        with Channel().running() as channel:
            host, _, port = channel.address.partition(":")
            for sent in (head, head + b'{"account"', head + b'{"account":"sun"}'):
                with socket.create_connection((host, int(port)), timeout=10) as line:
                    line.sendall(sent)
                    line.shutdown(socket.SHUT_WR)
                    while line.recv(4096):
                        pass
        assert channel.acts == [{"account": "sun"}]
        assert len(channel.requests) == 1


@pytest.mark.usefixtures("fresh_database")
class TestKilledWorker:
    def test_loses_and_repeats_nothing(self, settings: Settings) -> None:
        dice = random.Random(3)  # noqa: S311 - no secret
        north = Hall.objects.get(slug="north")
        with Channel(lambda _: Reply(delay=0.03)).running() as channel:
            for number in range(ACCOUNTS):
                make_account(north, name=f"账号{number}", connector="http", endpoint=channel.url())
            push = make_push(audience=Audience((Scope("420582"),)))
            drain_events()
            for round_number in range(KILLS):
                if round_number == KILLS // 2:
                    withdraw(push)
                    drain_events()
                wanted = len(channel.requests) + dice.randint(1, 6)
                with worker():
                    wait_until(lambda least=wanted: len(channel.requests) >= least)  # type: ignore[misc]
                    time.sleep(dice.uniform(0, 0.05))
                # the other side is still busy with what the worker had begun
                time.sleep(0.1)
                pass_time()
            with worker():
                wait_until(lambda: not ChannelDelivery.objects.filter(state=DeliveryState.WAITING).exists())

        pushed, withdrawn = (
            {said["account"] for said in channel.acts if said["act"] == act} for act in ("push", "withdraw")
        )
        done = ChannelDelivery.objects.filter(state=DeliveryState.DONE)
        assert done.filter(act="withdraw").count() == len(withdrawn)
        # everyone who may have got it was told, and nobody else
        assert pushed <= withdrawn
        assert len(channel.acts) == len(pushed) + len(withdrawn)
        # the last that each account heard is the withdrawal
        assert {said["account"]: said["act"] for said in channel.acts} == dict.fromkeys(withdrawn, "withdraw")
        for request in channel.requests:
            same = [other.body for other in channel.requests if other.key == request.key]
            assert len(set(same)) == 1
