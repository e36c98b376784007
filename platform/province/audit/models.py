from typing import ClassVar

from django.db import models

from foundation.rows import Direction, PublicRow


class AuditEntry(PublicRow):
    """One act by one actor on one object. Rows are only ever added."""

    direction: ClassVar[Direction] = Direction.UP

    hall_id = models.UUIDField(null=True)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=80)
    act = models.CharField(max_length=64)
    object_type = models.CharField(max_length=32)
    object_id = models.UUIDField()
    reason = models.TextField(blank=True)
    changes = models.JSONField(default=dict)
    request_id = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["object_id", "created_at"], name="audit_object"),
            models.Index(fields=["hall_id", "created_at"], name="audit_hall"),
        )

    def __str__(self) -> str:
        return f"{self.actor_name} {self.act} {self.object_type}"
