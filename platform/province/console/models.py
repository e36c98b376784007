from typing import ClassVar

from django.db import models

from foundation.rows import Direction, PublicRow


class WallLink(PublicRow):
    """An address that shows the wall (大屏) without signing in, and nothing else; its key is kept as a hash."""

    direction: ClassVar[Direction] = Direction.LOCAL

    name = models.CharField("放在哪里", max_length=40)
    digest = models.CharField(max_length=64, unique=True)
    made_by_name = models.CharField(max_length=80)
    expires_at = models.DateTimeField("有效期至")
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class SavedView(PublicRow):
    """What somebody keeps of how they look at a table: filters, order and columns as an address has them. Theirs alone;
    ``hall_id``: of the hall at whose desk the table stands (None: the console)."""

    direction: ClassVar[Direction] = Direction.LOCAL

    account_id = models.UUIDField()
    hall_id = models.UUIDField(null=True)
    table = models.CharField(max_length=40)
    name = models.CharField("名称", max_length=20)
    query = models.CharField(max_length=1000)
    # where the table is opened without anything, it opens with this one
    is_first = models.BooleanField("先看", default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["account_id", "table", "hall_id", "name"],
                name="console_savedview_name",
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["account_id", "table", "hall_id"],
                condition=models.Q(is_first=True),
                name="console_savedview_first",
                nulls_distinct=False,
            ),
        )

    def __str__(self) -> str:
        return self.name
