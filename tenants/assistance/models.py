"""What is taken in for somebody, with its files. Who it is for stands in the public schema (``CaseApplicant``), where
columns are encrypted; what was filled in is sealed under the hall's own key."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from foundation.files.models import StoredFile
from foundation.rows import HallRow
from foundation.sealing.fields import SealedJSONField, SealedRow
from province.cases.states import Consent
from tenants.assistance.states import AssistanceState

LONGEST_NOTE = 500


class Assistance(SealedRow):
    """代办: an application that somebody of the staff takes in for a person, on the form of a hall above. Handed over,
    it is a referral whose ``case_id`` is this row's."""

    offer_id = models.UUIDField()
    item_name = models.CharField("事项", max_length=200)
    hall_name = models.CharField("办理的服务厅", max_length=80)
    applicant_id = models.UUIDField()
    # 代办人
    clerk_id = models.UUIDField()
    clerk_name = models.CharField("代办人", max_length=80)
    # how the person has agreed that it is done for them
    consent = models.CharField("委托方式", max_length=7, choices=Consent)
    note = models.CharField("委托说明", max_length=LONGEST_NOTE, blank=True)
    state = models.CharField("状态", max_length=5, choices=AssistanceState, default=AssistanceState.DRAFT)
    # counts saves: who saves over a newer state is refused
    revision = models.PositiveIntegerField(default=0)
    # {"form": name of a field → its value (standards.forms), "papers": ids of pictures of the written mandate}; {} as
    # soon as it has ended
    values = SealedJSONField()
    saved_at = models.DateTimeField()
    handed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.item_name} {self.state}"

    @property
    def number(self) -> str:
        """As people name it: the day on which it was begun, and the end of its id."""
        return f"{timezone.localdate(self.created_at):%Y%m%d}-{self.pk.hex[-6:].upper()}"


class AssistanceFile(StoredFile, HallRow):
    """A picture or a paper. While it arrives in pieces it has no ``key``: ``size`` is what its sender says then, and
    ``lengths`` are those of the pieces that are here."""

    # the constraint below leads with it
    assistance = models.ForeignKey(Assistance, on_delete=models.CASCADE, related_name="uploads", db_index=False)
    lengths = ArrayField(models.PositiveIntegerField(), default=list)
    # by which a browser knows the same file again
    mark = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["assistance", "key", "name", "mark"], name="one_assistance_file_per_name"),
        )

    @property
    def received(self) -> int:
        return sum(self.lengths)
