"""The form and the flow that the province gives halls with an item (统一表单和流程)."""

from typing import ClassVar

from django.db import models

from foundation.digests import DigestField
from foundation.editing.models import LockedDraft
from foundation.frozen import FrozenFields
from foundation.rows import Direction, PublicRow
from province.catalogue.models.items import Item
from province.catalogue.models.versions import ItemVersion


class ItemDesign(LockedDraft, PublicRow):
    """What the next version of an item will bring along: a form that may still be wrong, a flow that can be read; both
    perhaps not yet fit for every hall."""

    direction: ClassVar[Direction] = Direction.DOWN
    called: ClassVar[str] = "这个事项的表单和流程"

    item = models.OneToOneField(Item, on_delete=models.CASCADE, related_name="+")
    form = models.JSONField(null=True)
    flow = models.JSONField(null=True)
    # of both; "": there is neither
    digest = DigestField()
    # which of the kept flows it is: undoing goes down, doing again goes up
    position = models.PositiveIntegerField(default=0, db_default=0)
    # the release before writes rows without one
    locked_by_name = models.CharField(max_length=40, blank=True, default="", db_default="")

    def __str__(self) -> str:
        return f"{self.item_id} #{self.revision}"


class ItemFlowRevision(PublicRow):
    """The flow of an item's draft as it was saved, so that what was done to it can be undone and done again."""

    direction: ClassVar[Direction] = Direction.DOWN

    # the constraint below leads with it
    design = models.ForeignKey(ItemDesign, on_delete=models.CASCADE, related_name="flow_revisions", db_index=False)
    position = models.PositiveIntegerField()
    flow = models.JSONField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["design", "position"], name="one_item_flow_revision_per_position"),
        )

    def __str__(self) -> str:
        return f"{self.design_id} #{self.position}"


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
