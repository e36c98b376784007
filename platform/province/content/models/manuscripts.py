from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models

from foundation.editing.models import GivenDecision, TextDraft, TextVersion
from foundation.files.models import StoredFile
from foundation.frozen import FrozenFields
from foundation.rows import Direction, PublicRow
from province.content.states import ReviewState


class Asset(StoredFile, PublicRow):
    """An image or attachment of the province's or a county desk's manuscripts."""

    direction: ClassVar[Direction] = Direction.DOWN

    desk_prefix = models.CharField(max_length=12)

    class Meta(StoredFile.Meta):
        indexes = (models.Index(fields=["desk_prefix", "-created_at"], name="content_asset_desk"),)


class Manuscript(TextDraft, PublicRow):
    """A text being worked on: the fields hold the draft, which autosave rewrites. What was submitted is a version."""

    direction: ClassVar[Direction] = Direction.DOWN
    called: ClassVar[str] = "这篇稿件"

    # whose desk: the prefix of the province's or the county's division code
    desk_prefix = models.CharField(max_length=12)
    cover = models.ForeignKey(Asset, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    # where it was taken from, if a hall offered it
    origin_hall_id = models.UUIDField(null=True)
    origin_article_id = models.UUIDField(null=True)
    # as the file said from which it was imported: the column that a push begins with, and the day of the text
    meant_column = models.CharField(max_length=32, blank=True)
    dated_on = models.DateField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["desk_prefix", "-edited_at"], name="content_manuscript_desk"),
            models.Index(fields=["owner_id", "-edited_at"], name="content_manuscript_owner"),
            models.Index(fields=["unit_id", "-edited_at"], name="content_manuscript_unit"),
        )

    def __str__(self) -> str:
        return self.title


class ManuscriptVersion(TextVersion, PublicRow):
    """What was submitted for review. Its text never changes; only its review state moves."""

    direction: ClassVar[Direction] = Direction.DOWN

    manuscript = models.ForeignKey(Manuscript, on_delete=models.PROTECT, related_name="versions")
    cover = models.ForeignKey(Asset, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=8, choices=ReviewState, default=ReviewState.FIRST)
    # skips the order of the review queue, never a review
    is_urgent = models.BooleanField("紧急", default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["manuscript", "number"], name="one_version_per_number"),
            FrozenFields(
                fields=[
                    *("manuscript", "number", "title", "subtitle", "source", "author", "summary", "body", "keywords"),
                    *("cover", "asset_ids", "author_ids", "submitted_by_id", "submitted_by_name", "search_words"),
                ],
                name="version_text_never_changes",
            ),
        )
        indexes = (
            models.Index(fields=["state", "created_at"], name="content_version_state"),
            GinIndex(SearchVector("search_words", config="simple"), name="content_version_words"),
            GinIndex(fields=["asset_ids"], name="content_version_assets"),
        )

    def __str__(self) -> str:
        return f"{self.title} v{self.number}"


class Review(GivenDecision, PublicRow):
    """One decision in the three reviews of a version."""

    direction: ClassVar[Direction] = Direction.DOWN

    version = models.ForeignKey(ManuscriptVersion, on_delete=models.CASCADE, related_name="reviews")
    step = models.CharField(max_length=8, choices=ReviewState)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["version", "step"], name="one_review_per_step"),)

    def __str__(self) -> str:
        return f"{self.version_id} {self.step}"
