"""Which columns of halls' sites have something in them, by the halls' own reports and by what is shown there from
above.

Apps above this one know what else fills columns (pushes do) and contribute it to ``COLUMN_FILLERS``.
"""

from typing import Any

from django.db import connection

from foundation.contributions import Slot
from province.halls.models import Hall

# queries ``SELECT hall_id, column_code, last_published_at`` over the table ``asked (id, kind, prefixes)`` of the halls
# in question
COLUMN_FILLERS = Slot[str]("halls.filled_columns", keys=lambda sql: [sql])

_NOTHING = "SELECT NULL::uuid AS hall_id, NULL::varchar AS column_code, NULL::timestamptz AS last_published_at LIMIT 0"


def columns_sql(condition: str) -> str:
    """The head ``WITH asked …, filled …, filled_columns (hall_id, code, name, last_at, is_empty) …`` of a query.

    ``condition`` chooses the halls, said of ``halls_hall AS h``. ``filled`` has also what stands in no column of the
    hall's own report.
    """
    fillers = " UNION ALL ".join(f"({sql})" for sql in COLUMN_FILLERS.entries() or [_NOTHING])
    return f"""
    WITH asked AS (SELECT h.id, h.kind, h.prefixes FROM halls_hall AS h WHERE {condition}),
    filled AS MATERIALIZED (
        SELECT hall_id, column_code, max(last_published_at) AS last_at FROM ({fillers}) AS one GROUP BY 1, 2),
    filled_columns AS (
        SELECT asked.id AS hall_id, own.key AS code, own.value->>'name' AS name,
            greatest((own.value->>'last_published_at')::timestamptz, filled.last_at) AS last_at,
            coalesce((own.value->>'articles')::int, 0) = 0 AND filled.last_at IS NULL AS is_empty
        FROM asked
        JOIN halls_hallfigures AS figures ON figures.hall_id = asked.id
        CROSS JOIN LATERAL jsonb_each(figures.columns) AS own
        LEFT JOIN filled ON filled.hall_id = asked.id AND filled.column_code = own.key)
    """  # noqa: S608 - only constants of ours


def empty_columns(hall: Hall) -> list[str] | None:
    """Names of the hall's visible columns without anything in them; None where it has no columns at all."""
    rows = _rows(
        columns_sql("h.id = %(hall)s") + "SELECT name, is_empty FROM filled_columns ORDER BY code",  # noqa: S608 - only constants of ours
        {"hall": hall.pk},
    )
    return [name for name, is_empty in rows if is_empty] if rows else None


def _rows(sql: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
