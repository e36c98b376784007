from foundation.contributions import Contribution
from province.audit.queries.acts import ACTS
from province.console.slots import ADDED_LINKS, LIGHTS, SUBPAGES, WAITING, AddedLink, Subpages
from province.workdays.operations.calendars import MANAGE
from province.workdays.queries.acts import ACT_NAMES
from province.workdays.queries.clock_limits import CLOCK_LIMITS
from province.workdays.queries.missing import CALENDAR_LIGHTS, calendars_waiting
from province.workdays.slots import LIMITS

contribution = Contribution(
    ACTS(*ACT_NAMES),
    ADDED_LINKS(AddedLink("people.tabs", "workdays", "工作日历", "console-workdays", MANAGE)),
    SUBPAGES(Subpages("console-workdays", of="console-settings")),
    WAITING(calendars_waiting),
    LIGHTS(CALENDAR_LIGHTS),
    LIMITS(CLOCK_LIMITS),
)
