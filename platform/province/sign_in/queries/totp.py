"""One-time codes by the clock (RFC 6238) and what an authenticator app reads a key from."""

import base64
import hmac
import secrets
import time
from urllib.parse import quote, urlencode

from django.conf import settings

from province.people.models import Account

STEP_SECONDS = 30
DIGITS = 6
# steps that a phone's clock may be wrong by, either way
_TOLERANCE = 1


def draw_secret() -> str:
    """160 random bits in base32, as apps expect them."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def code_at(secret: str, step: int) -> str:
    """The six digits of one step of 30 s since 1970."""
    digest = hmac.digest(base64.b32decode(secret), step.to_bytes(8), "sha1")
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4]) & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def step_of(secret: str, code: str, *, after: int = 0) -> int | None:
    """The step whose code this is, about now and later than ``after``; None where there is none."""
    now = int(time.time()) // STEP_SECONDS
    for step in range(max(now - _TOLERANCE, after + 1), now + _TOLERANCE + 1):
        if hmac.compare_digest(code_at(secret, step).encode(), code.encode()):
            return step
    return None


def key_address(account: Account, secret: str) -> str:
    """``otpauth://…``, which an app takes from the picture."""
    issuer = f"{settings.PROVINCE_NAME}一站"
    label = quote(f"{issuer}:{account.username}")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': issuer})}"
