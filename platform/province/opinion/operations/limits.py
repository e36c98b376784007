"""A calendar was published: the halls whose open questions it may touch count them anew, each for itself."""

from uuid import UUID

from foundation.events.operations import emit_events
from province.opinion.events import LIMITS_TOUCHED, LimitsTouched
from province.opinion.queries.limits import touched_reports
from province.workdays.events import CalendarChanged


def tell_touched_halls(*, calendar_id: UUID, changed: CalendarChanged) -> None:
    """An event for every hall with an open question whose limit could count one of the days that changed: two
    statements, whatever the number of halls."""
    reports = touched_reports(changed.prefix, changed.first, changed.last)
    hall_ids = list(reports.order_by("hall_id").values_list("hall_id", flat=True).distinct())
    if hall_ids:
        why = LimitsTouched(why=changed.why)
        emit_events(kind=LIMITS_TOUCHED, payload=why, subject_id=calendar_id, hall_ids=hall_ids)
