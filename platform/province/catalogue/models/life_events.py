from typing import ClassVar

from django.db import models

from foundation.rows import Direction, PublicRow
from standards.items.facets import Whom
from standards.items.live import ListedCode


class LifeEvent(PublicRow):
    """An event in the life of a person or of a body (一件事), under which people look for items. Items name its code,
    which never changes; a retired one is no longer chosen or shown to citizens, and stays with the items that have
    it."""

    direction: ClassVar[Direction] = Direction.DOWN

    code = models.CharField("编码", max_length=30, unique=True)
    name = models.CharField("名称", max_length=40, unique=True)
    whom = models.CharField("对谁", max_length=6, choices=Whom)
    # among all events, from 1; two that were moved at once may share one, and then go by their codes
    place = models.PositiveSmallIntegerField()
    retired_at = models.DateTimeField(null=True)
    # counted up by every change, so that of two editors the second is told
    revision = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.name

    @property
    def listed(self) -> ListedCode:
        return ListedCode(self.code, self.name, is_retired=self.retired_at is not None)
