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
