"""Recounts of open clocks: how far they are, and what they moved."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from province.workdays.models import ClockRecount
from province.workdays.states import RecountState

# a part takes seconds; who has not moved for so long was killed, or waits for a hall
ABANDONED_AFTER: Final = timedelta(seconds=30)


def recounts_table() -> QuerySet[ClockRecount]:
    """All of them, the latest first."""
    return ClockRecount.objects.order_by("-pk")


def latest_recount(cause_ids: Iterable[UUID]) -> ClockRecount | None:
    """Of those that one of these calendars set off."""
    return recounts_table().filter(cause_id__in=list(cause_ids)).first()


def abandoned_recounts() -> list[UUID]:
    """Those that nobody carries on."""
    before = timezone.now() - ABANDONED_AFTER
    unfinished = ClockRecount.objects.filter(state=RecountState.COUNTING, progress_at__lt=before)
    return list(unfinished.order_by("progress_at").values_list("pk", flat=True)[:100])
