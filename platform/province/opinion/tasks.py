"""What calendars do to questions."""

from foundation.events.kinds import ReceivedEvent, subscribes
from province.opinion.operations import tell_touched_halls
from province.workdays.events import CALENDAR_PUBLISHED, CalendarChanged


@subscribes(CALENDAR_PUBLISHED, "opinion.tell_touched_halls")
def _tell_touched_halls(event: ReceivedEvent[CalendarChanged]) -> None:
    tell_touched_halls(calendar_id=event.subject_id, changed=event.payload)
