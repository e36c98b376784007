"""By which prefixes a hall is found: of the present code of its division and of every code that it bore before, of the
divisions above it, and of those that took it in."""

from collections.abc import Collection
from uuid import UUID

from django.db import connection

from province.halls.models import Division
from standards.numbers.divisions import PREFIX_LENGTH

_VALUES = ", ".join(f"('{level}', {length})" for level, length in PREFIX_LENGTH.items())
# tables (level, digits): how many digits of a code are a level's own
_LEVELS = f"(VALUES {_VALUES}) AS levels (level, digits)"
_UPPER_LEVELS = f"(VALUES {_VALUES}) AS upper (level, digits)"

# division_id, prefixes of %(divisions)s; the longest last. A division whose parent has another code already, and whose
# own line is not decided yet, stands below that parent's new code as well
PREFIXES = f"""
    WITH RECURSIVE source (division_id, source_id, is_above) AS (
        SELECT id, id, false FROM halls_division WHERE id = ANY (%(divisions)s::uuid[])
        UNION
        SELECT source.division_id, next.id, source.is_above OR next.is_above
        FROM source JOIN halls_division AS reached ON reached.id = source.source_id
        JOIN LATERAL (
            SELECT reached.parent_id, true UNION ALL SELECT reached.merged_into_id, false) AS next (id, is_above)
            ON next.id IS NOT NULL),
    borne (division_id, prefix) AS (
        SELECT source.division_id, left(known.code, levels.digits)::varchar
        FROM source JOIN halls_division AS own ON own.id = source.source_id
        JOIN {_LEVELS} ON levels.level = own.level
        -- of those above only what they are called now
        JOIN halls_divisioncode AS known ON known.division_id = own.id
            AND (NOT source.is_above OR (known.code = own.code AND known.valid_to IS NULL)))
    SELECT one.division_id, array_agg(one.prefix ORDER BY length(one.prefix), one.prefix) AS prefixes
    FROM (
        SELECT DISTINCT borne.division_id, left(borne.prefix, upper.digits)::varchar AS prefix
        FROM borne JOIN {_UPPER_LEVELS} ON upper.digits <= length(borne.prefix)) AS one
    GROUP BY one.division_id
"""  # noqa: S608 - only constants of ours


def prefixes_of(division: Division) -> list[str]:
    """The prefixes of its present and former codes, the longest last."""
    return prefixes_of_divisions([division.pk])[division.pk]


def prefixes_of_divisions(division_ids: Collection[UUID]) -> dict[UUID, list[str]]:
    """The prefixes of the present and former codes of many divisions, by division: one query."""
    with connection.cursor() as cursor:
        cursor.execute(PREFIXES, {"divisions": list(division_ids)})
        return dict(cursor.fetchall())
