"""How often somebody may do something within a minute, counted in Valkey for all processes together.

Where Valkey is away nothing is counted and everybody may go on: a limit guards the machine against too much of what is
allowed, and must not close the halls' sites when one part fails. What guards secrets (wrong passwords, codes) is
counted in the database instead, with the act itself.
"""

import time

import structlog
from django.core.cache import cache
from redis.exceptions import RedisError

WINDOW = 60  # seconds
# after a fault Valkey is left alone for so long: no request waits for it twice
_LEFT_ALONE = 5.0
_away_until = 0.0

log = structlog.get_logger(__name__)


def seconds_to_wait(name: str, *whose: object, most: int) -> int:
    """Count one more. 0 where it is among the first ``most`` of this minute (or Valkey is away), else the seconds until
    the next. ``whose`` names who is counted, and where: a hall's number and an account or address."""
    global _away_until  # noqa: PLW0603 - one circuit breaker a process
    now = time.time()
    if time.monotonic() < _away_until:
        return 0
    window, passed = divmod(int(now), WINDOW)
    try:
        count = _count(":".join(map(str, ("limit", name, *whose, window))))
    except (RedisError, OSError) as error:
        _away_until = time.monotonic() + _LEFT_ALONE
        log.warning("limits_not_counted", error=str(error))
        return 0
    return 0 if count <= most else WINDOW - passed


def _count(key: str) -> int:
    """The number of this one. The key lives longer than anybody asks for it: it cannot end between two commands."""
    try:
        return cache.incr(key)
    except ValueError:
        return 1 if cache.add(key, 1, timeout=2 * WINDOW) else cache.incr(key)
