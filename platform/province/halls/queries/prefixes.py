"""By which prefixes a hall is found: of the present code of its division, and of every code that it bore before."""

from collections.abc import Collection
from uuid import UUID

from django.db import connection

from province.halls.models import Division
from standards.numbers.divisions import PREFIX_LENGTH

_VALUES = ", ".join(f"('{level}', {length})" for level, length in PREFIX_LENGTH.items())
# tables (level, digits): how many digits of a code are a level's own
LEVELS = f"(VALUES {_VALUES}) AS levels (level, digits)"
UPPER_LEVELS = f"(VALUES {_VALUES}) AS upper (level, digits)"

# division_id, prefixes of %(divisions)s; the longest last
PREFIXES = f"""
    SELECT one.division_id, array_agg(one.prefix ORDER BY length(one.prefix), one.prefix) AS prefixes
    FROM (
        SELECT DISTINCT borne.division_id, left(borne.code, upper.digits)::varchar AS prefix
        FROM halls_divisioncode AS borne
        JOIN halls_division AS division ON division.id = borne.division_id
        JOIN {LEVELS} ON levels.level = division.level
        JOIN {UPPER_LEVELS} ON upper.digits <= levels.digits
        WHERE borne.division_id = ANY (%(divisions)s::uuid[])) AS one
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
