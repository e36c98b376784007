from django.db import models

from foundation.states import Transitions


class RolloutState(models.TextChoices):
    RUNNING = "running", "进行中"
    DONE = "done", "已完成"
    # every step was tried; those that failed are listed with their reasons
    PARTLY_DONE = "partly_done", "部分完成"


class StepState(models.TextChoices):
    WAITING = "waiting", "等待"
    DONE = "done", "已完成"
    FAILED = "failed", "失败"


ROLLOUT_TRANSITIONS = Transitions(
    {
        RolloutState.RUNNING: frozenset({RolloutState.DONE, RolloutState.PARTLY_DONE}),
        RolloutState.DONE: frozenset(),
        RolloutState.PARTLY_DONE: frozenset(),
    }
)
