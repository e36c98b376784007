from foundation.contributions import Contribution
from province.audit.queries.acts import ACTS
from province.console.slots import LIGHTS, NAVIGATION, WAITING, ConsoleLink
from province.workdays.operations.calendars import MANAGE
from province.workdays.queries.acts import ACT_NAMES
from province.workdays.queries.missing import CALENDAR_LIGHTS, calendars_waiting

contribution = Contribution(
    ACTS(*ACT_NAMES),
    NAVIGATION(ConsoleLink("工作日历", "console-workdays", "calendar", MANAGE, order=85, section="设置")),
    WAITING(calendars_waiting),
    LIGHTS(CALENDAR_LIGHTS),
)
