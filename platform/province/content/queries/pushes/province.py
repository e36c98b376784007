"""What the province's own portal shows of pushes: those that go directly to every hall of the province."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from foundation.search import sought
from province.content.models import Asset, Push, PushScope
from province.content.queries.indexing import within_province
from province.content.queries.pushes.lists import JOINS, LINE, ListedPush
from province.content.queries.pushes.matching import IS_LISTED
from province.content.queries.pushes.pages import SHOWS_TEXT, PushView, view_of, with_page
from province.content.queries.pushes.search import FoundPush, PushSearch, found_pushes
from province.content.states import PushMode

# a scope's row `s` means the province and every kind of hall in it
_MEANS_ALL = "s.prefix = %(province)s AND s.kinds = '{}' AND NOT s.is_excluded AND s.mode = 'direct'"
_LINES = f"""
SELECT {LINE}
FROM unnest(%(columns)s::text[]) AS wanted(code)
CROSS JOIN LATERAL (
    SELECT wanted.code, s.push_id, s.is_pinned, s.published_at
    FROM content_pushscope AS s
    WHERE {_MEANS_ALL} AND s."column" = wanted.code AND s.is_listed
    ORDER BY s.is_pinned DESC, s.published_at DESC, s.push_id DESC
    LIMIT %(limit)s) AS found
{JOINS}
ORDER BY found.code, found.is_pinned DESC, found.published_at DESC, found.push_id DESC
"""  # noqa: S608 - put together from constants
_SEARCH = PushSearch.of(
    own="",
    column='p."column"',
    condition=f"{IS_LISTED} AND EXISTS (SELECT FROM content_pushscope AS s WHERE s.push_id = p.id AND {_MEANS_ALL})",
)


def province_pushes(columns: Sequence[str], *, limit: int) -> dict[str, list[ListedPush]]:
    """The first ``limit`` of each of these columns, pinned first, then the newest: one query."""
    by_column: dict[str, list[ListedPush]] = {column: [] for column in columns}
    with connection.cursor() as cursor:
        asked: dict[str, Any] = {"province": settings.PROVINCE_CODE, "columns": list(columns), "limit": limit}
        cursor.execute(_LINES, asked)
        for row in cursor.fetchall():
            line = ListedPush(*row)
            by_column[line.column].append(line)
    return by_column


def province_push(push_id: UUID) -> PushView | None:
    """The page of such a push: one query. None means 404."""
    push = with_page(_to_all().filter(pk=push_id)).first()
    return view_of(push, column=push.column, is_pinned=push.is_pinned) if push else None


def province_asset(asset_id: UUID) -> Asset | None:
    """A file of such a push whose text readers may see now: one query."""
    pushes = _to_all().filter(SHOWS_TEXT, shown__asset_ids__contains=[asset_id])
    return Asset.objects.filter(Exists(pushes), pk=asset_id).first()


def search_province_pushes(words: str, *, limit: int) -> list[FoundPush]:
    """Such pushes that have all these words, or a title like them; the nearest first: one query."""
    asked = sought(words)
    if not asked.words:
        return []
    return found_pushes(_SEARCH, asked, within_province(), {"province": settings.PROVINCE_CODE}, limit)


def _to_all() -> QuerySet[Push]:
    meant = PushScope.objects.filter(
        push_id=OuterRef("pk"), prefix=settings.PROVINCE_CODE, kinds=[], is_excluded=False, mode=PushMode.DIRECT
    )
    return Push.objects.filter(Exists(meant))
