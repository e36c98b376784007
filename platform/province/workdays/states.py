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
