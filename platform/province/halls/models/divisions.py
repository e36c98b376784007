from typing import ClassVar

from django.db import models

from foundation.rows import Direction, PublicRow
from province.halls.states import PlanState
from standards.numbers.divisions import PREFIX_LENGTH, DivisionLevel


class Division(PublicRow):
    """A place with a government of some level, through all its codes and names. The code is never its key."""

    direction: ClassVar[Direction] = Direction.DOWN

    code = models.CharField("区划代码", max_length=12)
    name = models.CharField("名称", max_length=80)
    level = models.CharField("层级", max_length=8, choices=DivisionLevel)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    # 市辖区, 省直辖县级行政区划 and the like only group others
    is_government = models.BooleanField("有政府", default=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

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


class DivisionPlan(PublicRow):
    """What a new year's file would change; nothing happens before somebody confirms it."""

    direction: ClassVar[Direction] = Direction.DOWN

    source = models.CharField(max_length=200)
    effective_on = models.DateField()
    state = models.CharField(max_length=9, choices=PlanState, default=PlanState.DRAFT)
    # the whole file's fingerprint: the same file again finds its plan
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.source} {self.effective_on}"


class DivisionChange(PublicRow):
    """One line of a plan."""

    direction: ClassVar[Direction] = Direction.DOWN

    class Kind(models.TextChoices):
        ADD = "add", "新设"
        RENAME = "rename", "更名"
        RECODE = "recode", "变更代码"
        MERGE = "merge", "并入"
        SPLIT = "split", "拆分"
        REMOVE = "remove", "撤销"

    plan = models.ForeignKey(DivisionPlan, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=6, choices=Kind)
    division = models.ForeignKey(Division, on_delete=models.CASCADE, null=True, related_name="+")
    old_code = models.CharField(max_length=12, blank=True)
    old_name = models.CharField(max_length=80, blank=True)
    new_code = models.CharField(max_length=12, blank=True)
    new_name = models.CharField(max_length=80, blank=True)
    # why the file is read so ("同名,上级变更"), for the person who reviews it
    note = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.old_code} {self.new_code}"
