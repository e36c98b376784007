"""Lists of cases that are written as a file in the background."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from foundation.crypto.fields import EncryptedTextField, PersonalRow
from foundation.masking import mask_whole
from foundation.rows import Direction
from province.cases.states import ListExportState
from province.halls.models import Hall

LONGEST_REFUSAL = 500


class ListExport(PersonalRow):
    """清单导出: a list of a hall's cases that one person has asked for as a file. Here stand its filters and how far it
    is, no case; the file lies in the hall's folder of the store, and that person alone gets it.

    It stands in the public schema so that no hall needs a table for it, and never leaves this database.
    """

    direction: ClassVar[Direction] = Direction.LOCAL

    # the constraint below leads with it
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+", db_index=False)
    # who asked, in which position, and what the token allowed where a program did
    by_id = models.UUIDField()
    position_id = models.UUIDField(null=True)
    scopes = ArrayField(models.CharField(max_length=64), null=True)
    # as the list was narrowed; what was typed may be somebody's name or number
    chosen_state = models.CharField(max_length=12, blank=True)
    chosen_unit = models.CharField(max_length=36, blank=True)
    words = EncryptedTextField("查找的内容", mask=mask_whole)
    file_format = models.CharField(max_length=4)
    # cases received after it are not in it: ids follow the time
    until_id = models.UUIDField()
    state = models.CharField("状态", max_length=9, choices=ListExportState, default=ListExportState.WAITING)
    # why it has failed
    refusal = models.CharField(max_length=LONGEST_REFUSAL, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # cases when it was asked for, and lines written by now
    total = models.PositiveIntegerField()
    written = models.PositiveIntegerField(default=0)
    # bytes
    size = models.PositiveBigIntegerField(default=0)
    # departments whose cases are in it, None: those who work for the whole hall
    unit_ids = ArrayField(models.UUIDField(null=True), default=list)
    progress_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["hall", "by_id"],
                condition=models.Q(state__in=[ListExportState.WAITING, ListExportState.WRITING]),
                name="one_open_list_export_per_person",
            ),
        )
        indexes = (
            models.Index(fields=["by_id", "-id"], name="cases_list_export_by"),
            # a few rows at any moment: what a worker is at, or has left
            models.Index(
                fields=["progress_at"],
                condition=models.Q(state__in=[ListExportState.WAITING, ListExportState.WRITING]),
                name="cases_list_export_at_work",
            ),
        )

    def __str__(self) -> str:
        return f"{self.file_format} {self.state} {self.written}/{self.total}"

    @property
    def is_open(self) -> bool:
        return self.state in {ListExportState.WAITING, ListExportState.WRITING}

    @property
    def is_there(self) -> bool:
        """Whether its file can be had."""
        return self.state == ListExportState.DONE
