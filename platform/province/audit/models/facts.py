"""Rows as plain facts, and the one way to write facts down as bytes (docs/decisions/0004-audit-chain.md)."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Model

# what JSON can say: as exported files have it, and as digests are taken over it
type Facts = dict[str, Any]

# digits
_KEPT: Final = 32
# made once: to make it takes as long as to write a row with it
_WRITER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False)


def facts_of(row: Model, fields: Sequence[str]) -> Facts:
    """UUIDs as text, times in UTC to the microsecond (``2026-11-24T21:06:00.000001Z``), dates as ``2026-11-24``."""
    return {name: plain(getattr(row, name)) for name in fields}


def canonical(kind: str, facts: Mapping[str, Any]) -> bytes:
    """JSON in ASCII with sorted keys and no spaces. ``kind`` (``entry/1``) names what it is and the form's version, so
    that no two kinds of row ever have the same bytes."""
    return _WRITER.encode({"kind": kind, **facts}).encode("ascii")


def shortened(mac: str) -> str:
    """As entries and links keep an HMAC-SM3: its first 128 bits (RFC 2104, section 5), in hexadecimal digits."""
    return mac[:_KEPT]


def is_kept(kept: str, mac: str) -> bool:
    """Whether what a row keeps is this HMAC-SM3; rows of before have it whole."""
    return kept in {mac, shortened(mac)}


def plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"
    if isinstance(value, date):
        return value.isoformat()
    return value
