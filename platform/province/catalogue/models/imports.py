from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from foundation.rows import Direction, PublicRow
from province.catalogue.states import ImportState, LineKind, LineState
from standards.items.codelists import ItemType


class ItemImport(PublicRow):
    """A file of items that somebody sent, from its reading to its drafts. Seen by that person alone."""

    direction: ClassVar[Direction] = Direction.LOCAL

    file_key = models.CharField(max_length=200)
    file_name = models.CharField("文件名", max_length=200)
    # who sent it, in which position, and what the token allowed where a program did
    by_id = models.UUIDField()
    by_name = models.CharField(max_length=40)
    position_id = models.UUIDField(null=True)
    scopes = ArrayField(models.CharField(max_length=64), null=True)
    state = models.CharField("状态", max_length=10, choices=ImportState, default=ImportState.READING)
    # why the file could not be read
    refusal = models.CharField(max_length=500, blank=True)
    # what is wrong or was left out beside the items: lists of place and message
    faults = models.JSONField(default=list)
    notices = models.JSONField(default=list)
    # of the reading: a file at which workers die is given up
    attempts = models.PositiveSmallIntegerField(default=0)
    progress_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["by_id", "-created_at"], name="catalogue_import_by"),
            # a few rows at any moment: what a worker is at, or has left
            models.Index(
                fields=["progress_at"],
                condition=models.Q(state__in=[ImportState.READING, ImportState.IMPORTING]),
                name="catalogue_import_at_work",
            ),
        )

    def __str__(self) -> str:
        return self.file_name


class FileLine(models.Model):
    """One item of a file: what an import would do with the draft, and what became of it."""

    position = models.PositiveIntegerField()
    # where it stands in the file, in words
    place = models.CharField(max_length=120)
    basic_code = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=9, choices=LineKind)
    # of the draft with which it was compared
    revision = models.PositiveIntegerField(null=True)
    # the draft to be; empty once it is written, or refused
    values = models.JSONField(default=dict)
    # sentences, and how many of them take something out of the draft
    changes = models.JSONField(default=list)
    removals = models.PositiveSmallIntegerField(default=0)
    # lists of place and message
    faults = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=LineState, default=LineState.WAITING)
    refusal = models.CharField(max_length=500, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.place} {self.name}"


class ImportLine(FileLine, PublicRow):
    """One item of a file of items."""

    direction: ClassVar[Direction] = Direction.LOCAL

    upload = models.ForeignKey(ItemImport, on_delete=models.CASCADE, related_name="lines")
    item_type = models.CharField(max_length=2, choices=ItemType, blank=True)
    # the draft with which it was compared
    item_id = models.UUIDField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["upload", "position"], name="one_import_line_per_position"),)
