"""What a connector is handed, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Subscription:
    """The keys of one reader's installed app (RFC 8291), base64url."""

    p256dh: str
    auth: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """One act on one account. ``id`` is the same at every attempt; ``content`` is what the act says (JSON)."""

    id: str
    act: str
    endpoint: str
    content: Mapping[str, Any]
    connector: str = ""
    signing_key: bytes = b""
    subscription: Subscription | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """The other side did it. ``reference`` is what it calls it."""

    reference: str = ""
