"""JSON as few bytes: pressed (RFC 1950) where that makes it shorter. JSON never begins as what is pressed does."""

import json
import zlib
from typing import Any, Final, override

from django.db import models

# the first byte of what zlib writes
_PRESSED: Final = b"\x78"


def press(value: Any) -> bytes:
    plain = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return min(plain, zlib.compress(plain, 9), key=len)


def unpress(kept: bytes) -> Any:
    """Raises ValueError for what was never pressed."""
    try:
        return json.loads(zlib.decompress(kept) if kept[:1] == _PRESSED else kept)
    except zlib.error as error:
        raise ValueError(str(error)) from error


class PressedJSONField(models.Field):  # type: ignore[type-arg]  # subscripted by type checkers alone
    """JSON that the database need not look into."""

    # for type checkers: what is assigned, and what is read
    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    @override
    def get_internal_type(self) -> str:
        return "BinaryField"

    def from_db_value(self, value: Any, *_: Any) -> Any:
        return None if value is None else unpress(bytes(value))

    @override
    def get_prep_value(self, value: Any) -> bytes | None:
        return None if value is None else press(super().get_prep_value(value))

    @override
    def value_to_string(self, obj: models.Model) -> str:
        return json.dumps(self.value_from_object(obj), ensure_ascii=False)
