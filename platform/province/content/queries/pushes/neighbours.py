"""What stands next to a place in a column of a hall's site."""

from django.db import connection

from province.content.queries.pushes.lists import JOINS, LINE, ListedPush, ListPlace
from province.content.queries.pushes.matching import IS_LISTED, MEANS_HALL, MEANT_PUSH, hall_parameters
from province.halls.models import Hall

# the same index ranges as a list's, read from the place in one direction or the other
_ONE_WAY = """
    (SELECT push_id, is_pinned, published_at, %(column)s AS code, {is_newer} AS is_newer FROM (
        SELECT ranged.* FROM unnest(%(prefixes)s::text[]) AS own(prefix) CROSS JOIN LATERAL (
            SELECT s.push_id, s.is_pinned, s.published_at
            FROM content_pushscope AS s
            WHERE s.prefix = own.prefix AND s.mode = 'direct' AND s."column" = %(column)s AND s.is_listed
                AND {means_hall}
                AND (s.is_pinned, s.published_at, s.push_id) {beyond} {place}
                AND NOT EXISTS (SELECT FROM content_hallpushdecision AS d
                                WHERE d.hall_id = %(hall)s AND d.push_id = s.push_id)
            ORDER BY s.is_pinned {order}, s.published_at {order}, s.push_id {order}
            LIMIT 1) AS ranged
        UNION ALL
        SELECT own.* FROM (
            SELECT d.push_id, false AS is_pinned, d.published_at
            FROM content_hallpushdecision AS d JOIN content_push AS p ON p.id = d.push_id
            WHERE d.hall_id = %(hall)s AND d."column" = %(column)s AND d.decision IN ('adopted', 'moved')
                AND {is_listed} AND {meant_push}
                AND (false, d.published_at, d.push_id) {beyond} {place}
            ORDER BY d.published_at {order}, d.push_id {order}
            LIMIT 1) AS own
    ) AS both_kinds
    ORDER BY is_pinned {order}, published_at {order}, push_id {order}
    LIMIT 1)
"""


def _one_way(*, is_newer: bool) -> str:
    return _ONE_WAY.format(
        is_newer=is_newer,
        beyond=">" if is_newer else "<",
        order="ASC" if is_newer else "DESC",
        place="(%(is_pinned)s::boolean, %(published_at)s::timestamptz, %(id)s::uuid)",
        means_hall=MEANS_HALL,
        is_listed=IS_LISTED,
        meant_push=MEANT_PUSH,
    )


_SQL = f"""
SELECT found.is_newer, {LINE}
FROM ({_one_way(is_newer=True)} UNION ALL {_one_way(is_newer=False)}) AS found
{JOINS}
"""  # noqa: S608 - put together from constants


def push_neighbours(hall: Hall, column: str, place: ListPlace) -> tuple[ListedPush | None, ListedPush | None]:
    """The pushes next to this place in one of the hall's columns, the newer and the older one: one query."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, hall_parameters(hall) | place._asdict() | {"column": column})
        found = {is_newer: ListedPush(*line) for is_newer, *line in cursor.fetchall()}
    return found.get(True), found.get(False)
