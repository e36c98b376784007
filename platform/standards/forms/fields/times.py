"""Days and times of day."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Annotated, Any, ClassVar, Final, Literal, override

from pydantic import Field, model_validator

from standards.forms.expressions.kinds import NamedValue, ValueKind
from standards.forms.fields.base import (
    BaseField,
    Cell,
    FieldName,
    PaletteGroup,
    Strict,
    Value,
    code_of,
    line_of,
    part_of,
    titled,
)
from standards.forms.filling import FillingContext
from standards.workdays.calendar import WorkCalendar
from standards.workdays.hours import OfficeHours, Span, holds, said_span
from standards.workdays.limits import ASSUMED_BRIEFLY

_DAY: Final = re.compile(r"(\d{4})(?:年|[-/.])(\d{1,2})(?:月|[-/.])(\d{1,2})[日号]?|(\d{4})(\d{2})(\d{2})", re.ASCII)
_TIME: Final = re.compile(r"(上午|下午|晚上|早上)?(\d{1,2})(?:[:时点](\d{1,2})?分?)(?::00)?", re.ASCII)
_NOON: Final = 12
_MOST_DAYS: Final = 3_660


class DayBound(Strict):
    """A day: ``on``, or so many days (or working days) from the day on which it is filled in."""

    on: Annotated[date | None, titled("固定的一天")] = None
    days: Annotated[
        Annotated[int, Field(ge=-40_000, le=40_000)] | None, titled("填写那天起第几天", "0 是当天，-1 是前一天。")
    ] = None
    workdays: Annotated[
        Annotated[int, Field(ge=-_MOST_DAYS, le=_MOST_DAYS)] | None, titled("填写那天起第几个工作日", "0 是当天。")
    ] = None

    @model_validator(mode="after")
    def _says_one(self) -> "DayBound":
        if sum(one is not None for one in (self.on, self.days, self.workdays)) != 1:
            raise ValueError("日期的界限要写 on、days、workdays 其中一个")
        return self

    def day(self, context: FillingContext) -> date:
        """The day that it is today."""
        if self.on:
            return self.on
        if self.days is not None:
            return context.today + timedelta(days=self.days)
        return _workday_from(context.calendar, context.today, self.workdays or 0)


class DateField(BaseField):
    """日期."""

    title: ClassVar[str] = "日期"
    group: ClassVar[PaletteGroup] = PaletteGroup.TIME
    also_called: ClassVar[str] = "年月日"
    kind: ClassVar[ValueKind] = ValueKind.DATE

    type: Literal["date"]
    earliest: Annotated[DayBound | None, titled("最早")] = None
    latest: Annotated[DayBound | None, titled("最晚")] = None
    workdays_only: Annotated[bool, titled("只能是工作日")] = False

    @override
    def read(self, raw: object, context: FillingContext, before: Value = None) -> Value:
        parts = [code_of(part_of(raw, part)) for part in ("year", "month", "day")]
        return iso_day("-".join(parts) if any(parts) else code_of(raw)) or None

    @override
    def faults(self, value: Value, context: FillingContext) -> list[str]:
        day = day_of(value)
        if not day:
            return [f"“{self.label}”不是日期，应当像 2026-11-29 或 2026年11月29日 这样。"]
        if self.earliest and day < (earliest := self.earliest.day(context)):
            return [f"“{self.label}”不能早于 {said_day(earliest)}。"]
        if self.latest and day > (latest := self.latest.day(context)):
            return [f"“{self.label}”不能晚于 {said_day(latest)}。"]
        if self.workdays_only and not context.calendar.is_workday(day):
            holiday = context.calendar.holiday_name(day) or "休息日"
            return [f"“{self.label}”{said_day(day)}是{holiday}，请选工作日。"]
        return []

    @override
    def remark(self, value: Value, beside: Mapping[str, Value], context: FillingContext) -> str:
        day = day_of(value) if self.workdays_only else None
        return ASSUMED_BRIEFLY if day and not context.calendar.is_published(day.year) else ""

    @override
    def text(self, value: Value) -> str:
        day = day_of(value)
        return said_day(day) if day else str(value or "")

    @override
    def cell(self, value: Value) -> Cell:
        return day_of(value) or self.text(value)

    @override
    def expressed(self, value: Value) -> Any:
        return value if day_of(value) else None

    @override
    def value_schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date"}

    @override
    def own_faults(self) -> list[str]:
        both = self.earliest and self.latest and self.earliest.on and self.latest.on
        if both and self.earliest and self.latest and str(self.earliest.on) > str(self.latest.on):
            return [f"“{self.label}”的最早日期晚于最晚日期，什么也填不了。"]
        return []


# the attribute of a time that names a field beside it
DAY_FIELD: Final = "day_field"
ClockTime = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]\Z")]


class TimeField(BaseField):
    """时间: a time of day, by the minute.

    ``office_hours_only``: while the hall is open (办公时间): on the day that the date field ``day_field`` says; without
    one, or before it is filled in, on some day of the hall's week.
    """

    title: ClassVar[str] = "时间"
    group: ClassVar[PaletteGroup] = PaletteGroup.TIME
    also_called: ClassVar[str] = "几点 时刻 办公时间 工作时间 预约"

    type: Literal["time"]
    earliest: Annotated[ClockTime, titled("最早", control="time")] = "00:00"
    latest: Annotated[ClockTime, titled("最晚", control="time")] = "23:59"
    office_hours_only: Annotated[
        bool, titled("只能是办公时间", "按本厅的开放时间；节假日、调休和本厅自己安排的日子都算在内。")
    ] = False
    day_field: Annotated[
        FieldName | Literal[""],
        titled(
            "看哪一天的办公时间",
            "选一个日期字段，那天不办公、只办半天的，按那天算；不选，按一周的办公时间。",
            control="day_field",
            needs="office_hours_only",
        ),
    ] = ""

    @override
    def read(self, raw: object, context: FillingContext, before: Value = None) -> Value:
        parts = [code_of(part_of(raw, part)) for part in ("hour", "minute")]
        code = f"{parts[0]}:{parts[1]}" if any(parts) else code_of(raw)
        return _clock(code) or code or None

    @override
    def faults(self, value: Value, context: FillingContext) -> list[str]:
        if _clock(value) != value:
            return [f"“{self.label}”不是时间，应当像 09:30 这样。"]
        if not self.earliest <= value <= self.latest:
            return [f"“{self.label}”应当在 {self.earliest} 至 {self.latest} 之间。"]
        return []

    @override
    def faults_beside(self, value: Value, beside: Mapping[str, Value], context: FillingContext) -> list[str]:
        if not self.office_hours_only:
            return []
        day, hours = self._day(beside), context.hours
        if day is None:
            if hours.is_open_in_week(value):
                return []
            return [f"“{self.label}”应当是办公时间{_in_week(hours)}。"]
        spans = hours.on(day)
        if not spans:
            return [f"“{self.label}”{said_day(day)}不办公（{hours.why_otherwise(day)}），请换一天。"]
        if holds(spans, value):
            return []
        why = hours.why_otherwise(day)
        said = f"{_said_spans(spans)}{f'（{why}）' if why else ''}"
        return [f"“{self.label}”应当在{said_day(day)}的办公时间以内：{said}。"]

    @override
    def remark(self, value: Value, beside: Mapping[str, Value], context: FillingContext) -> str:
        day = self._day(beside) if self.office_hours_only else None
        return ASSUMED_BRIEFLY if day and not context.hours.calendar.is_published(day.year) else ""

    @override
    def advice(self, value: Value, beside: Mapping[str, Value], context: FillingContext) -> str:
        if not self.office_hours_only:
            return ""
        day, hours = self._day(beside), context.hours
        if day is None:
            return f"办公时间{said}" if (said := _in_week(hours)) else "请填工作日的办公时间"
        notes = [hours.why_otherwise(day), self.remark(value, beside, context)]
        said = "，".join(note for note in notes if note)
        spans = hours.on(day)
        words = f"办公{hours.mark}：{_said_spans(spans)}" if spans else "不办公"
        return f"{said_day(day)}{words}{f'（{said}）' if said else ''}"

    def _day(self, beside: Mapping[str, Value]) -> date | None:
        return day_of(beside.get(self.day_field)) if self.day_field else None

    @override
    def value_schema(self) -> dict[str, Any]:
        described = {"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]$"}
        if self.office_hours_only:
            described["description"] = f"办公时间（{self.day_field} 那天）" if self.day_field else "办公时间"
        return described

    @override
    def own_faults(self) -> list[str]:
        if self.day_field and not self.office_hours_only:
            return [f"“{self.label}”选了看哪一天的办公时间，却没有选“只能是办公时间”：请选上，或者不看那一天。"]
        late = self.earliest > self.latest
        return [f"“{self.label}”的最早时间晚于最晚时间，什么也填不了。"] if late else []


class PeriodField(BaseField):
    """起止日期: from a day to a day, both counted; the days and the working days follow, up to ten years."""

    title: ClassVar[str] = "起止日期"
    group: ClassVar[PaletteGroup] = PaletteGroup.TIME
    also_called: ClassVar[str] = "时间段 从哪天到哪天 请假时间"
    parts: ClassVar[Mapping[str, tuple[str, ValueKind]]] = {
        "begins_on": ("开始日期", ValueKind.DATE),
        "ends_on": ("结束日期", ValueKind.DATE),
    }

    type: Literal["period"]
    most_days: Annotated[
        Annotated[int, Field(ge=1, le=40_000)] | None, titled("最长天数", "不写就不限。", unit="天")
    ] = None

    @override
    def read(self, raw: object, context: FillingContext, before: Value = None) -> Value:
        begins, ends = (iso_day(code_of(part_of(raw, part))) for part in ("begins_on", "ends_on"))
        return {"begins_on": begins, "ends_on": ends} if begins or ends else None

    @override
    def faults(self, value: Value, context: FillingContext) -> list[str]:
        begins, ends = day_of(value["begins_on"]), day_of(value["ends_on"])
        if not begins or not ends:
            return [f"“{self.label}”的开始和结束都要写，应当像 2026-11-29 这样。"]
        if ends < begins:
            return [f"“{self.label}”的结束日期早于开始日期，请检查。"]
        if self.most_days and (ends - begins).days >= self.most_days:
            return [f"“{self.label}”最长 {self.most_days} 天，现在是 {(ends - begins).days + 1} 天。"]
        return []

    @override
    def text(self, value: Value) -> str:
        if not value:
            return ""
        days = [day_of(value[part]) for part in ("begins_on", "ends_on")]
        written = (value["begins_on"], value["ends_on"])
        return " 至 ".join(said_day(day) if day else text for day, text in zip(days, written, strict=True))

    @override
    def derived(self, value: Value, context: FillingContext) -> Mapping[str, Value]:
        begins, ends = (day_of(value[part]) for part in ("begins_on", "ends_on"))
        if not begins or not ends or not 0 <= (ends - begins).days < _MOST_DAYS:
            return {}
        days = [begins + timedelta(days=place) for place in range((ends - begins).days + 1)]
        return {
            "begins_on": begins.isoformat(),
            "ends_on": ends.isoformat(),
            "days": str(len(days)),
            "workdays": str(sum(context.calendar.is_workday(day) for day in days)),
        }

    @override
    def members(self) -> Mapping[str, NamedValue]:
        return {
            "begins_on": NamedValue(f"{self.label}：开始日期", ValueKind.DATE),
            "ends_on": NamedValue(f"{self.label}：结束日期", ValueKind.DATE),
            "days": NamedValue(f"{self.label}：天数", ValueKind.NUMBER),
            "workdays": NamedValue(f"{self.label}：工作日天数", ValueKind.NUMBER),
        }

    @override
    def typed(self, value: Value) -> Any:
        return value or {"begins_on": "", "ends_on": ""}

    @override
    def expressed(self, value: Value) -> Any:
        return self.text(value) or None

    @override
    def value_schema(self) -> dict[str, Any]:
        day = {"type": "string", "format": "date"}
        properties = {"begins_on": day, "ends_on": day}
        return {"type": "object", "properties": properties, "required": [*properties], "additionalProperties": False}


def iso_day(code: str) -> str:
    """2026年11月29日, 20261129 and 2026/11/29 as 2026-11-29; what is no day stays as it is."""
    found = _DAY.fullmatch(code)
    if not found:
        return line_of(code)
    year, month, day = (part for part in found.groups() if part is not None)
    written = f"{year}-{month:0>2}-{day:0>2}"
    return written if day_of(written) else line_of(code)


def day_of(value: object) -> date | None:
    """The day of a value; None where it is none."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == len("2026-11-29") else None
    except ValueError:
        return None


def said_day(day: date) -> str:
    """2026年11月29日."""
    return f"{day.year}年{day.month}月{day.day}日"


def _in_week(hours: OfficeHours) -> str:
    """：周一至周五 08:30–12:00、14:00–17:30, with the mark of the hours before it; "" where nobody has written them."""
    lines = "；".join(f"{line.days} {'、'.join(line.hours)}" for line in hours.lines)
    return f"{hours.mark}：{lines}" if lines else ""


def _said_spans(spans: Iterable[Span]) -> str:
    return "、".join(map(said_span, spans))


def _clock(code: str) -> str:
    found = _TIME.fullmatch(code)
    if not found:
        return ""
    hour, minute = int(found[2]), int(found[3] or 0)
    if found[1] in {"下午", "晚上"} and hour < _NOON:
        hour += _NOON
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else ""  # noqa: PLR2004 - a day, an hour


def _workday_from(calendar: WorkCalendar, day: date, workdays: int) -> date:
    step = timedelta(days=1 if workdays > 0 else -1)
    left = abs(workdays)
    while left:
        day += step
        left -= calendar.is_workday(day)
    return day
