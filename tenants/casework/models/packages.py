"""Applications for a 一件事 package."""

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models.functions import Reverse, Right

from foundation.rows import HallRow
from province.cases.models import LONGEST_CASE_NUMBER, SHORT_NUMBER
from tenants.workflow.models import FilledForm


def number_backwards() -> Reverse:
    """The short number from its end on: what somebody types of it, the last digits or all, is the beginning."""
    return Reverse(Right("number", SHORT_NUMBER))


class PackageApplication(HallRow):
    """One application for several items at once. Each item that was received is a case (``Case.package``); what becomes
    of the others follows from those and from ``ended``."""

    package_id = models.UUIDField()
    package_version_id = models.UUIDField()
    name = models.CharField("一件事", max_length=60)
    # the merged form: a draft until it is sent
    filled = models.OneToOneField(FilledForm, on_delete=models.CASCADE, related_name="+")
    # None: taken in at the desk for somebody, by whose account the form is
    citizen_id = models.UUIDField(null=True)
    # of the whole; "": not sent yet
    number = models.CharField("编号", max_length=LONGEST_CASE_NUMBER, blank=True)
    # the items in their order, as ``queries.package_forms.AppliedPart`` reads them
    parts = models.JSONField(default=list)
    # those that will not be received: {"place": …, "why": …}
    ended = models.JSONField(default=list)
    sent_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["number"], condition=~models.Q(number=""), name="one_package_application_per_number"
            ),
        )
        indexes = (
            models.Index(fields=["citizen_id", "-id"], name="casework_package_of_citizen"),
            # as people type it
            models.Index(OpClass(number_backwards(), "text_pattern_ops"), name="casework_package_by_end"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def short_number(self) -> str:
        """As people type and read it."""
        return self.number[-SHORT_NUMBER:]


class SentPart(HallRow):
    """An item of an application that a hall above does: its own filled form, which was sent there (``Referral``, whose
    ``case_id`` is the form's). What came of it stands in the referral's receipt."""

    # the constraint below begins with it
    application = models.ForeignKey(
        PackageApplication, on_delete=models.CASCADE, related_name="sent_parts", db_index=False
    )
    place = models.PositiveSmallIntegerField()
    filled = models.OneToOneField(FilledForm, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["application", "place"], name="one_sent_part_per_place"),)

    def __str__(self) -> str:
        return f"{self.application_id} {self.place}"
