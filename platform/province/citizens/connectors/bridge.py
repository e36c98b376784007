"""One question to a bridge: a small program of the province's in front of its vendor (docs/guides/bridges.md).

    POST <address>
    Idempotency-Key: <UUID>           the same at every attempt
    X-Yizhan-Timestamp: <Unix seconds>
    X-Yizhan-Nonce: <32 hexadecimal digits>
    X-Yizhan-Signature: sm3=<hex>     HMAC of "<timestamp>.<nonce>.<body>" under the bridge's key

It answers 200 with ``{"id": "<the same>", "result": "…"}`` under ``X-Yizhan-Signature``: the HMAC of
``<our nonce>.<body>``, so that no other answer can be put in its place.
"""

import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from typing import Any
from uuid import UUID

from foundation.circuits import Circuit, LeftAlone
from foundation.crypto.sm3 import hmac_sm3
from foundation.safe_http import Answer, Forbidden, Unreachable, post

SECONDS = 5.0  # one attempt
TOTAL_SECONDS = 7.0  # all of them
ATTEMPTS = 2
_LEAST_SECONDS = 1.0
_SIGNATURE = "x-yizhan-signature"


class Outage(Exception):
    """No answer that counts: ``str()`` says why, in Chinese, for the operator. ``was_sent``: the bridge may have done
    what it was asked for."""

    def __init__(self, message: str, *, was_sent: bool) -> None:
        super().__init__(message)
        self.was_sent = was_sent


@dataclass(frozen=True, slots=True)
class Bridge:
    """``algorithm``: sm3 or sha256."""

    address: str
    key: bytes = field(repr=False)
    algorithm: str = "sm3"

    def signature(self, *parts: bytes) -> str:
        signed = b".".join(parts)
        if self.algorithm == "sm3":
            return f"sm3={hmac_sm3(self.key, signed).hex()}"
        return f"sha256={hmac.new(self.key, signed, hashlib.sha256).hexdigest()}"


@cache
def circuit_of(address: str) -> Circuit:  # noqa: ARG001 - what it is kept under
    """What this process knows of the program at the address, which the settings name."""
    return Circuit()


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
    timestamp, nonce = str(int(time.time())), secrets.token_hex(16)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Yizhan",
        "Idempotency-Key": request_id,
        "X-Yizhan-Timestamp": timestamp,
        "X-Yizhan-Nonce": nonce,
        "X-Yizhan-Signature": bridge.signature(timestamp.encode(), nonce.encode(), body),
    }
    try:
        answer = post(bridge.address, headers=headers, body=body, seconds=seconds, is_of_settings=True)
    except Unreachable as error:
        raise _Passing(str(error), was_sent=error.was_sent) from error
    except Forbidden as error:
        raise Outage(str(error), was_sent=False) from error
    if answer.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        message = f"不认可我们的签名（答复 {answer.status}）：请核对两边的密钥、算法和时钟"
        raise Outage(message, was_sent=False)
    if answer.status != HTTPStatus.OK:
        kind = _Passing if answer.is_passing and answer.retry_after is None else Outage
        message = f"答复 {answer.status}"
        raise kind(message, was_sent=answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR)
    return _read(bridge, request_id, nonce, answer)


def _read(bridge: Bridge, request_id: str, nonce: str, answer: Answer) -> dict[str, Any]:
    expected = bridge.signature(nonce.encode(), answer.body)
    if not hmac.compare_digest(answer.headers.get(_SIGNATURE, "").encode(), expected.encode()):
        raise Outage("答复的签名不对，不予采信", was_sent=True)
    said = answer.json_object
    if said is None or said.get("id") != request_id or not isinstance(said.get("result"), str):
        raise Outage("答复不合约定", was_sent=True)
    return said
