"""What the search engine knows of halls' articles. One index for all halls: each hall's lie together in it, and hits
are kept to a hall by a key that nobody can type."""

from collections.abc import Iterator, Sequence
from typing import Final
from uuid import UUID

from foundation.full_text.asking import Within
from foundation.full_text.indexes import TextDocument, TextIndex, declare_index
from province.search.models import SiteArticle

INDEX_ARTICLES: Final = "search.index_articles"
# of every document, for the search over the whole province
_EVERY_HALL: Final = "halls"
# a province's articles outgrow one shard (some 50 GB)
_SHARDS: Final = 3


def place_of(hall_id: UUID) -> str:
    return str(hall_id)


def within_hall(hall_id: UUID) -> Within:
    return Within(any_of=(_key_of(hall_id),), place=place_of(hall_id))


def within_province() -> Within:
    return Within(any_of=(_EVERY_HALL,))


def _key_of(hall_id: UUID) -> str:
    return f"hall:{hall_id}"


def _documents_of(ids: Sequence[UUID]) -> Iterator[TextDocument]:
    for row in SiteArticle.objects.filter(pk__in=ids).defer("text"):
        yield TextDocument(
            id=row.pk,
            title=row.title,
            words=row.search_words,
            keys=(_EVERY_HALL, _key_of(row.hall_id)),
            published_at=row.published_at,
            place=place_of(row.hall_id),
        )


def _ids_after(after: UUID | None, most: int) -> list[UUID]:
    rows = SiteArticle.objects.filter(pk__gt=after) if after else SiteArticle.objects.all()
    return list(rows.order_by("pk").values_list("pk", flat=True)[:most])


ARTICLES: Final = declare_index(
    TextIndex(
        "articles", "服务厅的文章", INDEX_ARTICLES, _documents_of, _ids_after, SiteArticle.objects.count, shards=_SHARDS
    )
)
