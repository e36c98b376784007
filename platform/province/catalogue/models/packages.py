from typing import ClassVar

from django.db import models

from foundation.frozen import FrozenFields
from foundation.rows import Direction, PublicRow


class Package(PublicRow):
    """一件事一次办: several items that people apply for at once, with the draft of its next version
    (``standards.items.packages``). What halls see is the newest version; of one that is retired, nothing."""

    direction: ClassVar[Direction] = Direction.DOWN

    code = models.CharField("编码", max_length=30, unique=True)
    name = models.CharField("名称", max_length=60, unique=True)
    values = models.JSONField(default=dict)
    newest = models.ForeignKey("PackageVersion", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    retired_at = models.DateTimeField(null=True)
    # counted up by every change, so that of two editors the second is told
    revision = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.name

    @property
    def is_ahead(self) -> bool:
        """Whether the draft says something else than its newest version."""
        return bool(self.newest and (self.newest.name, self.newest.values) != (self.name, self.values))

    @property
    def item_count(self) -> int:
        """Of the draft."""
        return len(self.values.get("items") or ())


class PackageVersion(PublicRow):
    """A package as it was published. An application stays on its version."""

    direction: ClassVar[Direction] = Direction.DOWN

    # the constraint below leads with it
    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="versions", db_index=False)
    # from 1 on
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=60)
    values = models.JSONField()
    published_by_name = models.CharField(max_length=80)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["package", "number"], name="one_package_version_per_number"),
            FrozenFields(
                fields=["package", "number", "name", "values", "published_by_name"], name="package_version_stays"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} v{self.number}"
