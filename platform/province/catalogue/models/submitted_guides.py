from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from foundation.editing.reasons import LONGEST_REASON
from foundation.rows import Direction, PublicRow
from province.catalogue.models.items import Item


class SubmittedGuide(PublicRow):
    """A hall guide that waits for its decision, as its hall reports it: a place above may decide in the hall's stead.
    It is gone once it is decided or recalled."""

    direction: ClassVar[Direction] = Direction.UP

    hall_id = models.UUIDField()
    # the constraint below leads with the hall
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    adoption_id = models.UUIDField()
    # of the guide among those that were submitted for this item
    number = models.PositiveIntegerField()
    item_version_id = models.UUIDField()
    values = models.JSONField()
    # what citizens read until then
    shown_values = models.JSONField(null=True)
    author_ids = ArrayField(models.UUIDField(), default=list)
    submitted_by_name = models.CharField(max_length=40)
    submitted_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["hall_id", "item"], name="one_submitted_guide_per_hall_and_item"),
        )

    def __str__(self) -> str:
        return f"{self.hall_id} {self.item_id} {self.number}"


class GuideDecision(PublicRow):
    """What somebody of a place above decided on a guide of a hall below; the hall carries it out."""

    direction: ClassVar[Direction] = Direction.DOWN

    hall_id = models.UUIDField()
    adoption_id = models.UUIDField()
    number = models.PositiveIntegerField()
    is_passed = models.BooleanField()
    reason = models.CharField(max_length=LONGEST_REASON, blank=True)
    by_id = models.UUIDField(null=True)
    by_name = models.CharField(max_length=80)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["adoption_id", "number"], name="one_decision_from_above_per_guide"),
        )

    def __str__(self) -> str:
        return f"{self.adoption_id} {self.number}"
