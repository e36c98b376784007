from django.db import models

from foundation.states import Transitions


class DesignState(models.TextChoices):
    """Whether a form may be filled in, or runs of a flow may begin."""

    DRAFT = "draft", "未发布"
    PUBLISHED = "published", "已发布"
    RETIRED = "retired", "已停用"


DESIGN_TRANSITIONS = Transitions(
    {
        DesignState.DRAFT: frozenset({DesignState.PUBLISHED, DesignState.RETIRED}),
        # a newer version follows
        DesignState.PUBLISHED: frozenset({DesignState.PUBLISHED, DesignState.RETIRED}),
        DesignState.RETIRED: frozenset({DesignState.DRAFT, DesignState.PUBLISHED}),
    }
)


class FilledState(models.TextChoices):
    """Who may go on filling in: the person who began, nobody any more, or the steps of a run."""

    DRAFT = "draft", "填写中"
    SENT = "sent", "已提交"
    KEPT = "kept", "办理中"


FILLED_TRANSITIONS = Transitions(
    {
        FilledState.DRAFT: frozenset({FilledState.SENT, FilledState.KEPT}),
        # a run takes over what was sent
        FilledState.SENT: frozenset({FilledState.KEPT}),
        # the run has ended
        FilledState.KEPT: frozenset({FilledState.SENT}),
    }
)


class RunStatus(models.TextChoices):
    """How a run stands."""

    RUNNING = "running", "办理中"
    SUSPENDED = "suspended", "已挂起"
    FINISHED = "finished", "已办结"
    REFUSED = "refused", "未通过"
    TERMINATED = "terminated", "已终止"
    WITHDRAWN = "withdrawn", "已撤销"


_OPEN_RUN = frozenset(
    {RunStatus.SUSPENDED, RunStatus.FINISHED, RunStatus.REFUSED, RunStatus.TERMINATED, RunStatus.WITHDRAWN}
)
# what has ended stays so
RUN_TRANSITIONS = Transitions(
    {
        RunStatus.RUNNING: _OPEN_RUN,
        RunStatus.SUSPENDED: frozenset({RunStatus.RUNNING, RunStatus.TERMINATED}),
    }
)


class WorkState(models.TextChoices):
    """How one person's work at a step stands."""

    TO_CLAIM = "to_claim", "待认领"
    CLAIMED = "claimed", "待办"
    # somebody else comes before, or a clock, a message or a program is waited for
    WAITING = "waiting", "等待中"
    DONE = "done", "已办"
    RETURNED = "returned", "已退回"
    CANCELLED = "cancelled", "已取消"


OPEN_ITEMS = (WorkState.TO_CLAIM, WorkState.CLAIMED, WorkState.WAITING)
_CLOSED_ITEM = frozenset({WorkState.CANCELLED})
ITEM_TRANSITIONS = Transitions(
    {
        WorkState.TO_CLAIM: _CLOSED_ITEM | {WorkState.CLAIMED},
        # it is put back, lent out, done, or given back to an earlier step
        WorkState.CLAIMED: _CLOSED_ITEM
        | {WorkState.TO_CLAIM, WorkState.CLAIMED, WorkState.WAITING, WorkState.DONE, WorkState.RETURNED},
        # a clock or a program may end it without a person
        WorkState.WAITING: _CLOSED_ITEM | {WorkState.CLAIMED, WorkState.TO_CLAIM, WorkState.DONE},
        # taken back
        WorkState.DONE: frozenset({WorkState.CLAIMED}),
    }
)


class ItemPart(models.TextChoices):
    """Which part an item has in its step."""

    MAIN = "main", "主办"
    DELEGATE = "delegate", "委派"
    BEFORE = "before", "前加签"
    BESIDE = "beside", "并加签"
    AFTER = "after", "后加签"
    # no person's: the clock, a message, another run, a program
    WAIT = "wait", "等待"
    # a program's, and a person's where it has failed for good
    OUTSIDE = "outside", "外部动作"


class CallState(models.TextChoices):
    """How a call to something outside stands."""

    WAITING = "waiting", "等待外部系统"
    FAILED = "failed", "没有成功"
    # the answer is kept; the run goes on at once, or when it is resumed
    ANSWERED = "answered", "已答复"
    BY_HAND = "by_hand", "已手工填写"
    DROPPED = "dropped", "不再需要"


_ENDED_CALL = frozenset({CallState.ANSWERED, CallState.BY_HAND, CallState.DROPPED})
CALL_TRANSITIONS = Transitions(
    {
        CallState.WAITING: _ENDED_CALL | {CallState.FAILED},
        CallState.FAILED: _ENDED_CALL | {CallState.WAITING},
        # what was answered does not fit into the form, or the run ended before it could go on
        CallState.ANSWERED: frozenset({CallState.FAILED, CallState.BY_HAND, CallState.DROPPED}),
    }
)


class TickedWork(models.TextChoices):
    """What can be done with several items at once. ``FINISH``: with one outcome and one opinion for all of them."""

    CLAIM = "claim", "认领"
    PUT_BACK = "put_back", "放回"
    FINISH = "finish", "办理"
