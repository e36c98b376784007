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


# the steps at which a version waits for a reviewer
OPEN_REVIEWS = (ReviewState.FIRST, ReviewState.SECOND, ReviewState.FINAL)


class DeskState(models.TextChoices):
    """How a desk sees a manuscript: by its latest version, or as a draft that has none."""

    DRAFT = "draft", "草稿"
    FIRST = ReviewState.FIRST.value, ReviewState.FIRST.label
    SECOND = ReviewState.SECOND.value, ReviewState.SECOND.label
    FINAL = ReviewState.FINAL.value, ReviewState.FINAL.label
    APPROVED = ReviewState.APPROVED.value, ReviewState.APPROVED.label
    RETURNED = ReviewState.RETURNED.value, ReviewState.RETURNED.label


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
        # undo; another kind of withdrawal; and the end of what was put in its place
        PushState.WITHDRAWN: frozenset({PushState.LIVE, PushState.WITHDRAWN, PushState.EXPIRED}),
        PushState.EXPIRED: frozenset(),
        PushState.STOPPED: frozenset({PushState.SCHEDULED, PushState.LIVE}),
    }
)


class PushMode(models.TextChoices):
    DIRECT = "direct", "直接发布"
    OFFERED = "offered", "推荐采用"


class WithdrawalKind(models.TextChoices):
    """After GOV.UK's unpublishing types."""

    GONE = "gone", "已删除（410）"
    REDIRECT = "redirect", "转到其他页面（301）"
    NOTICE = "notice", "保留页面并加说明"
    VANISH = "vanish", "如同从未发布（404）"
    SUBSTITUTE = "substitute", "换成另一版本"


class PageAnswer(models.TextChoices):
    """How a hall's site answers for the page of a push."""

    SHOWN = "shown", "正常显示"
    NOTICE = "notice", "显示并附说明"
    GONE = "gone", "已删除（410）"
    REDIRECT = "redirect", "转到其他页面（301）"
    MISSING = "missing", "没有这个页面（404）"


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
    OVERTAKEN = "overtaken", "已被后续操作取代"
    # the platform lets nobody but its own pages do it
    BY_HAND = "by_hand", "待人工处理"


DELIVERY_TRANSITIONS = Transitions(
    {
        DeliveryState.WAITING: frozenset(
            {DeliveryState.DONE, DeliveryState.DEAD, DeliveryState.OVERTAKEN, DeliveryState.BY_HAND}
        ),
        # it was on its way when something later was done to the push
        DeliveryState.OVERTAKEN: frozenset({DeliveryState.DONE, DeliveryState.BY_HAND}),
        # somebody says that they have done it
        DeliveryState.BY_HAND: frozenset({DeliveryState.DONE}),
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


class LookedAt(models.TextChoices):
    """Where a reader meets a push on a hall's site, in the order in which a verifier looks."""

    ARTICLE = "article", "稿件页"
    HOME = "home", "首页"
    COLUMN = "column", "栏目页"
    FEED = "feed", "订阅源"
    SEARCH = "search", "站内搜索"


class Outcome(models.TextChoices):
    RIGHT = "right", "正确"
    WRONG = "wrong", "不符"
    UNREACHABLE = "unreachable", "无法访问"


class Vantage(models.TextChoices):
    """Who looked: the province's own verifier, or somebody outside with ``yizhan look``."""

    INSIDE = "inside", "内部核验"
    OUTSIDE = "outside", "外部查看"
