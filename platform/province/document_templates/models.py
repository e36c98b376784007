"""The province's templates of documents: what is in force for which kind, and every version that was loaded."""

from typing import ClassVar

from django.db import models

from foundation.digests import DigestField
from foundation.files.models import StoredFile
from foundation.frozen import FrozenFields
from foundation.rows import Direction, PublicRow


class ProvinceTemplateFile(StoredFile, PublicRow):
    """A Word file as it was uploaded. Nothing of it goes into a document: halls read the layout alone."""

    direction: ClassVar[Direction] = Direction.DOWN


class ProvinceTemplate(PublicRow):
    """What halls without a template of their own issue documents of one kind by: the version in force, None for the
    platform's own template; since when, and who has decided so."""

    direction: ClassVar[Direction] = Direction.DOWN

    kind = models.CharField(max_length=40)
    current = models.ForeignKey(
        "ProvinceTemplateVersion", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    # counts what was decided: who decides says which they saw
    revision = models.PositiveIntegerField(default=0)
    since = models.DateTimeField(null=True)
    decided_by_name = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["kind"], name="one_province_template_per_kind"),)

    def __str__(self) -> str:
        return f"{self.kind} #{self.revision}"


class ProvinceTemplateVersion(PublicRow):
    """A template as it was loaded; it never changes, and none is deleted: halls copy it where they first issue by it.
    ``layout``: what was read of the file (``standards.documents.layout``)."""

    direction: ClassVar[Direction] = Direction.DOWN

    # the constraints below lead with it
    template = models.ForeignKey(ProvinceTemplate, on_delete=models.PROTECT, related_name="versions", db_index=False)
    # from 1 on, for each kind
    number = models.PositiveIntegerField()
    layout = models.JSONField()
    # of the layout
    sha256 = DigestField()
    file = models.ForeignKey(ProvinceTemplateFile, on_delete=models.PROTECT, related_name="+", db_index=False)
    loaded_by_id = models.UUIDField(null=True)
    loaded_by_name = models.CharField(max_length=80)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["template", "number"], name="one_province_template_version_per_number"),
            models.UniqueConstraint(fields=["template", "sha256"], name="one_province_template_version_per_layout"),
            FrozenFields(fields=["template", "number", "layout", "sha256", "file"], name="province_template_stays"),
        )

    def __str__(self) -> str:
        return f"{self.template_id} v{self.number}"
