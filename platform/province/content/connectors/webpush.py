"""Notices to readers' installed apps: encrypted for the app alone (RFC 8291), signed with our VAPID key (RFC 8292)."""

import base64
import hashlib
import hmac
import json
import time
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from foundation.events.outgoing import Refused, post_message
from province.content.connectors.parcels import Parcel, Receipt

# loaded by the sender alone: they bring two web clients of their own
if TYPE_CHECKING:
    from py_vapid import Vapid02

# how long a push service keeps a notice for a phone that is off
KEPT_SECONDS = 24 * 3600
SIGNED_FOR_SECONDS = 12 * 3600
# of the curve P-256
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


class WebPushConnector:
    def deliver(self, parcel: Parcel) -> Receipt:
        """A withdrawal bears the same topic as its push: it takes the place of a notice that was not yet fetched, and
        the app closes the one that was."""
        body = json.dumps({"act": parcel.act, **parcel.content}, ensure_ascii=False).encode()
        headers = {
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(KEPT_SECONDS),
            "Topic": str(parcel.content["push_id"]).replace("-", ""),
            "Idempotency-Key": parcel.id,
            **_signed(parcel.endpoint),
        }
        answer = post_message(parcel.endpoint, headers=headers, body=_encrypted(parcel, body))
        return Receipt(answer.headers.get("location", "")[:120])


def _encrypted(parcel: Parcel, body: bytes) -> bytes:
    from pywebpush import WebPusher  # noqa: PLC0415 - see above

    assert parcel.subscription is not None  # noqa: S101 - asked above
    keys = {"p256dh": parcel.subscription.p256dh, "auth": parcel.subscription.auth}
    try:
        encoded = WebPusher({"endpoint": parcel.endpoint, "keys": keys}).encode(body)
    except Exception as error:
        # the keys are the reader's browser's own; whatever is wrong with them stays so
        raise Refused("订阅的密钥无效。", is_gone=True) from error
    return bytes(encoded["body"])


def _signed(endpoint: str) -> dict[str, str]:
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(time.time()) + SIGNED_FOR_SECONDS,
        "sub": settings.WEBPUSH_CONTACT,
    }
    headers: dict[str, str] = _key().sign(claims)
    return headers


def public_key() -> str:
    """What a reader's browser is told when it subscribes (``applicationServerKey``), base64url."""
    return _public_key_of(settings.WEBPUSH_PRIVATE_KEY, settings.SECRET_KEY)


@cache
def _public_key_of(private_key: str, secret: str) -> str:
    point = _key_of(private_key, secret).public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).decode().rstrip("=")


def _key() -> "Vapid02":
    return _key_of(settings.WEBPUSH_PRIVATE_KEY, settings.SECRET_KEY)


@cache
def _key_of(private_key: str, secret: str) -> "Vapid02":
    """The one that is set, or one that follows from the installation's secret and lasts as long."""
    from py_vapid import Vapid02  # noqa: PLC0415 - see above

    if private_key:
        return Vapid02.from_string(private_key=private_key)
    drawn = hmac.new(secret.encode(), b"yizhan web push", hashlib.sha512).digest()
    number = int.from_bytes(drawn) % (_ORDER - 1) + 1
    return Vapid02(private_key=ec.derive_private_key(number, ec.SECP256R1()))
