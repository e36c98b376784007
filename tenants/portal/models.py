from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models

from foundation.files.models import StoredFile
from foundation.rows import HallRow
from foundation.texts import ArticleText
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


class Article(ArticleText, HallRow):
    """The hall's own article. The fields hold the draft; readers see the published version."""

    column = models.ForeignKey(Column, on_delete=models.PROTECT, related_name="articles")
    # who is responsible for it (who began it, then whoever took it over), and in which department: what a reach of
    # "own" or "unit" goes by. Who wrote it is another matter
    owner_id = models.UUIDField(null=True)
    unit_id = models.UUIDField(null=True)
    cover = models.ForeignKey(HallAsset, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=9, choices=ArticleState, default=ArticleState.DRAFT)
    draft_state = models.CharField(max_length=8, choices=DraftState, default=DraftState.EDITING)
    is_pinned = models.BooleanField("置顶", default=False)
    published = models.ForeignKey("ArticleVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    withdrawal_reason = models.CharField(max_length=500, blank=True)
    # everyone who changed the draft since it was last published
    editor_ids = ArrayField(models.UUIDField(), default=list)
    edited_by_id = models.UUIDField(null=True)
    edited_by_name = models.CharField(max_length=40, blank=True)
    edited_at = models.DateTimeField(null=True)
    # counts saves: an editor that saves over a newer draft is refused
    revision = models.PositiveIntegerField(default=0)
    locked_by_id = models.UUIDField(null=True)
    locked_by_name = models.CharField(max_length=40, blank=True)
    locked_until = models.DateTimeField(null=True)
    # where it came from, if picked from the shared library
    library_offer_id = models.UUIDField(null=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["column", "-is_pinned", "-published_at", "-id"],
                condition=models.Q(state="published"),
                name="portal_article_published",
            ),
            models.Index(fields=["-edited_at"], name="portal_article_edited"),
        )

    def __str__(self) -> str:
        return self.title


class ArticleVersion(ArticleText, HallRow):
    """What was submitted; never changed."""

    # the constraint below is its index
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    cover = models.ForeignKey(HallAsset, on_delete=models.SET_NULL, null=True, related_name="+")
    # the cover and every file that the body shows or links to: readers may have them while they may see the text
    asset_ids = ArrayField(models.UUIDField(), default=list)
    # everyone whose hand is in this text: none of them may pass its last review
    author_ids = ArrayField(models.UUIDField(), default=list)
    submitted_by_name = models.CharField(max_length=40)
    search_words = models.TextField(blank=True)

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


class ArticleReview(HallRow):
    """One decision in an article's review."""

    # the constraint below is its index
    version = models.ForeignKey(ArticleVersion, on_delete=models.CASCADE, related_name="reviews", db_index=False)
    step = models.CharField(max_length=8, choices=DraftState)
    is_passed = models.BooleanField()
    reason = models.CharField(max_length=500, blank=True)
    reviewer_id = models.UUIDField(null=True)
    reviewer_name = models.CharField(max_length=40)

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
