"""In which role somebody works, and where; and who stands in."""

from typing import ClassVar

from django.db import models

from foundation.rows import Direction, PublicRow
from province.people.models.accounts import Account
from province.people.models.roles import OwnRole
from province.people.models.units import Unit
from province.rights.roles import Reach, Role


class Position(PublicRow):
    """One account in one role: over the whole province, or in one hall and as far as the position reaches."""

    direction: ClassVar[Direction] = Direction.DOWN

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="positions")
    # a ready-made role's code; "" where it is a role of the hall's own
    role = models.CharField("岗位", max_length=24, blank=True)
    own_role = models.ForeignKey(OwnRole, on_delete=models.PROTECT, null=True, related_name="positions")
    hall_id = models.UUIDField(null=True)
    # "" is the province; otherwise the prefix of the hall's division code
    reach_prefix = models.CharField(max_length=12, blank=True)
    reach = models.CharField("范围", max_length=8, choices=Reach, default=Reach.SUBTREE)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="positions")
    title = models.CharField("职务", max_length=40, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["account", "role", "own_role", "hall_id", "unit"],
                nulls_distinct=False,
                name="one_position_per_role_and_place",
            ),
        )
        indexes = (models.Index(fields=["hall_id"], name="people_position_hall"),)

    def __str__(self) -> str:
        return f"{self.account_id} {self.role or self.own_role_id}"

    @property
    def role_name(self) -> str:
        return self.own_role.name if self.own_role else Role(self.role).label


class Substitution(PublicRow):
    """Somebody stands in at a position (代理) while its holder is away: from one day to another, both included."""

    direction: ClassVar[Direction] = Direction.DOWN

    position = models.ForeignKey(Position, on_delete=models.CASCADE, related_name="substitutions")
    substitute = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="substitutions")
    from_on = models.DateField("开始日期")
    to_on = models.DateField("结束日期")
    named_by_id = models.UUIDField(null=True)
    # ended before its time
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(to_on__gte=models.F("from_on")), name="substitution_has_a_day"),
        )
        indexes = (
            models.Index(
                fields=["substitute", "to_on"], condition=models.Q(ended_at=None), name="people_substitute_until"
            ),
        )

    def __str__(self) -> str:
        return f"{self.position_id} {self.substitute_id} {self.from_on}"
