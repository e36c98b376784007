"""JSON as few bytes: pressed (RFC 1950) where that makes it shorter. JSON never begins as what is pressed does.

Short values repeat little within themselves, and much of one another: who presses them may name **words** that occur in
them, a text each, to which what is pressed refers (RFC 1951 with a dictionary). It can be read with the same text
alone: a text never changes, and another one is added behind it. The first byte says which one, counted from 1.
"""

import json
import zlib
from collections.abc import Sequence
from typing import Any, Final, override

from django.db import models

# the first byte of what zlib writes
_PRESSED: Final = b"\x78"


# more than these no value can tell from JSON
_MOST_WORDS: Final = 8


def press(value: Any, words: Sequence[str] = ()) -> bytes:
    plain = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    found = [plain, zlib.compress(plain, 9)]
    if words:
        pressing = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, 9, zlib.Z_DEFAULT_STRATEGY, words[-1].encode())
        found.append(bytes([len(words)]) + pressing.compress(plain) + pressing.flush())
    return min(found, key=len)


def unpress(kept: bytes, words: Sequence[str] = ()) -> Any:
    """Raises ValueError for what was never pressed, or with words that are not these."""
    try:
        if 1 <= kept[0] <= len(words[:_MOST_WORDS]):
            reading = zlib.decompressobj(-zlib.MAX_WBITS, zdict=words[kept[0] - 1].encode())
            return json.loads(reading.decompress(kept[1:]))
        return json.loads(zlib.decompress(kept) if kept[:1] == _PRESSED else kept)
    except (zlib.error, IndexError) as error:
        raise ValueError(str(error)) from error


class PressedJSONField(models.Field):  # type: ignore[type-arg]  # subscripted by type checkers alone
    """JSON that the database need not look into. ``words``: see above; no part of a migration."""

    # for type checkers: what is assigned, and what is read
    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def __init__(self, *args: Any, words: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = words

    @override
    def get_internal_type(self) -> str:
        return "BinaryField"

    def from_db_value(self, value: Any, *_: Any) -> Any:
        return None if value is None else unpress(bytes(value), self.words)

    @override
    def get_prep_value(self, value: Any) -> bytes | None:
        return None if value is None else press(super().get_prep_value(value), self.words)

    @override
    def value_to_string(self, obj: models.Model) -> str:
        return json.dumps(self.value_from_object(obj), ensure_ascii=False)
