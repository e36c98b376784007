"""Counting in Valkey what happens too often for a row each, to be taken over into rows now and then.

A counter is one hash: field -> number. Taking it names the batch and renames the hash, so that nothing falls between
two takings; a taken batch stays until it is forgotten, and who was killed between finds it again by its name.
Where Valkey is away, or loses what it holds, so many are not counted: these numbers order lists, nobody owes anything
by them.
"""

from collections.abc import Mapping
from functools import cache
from typing import Final
from uuid import uuid4

import redis
import structlog
from django.conf import settings
from redis.exceptions import RedisError

# fields of one counter until it is taken: names that somebody makes up fill no memory
MOST_FIELDS = 200_000
# the field that holds a taken batch's name
_BATCH: Final = "batch"
# one way there and back, for pages wait for it
_COUNT: Final = "if redis.call('HLEN', KEYS[1]) < tonumber(ARGV[2]) then redis.call('HINCRBY', KEYS[1], ARGV[1], 1) end"
_FORGET: Final = "if redis.call('HGET', KEYS[1], 'batch') == ARGV[1] then redis.call('DEL', KEYS[1]) end"

log = structlog.get_logger(__name__)


def count_one(counter: str, field: str) -> None:
    """Count one more of this. Does nothing where Valkey is away."""
    try:
        _client().eval(_COUNT, 1, _key(counter), field, MOST_FIELDS)
    except (RedisError, OSError) as error:
        log.warning("not_counted", counter=counter, error=str(error))


def take_counts(counter: str) -> tuple[str, Mapping[str, int]] | None:
    """Take what was counted since: the batch's name and its numbers by field. A batch that was taken and not forgotten
    comes again first. None where nothing was counted."""
    client, key = _client(), _key(counter)
    if not client.exists(f"{key}:taken"):
        if not client.exists(key):
            return None
        client.hsetnx(key, _BATCH, str(uuid4()))
        # where another call has just taken one, this one works on the same
        client.renamenx(key, f"{key}:taken")
    # texts: the client decodes them
    numbers = {str(field): str(number) for field, number in client.hgetall(f"{key}:taken").items()}
    batch = numbers.pop(_BATCH, "")
    return (batch, {field: int(number) for field, number in numbers.items()}) if batch else None


def forget_counts(counter: str, batch: str) -> None:
    """Forget a batch that was taken over; another one that was taken since stays."""
    _client().eval(_FORGET, 1, f"{_key(counter)}:taken", batch)


def _key(counter: str) -> str:
    return f"{settings.CACHES['default']['KEY_PREFIX']}:counter:{counter}"


@cache
def _client() -> redis.Redis:
    return redis.Redis.from_url(
        settings.BROKER_URL, decode_responses=True, socket_timeout=0.5, socket_connect_timeout=0.5
    )
