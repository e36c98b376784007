"""In which role somebody works, and where."""

from typing import ClassVar

from django.db import models

from foundation.rows import Direction, PublicRow
from province.identity.models.accounts import Account


class Role(models.TextChoices):
    PROVINCE_OPERATOR = "province_operator", "省级运营"
    HALL_EDITOR = "hall_editor", "服务厅编辑"


class Post(PublicRow):
    """One account in one role: over the whole province, or in one hall and what lies below its division code."""

    direction: ClassVar[Direction] = Direction.DOWN

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="posts")
    role = models.CharField("岗位", max_length=24, choices=Role)
    # an id and not a key: halls stand above identity, and import it
    hall_id = models.UUIDField(null=True)
    # "" is the province; otherwise the prefix of the hall's division code
    reach_prefix = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["account", "role", "hall_id"], nulls_distinct=False, name="one_post_per_role_and_hall"
            ),
        )
        indexes = (models.Index(fields=["hall_id"], name="identity_post_hall"),)

    def __str__(self) -> str:
        return f"{self.account_id} {self.role}"
