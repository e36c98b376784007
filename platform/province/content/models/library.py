from typing import ClassVar

from django.db import models

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
    state = models.CharField(max_length=8, choices=OfferState, default=OfferState.OFFERED)
    decline_reason = models.CharField(max_length=200, blank=True)
    search_words = models.TextField(blank=True)

    class Meta:
        indexes = (models.Index(fields=["state", "-created_at"], name="content_offer_state"),)

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

    def __str__(self) -> str:
        return f"{self.offer_id}"
