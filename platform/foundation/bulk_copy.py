"""Many rows into a table at once, by PostgreSQL's COPY."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Add the rows in the caller's transaction; None becomes NULL. ``table`` and ``columns`` are the program's own."""
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_NOTNULL).writerows(rows)
    text.seek(0)
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.copy_expert(f'COPY "{table}" ({names}) FROM STDIN WITH (FORMAT csv)', text)
