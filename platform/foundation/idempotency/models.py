from typing import ClassVar

from django.db import models

from foundation.rows import Direction, PublicRow


class IdempotencyKey(PublicRow):
    """One write, as its sender named it, and how it was answered."""

    direction: ClassVar[Direction] = Direction.LOCAL

    owner = models.CharField(max_length=80)
    key = models.CharField(max_length=80)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["owner", "key"], name="one_answer_per_key"),)

    def __str__(self) -> str:
        return self.key
