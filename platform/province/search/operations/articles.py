"""What halls report of their articles. A hall's operations call it in their transactions."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import batched
from typing import Final
from uuid import UUID

from django.db import transaction

from foundation.events.operations import emit_event
from province.search.events import ARTICLES_REPORTED, ArticlesReported
from province.search.models import SiteArticle

# of one event
_BATCH: Final = 200


@dataclass(frozen=True, slots=True)
class ArticleFacts:
    """What readers may find of an article: the fields of ``SiteArticle``."""

    id: UUID
    column: str
    title: str
    source: str
    text: str
    search_words: str
    published_at: datetime


@transaction.atomic
def report_articles(*, hall_id: UUID, shown: Sequence[ArticleFacts] = (), gone: Sequence[UUID] = ()) -> None:
    """Write what readers may find from now on, and remove what they may not. The caller holds the articles' rows."""
    fields = [name for name in ArticleFacts.__slots__ if name != "id"]
    SiteArticle.objects.bulk_create(
        [SiteArticle(hall_id=hall_id, **asdict(one)) for one in shown],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["hall_id", *fields],
    )
    # an id is known of any hall's: none removes another's
    SiteArticle.objects.filter(hall_id=hall_id, pk__in=gone).delete()
    for ids in batched([*(one.id for one in shown), *gone], _BATCH, strict=False):
        emit_event(kind=ARTICLES_REPORTED, payload=ArticlesReported(article_ids=ids), hall_id=hall_id)


@transaction.atomic
def report_articles_again(*, hall_id: UUID, shown: Sequence[ArticleFacts]) -> None:
    """All that readers may find of a hall, and nothing else."""
    kept = {one.id for one in shown}
    known = SiteArticle.objects.filter(hall_id=hall_id).values_list("pk", flat=True)
    report_articles(hall_id=hall_id, shown=shown, gone=[key for key in known if key not in kept])
