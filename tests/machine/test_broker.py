"""A task is in its queue or held by a worker at every moment, whichever of them is killed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
import redis
from django.conf import settings
from kombu import Connection, Consumer, Queue

QUEUE = "taking"
# a database of its own: other tests have workers, too
BROKER = settings.BROKER_URL.rsplit("/", 1)[0] + "/8"
# long enough for an answer on a busy machine, and shorter than a wait for a message
MOMENT = 0.5


@pytest.fixture
def broker() -> Iterator[redis.Redis]:
    with redis.Redis.from_url(BROKER) as client:
        client.flushdb()
        yield client
        client.flushdb()


@dataclass
class Taker:
    """A worker of one task at a time: what it was given."""

    connection: Connection
    given: list[str] = field(default_factory=list)
    acknowledge: list[Callable[[], None]] = field(default_factory=list)

    def receive(self, body: str, message: Any) -> None:
        self.given.append(body)
        self.acknowledge.append(message.ack)

    def look(self, *, times: int = 4) -> list[str]:
        """What it has after some moments, or as soon as it has a task more: it takes no other before it is done."""
        before = len(self.given)
        for _ in range(times):
            with suppress(TimeoutError):
                self.connection.drain_events(timeout=MOMENT)
            if len(self.given) > before:
                break
        return self.given

    def ask(self) -> None:
        """Wait for a message, and be killed before the answer is read."""
        self.connection.transport.cycle.on_poll_start()


@contextmanager
def taker(transport: str = "config.broker:RedisTransport", *, returns: int = 60) -> Iterator[Taker]:
    """``returns``: seconds after which a task that is held is given out again."""
    options = {"visibility_timeout": returns, "unacked_restore_throttle": 1}
    with Connection(BROKER, transport=transport, transport_options=options) as connection:
        made = Taker(connection)
        consumer = Consumer(connection, [Queue(QUEUE)], callbacks=[made.receive], prefetch_count=1)
        consumer.consume()
        yield made


def leave(*bodies: str) -> None:
    with Connection(BROKER) as connection, connection.SimpleQueue(QUEUE) as queue:
        for body in bodies:
            queue.put(body)


class TestTask:
    @pytest.mark.parametrize(
        ("transport", "left"), [("config.broker:RedisTransport", ["one"]), ("redis", [])], ids=["ours", "of kombu"]
    )
    def test_is_not_lost_with_a_worker_that_was_about_to_take_it(
        self, broker: redis.Redis, transport: str, left: list[str]
    ) -> None:
        """kombu's own transport beside it: should it lose none any more, ours is to go."""
        killed = Connection(BROKER, transport=transport)
        Consumer(killed, [Queue(QUEUE)], callbacks=[lambda *_: None]).consume()
        killed.transport.cycle.on_poll_start()
        leave("one")
        with taker(transport) as other:
            assert other.look() == left
        killed.close()

    def test_goes_to_another_while_a_worker_has_all_that_it_may_have(self, broker: redis.Redis) -> None:
        with taker() as busy, taker() as other:
            leave("long")
            assert busy.look(times=1) == ["long"]
            busy.ask()
            leave("next")
            busy.look(times=1)
            assert other.look(times=2) == ["next"]
            busy.acknowledge[0]()
            assert busy.look(times=2) == ["long"]

    def test_goes_to_one_of_several_that_wait(self, broker: redis.Redis) -> None:
        with taker() as first, taker() as second:
            first.ask()
            second.ask()
            leave("one", "two")
            assert sorted(first.look(times=1) + second.look(times=1)) == ["one", "two"]
            assert broker.llen(QUEUE) == 0
            assert broker.hlen("unacked") == 2

    def test_is_held_from_the_moment_when_it_is_taken_and_comes_back(
        self, broker: redis.Redis, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        leave("one")
        with taker() as killed:
            monkeypatch.setattr(killed.connection.transport, "_deliver", lambda *_: pytest.exit("killed"))
            with pytest.raises(pytest.exit.Exception):
                killed.look()
            assert (broker.llen(QUEUE), broker.hlen("unacked")) == (0, 1)
        with taker(returns=1) as other:
            assert other.look(times=6) == ["one"]
            other.acknowledge[0]()
        assert broker.hlen("unacked") == 0

    @pytest.mark.parametrize("text", ["no message", "[]", "{}", '{"properties": {"delivery_tag": "1"}}'])
    def test_that_is_none_keeps_no_other_from_its_worker(self, broker: redis.Redis, text: str) -> None:
        broker.rpush(QUEUE, text)
        with taker() as worker:
            leave("one")
            assert worker.look() == ["one"]
