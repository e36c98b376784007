from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models

from foundation.editing.reasons import LONGEST_SHORT_REASON
from foundation.rows import Direction, PublicRow
from foundation.texts import ArticleText
from province.content.models.manuscripts import Manuscript
from province.content.states import OfferState


class LibraryOffer(ArticleText, PublicRow):
    """A hall's own article, offered upward to the shared library (云稿库) as it stood."""

    direction: ClassVar[Direction] = Direction.UP

    hall_id = models.UUIDField()
    article_id = models.UUIDField()
    offered_by_name = models.CharField(max_length=40)
    # everyone whose hand is in the text, at the hall: no desk lets them approve it finally
    author_ids = ArrayField(models.UUIDField(), default=list)
    state = models.CharField(max_length=8, choices=OfferState, default=OfferState.OFFERED)
    decline_reason = models.CharField(max_length=LONGEST_SHORT_REASON, blank=True)
    # the hall's own files that the body shows, by their id there: what StoredFile says of each
    files = models.JSONField(default=dict)
    search_words = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["article_id"], condition=models.Q(state="offered"), name="one_waiting_offer_per_article"
            ),
        )
        indexes = (
            models.Index(fields=["state", "-created_at"], name="content_offer_state"),
            GinIndex(SearchVector("search_words", config="simple"), name="content_offer_words"),
            GinIndex(fields=["files"], name="content_offer_files"),
        )

    def __str__(self) -> str:
        return self.title


class LibraryUse(PublicRow):
    """Somebody used an offer: a desk took it as a manuscript, or a hall picked it into its site."""

    direction: ClassVar[Direction] = Direction.UP

    offer = models.ForeignKey(LibraryOffer, on_delete=models.CASCADE, related_name="uses")
    manuscript = models.ForeignKey(Manuscript, on_delete=models.SET_NULL, null=True, related_name="+")
    hall_id = models.UUIDField(null=True)
    article_id = models.UUIDField(null=True)
    used_by_name = models.CharField(max_length=40)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["offer", "manuscript", "hall_id", "article_id"],
                nulls_distinct=False,
                name="one_use_per_manuscript_or_article",
            ),
        )

    def __str__(self) -> str:
        return f"{self.offer_id}"
