from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from foundation.rows import Direction, PublicRow
from province.halls.models import Hall


class SiteArticle(PublicRow):
    """What readers may find of one article of a hall, reported by the hall in the transaction of each change. ``id`` is
    the article's own. Where readers cannot find it, there is no row.

    The table has a column besides that the database fills by itself, ``vector`` (migration 0002): what is searched.
    """

    direction: ClassVar[Direction] = Direction.UP

    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+")
    column = models.CharField(max_length=32)
    title = models.CharField(max_length=200)
    source = models.CharField(max_length=80)
    # without marks
    text = models.TextField()
    search_words = models.TextField()
    published_at = models.DateTimeField()

    class Meta:
        indexes = (
            GinIndex(fields=["title"], opclasses=["gin_trgm_ops"], name="search_article_title"),
            # the newest that have a common word, without all the others
            models.Index(fields=["published_at"], name="search_article_published"),
        )

    def __str__(self) -> str:
        return self.title
