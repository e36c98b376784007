from django.db import models

from foundation.states import Transitions


class ReviewState(models.TextChoices):
    """三审三校: three reviews, each of which may return the text."""

    FIRST = "first", "待初审"
    SECOND = "second", "待复审"
    FINAL = "final", "待终审"
    APPROVED = "approved", "已通过"
    RETURNED = "returned", "已退回"


REVIEW_TRANSITIONS = Transitions(
    {
        ReviewState.FIRST: frozenset({ReviewState.SECOND, ReviewState.RETURNED}),
        ReviewState.SECOND: frozenset({ReviewState.FINAL, ReviewState.RETURNED}),
        ReviewState.FINAL: frozenset({ReviewState.APPROVED, ReviewState.RETURNED}),
        ReviewState.APPROVED: frozenset(),
        ReviewState.RETURNED: frozenset(),
    }
)


class PushState(models.TextChoices):
    SCHEDULED = "scheduled", "定时"
    LIVE = "live", "已发布"
    WITHDRAWN = "withdrawn", "已撤稿"
    EXPIRED = "expired", "已到期"
    STOPPED = "stopped", "已取消"


PUSH_TRANSITIONS = Transitions(
    {
        PushState.SCHEDULED: frozenset({PushState.LIVE, PushState.STOPPED}),
        PushState.LIVE: frozenset({PushState.WITHDRAWN, PushState.EXPIRED}),
        # undo
        PushState.WITHDRAWN: frozenset({PushState.LIVE}),
        PushState.EXPIRED: frozenset(),
        PushState.STOPPED: frozenset({PushState.SCHEDULED}),
    }
)


class PushMode(models.TextChoices):
    DIRECT = "direct", "直接发布"
    OFFERED = "offered", "推荐采用"


class WithdrawalKind(models.TextChoices):
    """After GOV.UK's unpublishing types."""

    GONE = "gone", "已删除(410)"
    REDIRECT = "redirect", "转到其他页面(301)"
    NOTICE = "notice", "保留页面并加说明"
    VANISH = "vanish", "如同从未发布(404)"
    SUBSTITUTE = "substitute", "换成另一版本"


class AccountState(models.TextChoices):
    """新媒体备案 (国办发〔2018〕123号)."""

    FILED = "filed", "已备案"
    CHANGED = "changed", "变更中"
    CLOSED = "closed", "已注销"


ACCOUNT_TRANSITIONS = Transitions(
    {
        AccountState.FILED: frozenset({AccountState.CHANGED, AccountState.CLOSED}),
        AccountState.CHANGED: frozenset({AccountState.FILED, AccountState.CLOSED}),
        AccountState.CLOSED: frozenset(),
    }
)


class DeliveryState(models.TextChoices):
    WAITING = "waiting", "待发送"
    DONE = "done", "已送达"
    DEAD = "dead", "已放弃"


DELIVERY_TRANSITIONS = Transitions(
    {
        DeliveryState.WAITING: frozenset({DeliveryState.DONE, DeliveryState.DEAD}),
        DeliveryState.DONE: frozenset(),
        # the retry button
        DeliveryState.DEAD: frozenset({DeliveryState.WAITING}),
    }
)


class OfferState(models.TextChoices):
    OFFERED = "offered", "待选用"
    TAKEN = "taken", "已选用"
    DECLINED = "declined", "未选用"


OFFER_TRANSITIONS = Transitions(
    {
        OfferState.OFFERED: frozenset({OfferState.TAKEN, OfferState.DECLINED}),
        OfferState.TAKEN: frozenset(),
        OfferState.DECLINED: frozenset({OfferState.TAKEN}),
    }
)
