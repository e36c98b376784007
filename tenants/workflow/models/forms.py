"""A hall's forms, and the versions of them that were published."""

from typing import ClassVar

from django.db import models

from foundation.editing.models import OwnedDraft, SubmittedVersion
from foundation.frozen import FrozenFields
from foundation.rows import HallRow
from tenants.workflow.states import FormState


class Form(OwnedDraft, HallRow):
    """A form of the hall. ``definition`` is the draft, which may still be wrong; people fill in the newest version."""

    called: ClassVar[str] = "这张表单"

    # never changes: flows, addresses and files name the form by it
    code = models.CharField(max_length=40)
    title = models.CharField("名称", max_length=100)
    definition = models.JSONField(default=dict)
    state = models.CharField("状态", max_length=9, choices=FormState, default=FormState.DRAFT)
    newest = models.ForeignKey("FormVersion", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    # whether citizens may fill it in on the hall's site
    is_open = models.BooleanField("群众可以填写", default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["code"], name="one_form_per_code"),)

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class FormVersion(SubmittedVersion, HallRow):
    """A form as it was published: what is filled in stays on its version."""

    # the constraint below leads with it
    form = models.ForeignKey(Form, on_delete=models.CASCADE, related_name="versions", db_index=False)
    definition = models.JSONField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["form", "number"], name="one_form_version_per_number"),
            FrozenFields(fields=["form", "number", "definition"], name="form_version_stays"),
        )

    def __str__(self) -> str:
        return f"{self.form_id} v{self.number}"
