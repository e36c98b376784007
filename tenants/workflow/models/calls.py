"""What steps of runs ask of systems outside."""

from django.db import models

from foundation.sealing.fields import SealedJSONField, SealedRow
from tenants.workflow.models.runs import Run, WorkItem
from tenants.workflow.states import CallState


class PluginCall(SealedRow):
    """One visit of a run to an action outside. What it was given stays as it was at the first attempt."""

    # the index below leads with it
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="calls", db_index=False)
    item = models.OneToOneField(WorkItem, on_delete=models.CASCADE, related_name="call")
    plugin = models.CharField(max_length=40)
    # by which the other side knows it, at every attempt
    key = models.UUIDField()
    state = models.CharField("状态", max_length=8, choices=CallState, default=CallState.WAITING)
    given = SealedJSONField()
    # {} as long as there is none
    answer = SealedJSONField()

    class Meta:
        indexes = (models.Index(fields=["run", "key"], name="workflow_call_of_run"),)

    def __str__(self) -> str:
        return f"{self.plugin} {self.state}"
