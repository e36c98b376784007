from typing import ClassVar

from django.db import models

from foundation.rows import Direction, PublicRow
from province.catalogue.models.items import Item
from province.catalogue.models.versions import ItemVersion


class ItemChange(PublicRow):
    """One thing that happened to what halls see, in the order in which it was committed.

    Positions are 1, 2, 3 … without a gap, and a reader up to one of them has missed none before it: they are given out
    under the lock of the province's generation, which is held until the commit (operations/changes.py).
    """

    direction: ClassVar[Direction] = Direction.DOWN

    class Kind(models.TextChoices):
        PUBLISHED = "published", "公布"
        BEGAN = "began", "开始施行"
        RECALLED = "recalled", "撤回公布"
        SUSPENDED = "suspended", "暂停"
        RESUMED = "resumed", "恢复"
        ABOLISHED = "abolished", "废止"
        # its code leads to another one from now on: to a new one of its own, or to the item that succeeds it
        SUCCEEDED = "succeeded", "编码承接"

    position = models.PositiveBigIntegerField(unique=True)
    kind = models.CharField(max_length=9, choices=Kind)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="changes")
    version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, null=True, related_name="changes")
    happened_at = models.DateTimeField()
    # of a succession alone: the code that was borne, and the one that it leads to
    former_code = models.CharField(max_length=12, blank=True)
    new_code = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["version"], condition=models.Q(kind="began"), name="one_beginning_per_item_version"
            ),
        )

    def __str__(self) -> str:
        return f"{self.position} {self.kind}"
