from typing import Final

from django.db import models

from province.registries.states import DocumentState

# the kind of document that every licence is (standards.documents)
LICENCE_KIND: Final = "licence"


class LicenceStanding(models.TextChoices):
    """证照状态: how a licence stands on a day. As its document does, save that its days may be over; nothing keeps
    this."""

    HOLDS = DocumentState.ISSUED.value, "有效"
    EXPIRED = "expired", "已过期"
    REPLACED = DocumentState.REPLACED.value, "已换发"
    CANCELLED = DocumentState.CANCELLED.value, "已注销"
    REVOKED = DocumentState.REVOKED.value, "已撤销"
    WITHDRAWN = DocumentState.WITHDRAWN.value, "已撤回"
    FORFEITED = DocumentState.FORFEITED.value, "已吊销"


class LicenceEnd(models.TextChoices):
    """How a licence ends before its time, and by which act of the hall; each is a ``DocumentState``."""

    # 行政许可法 art. 70
    CANCELLED = DocumentState.CANCELLED.value, "注销"
    # 行政许可法 art. 69: it should not have been granted
    REVOKED = DocumentState.REVOKED.value, "撤销"
    # 行政许可法 art. 8: the law or the facts have changed
    WITHDRAWN = DocumentState.WITHDRAWN.value, "撤回"
    # 行政处罚法 art. 9: a punishment
    FORFEITED = DocumentState.FORFEITED.value, "吊销"
