from typing import ClassVar

from django.db import models

from foundation.editing.reasons import LONGEST_REASON
from foundation.rows import Direction, PublicRow
from province.catalogue.models.items import Item
from province.catalogue.states import OPEN_SUCCESSIONS, SuccessionKind, SuccessionState


class Succession(PublicRow):
    """事项合并、拆分: items take over from others on a day. One person asks for it, another one confirms it.

    Of a merger ``item`` is the one into which its ``parts`` go. Of a split it is the one that is divided into its
    ``parts``; ``goes_on``: it stays beside them, and is the one to which its code leads.
    """

    direction: ClassVar[Direction] = Direction.DOWN

    kind = models.CharField(max_length=6, choices=SuccessionKind)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="successions")
    goes_on = models.BooleanField(default=True)
    # none: as soon as it is confirmed
    begins_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=LONGEST_REASON)
    state = models.CharField(max_length=9, choices=SuccessionState, default=SuccessionState.WAITING)
    proposed_by_id = models.UUIDField(null=True)
    proposed_by_name = models.CharField(max_length=80)
    decided_by_name = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    # why somebody declined it, or why it could not be carried out on its day
    decision_reason = models.CharField(max_length=LONGEST_REASON, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["item"],
                condition=models.Q(kind=SuccessionKind.SPLIT, state__in=OPEN_SUCCESSIONS),
                name="one_open_split_per_item",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=SuccessionKind.SPLIT) | models.Q(goes_on=True),
                name="item_goes_on_with_what_is_merged_into_it",
            ),
            models.CheckConstraint(
                condition=models.Q(state=SuccessionState.DONE, done_at__isnull=False)
                | (~models.Q(state=SuccessionState.DONE) & models.Q(done_at=None)),
                name="done_succession_has_its_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.item_id} {self.state}"


class SuccessionPart(PublicRow):
    """One of the items that are merged, or that come out of a split."""

    direction: ClassVar[Direction] = Direction.DOWN

    succession = models.ForeignKey(Succession, on_delete=models.CASCADE, related_name="parts", db_index=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="succession_parts")
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["succession", "item"], name="one_part_per_succession_and_item"),
            models.UniqueConstraint(fields=["succession", "position"], name="one_succession_part_per_position"),
        )

    def __str__(self) -> str:
        return f"{self.succession_id} {self.position}"
