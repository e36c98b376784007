"""A hall's flows, and the versions of them that were published."""

from typing import ClassVar

from django.db import models

from foundation.editing.models import SubmittedVersion
from foundation.frozen import FrozenFields
from foundation.rows import HallRow
from tenants.workflow.models.designs import Design
from tenants.workflow.models.forms import Form, FormVersion


class Flow(Design):
    """A flow of the hall: runs begin on the newest version."""

    noun: ClassVar[str] = "flow"
    word: ClassVar[str] = "流程"
    one: ClassVar[str] = "一个流程"
    called: ClassVar[str] = "这个流程"
    read_with: ClassVar[tuple[str, ...]] = ("newest", "form__newest")
    version_with: ClassVar[str | None] = "form_version"

    # what its runs fill in; None: they carry no form
    form = models.ForeignKey(Form, on_delete=models.PROTECT, null=True, related_name="flows")
    # which of the kept drafts it is: undoing goes down, doing again goes up
    position = models.PositiveIntegerField(default=0)
    # what the hall has promised for the whole of it, as StepLimit has it; None: nothing
    promise = models.JSONField("承诺时限", null=True)
    newest = models.ForeignKey("FlowVersion", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["code"], name="one_flow_per_code"),)


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
