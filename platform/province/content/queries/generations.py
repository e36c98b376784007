"""What every page's cache key and ETag hold."""

from django.db import connection

from province.halls.models import Hall

_SQL = """
SELECT
    (SELECT generation FROM halls_generations WHERE hall_id = %s),
    (SELECT string_agg(coalesce(of_scope.generation, 0)::text, '.' ORDER BY place)
     FROM unnest(%s::text[]) WITH ORDINALITY AS own(prefix, place)
     LEFT JOIN content_scopegeneration AS of_scope ON of_scope.prefix = own.prefix)
"""


def page_generations(hall: Hall) -> str:
    """The hall's own generation and those of its prefixes (``h3.1.4.0.2.7``): one query.

    Read it before the content, never after: then a race can only file new content under an old key, which nobody asks
    for any more.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [hall.pk, list(hall.prefixes)])
        own, of_scopes = cursor.fetchone()
    return f"h{own or 0}.{of_scopes or ''}"
