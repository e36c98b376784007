"""States of a year's calendar, of a hall's days and of clocks, and which may follow which."""

from typing import Final

from django.db import models

from foundation.states import Transitions


class CalendarState(models.TextChoices):
    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "已公布"
    REPLACED = "replaced", "已被替换"
    DISCARDED = "discarded", "已放弃"


CALENDAR_TRANSITIONS: Final = Transitions[CalendarState](
    {
        CalendarState.DRAFT: frozenset({CalendarState.PUBLISHED, CalendarState.DISCARDED}),
        CalendarState.PUBLISHED: frozenset({CalendarState.REPLACED}),
        CalendarState.REPLACED: frozenset(),
        CalendarState.DISCARDED: frozenset(),
    }
)


class HallDaysKind(models.TextChoices):
    """What a hall arranges for days of its own."""

    OFF = "off", "全天不办公"
    MORNING = "morning", "上午不办公"
    AFTERNOON = "afternoon", "下午不办公"
    WORKED = "worked", "休息日照常办公"


class HallDaysState(models.TextChoices):
    IN_FORCE = "in_force", "有效"
    LIFTED = "lifted", "已撤销"


HALL_DAYS_TRANSITIONS: Final = Transitions[HallDaysState](
    {HallDaysState.IN_FORCE: frozenset({HallDaysState.LIFTED}), HallDaysState.LIFTED: frozenset()}
)


class ClockKind(models.TextChoices):
    """What a clock measures. Several run side by side for one owner, at most one of each kind."""

    STATUTORY = "statutory", "法定时限"
    PROMISED = "promised", "承诺时限"
    STEP = "step", "环节时限"
    ACCEPTANCE = "acceptance", "受理时限"
    SUPPLEMENT = "supplement", "补正时限"
    DELIVERY = "delivery", "送达时限"
    LAPSE = "lapse", "容缺补齐时限"
    # of what was served electronically: until its receiver opens it
    OPENING = "opening", "查收时限"
    # of a low rating: until its rater is called, and until it is mended and told
    CONTACT = "contact", "联系时限"
    MENDING = "mending", "整改时限"


# those that nothing within them may outlast
OUTER_KINDS: Final = (ClockKind.STATUTORY, ClockKind.PROMISED)


class ClockState(models.TextChoices):
    """``RUNNING`` says nothing of being late: that follows from its last day. ``MET`` and ``LATE`` say how it ended."""

    RUNNING = "running", "计时中"
    PAUSED = "paused", "已暂停"
    MET = "met", "按时完成"
    LATE = "late", "超期完成"
    DROPPED = "dropped", "不再计时"


CLOCK_TRANSITIONS: Final = Transitions[ClockState](
    {
        ClockState.RUNNING: frozenset({ClockState.PAUSED, ClockState.MET, ClockState.LATE, ClockState.DROPPED}),
        # a pause is closed before its clock ends
        ClockState.PAUSED: frozenset({ClockState.RUNNING}),
        ClockState.MET: frozenset(),
        ClockState.LATE: frozenset(),
        ClockState.DROPPED: frozenset(),
    }
)


class ClockTold(models.IntegerChoices):
    """What the sweep has told of a clock. It only grows, so that nothing is told twice."""

    NOTHING = 0, "未提醒"
    NEAR = 1, "已提醒将到期"
    RAN_OUT = 2, "已告知超期"


class RecountState(models.TextChoices):
    COUNTING = "counting", "重算中"
    DONE = "done", "已重算"


RECOUNT_TRANSITIONS: Final = Transitions[RecountState](
    {RecountState.COUNTING: frozenset({RecountState.DONE}), RecountState.DONE: frozenset()}
)
