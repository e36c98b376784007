"""Acts on many items of somebody's inbox, done in the background."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from foundation.rows import HallRow
from tenants.workflow.models.runs import LONGEST_OPINION
from tenants.workflow.states import TickedWork


class WorkBatch(HallRow):
    """批量办理: one act on many items, a part at a time. Seen by the person alone who asked for it."""

    account_id = models.UUIDField()
    position_id = models.UUIDField(null=True)
    # of the token with which a program asked for it
    scopes = ArrayField(models.CharField(max_length=64), null=True)
    act = models.CharField("操作", max_length=8, choices=TickedWork)
    outcome = models.CharField(max_length=40, blank=True)
    opinion = models.CharField(max_length=LONGEST_OPINION, blank=True)
    # ids of items in their order: those that are still to come
    waiting = models.JSONField(default=list)
    # of each that was tried its id and why it was refused, "" where it was done
    results = models.JSONField(default=list)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["account_id"], condition=models.Q(finished_at=None), name="one_open_work_batch_per_person"
            ),
        )

    def __str__(self) -> str:
        return f"{self.act} {len(self.results)}/{self.total}"

    @property
    def total(self) -> int:
        return len(self.waiting) + len(self.results)

    @property
    def done(self) -> int:
        return sum(not reason for _, reason in self.results)

    @property
    def refused(self) -> int:
        return len(self.results) - self.done
