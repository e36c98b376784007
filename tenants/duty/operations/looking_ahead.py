"""Once a day somebody is told of the coming turns that nobody has."""

from datetime import datetime, time, timedelta
from itertools import groupby
from typing import Final

from django.db import transaction
from django.utils import timezone

from foundation.events.operations import set_due_time
from province.halls.models import Hall
from tenants.duty.events import DUTY_LOOK_AHEAD
from tenants.duty.models import DutyShift
from tenants.duty.operations.notices import tell_empty
from tenants.duty.queries.roster import DAYS_AHEAD, cells_without_people
from tenants.portal.operations.figures import check_inside

# before people begin to work
_AT: Final = time(8)


@transaction.atomic
def look_ahead(*, hall: Hall) -> int:
    """Tell who keeps the roster of each of the coming days on which somebody is missing; returns how many days. Told
    twice it tells nobody anew. Goes on tomorrow while a shift is in use."""
    check_inside(hall)
    if not look_ahead_soon(hall):
        return 0
    today = timezone.localdate()
    cells = cells_without_people(hall, today, today + timedelta(days=DAYS_AHEAD - 1))
    number = 0
    for on, of_day in groupby(cells, key=lambda one: one.on):
        words = "、".join(f"{one.shift.name}{one.part.label}" for one in of_day)
        tell_empty(hall, on, words, is_today=on == today)
        number += 1
    return number


def look_ahead_soon(hall: Hall) -> bool:
    """Have the next morning look; False where no shift is in use, and nothing is looked at."""
    if not DutyShift.objects.filter(is_in_use=True).exists():
        return False
    now = timezone.localtime()
    today = timezone.make_aware(datetime.combine(now.date(), _AT))
    due_at = today if now < today else today + timedelta(days=1)
    set_due_time(kind=DUTY_LOOK_AHEAD, subject_id=hall.pk, hall_id=hall.pk, due_at=due_at)
    return True
