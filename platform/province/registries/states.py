from typing import Final

from django.db import models

from foundation.states import Transitions


class DocumentState(models.TextChoices):
    """Whether a document that was issued holds."""

    ISSUED = "issued", "有效"
    REVOKED = "revoked", "已撤销"
    REPLACED = "replaced", "已被替换"
    # a licence alone ends so: 行政许可法 art. 70 and 8, 行政处罚法 art. 9
    CANCELLED = "cancelled", "已注销"
    WITHDRAWN = "withdrawn", "已撤回"
    FORFEITED = "forfeited", "已吊销"


ENDED_STATES: Final = frozenset(one for one in DocumentState if one is not DocumentState.ISSUED)
# what has ended stays so: who erred issues another one. A licence holds again where the decision by which it was
# replaced or cancelled was itself put right
DOCUMENT_TRANSITIONS: Final = Transitions[DocumentState](
    {
        DocumentState.ISSUED: ENDED_STATES,
        DocumentState.REPLACED: frozenset({DocumentState.ISSUED}),
        DocumentState.CANCELLED: frozenset({DocumentState.ISSUED}),
    }
)
