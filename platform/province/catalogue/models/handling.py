from typing import ClassVar

from django.db import models

from foundation.rows import Direction, PublicRow
from province.catalogue.models.items import Item
from province.catalogue.states import HandlingState
from standards.items.codelists import HandlingKind
from standards.items.elements.handling import CODE_LENGTH


class HandlingItem(PublicRow):
    """A 业务办理项 of an item through all its versions: 新办, 变更, 注销 … Its content stands in the versions' values,
    under its code; the code is never given to another one, since cases name it."""

    direction: ClassVar[Direction] = Direction.DOWN

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="handling_items", db_index=False)
    # two digits behind the 实施编码
    code = models.CharField(max_length=CODE_LENGTH)
    name = models.CharField("业务办理项名称", max_length=100)
    kind = models.CharField("办理项类型", max_length=7, choices=HandlingKind)
    # its place among those of the draft, from 1
    position = models.PositiveSmallIntegerField()
    # whether the draft has it; what is removed may still hold in a version
    state = models.CharField(max_length=7, choices=HandlingState, default=HandlingState.DRAFTED)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["item", "code"], name="one_handling_item_per_code"),)

    def __str__(self) -> str:
        return f"{self.name}（{self.code}）"
