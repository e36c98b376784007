"""What the audit calls the acts on calendars."""

from collections.abc import Collection, Mapping
from uuid import UUID

from province.audit.queries.acts import ActNames
from province.workdays.models import ClockRecount, HallDays, YearCalendar
from province.workdays.queries.years import COUNTRY
from province.workdays.states import CalendarState, HallDaysKind, HallDaysState, RecountState


def _names(ids: Collection[UUID]) -> Mapping[UUID, str]:
    return {
        one.pk: f"{one.year}年工作日历（{one.prefix or COUNTRY}，第 {one.version} 版）"
        for one in YearCalendar.objects.filter(pk__in=ids)
    }


def _days_names(ids: Collection[UUID]) -> Mapping[UUID, str]:
    return {one.pk: one.words for one in HallDays.objects.filter(pk__in=ids)}


def _recount_names(ids: Collection[UUID]) -> Mapping[UUID, str]:
    return {one.pk: f"期限重算（{one.why}）" for one in ClockRecount.objects.filter(pk__in=ids)}


_CALENDARS = ActNames(
    "工作日历",
    {
        "workdays.save_calendar": "修改工作日历草稿",
        "workdays.publish_calendar": "公布工作日历",
        "workdays.discard_calendar": "放弃工作日历草稿",
        "workdays.set_hall_days": "安排本厅的日子",
        "workdays.lift_hall_days": "撤销本厅的安排",
        "workdays.recount_clocks": "重算未办结的期限",
    },
    objects={"year_calendar": "工作日历", "hall_days": "本厅日历", "clock_recount": "期限重算"},
    fields={
        "year": "年份",
        "place": "适用地方",
        "days_off": "放假天数",
        "made_up": "调休上班天数",
        "document_number": "文号",
        "issued_on": "发文日期",
        "authority": "发文机关",
        "days": "安排",
        "moves_limits": "期限随之顺延",
        "limits_moved": "变动的期限",
        "limits_overdue": "其中变为超期",
        "clocks_clocks": "涉及的期限",
        "clocks_moved": "最后一日变了的期限",
        "clocks_overdue": "因此超期的期限",
        "clocks_halls": "涉及的服务厅",
        "clocks_owners": "涉及的办件和环节",
    },
    choices={
        ("year_calendar", "state"): CalendarState.choices,
        ("hall_days", "state"): HallDaysState.choices,
        ("hall_days", "kind"): HallDaysKind.choices,
        ("clock_recount", "state"): RecountState.choices,
    },
    names={"year_calendar": _names, "hall_days": _days_names, "clock_recount": _recount_names},
)

ACT_NAMES = (_CALENDARS,)
