from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models

from foundation.editing.models import GivenDecision, TextDraft, TextVersion
from foundation.editing.reasons import LONGEST_REASON
from foundation.files.models import StoredFile
from foundation.rows import HallRow
from tenants.portal.states import ArticleState, DraftState


class Column(HallRow):
    """A column (栏目) of a hall's site. Pushes name it by its code."""

    class Kind(models.TextChoices):
        LIST = "list", "列表"
        PAGE = "page", "单页"
        LINK = "link", "链接"
        GALLERY = "gallery", "图集"

    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", db_index=False
    )
    code = models.SlugField("代码", max_length=32, db_index=False)
    name = models.CharField("名称", max_length=20)
    kind = models.CharField("类型", max_length=7, choices=Kind, default=Kind.LIST)
    order = models.PositiveSmallIntegerField("顺序", default=0)
    is_visible = models.BooleanField("显示", default=True)
    link_url = models.CharField("链接地址", max_length=300, blank=True)
    body = models.TextField("正文", blank=True)
    # asked for with the columns that readers see
    has_own: bool

    class Meta:
        # not of the field: that would make an index for LIKE besides
        constraints = (models.UniqueConstraint(fields=["code"], name="one_column_per_code"),)

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """Where readers find it."""
        return self.link_url if self.kind == self.Kind.LINK else f"/c/{self.code}/"


class HallAsset(StoredFile, HallRow):
    """An image or attachment of the hall's own articles."""


class Article(TextDraft, HallRow):
    """The hall's own article. The fields hold the draft; readers see the published version."""

    called: ClassVar[str] = "这篇文章"

    # the first index below begins with it
    column = models.ForeignKey(Column, on_delete=models.PROTECT, related_name="articles", db_index=False)
    # no file is ever deleted, and nobody asks what it is the cover of
    cover = models.ForeignKey(
        HallAsset, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    state = models.CharField(max_length=9, choices=ArticleState, default=ArticleState.DRAFT)
    draft_state = models.CharField(max_length=8, choices=DraftState, default=DraftState.EDITING)
    is_pinned = models.BooleanField("置顶", default=False)
    # asked from the version, which names its article
    published = models.ForeignKey(
        "ArticleVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    published_at = models.DateTimeField(null=True)
    withdrawal_reason = models.CharField(max_length=LONGEST_REASON, blank=True)
    # where it came from, if picked from the shared library
    library_offer_id = models.UUIDField(null=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["column", "state", "-is_pinned", "-published_at", "-id"], name="portal_article_of_column"
            ),
            models.Index(fields=["-edited_at"], name="portal_article_edited"),
        )

    def __str__(self) -> str:
        return self.title


class ArticleVersion(TextVersion, HallRow):
    """What was submitted; never changed."""

    # the constraint below is its index
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="versions", db_index=False)
    # as that of the draft
    cover = models.ForeignKey(HallAsset, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["article", "number"], name="one_article_version_per_number"),)
        indexes = (
            GinIndex(
                SearchVector("search_words", config="simple"),
                name="portal_version_words",
            ),
            GinIndex(fields=["asset_ids"], name="portal_version_assets"),
        )

    def __str__(self) -> str:
        return f"{self.title} v{self.number}"


class ArticleReview(GivenDecision, HallRow):
    """One decision in an article's review."""

    # the constraint below is its index
    version = models.ForeignKey(ArticleVersion, on_delete=models.CASCADE, related_name="reviews", db_index=False)
    step = models.CharField(max_length=8, choices=DraftState)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["version", "step"], name="one_article_review_per_step"),)

    def __str__(self) -> str:
        return f"{self.version_id} {self.step}"


class PortalSettings(HallRow):
    """One row: how this hall's site and its review work."""

    # which of first, second and final a hall's own article passes
    review_steps = ArrayField(models.CharField(max_length=8), default=list)

    def __str__(self) -> str:
        return "站点设置"
