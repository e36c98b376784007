from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from foundation.editing.models import GivenDecision
from foundation.rows import Direction, PublicRow
from province.catalogue.models.versions import ItemVersion


class Office(PublicRow):
    """An office that takes part in the joint review (编办, 法制, 政务公开), each with its own part of the elements."""

    direction: ClassVar[Direction] = Direction.DOWN

    code = models.SlugField(max_length=32, unique=True)
    name = models.CharField("审核部门", max_length=40)
    # those of one step decide side by side; the next step waits for all of them
    step = models.PositiveSmallIntegerField(default=1)
    # codes of sections; without their headings, which change with the pages
    sections = ArrayField(models.CharField(max_length=12), default=list)
    # names of elements that stand in none of these sections
    elements = ArrayField(models.CharField(max_length=32), default=list)
    # the province's own unit whose people decide for it; none: those who review for every office
    unit_id = models.UUIDField(null=True)
    retired_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class ItemReview(GivenDecision, PublicRow):
    """What one office decided on one version."""

    direction: ClassVar[Direction] = Direction.DOWN

    version = models.ForeignKey(ItemVersion, on_delete=models.CASCADE, related_name="reviews")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["version", "office"], name="one_review_per_office"),)

    def __str__(self) -> str:
        return f"{self.version_id} {self.office_id}"
