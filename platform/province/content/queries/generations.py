"""What every page's cache key and ETag hold."""

from uuid import UUID

from django.db import connection

from province.halls.models import Hall

_SQL = """
SELECT
    (SELECT generation FROM halls_generations WHERE hall_id = %s),
    (SELECT string_agg(coalesce(of_scope.generation, 0)::text, '.' ORDER BY place)
     FROM unnest(%s::text[]) WITH ORDINALITY AS own(prefix, place)
     LEFT JOIN content_scopegeneration AS of_scope ON of_scope.prefix = own.prefix),
    (SELECT mark FROM workdays_mark)
"""
_BEFORE_MARK = "~"


def page_generations(hall: Hall) -> str:
    """The hall's own generation, those of its prefixes, and the calendars' (``h3.1.4.0.2.7~…``): one query.

    Read it before the content, never after: then a race can only file new content under an old key, which nobody asks
    for any more.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [hall.pk, list(hall.prefixes)])
        own, of_scopes, calendars = cursor.fetchone()
    return f"h{own or 0}.{of_scopes or ''}{_BEFORE_MARK}{calendars or ''}"


def calendar_mark_of(generations: str) -> UUID | None:
    """The calendars' generation out of what ``page_generations`` said; None before any calendar was published."""
    mark = generations.partition(_BEFORE_MARK)[2]
    return UUID(mark) if mark else None
