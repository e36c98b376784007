from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from foundation.rows import Direction, PublicRow
from province.catalogue.models.items import Item
from province.catalogue.states import AdoptionState, HallGuideState
from province.halls.models import HallKind


class HallItem(PublicRow):
    """What a hall reports of an item that it has adopted, in the transaction in which it changes."""

    direction: ClassVar[Direction] = Direction.UP

    hall_id = models.UUIDField()
    # the constraint below leads with the hall, the index with the item
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="hall_items", db_index=False)
    state = models.CharField(max_length=9, choices=AdoptionState)
    guide_state = models.CharField(max_length=9, choices=HallGuideState)
    score = models.PositiveSmallIntegerField()
    # the newest version that the hall has accepted
    version_number = models.PositiveIntegerField()
    # of what citizens read there: what it says against itself (codes of standards.items.contradictions), and which
    # groups of elements that a site check asks for are missing (GuideElement)
    contradictions = ArrayField(models.CharField(max_length=32), default=list)
    lacks = ArrayField(models.CharField(max_length=16), default=list)
    # the guide that citizens read; none: they read none
    guide_id = models.UUIDField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["hall_id", "item"], name="one_adoption_per_hall_and_item"),)
        indexes = (models.Index(fields=["item", "state"], name="catalogue_hall_item"),)

    def __str__(self) -> str:
        return f"{self.hall_id} {self.item_id}"


class GuideChange(PublicRow):
    """One thing that happened to a guide that a hall shows to citizens, in the order in which it was committed there.

    A hall's positions are 1, 2, 3 … without a gap, and a reader up to one of them has missed none before it: they are
    given out under the lock of the hall's row, which is held until the commit.
    """

    direction: ClassVar[Direction] = Direction.UP

    class Kind(models.TextChoices):
        SHOWN = "shown", "公布"
        CHANGED = "changed", "更新"
        REMOVED = "removed", "不再显示"
        # the same guide under the item's new code
        SUCCEEDED = "succeeded", "编码承接"

    hall_id = models.UUIDField()
    position = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=9, choices=Kind)
    # the constraint below leads with the hall
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="guide_changes", db_index=False)
    # the newest version of the item that the hall has accepted
    version_number = models.PositiveIntegerField()
    # the hall's guide, its number there, and what it says: everybody may read it
    guide_id = models.UUIDField(null=True)
    guide_number = models.PositiveIntegerField(null=True)
    values = models.JSONField(default=dict)
    # of a succession alone: the 实施编码 that the hall had for it before
    former_task_code = models.CharField(max_length=36, blank=True)
    happened_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["hall_id", "position"], name="one_guide_change_per_hall_and_position"),
        )
        indexes = (models.Index(fields=["happened_at"], name="catalogue_guide_change_at"),)

    def __str__(self) -> str:
        return f"{self.hall_id} {self.position} {self.kind}"


class Assignment(PublicRow):
    """Items that a place (a county) hands down to the halls below it (下发): they adopt them by themselves.

    ``hall_guides``: by the item's id, the guide of the place's own hall, with which those halls begin.
    """

    direction: ClassVar[Direction] = Direction.DOWN

    prefix = models.CharField("区划", max_length=12)
    kinds = ArrayField(models.CharField(max_length=8, choices=HallKind))
    # chosen halls; none: all of these kinds, and those that are opened later
    hall_ids = ArrayField(models.UUIDField(), default=list)
    item_ids = ArrayField(models.UUIDField())
    hall_guides = models.JSONField(default=dict)
    # complete guides are shown to citizens at once, the rest waits for the hall
    publishes = models.BooleanField("信息齐全的直接公布", default=False)
    by_id = models.UUIDField(null=True)
    by_name = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["prefix", "-created_at"], name="catalogue_assignment_prefix"),)

    def __str__(self) -> str:
        return f"{self.prefix} {len(self.item_ids)}"
