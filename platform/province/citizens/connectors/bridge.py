"""One question to a bridge: a small program of the province's in front of its vendor (docs/guides/bridges.md). The
``result`` of its answer is a word; the rest is its own."""

import json
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from uuid import UUID

from foundation.bridges import Bridge, Unbelieved, post_signed
from foundation.circuits import LeftAlone, circuit_of
from foundation.safe_http import Forbidden, Unreachable

SECONDS = 5.0  # one attempt
TOTAL_SECONDS = 7.0  # all of them
ATTEMPTS = 2
_LEAST_SECONDS = 1.0


class Outage(Exception):
    """No answer that counts: ``str()`` says why, in Chinese, for the operator. ``was_sent``: the bridge may have done
    what it was asked for."""

    def __init__(self, message: str, *, was_sent: bool) -> None:
        super().__init__(message)
        self.was_sent = was_sent


def ask_bridge(bridge: Bridge, *, request_id: UUID, content: Mapping[str, Any]) -> dict[str, Any]:
    """What the bridge says: ``result`` is a word, the rest is its own. Raises Outage within TOTAL_SECONDS.

    The id makes every request repeatable, so one that failed at once is sent once more.
    """
    body = json.dumps({"id": str(request_id), **content}, ensure_ascii=False, separators=(",", ":")).encode()
    try:
        with circuit_of(bridge.address).passage(Outage):
            return _asked(bridge, str(request_id), body)
    except LeftAlone as error:
        message = "近来连续没有答复，暂停一会儿再试"
        raise Outage(message, was_sent=False) from error


def _asked(bridge: Bridge, request_id: str, body: bytes) -> dict[str, Any]:
    until = time.monotonic() + TOTAL_SECONDS
    was_sent = False
    for attempt in range(1, ATTEMPTS + 1):
        seconds = min(SECONDS, until - time.monotonic())
        try:
            return _attempt(bridge, request_id, body, seconds)
        except Outage as outage:
            was_sent = was_sent or outage.was_sent
            is_passing = isinstance(outage, _Passing)
            if attempt == ATTEMPTS or not is_passing or until - time.monotonic() < _LEAST_SECONDS:
                raise Outage(str(outage), was_sent=was_sent) from outage
    raise AssertionError


class _Passing(Outage):
    """One that the next attempt may not meet."""


def _attempt(bridge: Bridge, request_id: str, body: bytes, seconds: float) -> dict[str, Any]:
    try:
        answer, said = post_signed(bridge, request_id=request_id, body=body, seconds=seconds)
    except Unreachable as error:
        raise _Passing(str(error), was_sent=error.was_sent) from error
    except Forbidden as error:
        raise Outage(str(error), was_sent=False) from error
    except Unbelieved as error:
        raise Outage(str(error), was_sent=True) from error
    if answer.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        message = f"不认可我们的签名（答复 {answer.status}）：请核对两边的密钥、算法和时钟"
        raise Outage(message, was_sent=False)
    if answer.status != HTTPStatus.OK:
        kind = _Passing if answer.is_passing and answer.retry_after is None else Outage
        message = f"答复 {answer.status}"
        raise kind(message, was_sent=answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR)
    return said
