"""Lists of a hall's site: one query each, whose cost depends on the length of the list and not on how much is pushed.

Every prefix of the hall is one range of the index ``content_scope_listed``, read in order and left after ``limit``
rows; what the hall itself adopted, or moved to the column, is one range of ``content_decision_listed``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from province.content.queries.pushes.matching import IS_LISTED, MEANS_HALL, MEANT_PUSH, hall_parameters
from province.halls.models import Hall


class ListPlace(NamedTuple):
    """Where a row stands in a list, which goes from the greatest place down: pinned first, then the newest."""

    is_pinned: bool
    published_at: datetime
    id: UUID


@dataclass(frozen=True, slots=True)
class ListedPush:
    """One line of a list. ``cover_id`` is an asset of the province; ``desk_prefix`` says whose text it is."""

    id: UUID
    is_pinned: bool
    published_at: datetime
    column: str
    desk_prefix: str
    is_urgent: bool
    title: str
    subtitle: str
    summary: str
    source: str
    cover_id: UUID | None
    cover_alt: str

    @property
    def place(self) -> ListPlace:
        return ListPlace(self.is_pinned, self.published_at, self.id)


LINE = """
    found.push_id, found.is_pinned, found.published_at, found.code, p.desk_prefix, p.is_urgent,
    v.title, v.subtitle, v.summary, v.source, v.cover_id, coalesce(a.alt, '')
"""
JOINS = """
    JOIN content_push AS p ON p.id = found.push_id
    JOIN content_manuscriptversion AS v ON v.id = p.shown_id
    LEFT JOIN content_asset AS a ON a.id = v.cover_id
"""
_PLACE = "found.is_pinned DESC, found.published_at DESC, found.push_id DESC"

# a pin holds in the column that the desk chose; what a hall adopted or moved stands there by its date
_LISTED = """
unnest(%(columns)s::text[]) AS wanted(code)
CROSS JOIN LATERAL (
    SELECT wanted.code, push_id, is_pinned, published_at FROM (
        SELECT ranged.* FROM unnest(%(prefixes)s::text[]) AS own(prefix) CROSS JOIN LATERAL (
            SELECT s.push_id, s.is_pinned, s.published_at
            FROM content_pushscope AS s
            WHERE s.prefix = own.prefix AND s.mode = 'direct' AND s."column" = wanted.code AND s.is_listed
                AND {means_hall} {before_scope}
                AND NOT EXISTS (SELECT FROM content_hallpushdecision AS d
                                WHERE d.hall_id = %(hall)s AND d.push_id = s.push_id)
            ORDER BY s.is_pinned DESC, s.published_at DESC, s.push_id DESC
            LIMIT %(limit)s) AS ranged
        UNION
        SELECT own.* FROM (
            SELECT d.push_id, false AS is_pinned, d.published_at
            FROM content_hallpushdecision AS d JOIN content_push AS p ON p.id = d.push_id
            WHERE d.hall_id = %(hall)s AND d."column" = wanted.code AND d.decision IN ('adopted', 'moved')
                AND {is_listed} AND {meant_push} {before_decision}
            ORDER BY d.published_at DESC, d.push_id DESC
            LIMIT %(limit)s) AS own
    ) AS every
    ORDER BY is_pinned DESC, published_at DESC, push_id DESC
    LIMIT %(limit)s
) AS found
"""


def _listed_sql(*, pages: bool) -> str:
    bounds = "(%(before_pinned)s::boolean, %(before_at)s::timestamptz, %(before_id)s::uuid)"
    return _LISTED.format(
        means_hall=MEANS_HALL,
        meant_push=MEANT_PUSH,
        is_listed=IS_LISTED,
        before_scope=f"AND (s.is_pinned, s.published_at, s.push_id) < {bounds}" if pages else "",
        before_decision=f"AND (false, d.published_at, d.push_id) < {bounds}" if pages else "",
    )


_FIRST_LINES = _listed_sql(pages=False)
_FIRST_PAGE, _NEXT_PAGE = (
    f"SELECT {LINE} FROM {listed} {JOINS} ORDER BY found.code, {_PLACE}"  # noqa: S608 - put together from constants
    for listed in (_FIRST_LINES, _listed_sql(pages=True))
)


def listed_pushes(
    hall: Hall, column: str, *, limit: int, before: tuple[bool, datetime, UUID] | None = None
) -> list[ListedPush]:
    """The pushes in one column of the hall's site, pinned first, then the newest.

    ``before`` is the place (``ListedPush.place``) of the last row of the page before.
    """
    parameters = hall_parameters(hall) | {"columns": [column], "limit": limit}
    if before is None:
        return _lines(_FIRST_PAGE, parameters)
    is_pinned, published_at, push_id = before
    bounds = {"before_pinned": is_pinned, "before_at": published_at, "before_id": push_id}
    return _lines(_NEXT_PAGE, parameters | bounds)


def listed_by_column(hall: Hall, columns: Sequence[str], *, limit: int) -> dict[str, list[ListedPush]]:
    """The first ``limit`` pushes of every one of these columns; one with none has an empty list."""
    by_column: dict[str, list[ListedPush]] = {column: [] for column in columns}
    for line in _lines(_FIRST_PAGE, hall_parameters(hall) | {"columns": list(by_column), "limit": limit}):
        by_column[line.column].append(line)
    return by_column


_URGENT = f"""
(
    SELECT ranged.* FROM unnest(%(prefixes)s::text[]) AS own(prefix) CROSS JOIN LATERAL (
        SELECT s.push_id, s.is_pinned, s.published_at, s."column" AS code
        FROM content_pushscope AS s
        WHERE s.prefix = own.prefix AND s.mode = 'direct' AND s.is_urgent AND s.is_listed AND {MEANS_HALL}
        ORDER BY s.published_at DESC
        LIMIT 1) AS ranged
    ORDER BY published_at DESC, push_id DESC
    LIMIT 1
) AS found
"""  # noqa: S608 - put together from constants

# both in one statement: to plan it costs more than to run it
_FOUND = "found.push_id, found.is_pinned, found.published_at, found.code"
_HOME = f"""
SELECT {LINE}, found.is_banner
FROM (
    SELECT {_FOUND}, false AS is_banner FROM {_FIRST_LINES}
    UNION ALL
    SELECT {_FOUND}, true AS is_banner FROM {_URGENT}
) AS found
{JOINS}
ORDER BY found.code, {_PLACE}
"""  # noqa: S608 - put together from constants


def home_pushes(
    hall: Hall, columns: Sequence[str], *, limit: int
) -> tuple[dict[str, list[ListedPush]], ListedPush | None]:
    """All pushes of a home page: ``listed_by_column``, and the newest one that asks for the banner."""
    by_column: dict[str, list[ListedPush]] = {column: [] for column in columns}
    banner = None
    with connection.cursor() as cursor:
        cursor.execute(_HOME, hall_parameters(hall) | {"columns": list(by_column), "limit": limit})
        for *row, is_banner in cursor.fetchall():
            line = ListedPush(*row)
            if is_banner:
                banner = line
            else:
                by_column[line.column].append(line)
    return by_column, banner


_OFFERED = f"""
SELECT {LINE}
FROM (
    SELECT DISTINCT s.push_id, s.is_pinned, s.published_at, s."column" AS code
    FROM content_pushscope AS s JOIN content_push AS p ON p.id = s.push_id
    JOIN content_manuscriptversion AS pushed ON pushed.id = p.version_id
    WHERE s.prefix = ANY (%(prefixes)s) AND s.mode = 'offered' AND s.is_listed AND {MEANS_HALL}
        AND NOT EXISTS (SELECT FROM content_hallpushdecision AS d
                        WHERE d.hall_id = %(hall)s
                            AND (d.push_id = s.push_id
                                 OR (d.manuscript_id = pushed.manuscript_id AND d.decision = 'declined')))
        AND (%(after)s::uuid IS NULL OR (s.published_at, s.push_id) < (
            SELECT last.published_at, last.id FROM content_push AS last WHERE last.id = %(after)s))
    ORDER BY s.published_at DESC, s.push_id DESC
    LIMIT %(limit)s
) AS found
{JOINS}
ORDER BY found.published_at DESC, found.push_id DESC
"""  # noqa: S608 - put together from constants


def offered_pushes(hall: Hall, *, limit: int = 100, after: UUID | None = None) -> list[ListedPush]:
    """What waits for the hall's decision, the newest first; ``after``: the id of the last one of the page before. A
    manuscript that the hall declined is not offered again."""
    return _lines(_OFFERED, hall_parameters(hall) | {"limit": limit, "after": after})


@dataclass(frozen=True, slots=True)
class DecidedPush:
    """A push and what the hall decided; ``id`` is the decision's own; ``is_listed``: readers see it in lists now."""

    id: UUID
    push_id: UUID
    title: str
    decision: str
    column: str
    reason: str
    decided_by_name: str
    decided_at: datetime
    is_listed: bool


_DECIDED = f"""
SELECT d.id, d.push_id, v.title, d.decision, d."column", d.reason, d.decided_by_name, d.created_at, {IS_LISTED}
FROM content_hallpushdecision AS d
JOIN content_push AS p ON p.id = d.push_id
JOIN content_manuscriptversion AS v ON v.id = p.shown_id
WHERE d.hall_id = %(hall)s AND (%(after)s::uuid IS NULL OR d.id < %(after)s)
ORDER BY d.id DESC
LIMIT %(limit)s
"""  # noqa: S608 - put together from constants


def decided_pushes(hall: Hall, *, limit: int = 100, after: UUID | None = None) -> list[DecidedPush]:
    """What the hall decided, the latest first; ``after``: the id of the last one of the page before."""
    with connection.cursor() as cursor:
        cursor.execute(_DECIDED, {"hall": hall.pk, "limit": limit, "after": after})
        return [DecidedPush(*row) for row in cursor.fetchall()]


def _lines(sql: str, parameters: dict[str, Any]) -> list[ListedPush]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [ListedPush(*row) for row in cursor.fetchall()]
