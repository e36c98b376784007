from typing import ClassVar

from django.db import models

from foundation.rows import Direction, PublicRow


class StoredFile(models.Model):
    """Where a file lies and what it was found to be (never what its sender said it was)."""

    key = models.CharField(max_length=200)
    name = models.CharField("文件名", max_length=200)
    media_type = models.CharField(max_length=80)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    # images only
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    alt = models.CharField("替代文字", max_length=200, blank=True)
    # width -> key of the smaller copy
    renditions = models.JSONField(default=dict)

    class Meta:
        abstract = True
        # not of the field: that would make an index for LIKE besides, in every hall
        constraints = (models.UniqueConstraint(fields=["key"], name="one_%(app_label)s_file_per_key"),)

    def __str__(self) -> str:
        return self.name


class FolderKeyChange(PublicRow):
    """Which key of the object store opens a hall's folder, where it was ever changed. Keys are counted from 1 and
    follow from the number; one that is not named here is not known to the store."""

    direction: ClassVar[Direction] = Direction.LOCAL

    owner_id = models.UUIDField(unique=True)
    # the one that calls are signed with
    generation = models.PositiveIntegerField(default=1)
    # the store may know it already, and nobody signs with it
    coming = models.PositiveIntegerField(null=True)
    # the store still knows it, for processes and links that have not heard of the new one
    former = models.PositiveIntegerField(null=True)
    changed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.owner_id} {self.generation}"

    @property
    def known(self) -> list[int]:
        """What the store is to know, the one in use first."""
        return [self.generation, *(one for one in (self.coming, self.former) if one)]
