"""What the forms and the flows of a hall have in common."""

from typing import Any, ClassVar
from uuid import UUID

from django.db import models

from foundation.digests import DigestField
from foundation.editing.models import OwnedDraft
from foundation.rows import HallRow
from tenants.workflow.states import DesignState


class Design(OwnedDraft, HallRow):
    """What a hall designs: a form or a flow. ``definition`` is the draft, which may still be wrong; ``newest`` is what
    was published last."""

    # as acts of the audit name it (``form``), as people name it (表单), and one of it (一张表单)
    noun: ClassVar[str]
    word: ClassVar[str]
    one: ClassVar[str]
    # what is read together with it, and with a version of it
    read_with: ClassVar[tuple[str, ...]]
    version_with: ClassVar[str | None] = None

    # never changes: addresses, files and other definitions name it by its code
    code = models.CharField(max_length=40)
    title = models.CharField("名称", max_length=100)
    definition = models.JSONField(default=dict)
    state = models.CharField("状态", max_length=9, choices=DesignState, default=DesignState.DRAFT)

    # of the province's: the version of the item with which it came down, and the digest of what came; None: its own
    origin_version_id = models.UUIDField(null=True)
    origin_digest = DigestField(null=True)

    # of each kind its own
    newest: Any
    newest_id: UUID | None
    versions: Any

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.code} {self.title}"
