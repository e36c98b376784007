"""The form and the flow that the province gives halls with an item (统一表单和流程)."""

from typing import ClassVar

from django.db import models

from foundation.digests import DigestField
from foundation.editing.models import Draft
from foundation.frozen import FrozenFields
from foundation.rows import Direction, PublicRow
from province.catalogue.models.items import Item
from province.catalogue.models.versions import ItemVersion


class ItemDesign(Draft, PublicRow):
    """What the next version of an item will bring along: read, and perhaps not yet fit for every hall."""

    direction: ClassVar[Direction] = Direction.DOWN

    item = models.OneToOneField(Item, on_delete=models.CASCADE, related_name="+")
    form = models.JSONField(null=True)
    flow = models.JSONField(null=True)
    # of both; "": there is neither
    digest = DigestField()

    def __str__(self) -> str:
        return f"{self.item_id} #{self.revision}"


class VersionDesign(PublicRow):
    """What a version of an item brings along, as it was submitted. A version without either has no row."""

    direction: ClassVar[Direction] = Direction.DOWN

    version = models.OneToOneField(ItemVersion, on_delete=models.CASCADE, related_name="+")
    form = models.JSONField(null=True)
    flow = models.JSONField(null=True)
    digest = DigestField()

    class Meta:
        constraints = (FrozenFields(fields=["version", "form", "flow", "digest"], name="version_design_stays"),)

    def __str__(self) -> str:
        return f"{self.version_id} {self.digest}"
