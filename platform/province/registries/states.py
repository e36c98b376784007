from typing import Final

from django.db import models

from foundation.states import Transitions


class DocumentState(models.TextChoices):
    """Whether a document that was issued holds."""

    ISSUED = "issued", "有效"
    REVOKED = "revoked", "已撤销"
    REPLACED = "replaced", "已被替换"


# what has ended stays so: who erred issues another one
DOCUMENT_TRANSITIONS: Final = Transitions[DocumentState](
    {DocumentState.ISSUED: frozenset({DocumentState.REVOKED, DocumentState.REPLACED})}
)
