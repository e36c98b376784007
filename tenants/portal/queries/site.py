"""What a hall's readers see: its columns, and its own articles and the pushes to it in one list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from foundation.errors import NotFound
from foundation.files.queries import facts_of_files
from province.content.queries.pushes import ListedPush, ListPlace, home_pushes, listed_by_column, listed_pushes
from province.halls.models import Hall
from standards.numbers.divisions import PREFIX_LENGTH, DivisionLevel
from tenants.portal.models import Article, Column, HallAsset
from tenants.portal.states import ArticleState

# sizes of images are made at upload (foundation.files.store)
THUMBNAIL, PICTURE = 320, 800
_LEVELS = {
    PREFIX_LENGTH[level]: str(level.label)
    for level in (DivisionLevel.PROVINCE, DivisionLevel.CITY, DivisionLevel.COUNTY)
}


@dataclass(frozen=True, slots=True)
class ListLine:
    """One line of a list: an own article, or a push to this hall."""

    id: UUID
    place: ListPlace
    title: str
    summary: str = ""
    source: str = ""
    cover_id: UUID | None = None
    cover_alt: str = ""
    # of a push: who sent it ("42"); an own article has none
    desk_prefix: str = ""

    @property
    def is_push(self) -> bool:
        return bool(self.desk_prefix)

    @property
    def sent_from(self) -> str:
        """The level of the desk that sent it, as the label beside the title says it."""
        return _LEVELS.get(len(self.desk_prefix), "")

    @property
    def address(self) -> str:
        return f"/{'p' if self.is_push else 'a'}/{self.id}/"

    @property
    def published_at(self) -> datetime:
        return self.place.published_at

    @property
    def day(self) -> str:
        """2026-11-24, where the hall stands."""
        return timezone.localtime(self.published_at).date().isoformat()

    @property
    def thumbnail(self) -> str:
        return f"/media/{self.cover_id}?w={THUMBNAIL}" if self.cover_id else ""

    @property
    def picture(self) -> str:
        return f"/media/{self.cover_id}?w={PICTURE}" if self.cover_id else ""


@dataclass(frozen=True, slots=True)
class ColumnPage:
    """Some lines of a column, and the place after which the next page begins (None: this was the last)."""

    lines: list[ListLine]
    next_place: ListPlace | None


_SHOWN_COLUMNS = """
SELECT *, EXISTS (SELECT FROM portal_article AS a WHERE a.column_id = c.id AND a.state = 'published') AS has_own
FROM portal_column AS c WHERE is_visible ORDER BY "order", code
"""


def shown_columns() -> list[Column]:
    """Every column that readers see, in the hall's order, with ``has_own``: whether an article of the hall's own stands
    in it. What stands below a hidden one is hidden with it."""
    # every page asks this: the ORM would take four times as long to say it
    columns = {column.pk: column for column in Column.objects.raw(_SHOWN_COLUMNS)}
    for column in columns.values():
        if column.parent_id in columns:
            column.parent = columns[column.parent_id]
    return [column for column in columns.values() if _is_reached(column, columns)]


def _is_reached(column: Column, columns: dict[UUID, Column]) -> bool:
    above: UUID | None = column.parent_id
    while above is not None:
        if above not in columns:
            return False
        above = columns[above].parent_id
    return True


_OWN_LINES = """
SELECT c.code, a.id, a.is_pinned, a.published_at, v.title, v.summary, v.source, v.cover_id, coalesce(f.alt, '')
FROM portal_column AS c
CROSS JOIN LATERAL (
    SELECT id, is_pinned, published_at, published_id
    FROM portal_article
    WHERE column_id = c.id AND state = 'published' {before}
    ORDER BY is_pinned DESC, published_at DESC, id DESC
    LIMIT %(limit)s
) AS a
JOIN portal_articleversion AS v ON v.id = a.published_id
LEFT JOIN portal_hallasset AS f ON f.id = v.cover_id
WHERE c.code = ANY (%(columns)s)
ORDER BY c.code, a.is_pinned DESC, a.published_at DESC, a.id DESC
"""
_OWN_FIRST = _OWN_LINES.format(before="")
_OWN_NEXT = _OWN_LINES.format(
    before="AND (is_pinned, published_at, id) < (%(is_pinned)s, %(published_at)s::timestamptz, %(id)s::uuid)"
)


_OWN_ONE_WAY = """
    (SELECT {is_newer} AS is_newer, a.id, a.is_pinned, a.published_at, v.title
    FROM portal_article AS a
    JOIN portal_column AS c ON c.id = a.column_id
    JOIN portal_articleversion AS v ON v.id = a.published_id
    WHERE c.code = %(column)s AND a.state = 'published'
        AND (a.is_pinned, a.published_at, a.id)
            {beyond} (%(is_pinned)s::boolean, %(published_at)s::timestamptz, %(id)s::uuid)
    ORDER BY a.is_pinned {order}, a.published_at {order}, a.id {order}
    LIMIT 1)
"""
_OWN_NEIGHBOURS = " UNION ALL ".join(
    (
        _OWN_ONE_WAY.format(is_newer=True, beyond=">", order="ASC"),
        _OWN_ONE_WAY.format(is_newer=False, beyond="<", order="DESC"),
    )
)


def latest_lines(hall: Hall, columns: Sequence[str], *, limit: int) -> dict[str, list[ListLine]]:
    """The first ``limit`` lines of each of these columns: two queries, however many columns."""
    own = _own_lines(columns, limit=limit)
    pushed = listed_by_column(hall, columns, limit=limit)
    return {column: _merged(own[column], pushed[column], limit) for column in columns}


def home_lines(hall: Hall, columns: Sequence[str], *, limit: int) -> tuple[dict[str, list[ListLine]], ListLine | None]:
    """The first ``limit`` lines of each of these columns, and the push that asks for the banner: two queries."""
    own = _own_lines(columns, limit=limit)
    pushed, banner = home_pushes(hall, columns, limit=limit)
    lines = {column: _merged(own[column], pushed[column], limit) for column in columns}
    return lines, push_line(banner) if banner else None


def column_page(hall: Hall, column: str, *, limit: int, before: ListPlace | None = None) -> ColumnPage:
    """Lines of one column after a place, pinned first, then the newest."""
    own = _own_lines([column], limit=limit + 1, before=before)[column]
    pushed = listed_pushes(hall, column, limit=limit + 1, before=before)
    lines = _merged(own, pushed, limit + 1)
    return ColumnPage(lines[:limit], lines[limit - 1].place if len(lines) > limit else None)


def merged_newest(lines: Sequence[ListLine], limit: int) -> list[ListLine]:
    """Lines of several columns by their dates alone: what is pinned in a column leads that column, not the site."""
    return sorted(lines, key=lambda line: (line.published_at, line.id), reverse=True)[:limit]


def own_neighbours(column: str, place: ListPlace) -> tuple[ListLine | None, ListLine | None]:
    """The hall's own articles next to this place in a column, the newer and the older one: one query."""
    found: dict[bool, ListLine] = {}
    with connection.cursor() as cursor:
        cursor.execute(_OWN_NEIGHBOURS, {"column": column, **place._asdict()})
        for is_newer, key, is_pinned, published_at, title in cursor.fetchall():
            found[is_newer] = ListLine(key, ListPlace(is_pinned, published_at, key), title)
    return found.get(True), found.get(False)


def article_of_reader(article_id: UUID) -> Article:
    """An own article that readers may see, or one that was withdrawn (its page says so), with its text's ``files``
    (FileFacts): one query. Raises NotFound otherwise."""
    article = (
        Article.objects.select_related("published__cover", "column")
        .annotate(files=facts_of_files(HallAsset.objects.all(), "published__asset_ids"))
        .filter(pk=article_id, published__isnull=False, state__in=(ArticleState.PUBLISHED, ArticleState.WITHDRAWN))
        .first()
    )
    if article is None:
        raise NotFound("没有找到这篇文章。")
    return article


def push_line(push: ListedPush) -> ListLine:
    return ListLine(
        push.id,
        push.place,
        push.title,
        push.summary,
        push.source,
        push.cover_id,
        push.cover_alt,
        desk_prefix=push.desk_prefix,
    )


def _own_lines(columns: Sequence[str], *, limit: int, before: ListPlace | None = None) -> dict[str, list[ListLine]]:
    parameters: dict[str, Any] = {"columns": list(columns), "limit": limit}
    if before:
        parameters |= before._asdict()
    by_column: dict[str, list[ListLine]] = {column: [] for column in columns}
    with connection.cursor() as cursor:
        cursor.execute(_OWN_NEXT if before else _OWN_FIRST, parameters)
        for code, key, is_pinned, published_at, *text in cursor.fetchall():
            by_column[code].append(ListLine(key, ListPlace(is_pinned, published_at, key), *text))
    return by_column


def _merged(own: list[ListLine], pushed: list[ListedPush], limit: int) -> list[ListLine]:
    """Both are sorted by place already; a page of each holds every line of the merged page."""
    return sorted([*own, *map(push_line, pushed)], key=lambda line: line.place, reverse=True)[:limit]
