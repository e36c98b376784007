"""On which days a shift is kept, as what somebody is on duty, and how a request for a swap stands."""

from typing import Final

from django.db import models

from foundation.states import Transitions


class DutyDays(models.TextChoices):
    EVERY = "every", "每天"
    WORK = "work", "工作日"
    REST = "rest", "休息日和节假日"


class DutyPart(models.TextChoices):
    LEADER = "leader", "带班领导"
    PERSON = "person", "值班员"


class SwapState(models.TextChoices):
    """How a request for a swap (换班申请) stands."""

    ASKED = "asked", "等对方答复"
    AGREED = "agreed", "等排班的人确认"
    DONE = "done", "已换班"
    REFUSED = "refused", "对方不同意"
    DECLINED = "declined", "没有批准"
    WITHDRAWN = "withdrawn", "已撤回"


OPEN_SWAPS: Final = (SwapState.ASKED, SwapState.AGREED)
SWAP_TRANSITIONS: Final = Transitions(
    {
        SwapState.ASKED: frozenset({SwapState.AGREED, SwapState.REFUSED, SwapState.WITHDRAWN}),
        SwapState.AGREED: frozenset({SwapState.DONE, SwapState.DECLINED, SwapState.WITHDRAWN}),
    }
)
