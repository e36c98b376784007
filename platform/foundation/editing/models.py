"""The columns of drafts, of submitted versions and of decisions on them."""

from typing import ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models

from foundation.editing.reasons import LONGEST_REASON
from foundation.texts import ArticleText


class Draft(models.Model):
    """What people work on and save again and again, until it is submitted as a version."""

    # counts saves that changed something: who saves over a newer draft is refused
    revision = models.PositiveIntegerField(default=0)
    # everyone whose hand is in it: ever, or since it was last in force, as its app says
    editor_ids = ArrayField(models.UUIDField(), default=list)
    edited_by_id = models.UUIDField(null=True)
    edited_by_name = models.CharField(max_length=40, blank=True)
    edited_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class LockedDraft(Draft):
    """A draft that one person at a time has open."""

    # as sentences name one of them: 这篇稿件
    called: ClassVar[str]

    locked_by_id = models.UUIDField(null=True)
    locked_by_name = models.CharField(max_length=40, blank=True)
    locked_until = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class OwnedDraft(LockedDraft):
    """A draft for which one person is responsible, and which one person at a time has open."""

    # who is responsible for it (who began it, then the person who took it over), and in which department: what a
    # reach of "own" or "unit" goes by. Who wrote it is another matter
    owner_id = models.UUIDField(null=True)
    unit_id = models.UUIDField(null=True)

    class Meta:
        abstract = True


class SubmittedVersion(models.Model):
    """A draft as it was submitted. What it says never changes."""

    # from 1 on, for each draft
    number = models.PositiveIntegerField()
    # everyone whose hand is in it: none of them may decide on it alone
    author_ids = ArrayField(models.UUIDField(), default=list)
    submitted_by_id = models.UUIDField(null=True)
    submitted_by_name = models.CharField(max_length=40)

    class Meta:
        abstract = True


class GivenDecision(models.Model):
    """What one person decided on a version: passed, or returned with a reason."""

    is_passed = models.BooleanField()
    reason = models.CharField(max_length=LONGEST_REASON, blank=True)
    reviewer_id = models.UUIDField(null=True)
    reviewer_name = models.CharField(max_length=40)

    class Meta:
        abstract = True


class TextDraft(ArticleText, OwnedDraft):
    """A piece of writing in work. The app adds ``cover``, a foreign key to its own files."""

    cover_id: UUID | None

    class Meta:
        abstract = True


class TextVersion(ArticleText, SubmittedVersion):
    """A piece of writing as it was submitted. The app adds ``cover``, a foreign key to its own files."""

    cover_id: UUID | None

    # the cover and every file that the body shows or links to: readers may have them while they may see the text
    asset_ids = ArrayField(models.UUIDField(), default=list)
    search_words = models.TextField(blank=True)

    class Meta:
        abstract = True
