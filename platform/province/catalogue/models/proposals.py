from typing import ClassVar

from django.db import models

from foundation.editing.reasons import LONGEST_REASON
from foundation.rows import Direction, PublicRow
from province.catalogue.models.items import Item
from province.catalogue.states import ProposalState
from standards.items.codelists import Family, ItemType


class Proposal(PublicRow):
    """What a hall would have in the catalogue: a new item, or (``item``) another word in one that is there."""

    direction: ClassVar[Direction] = Direction.UP

    hall_id = models.UUIDField()
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, related_name="proposals")
    family = models.CharField(max_length=10, choices=Family)
    item_type = models.CharField(max_length=2, choices=ItemType)
    name = models.CharField("事项名称", max_length=200)
    # elements of the province's part, as the definition has them
    values = models.JSONField(default=dict)
    reason = models.CharField("理由", max_length=LONGEST_REASON)
    state = models.CharField(max_length=8, choices=ProposalState, default=ProposalState.PROPOSED)
    proposed_by_id = models.UUIDField(null=True)
    proposed_by_name = models.CharField(max_length=40)
    decided_by_name = models.CharField(max_length=40, blank=True)
    answer = models.CharField(max_length=LONGEST_REASON, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["state", "-created_at"], name="catalogue_proposal_state"),
            models.Index(fields=["hall_id", "-created_at"], name="catalogue_proposal_hall"),
        )

    def __str__(self) -> str:
        return self.name
