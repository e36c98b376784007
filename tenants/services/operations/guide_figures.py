"""What a site check would find in the hall's guides, as the hall reports it; and when it looks again."""

from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from foundation.events.operations import set_due_time
from province.halls.models import Hall
from province.halls.operations.figures import lock_figures, report_guides
from tenants.services.events import GUIDES_CHECKED
from tenants.services.queries.site_check import guides_in_check

_EVERY: Final = timedelta(days=1)
_FROM_HOUR: Final = 1
_SPREAD_MINUTES: Final = 240


def lock_guide_figures(hall: Hall) -> None:
    """Lock what the hall reports of its site. It comes first: who publishes an article locks it before the hall's
    own row, too, and two who take them the other way round would wait for each other."""
    lock_figures(hall.pk)


def renew_guide_figures(hall: Hall) -> None:
    """Rewrite what the hall reports of its guides, in the caller's transaction; five queries, whatever their number.

    The caller has called ``lock_guide_figures`` before it locked anything else.
    """
    found = guides_in_check(hall)
    report_guides(hall.pk, shown=found.shown, poor=found.poor, sampled=found.sampled, faults=found.faults)


def expect_check(hall: Hall) -> None:
    """Have the hall's guides looked at in the coming night. The time is the same however often this is called, so that
    nobody who publishes every day puts it off."""
    set_due_time(kind=GUIDES_CHECKED, subject_id=hall.pk, hall_id=hall.pk, due_at=_coming_night(hall))


def _coming_night(hall: Hall) -> datetime:
    now = timezone.localtime()
    due_at = now.replace(hour=_FROM_HOUR, minute=0, second=0, microsecond=0)
    # not all halls in the same minute
    due_at += timedelta(minutes=hall.number % _SPREAD_MINUTES)
    return due_at if due_at > now else due_at + _EVERY
