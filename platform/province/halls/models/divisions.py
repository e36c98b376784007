from typing import ClassVar

from django.db import models

from foundation.rows import Direction, PublicRow
from foundation.sounds import SoundsField
from standards.numbers.divisions import PREFIX_LENGTH, DivisionLevel


class Division(PublicRow):
    """A place with a government of some level, through all its codes and names. The code is never its key."""

    direction: ClassVar[Direction] = Direction.DOWN

    code = models.CharField("区划代码", max_length=12)
    name = models.CharField("名称", max_length=80)
    sounds = SoundsField(of="name")
    level = models.CharField("层级", max_length=8, choices=DivisionLevel)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    # 市辖区, 省直辖县级行政区划 and the like only group others
    is_government = models.BooleanField("有政府", default=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    # the division that took it in: a hall that stays here hears what is sent there
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["code"], condition=models.Q(valid_to=None), name="one_valid_division_per_code"
            ),
        )
        indexes = (models.Index(fields=["code"], name="halls_division_code", opclasses=["varchar_pattern_ops"]),)

    def __str__(self) -> str:
        return f"{self.name}（{self.code}）"

    @property
    def prefix(self) -> str:
        """The digits that this division and everything below it share."""
        return self.code[: PREFIX_LENGTH[self.level]]


class DivisionCode(PublicRow):
    """One code and name that a division bore, and when. The present one has no end."""

    direction: ClassVar[Direction] = Direction.DOWN

    division = models.ForeignKey(Division, on_delete=models.CASCADE, related_name="codes")
    code = models.CharField(max_length=12)
    name = models.CharField(max_length=80)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        indexes = (models.Index(fields=["code"], name="halls_divisioncode_code"),)

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
