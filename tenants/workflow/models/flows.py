"""A hall's flows, and the versions of them that were published."""

from typing import ClassVar

from django.db import models

from foundation.editing.models import OwnedDraft, SubmittedVersion
from foundation.frozen import FrozenFields
from foundation.rows import HallRow
from tenants.workflow.models.forms import Form, FormVersion
from tenants.workflow.states import FlowState


class Flow(OwnedDraft, HallRow):
    """A flow of the hall. ``definition`` is the draft, which may still be wrong; runs begin on the newest version."""

    called: ClassVar[str] = "这个流程"

    # never changes: other flows, addresses and files name the flow by it
    code = models.CharField(max_length=40)
    title = models.CharField("名称", max_length=100)
    # what its runs fill in; None: they carry no form
    form = models.ForeignKey(Form, on_delete=models.PROTECT, null=True, related_name="flows")
    definition = models.JSONField(default=dict)
    # which of the kept drafts it is: undoing goes down, doing again goes up
    position = models.PositiveIntegerField(default=0)
    # what the hall has promised for the whole of it, as StepLimit has it; None: nothing
    promise = models.JSONField("承诺时限", null=True)
    state = models.CharField("状态", max_length=9, choices=FlowState, default=FlowState.DRAFT)
    newest = models.ForeignKey("FlowVersion", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["code"], name="one_flow_per_code"),)

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class FlowRevision(HallRow):
    """A draft of a flow as it was saved, so that what was done to it can be undone and done again."""

    # the constraint below leads with it
    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="revisions", db_index=False)
    position = models.PositiveIntegerField()
    definition = models.JSONField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["flow", "position"], name="one_flow_revision_per_position"),)

    def __str__(self) -> str:
        return f"{self.flow_id} #{self.position}"


class FlowVersion(SubmittedVersion, HallRow):
    """A flow as it was published, with the version of its form: a run stays on both."""

    # the constraint below leads with it
    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="versions", db_index=False)
    definition = models.JSONField()
    form_version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["flow", "number"], name="one_flow_version_per_number"),
            FrozenFields(fields=["flow", "number", "definition", "form_version"], name="flow_version_stays"),
        )

    def __str__(self) -> str:
        return f"{self.flow_id} v{self.number}"
