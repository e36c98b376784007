"""The keys of personal data: versions of the one that encrypts, and the one behind blind indexes.

``PERSONAL_KEYS="1:<base64>,2:<base64>"``: 16 bytes each; the highest version encrypts, the others only read.
``PERSONAL_INDEX_KEY``: 32 bytes in base64; it has no versions, because once it is changed nobody is found any more.
"""

import base64
import binascii
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from foundation.crypto.sm3 import hmac_sm3
from foundation.crypto.sm4 import KEY_BYTES
from foundation.embedded_services.secrets import load_secrets

INDEX_KEY_BYTES = 32
_LARGEST_VERSION = 9_999


@dataclass(frozen=True, slots=True, repr=False)
class Keyring:
    keys: Mapping[int, bytes]
    index_key: bytes

    @property
    def current(self) -> int:
        """The version that encrypts."""
        return max(self.keys)


@lru_cache(maxsize=8)
def read_keys(text: str) -> Mapping[int, bytes]:
    """Version -> key. Raises ImproperlyConfigured, naming the variable and the version and never a key."""
    keys: dict[int, bytes] = {}
    for piece in filter(None, (one.strip() for one in text.split(","))):
        head, colon, body = piece.partition(":")
        if not colon or not head.isascii() or not head.isdigit() or not 1 <= int(head) <= _LARGEST_VERSION:
            raise ImproperlyConfigured("PERSONAL_KEYS：须如 1:base64,2:base64，版本从 1 起")
        version = int(head)
        if version in keys:
            message = f"PERSONAL_KEYS：版本 {version} 出现两次"
            raise ImproperlyConfigured(message)
        keys[version] = _decoded(body, KEY_BYTES, "PERSONAL_KEYS", f"版本 {version} ")
    if len(set(keys.values())) < len(keys):
        raise ImproperlyConfigured("PERSONAL_KEYS：同一个密钥用在两个版本")
    return keys


@lru_cache(maxsize=8)
def read_index_key(text: str) -> bytes:
    """Empty for an empty text. Raises ImproperlyConfigured."""
    return _decoded(text, INDEX_KEY_BYTES, "PERSONAL_INDEX_KEY", "") if text else b""


def keyring() -> Keyring:
    """The keys as the settings have them. Raises ImproperlyConfigured where there are none."""
    keys, index_key = read_keys(settings.PERSONAL_KEYS), read_index_key(settings.PERSONAL_INDEX_KEY)
    for name, found in (("PERSONAL_KEYS", keys), ("PERSONAL_INDEX_KEY", index_key)):
        if not found:
            message = f"{name}：没有设置"
            raise ImproperlyConfigured(message)
    return Keyring(keys, index_key)


def key_of_version(version: int) -> bytes | None:
    """The key, or None. One that ``yizhan keys add`` has drawn since this process began is found in ``var``."""
    known = keyring().keys
    if version in known:
        return known[version]
    kept = load_secrets(settings.VAR)
    return read_keys(kept.personal_keys).get(version) if kept else None


def draw_key(size: int = KEY_BYTES) -> str:
    """A new key, as the settings write it."""
    return base64.b64encode(secrets.token_bytes(size)).decode()


def fingerprint(key: bytes) -> str:
    """Tells keys apart and says nothing about them."""
    return keyed_hash(key, b"yizhan key fingerprint")[:16]


def keyed_hash(key: bytes, message: bytes) -> str:
    """HMAC-SM3 in 64 hexadecimal digits."""
    return hmac_sm3(key, message).hex()


def _decoded(text: str, size: int, name: str, which: str) -> bytes:
    try:
        found = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        found = b""
    if len(found) != size:
        message = f"{name}：{which}须是 {size} 字节的 base64"
        raise ImproperlyConfigured(message)
    if len(set(found)) == 1:
        message = f"{name}：{which}不是随机的密钥"
        raise ImproperlyConfigured(message)
    return found
