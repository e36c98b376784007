from typing import ClassVar

from django.db import models

from foundation.files.models import StoredFile
from foundation.rows import Direction, PublicRow


class CatalogueFile(StoredFile, PublicRow):
    """A blank form, a filled sample, a sample of a result."""

    direction: ClassVar[Direction] = Direction.DOWN


class Material(PublicRow):
    """A material that many items ask for, once for all of them: items name it by its name.

    ``values``: the cells that it brings along where an item's own row is silent (definition: materials).
    """

    direction: ClassVar[Direction] = Direction.DOWN

    name = models.CharField("材料名称", max_length=200, unique=True)
    values = models.JSONField(default=dict)
    blank_form = models.ForeignKey(CatalogueFile, on_delete=models.PROTECT, null=True, related_name="+")
    filled_sample = models.ForeignKey(CatalogueFile, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return self.name
