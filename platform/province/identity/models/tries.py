"""Wrong passwords."""

from typing import ClassVar

from django.db import models

from foundation.rows import Direction, PublicRow


class SignInTry(PublicRow):
    """Wrong passwords in a row for one name from one address. Unknown names are counted like known ones."""

    direction: ClassVar[Direction] = Direction.LOCAL

    username = models.CharField(max_length=64)
    address = models.CharField(max_length=45)
    failures = models.PositiveSmallIntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["username", "address"], name="one_count_per_name_and_address"),)
        indexes = (models.Index(fields=["last_at"], name="identity_try_last"),)

    def __str__(self) -> str:
        return f"{self.username} {self.failures}"
