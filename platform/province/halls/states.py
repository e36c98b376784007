from django.db import models

from foundation.states import Transitions


class HallState(models.TextChoices):
    PLANNED = "planned", "筹建"
    TRIAL = "trial", "试运行"
    LIVE = "live", "正式运行"
    SUSPENDED = "suspended", "暂停"
    RETIRED = "retired", "停用"


HALL_TRANSITIONS = Transitions(
    {
        HallState.PLANNED: frozenset({HallState.TRIAL, HallState.RETIRED}),
        HallState.TRIAL: frozenset({HallState.LIVE, HallState.SUSPENDED, HallState.RETIRED}),
        HallState.LIVE: frozenset({HallState.SUSPENDED, HallState.RETIRED}),
        # a hall goes back to what it was before; which of the two, its row remembers
        HallState.SUSPENDED: frozenset({HallState.TRIAL, HallState.LIVE, HallState.RETIRED}),
        HallState.RETIRED: frozenset(),
    }
)


class PlanState(models.TextChoices):
    DRAFT = "draft", "待确认"
    APPLIED = "applied", "已执行"
    DISCARDED = "discarded", "已放弃"


PLAN_TRANSITIONS = Transitions(
    {
        PlanState.DRAFT: frozenset({PlanState.APPLIED, PlanState.DISCARDED}),
        PlanState.APPLIED: frozenset(),
        PlanState.DISCARDED: frozenset(),
    }
)
