"""Digests as the database keeps them: half as long as they are written."""

from typing import Any, Final, override

from django.db import models

# so many of a digest's bytes that a tuple of an index is as short as it can be: 2 ** 56 beginnings
_BEGIN: Final = 7


class DigestField(models.Field):  # type: ignore[type-arg]  # subscripted by type checkers alone
    """Hexadecimal digits in lower case, kept as bytes; "" stays ""."""

    # for type checkers: what is assigned, and what is read
    _pyi_private_set_type: str
    _pyi_private_get_type: str

    @override
    def get_internal_type(self) -> str:
        return "BinaryField"

    def from_db_value(self, value: Any, *_: Any) -> str | None:
        return None if value is None else bytes(value).hex()

    @override
    def get_prep_value(self, value: Any) -> Any:
        """Raises ValueError for what is no digest."""
        found = super().get_prep_value(value)
        return bytes.fromhex(found) if isinstance(found, str) else found

    @override
    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))


class DigestBegin(models.Func):
    """The first 7 bytes of a digest, for an index by which one is found: half as long as one of its hash."""

    template = f"substring(%(expressions)s, 1, {_BEGIN})"
    arity = 1
    output_field = models.BinaryField()


def begin_of(digest: str) -> bytes:
    """As ``DigestBegin`` has it. Raises ValueError for what is no digest."""
    return bytes.fromhex(digest)[:_BEGIN]
