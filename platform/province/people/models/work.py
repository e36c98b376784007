"""What people are responsible for in the halls, as far as the province must know of it."""

from typing import ClassVar

from django.db import models

from foundation.rows import Direction, PublicRow


class OpenWork(PublicRow):
    """One thing in a hall that is not finished, and who is responsible for it. The hall's own operation keeps it, in
    the transaction in which it changes the thing."""

    direction: ClassVar[Direction] = Direction.UP

    hall_id = models.UUIDField()
    # what it is: "article"
    kind = models.CharField(max_length=24)
    object_id = models.UUIDField()
    owner_id = models.UUIDField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["kind", "object_id"], name="one_open_work_per_object"),)
        indexes = (models.Index(fields=["owner_id"], name="people_open_work_owner"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
