from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from foundation.editing.models import Draft
from foundation.editing.reasons import LONGEST_REASON
from foundation.rows import Direction, PublicRow
from province.catalogue.models.periods import never_overlap
from province.catalogue.states import ItemLife
from standards.items.codelists import Family, ItemType
from standards.items.codes import CodeOrigin, family_under, origin_of, type_under


class Department(PublicRow):
    """主管部门: a kind of authority that answers for items (市场监督管理), at whatever level they are handled."""

    direction: ClassVar[Direction] = Direction.DOWN

    name = models.CharField("主管部门", max_length=100, unique=True)
    # the province's own unit whose people write its items; none: those who write for every department
    unit_id = models.UUIDField(null=True)

    def __str__(self) -> str:
        return self.name


class Item(Draft, PublicRow):
    """An item through all its versions, with the draft of the next one. What halls see is a version."""

    direction: ClassVar[Direction] = Direction.DOWN

    family = models.CharField("类别", max_length=10, choices=Family)
    item_type = models.CharField("事项类型", max_length=2, choices=ItemType)
    basic_code = models.CharField("基本编码", max_length=12, unique=True)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="items")
    state = models.CharField("状态", max_length=9, choices=ItemLife, default=ItemLife.ACTIVE)
    # the draft: the province's part as the definition has it, and what lists show of it
    name = models.CharField("事项名称", max_length=200, blank=True)
    sounds = models.CharField(max_length=1600, blank=True)
    values = models.JSONField(default=dict)
    # its 主项, where it is a 子项 of one
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    # the hall that proposed it, if one did
    proposed_by_hall_id = models.UUIDField(null=True)
    proposed_by_name = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["department", "family", "item_type"], name="catalogue_item_department"),
            GinIndex(fields=["name"], opclasses=["gin_trgm_ops"], name="catalogue_item_name"),
            GinIndex(fields=["sounds"], opclasses=["gin_trgm_ops"], name="catalogue_item_sounds"),
        )

    def __str__(self) -> str:
        return f"{self.name}（{self.basic_code}）"

    @property
    def origin(self) -> CodeOrigin:
        """In whose directory it stands: the nation's, or the place's own."""
        return origin_of(self.basic_code)

    @property
    def drafted_type(self) -> str:
        """The type of the draft: another one than the item's where the draft has a code of another type."""
        return type_under(self.item_type, self.basic_code, self.values.get("basic_code", ""))

    @property
    def drafted_family(self) -> str:
        return family_under(self.family, self.drafted_type)


class Pause(PublicRow):
    """A time in which no hall shows the item, whatever its versions say: suspended, or abolished (no end)."""

    direction: ClassVar[Direction] = Direction.DOWN

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="pauses")
    kind = models.CharField(max_length=9, choices=ItemLife)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=LONGEST_REASON)
    # the version whose planned day it carries out: that happens once, also where the item was resumed since
    planned_by_id = models.UUIDField(null=True, unique=True)
    by_name = models.CharField(max_length=80)

    class Meta:
        constraints = (never_overlap("one_pause_of_an_item_at_a_time", "from_at", "to_at"),)

    def __str__(self) -> str:
        return f"{self.item_id} {self.kind}"
