from typing import ClassVar

from django.db import models

from foundation.rows import Direction, PublicRow
from province.catalogue.models.items import Item


class ItemReads(PublicRow):
    """How often an item's page at one hall was read in one month. Nothing in it is about who read."""

    direction: ClassVar[Direction] = Direction.UP

    hall_id = models.UUIDField()
    # the constraint below leads with the hall
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="reads", db_index=False)
    # its first day
    month = models.DateField()
    number = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["hall_id", "item", "month"], name="one_number_of_reads_per_month"),
        )

    def __str__(self) -> str:
        return f"{self.hall_id} {self.item_id} {self.number}"


class FoldedReads(models.Model):
    """A batch of what was counted (reads, searches) that is in the rows: it is not added a second time."""

    direction: ClassVar[Direction] = Direction.LOCAL

    id = models.UUIDField(primary_key=True)
    folded_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.id)
