"""JSON as PostgreSQL keeps it word for word."""

import json
from typing import Any, override

from django.db import models


class PlainJSONField(models.Field):  # type: ignore[type-arg]  # subscripted by type checkers alone
    """JSON of type ``json``: of short values two thirds as long as ``jsonb``, and people read it in the database. What
    is asked about its content casts it."""

    # for type checkers: what is assigned, and what is read
    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    @override
    def db_type(self, connection: Any) -> str:
        return "json"

    def from_db_value(self, value: Any, *_: Any) -> Any:
        """The driver has read it."""
        return value

    @override
    def get_prep_value(self, value: Any) -> str | None:
        found = super().get_prep_value(value)
        return None if found is None else written(found)

    @override
    def value_to_string(self, obj: models.Model) -> str:
        return written(self.value_from_object(obj))


def written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
