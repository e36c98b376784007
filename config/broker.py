"""The broker's transport for Celery: a worker takes a task and is noted as its holder in one step.

kombu's own transport removes a message from its queue (BRPOP), and writes down that it is held once it has read the
answer. A worker or a broker that is killed between loses the task. While a worker has all the tasks that it may have,
kombu leaves that answer unread: for as long as a task takes. Here a worker waits for a message without removing it. A
script then moves it from the queue to the held ones, or finds that another worker was first
(docs/decisions/0094-tasks-taken-in-one-step.md).
"""

from time import monotonic, time
from typing import Any, Final

import structlog
from kombu.transport import redis
from kombu.transport.virtual import Empty
from kombu.utils.json import dumps, loads

log = structlog.get_logger(__name__)

# 1: the message was in the queue KEYS[1] and is held now (KEYS[2] and KEYS[3], which kombu's QoS reads); 0: it was not
_TAKE: Final = """
if redis.call('LREM', KEYS[1], -1, ARGV[1]) == 0 then return 0 end
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[2])
redis.call('HSET', KEYS[3], ARGV[2], ARGV[4])
return 1
"""


class RedisChannel(redis.Channel):
    """Waits for one queue, whose messages are all of one priority."""

    # of kombu, for which each priority has a list of its own
    priority_steps = [0]
    # which its types do not name
    connection_errors: tuple[type[Exception], ...]
    _closing: bool

    def _brpop_start(self, timeout: int | None = None) -> None:
        """Ask for the message that is next. The answer comes when there is one, or empty after ``timeout`` seconds."""
        if not self.active_queues:
            return
        (queue,) = self.active_queues
        self._in_poll = self.client.connection
        self._brpop_sent_at = monotonic()
        # from the end of a list to the end of the same: nothing moves
        self._in_poll.send_command("BLMOVE", queue, queue, "RIGHT", "RIGHT", timeout or self.brpop_timeout)

    def _brpop_read(self, **options: Any) -> bool:
        """Take the message and hand it to the worker. Raises Empty where there is none, or another worker has it."""
        connection = self.client.connection
        try:
            text = self.client.parse_response(connection, "BLMOVE", **options)
        except self.connection_errors:
            connection.disconnect()
            raise
        finally:
            self._in_poll = None
        if text is None or self._closing or not self.active_queues:
            raise Empty
        (queue,) = self.active_queues
        message = self._take(queue, text)
        self.connection._deliver(message, queue)  # noqa: SLF001 - as kombu's own channel does
        return True

    def _take(self, queue: str, text: bytes) -> dict[str, Any]:
        """Raises Empty where another worker has it, or it is no message: that is thrown away, for it stands before all
        others."""
        with self.conn_or_acquire() as client:
            try:
                message: dict[str, Any] = loads(text)
                tag, way = message["properties"]["delivery_tag"], message["properties"]["delivery_info"]
                held = dumps([message, way["exchange"], way["routing_key"]])
            except (ValueError, LookupError, TypeError):
                log.exception("message_unreadable", queue=queue)
                client.lrem(queue, -1, text)
                raise Empty from None
            keys = (queue, self.unacked_index_key, self.unacked_key)
            if not client.eval(_TAKE, len(keys), *keys, text, tag, time(), held):
                raise Empty
        return message


class RedisTransport(redis.Transport):
    """kombu's transport of Redis, with another way to take a message."""

    Channel = RedisChannel
