"""States of a year's calendar, and which may follow which."""

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
