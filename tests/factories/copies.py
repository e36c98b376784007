"""Thousands of rows that are alike: one is saved by its model, the database copies it."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection
from django.db.models import Model


def save_with_copies(row: Model, changes: Iterable[Mapping[str, Any]]) -> None:
    """Save the row, and a copy of it for each of ``changes``: values by column, at least another key's."""
    row.save(force_insert=True)
    table, key = row._meta.db_table, row._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} SELECT (jsonb_populate_record(first, changed)).*"  # noqa: S608 - names of a model
            f" FROM {table} AS first, jsonb_array_elements(%s) AS changed WHERE first.{key} = %s",
            [json.dumps([*changes], default=str), row.pk],
        )
