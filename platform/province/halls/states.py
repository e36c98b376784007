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

# who has something at a hall signs in at its host; while it is suspended, for what of theirs goes on (decision 101)
SIGNED_IN_AT = frozenset({HallState.TRIAL, HallState.LIVE, HallState.SUSPENDED})


class PlanState(models.TextChoices):
    DRAFT = "draft", "待办结"
    APPLIED = "applied", "已办结"
    DISCARDED = "discarded", "已放弃"


PLAN_TRANSITIONS = Transitions(
    {
        PlanState.DRAFT: frozenset({PlanState.APPLIED, PlanState.DISCARDED}),
        # a line was taken back
        PlanState.APPLIED: frozenset({PlanState.DRAFT}),
        PlanState.DISCARDED: frozenset(),
    }
)


class ChangeState(models.TextChoices):
    """Of one line of a plan."""

    PROPOSED = "proposed", "待决定"
    ACCEPTED = "accepted", "已采纳"
    CORRECTED = "corrected", "已更正"
    POSTPONED = "postponed", "暂缓"
    APPLIED = "applied", "已生效"
    TAKEN = "taken", "并入另一项"
    DROPPED = "dropped", "已放弃"


_DECISIONS = frozenset({ChangeState.ACCEPTED, ChangeState.CORRECTED, ChangeState.POSTPONED})
_WAYS_OUT = frozenset({ChangeState.TAKEN, ChangeState.DROPPED})

CHANGE_TRANSITIONS = Transitions(
    {
        ChangeState.PROPOSED: _DECISIONS | _WAYS_OUT,
        ChangeState.POSTPONED: _DECISIONS | _WAYS_OUT | {ChangeState.PROPOSED},
        ChangeState.ACCEPTED: _DECISIONS | _WAYS_OUT | {ChangeState.PROPOSED, ChangeState.APPLIED},
        ChangeState.CORRECTED: _DECISIONS | _WAYS_OUT | {ChangeState.PROPOSED, ChangeState.APPLIED},
        # taken back: it stays in sight until it is decided anew
        ChangeState.APPLIED: frozenset({ChangeState.POSTPONED}),
        # the correction that took its code was taken back
        ChangeState.TAKEN: frozenset({ChangeState.PROPOSED, ChangeState.DROPPED}),
        ChangeState.DROPPED: frozenset(),
    }
)

DECIDED = (ChangeState.ACCEPTED, ChangeState.CORRECTED)
UNDECIDED = (ChangeState.PROPOSED, ChangeState.POSTPONED)
