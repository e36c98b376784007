"""Digests as the database keeps them: half as long as they are written."""

from typing import Any, override

from django.db import models


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
