"""The connector for systems that speak our own protocol (docs/guides/connectors.md): one signed POST a delivery.

    POST <endpoint>
    Content-Type: application/json
    Idempotency-Key: <delivery id>              the same at every attempt
    X-Yizhan-Timestamp: <Unix seconds>          refuse what is older than five minutes
    X-Yizhan-Signature: sha256=<hex>            HMAC-SHA256 of "<timestamp>.<body>" under the account's key

The other side answers 2xx with ``{"delivery_id": "<the same>", "reference": "<what it calls it>"}``: a proxy or a
mistaken address that says 200 to everything is not taken for it.
"""

import hashlib
import hmac
import json
import time

from foundation.events.outgoing import Failed, post_message
from foundation.safe_http import Answer
from province.content.connectors.parcels import Parcel, Receipt

LONGEST_REFERENCE = 120


def signature(key: bytes, timestamp: str, body: bytes) -> str:
    return "sha256=" + hmac.new(key, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


class HttpConnector:
    def deliver(self, parcel: Parcel) -> Receipt:
        body = json.dumps(
            {"delivery_id": parcel.id, "act": parcel.act, **parcel.content}, ensure_ascii=False, separators=(",", ":")
        ).encode()
        timestamp = str(int(time.time()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Yizhan",
            "Idempotency-Key": parcel.id,
            "X-Yizhan-Timestamp": timestamp,
            "X-Yizhan-Signature": signature(parcel.signing_key, timestamp, body),
        }
        return _receipt(parcel, post_message(parcel.endpoint, headers=headers, body=body))

    @staticmethod
    def refusal(*, title: str, body: str, has_picture: bool) -> str:  # noqa: ARG004 - of every connector
        return ""


def _receipt(parcel: Parcel, answer: Answer) -> Receipt:
    said = answer.json_object
    if said is None or said.get("delivery_id") != parcel.id:
        raise Failed("对方答复成功，但没有按约定确认这次投递。")
    return Receipt(str(said.get("reference", ""))[:LONGEST_REFERENCE])
