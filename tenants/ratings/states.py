from typing import Final

from django.db import models

from foundation.states import Transitions

# what the clocks of a low rating are of (province.workdays)
RATING_CLOCK: Final = "rating"


class RatingState(models.TextChoices):
    """Whether somebody has said what they think. ``DEFAULTED`` is nobody's opinion and counts in no real figure."""

    AWAITED = "awaited", "待评价"
    GIVEN = "given", "已评价"
    DEFAULTED = "defaulted", "默认好评"


# who comes after the time is heard: the real rating takes the place of the default
RATING_TRANSITIONS: Final = Transitions[RatingState](
    {
        RatingState.AWAITED: frozenset({RatingState.GIVEN, RatingState.DEFAULTED}),
        RatingState.DEFAULTED: frozenset({RatingState.GIVEN}),
        RatingState.GIVEN: frozenset(),
    }
)


class RatingChannel(models.TextChoices):
    """How somebody came to rate."""

    SITE = "site", "网站登录"
    LOOKED_UP = "looked_up", "查进度"
    LINK = "link", "扫码或链接"


class LowRatingState(models.TextChoices):
    """How the answer to a low rating stands (差评核实、整改、反馈)."""

    WAITING = "waiting", "待联系"
    CONTACTED = "contacted", "待核实"
    MENDING = "mending", "待整改"
    TO_TELL = "to_tell", "待反馈"
    TOLD = "told", "待办结"
    CLOSED = "closed", "已办结"


OPEN_LOW_RATINGS: Final = tuple(one for one in LowRatingState if one is not LowRatingState.CLOSED)
LOW_RATING_TRANSITIONS: Final = Transitions[LowRatingState](
    {
        LowRatingState.WAITING: frozenset({LowRatingState.CONTACTED}),
        # what was found right is mended first, what was not is explained
        LowRatingState.CONTACTED: frozenset({LowRatingState.MENDING, LowRatingState.TO_TELL}),
        LowRatingState.MENDING: frozenset({LowRatingState.TO_TELL}),
        LowRatingState.TO_TELL: frozenset({LowRatingState.TOLD}),
        LowRatingState.TOLD: frozenset({LowRatingState.CLOSED}),
        LowRatingState.CLOSED: frozenset(),
    }
)


class RatingFinding(models.TextChoices):
    """What looking into a low rating came to."""

    FOUNDED = "founded", "属实"
    UNFOUNDED = "unfounded", "不属实"
