from typing import ClassVar

from django.db import models

from foundation.rows import Direction, PublicRow


class PersonalKey(PublicRow):
    """A key version that has encrypted something here, so that neither its loss nor a wrong key goes unnoticed.

    Version 0 is the key of blind indexes.
    """

    direction: ClassVar[Direction] = Direction.LOCAL

    version = models.PositiveSmallIntegerField(unique=True)
    fingerprint = models.CharField(max_length=16)
    dropped_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.version}"
