from typing import ClassVar

from django.db import models

from foundation.frozen import FrozenFields
from foundation.rows import Direction, PublicRow
from province.catalogue.models.items import Item


class ItemCode(PublicRow):
    """A 基本编码 that an item bears, has borne (曾用编码), or is to bear, and the one item that answers to it.

    No code is ever given to another item. What was in force once stays; only a code that nothing but a draft wanted
    goes with the draft's next one.
    """

    direction: ClassVar[Direction] = Direction.DOWN

    code = models.CharField("基本编码", max_length=12, unique=True)
    # the item that bore it first, and the one that answers to it now: another one after a merger or a split
    borne_by = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="own_codes")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="item_codes")
    # since when it was in force for the first time; none: a draft, or a version that is to come, names it
    given_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (FrozenFields(fields=["code", "borne_by"], name="item_code_never_changes"),)

    def __str__(self) -> str:
        return self.code
