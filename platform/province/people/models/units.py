"""The departments of a hall, or of the province."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from foundation.rows import Direction, PublicRow


class Unit(PublicRow):
    """A department (部门) in the tree of its hall (or of the province: no hall)."""

    direction: ClassVar[Direction] = Direction.DOWN

    hall_id = models.UUIDField(null=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    name = models.CharField("名称", max_length=40)
    # its place among those of the same parent, from 1
    order = models.PositiveIntegerField(default=1)
    # the ids of all above it, the topmost first: a reach of one of them includes this one
    ancestors = ArrayField(models.UUIDField(), default=list)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["hall_id", "parent", "name"],
                condition=models.Q(retired_at=None),
                nulls_distinct=False,
                name="one_unit_per_name_and_parent",
            ),
        )
        indexes = (GinIndex(fields=["ancestors"], name="people_unit_ancestors"),)

    def __str__(self) -> str:
        return self.name
