"""Requests to a program that shares a key with us, under signatures both ways (docs/guides/bridges.md).

    POST <address>
    Idempotency-Key: <UUID>           the same at every attempt
    X-Yizhan-Timestamp: <Unix seconds>
    X-Yizhan-Nonce: <32 hexadecimal digits>
    X-Yizhan-Signature: sm3=<hex>     HMAC of "<timestamp>.<nonce>.<body>" under the bridge's key

It answers 200 with JSON that repeats our ``id``, under ``X-Yizhan-Signature``: the HMAC of ``<our nonce>.<body>``, so
that no other answer can be put in its place.
"""

import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from uuid import UUID

from foundation.crypto.sm3 import hmac_sm3
from foundation.safe_http import Answer, post

_SIGNATURE = "x-yizhan-signature"


class Unbelieved(Exception):
    """An answer of 200 that does not come from who has the key, or answers something else: ``str()`` says which, in
    Chinese."""


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


def post_signed(
    bridge: Bridge, *, request_id: UUID | str, body: bytes, seconds: float
) -> tuple[Answer, dict[str, Any]]:
    """Send the body and return what is answered, redirects and refusals included, with what one of 200 says ({} for
    any other): the bridge's own answer to this very request, whose ``result`` is a word. Raises Unreachable, Forbidden
    (``safe_http``) or Unbelieved."""
    timestamp, nonce = str(int(time.time())), secrets.token_hex(16)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Yizhan",
        "Idempotency-Key": str(request_id),
        "X-Yizhan-Timestamp": timestamp,
        "X-Yizhan-Nonce": nonce,
        "X-Yizhan-Signature": bridge.signature(timestamp.encode(), nonce.encode(), body),
    }
    answer = post(bridge.address, headers=headers, body=body, seconds=seconds, is_of_settings=True)
    if answer.status != HTTPStatus.OK:
        return answer, {}
    expected = bridge.signature(nonce.encode(), answer.body)
    if not hmac.compare_digest(answer.headers.get(_SIGNATURE, "").encode(), expected.encode()):
        raise Unbelieved("答复的签名不对，不予采信")
    said = answer.json_object
    if said is None or said.get("id") != str(request_id) or not isinstance(said.get("result"), str):
        raise Unbelieved("答复不合约定")
    return answer, said
