from typing import ClassVar

from django.db import models

from foundation.editing.reasons import LONGEST_REASON
from foundation.rows import Direction, PublicRow
from province.catalogue.models.items import Item
from province.catalogue.states import ItemLife, PauseRequestState


class PauseRequest(PublicRow):
    """Somebody asks that an item be suspended or abolished; somebody else confirms it. ``is_urgent``: the item was
    suspended at once, and goes on unless that is confirmed by ``due_at``."""

    direction: ClassVar[Direction] = Direction.DOWN

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="pause_requests")
    kind = models.CharField(max_length=9, choices=ItemLife)
    reason = models.CharField(max_length=LONGEST_REASON)
    state = models.CharField(max_length=9, choices=PauseRequestState, default=PauseRequestState.WAITING)
    is_urgent = models.BooleanField(default=False)
    due_at = models.DateTimeField(null=True)
    proposed_by_id = models.UUIDField(null=True)
    proposed_by_name = models.CharField(max_length=80)
    decided_by_name = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=LONGEST_REASON, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["item"], condition=models.Q(state="waiting"), name="one_waiting_pause_request_per_item"
            ),
            models.CheckConstraint(
                condition=models.Q(is_urgent=False) | models.Q(kind="suspended", due_at__isnull=False),
                name="urgent_pause_request_has_its_day",
            ),
        )

    def __str__(self) -> str:
        return f"{self.item_id} {self.kind} {self.state}"
