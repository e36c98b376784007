"""Counting up what every page's cache key and ETag hold (queries/generations.py)."""

from uuid import UUID

from django.db import connection

# in the order of the prefixes: two pushes that share some of them wait for each other and never lock each other out
_COUNT_UP = """
INSERT INTO content_scopegeneration AS known (prefix, generation)
SELECT prefix, 1 FROM content_pushscope WHERE push_id = %s AND NOT is_excluded ORDER BY prefix
ON CONFLICT (prefix) DO UPDATE SET generation = known.generation + 1
"""
# what every hall shows follows from something else than a push
_COUNT_UP_ONE = """
INSERT INTO content_scopegeneration AS known (prefix, generation) VALUES (%s, 1)
ON CONFLICT (prefix) DO UPDATE SET generation = known.generation + 1
"""


def count_up_generations(push_id: UUID) -> None:
    """Make every page below the push's scopes stale when the caller's transaction commits.

    Call it last: the province's own prefix is one row, which everybody who pushes to all waits for.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_UP, [push_id])


def count_up_generation(prefix: str) -> None:
    """Make every page below this prefix stale when the caller's transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_UP_ONE, [prefix])
