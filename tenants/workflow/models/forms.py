"""A hall's forms, and the versions of them that were published."""

from typing import ClassVar

from django.db import models

from foundation.editing.models import SubmittedVersion
from foundation.frozen import FrozenFields
from foundation.rows import HallRow
from tenants.workflow.models.designs import Design


class Form(Design):
    """A form of the hall: people fill in the newest version."""

    noun: ClassVar[str] = "form"
    word: ClassVar[str] = "表单"
    one: ClassVar[str] = "一张表单"
    called: ClassVar[str] = "这张表单"
    read_with: ClassVar[tuple[str, ...]] = ("newest",)

    newest = models.ForeignKey("FormVersion", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    # whether citizens may fill it in on the hall's site
    is_open = models.BooleanField("群众可以填写", default=False)
    # of several items (一件事): nobody here designs it
    is_foreign = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["code"], name="one_form_per_code"),)


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
