"""The text of a notice about holidays (放假安排的通知), read day by day.

It is a list, 一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。 What it says twice (the day of
the week, how many days) must agree; a sentence with a day that is off or worked and that cannot be read is a fault, and
never left out.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from standards.workdays.calendar import is_weekend

LONGEST_NOTICE: Final = 5_000
_LONGEST_HOLIDAY: Final = 40
# nobody is off for longer
_MOST_DAYS: Final = 31
_WEEK: Final = "一二三四五六日"
_DAY: Final = (
    r"(?:(?P<year{0}>\d{{4}})年)?(?:(?P<month{0}>\d{{1,2}})月)?(?P<day{0}>\d{{1,2}})日(?:\((?P<said{0}>[^)]*)\))?"
)
_FIRST, _LAST = _DAY.format(1), _DAY.format(2)
_SPAN: Final = re.compile(_FIRST + r"(?:(?:至|到|-|~|—+)" + _LAST + r")?")
_COUNTED: Final = re.compile(r"(?:共|放假)(\d{1,2})天")
_WEEKDAY: Final = re.compile(r"(?:周|星期|礼拜)([一二三四五六日天])")
_LINE: Final = re.compile(
    r"(?:[一二三四五六七八九十]+、|\(?\d{1,2}[.、)])?"
    r"(?P<name>[^:,。、\d]{1,20}(?:、[^:,。、\d]{1,20})*):(?P<rest>.+)"
)
_NUMBER: Final = re.compile(r"[\u4e00-\u9fff]{2,12}[〔\[(【]\d{4}[〕\])】]第?\d{1,5}号")
_TITLE_YEAR: Final = re.compile(r"(\d{4})年")
_SIGNED: Final = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
# advice, and what goes on during the holidays: no day becomes off or worked by it
_ADVICE: Final = ("鼓励", "值班", "遇有", "通知如下")


@dataclass(frozen=True, slots=True)
class NoticeDay:
    """A day of which the notice speaks. ``is_off``: nobody works; otherwise it is a weekend's and worked."""

    day: date
    is_off: bool
    name: str


@dataclass(frozen=True, slots=True)
class NoticeFault:
    """Why a sentence was refused. ``line``: counted from 1; ``text``: the sentence."""

    line: int
    text: str
    message: str


@dataclass(slots=True)
class ReadNotice:
    """What was understood. ``number``: 文号, "" where none is there; ``passed_over``: sentences by which no day becomes
    off or worked."""

    year: int | None = None
    number: str = ""
    issued_on: date | None = None
    days: list[NoticeDay] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    faults: list[NoticeFault] = field(default_factory=list)


class _Refused(ValueError):
    """With a sentence in Chinese."""


def read_notice(text: str, *, year: int | None = None) -> ReadNotice:
    """Read the notice for a year; without one, for that which it names. Never raises: what is wrong is in ``faults``,
    each with its line."""
    found = ReadNotice(year=year)
    lines = [_plain(line) for line in text[:LONGEST_NOTICE].splitlines()]
    if len(text) > LONGEST_NOTICE:
        found.faults.append(NoticeFault(len(lines), "", f"通知最多 {LONGEST_NOTICE:,} 个字，后面的没有读。"))
    _read_head(found, lines)
    if found.year is None:
        found.faults.append(NoticeFault(1, "", "看不出是哪一年的安排，请先选择年份。"))
        return found
    if year is not None and (named := _named_year(lines)) not in {None, year}:
        found.faults.append(NoticeFault(1, "", f"通知说的是 {named} 年，您正在编辑的是 {year} 年。"))
    taken: dict[date, NoticeDay] = {}
    for number, line in enumerate(lines, start=1):
        matched = _LINE.fullmatch(line)
        name, rest = (matched["name"], matched["rest"]) if matched else ("", line)
        for sentence in filter(None, rest.split("。")):
            try:
                for one in _read(sentence, name, found):
                    _take(one, taken)
            except _Refused as refusal:
                found.faults.append(NoticeFault(number, _shown(sentence), str(refusal)))
    found.days = sorted(taken.values(), key=lambda one: one.day)
    if not found.days and not found.faults:
        found.faults.append(NoticeFault(1, "", "没有读到放假或上班的日期。"))
    return found


def _plain(line: str) -> str:
    """Without spaces, its brackets and colons in one form."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", line)).replace("﹕", ":")


def _shown(sentence: str) -> str:
    return sentence.translate(str.maketrans(",:;()", "，：；（）"))


def _read_head(found: ReadNotice, lines: list[str]) -> None:
    whole = "\n".join(lines)
    if number := _NUMBER.search(whole):
        found.number = re.sub(r"[\[(【]", "〔", re.sub(r"[\])】]", "〕", number[0]))
    for line in reversed(lines):
        if signed := _SIGNED.fullmatch(line):
            found.issued_on = _date(*map(int, signed.groups()))
            break
    if found.year is None:
        found.year = _named_year(lines)


def _named_year(lines: list[str]) -> int | None:
    """The year whose holidays are arranged, as title or first sentence say."""
    for line in lines:
        if "安排" in line and (named := _TITLE_YEAR.search(line)):
            return int(named[1])
    return None


def _read(sentence: str, name: str, found: ReadNotice) -> Iterator[NoticeDay]:
    """The days that the sentence makes off or worked. Raises _Refused."""
    if any(word in sentence for word in _ADVICE) or not _SPAN.search(sentence):
        if name or "放假" in sentence or "上班" in sentence:
            found.passed_over.append(_shown(sentence))
        return
    is_off = "放假" in sentence
    if not is_off and "上班" not in sentence:
        if name:
            message = "没有读懂这一句：应写明放假或上班的日期。"
            raise _Refused(message)
        return
    if not name:
        message = "这一句前面应有节日名称和冒号，例如“元旦：”。"
        raise _Refused(message)
    if len(name) > _LONGEST_HOLIDAY:
        message = f"节日名称最多 {_LONGEST_HOLIDAY} 个字。"
        raise _Refused(message)
    assert found.year is not None  # noqa: S101 - the caller has one
    days = _days(sentence, found.year)
    if is_off and (counted := _COUNTED.search(sentence)) and int(counted[1]) != len(days):
        message = f"写明共 {counted[1]} 天，日期却有 {len(days)} 天。"
        raise _Refused(message)
    for day in days:
        if not is_off and not is_weekend(day):
            message = f"{day.month}月{day.day}日是{_weekday(day)}，本来就上班，请核对。"
            raise _Refused(message)
        yield NoticeDay(day, is_off, name)


def _days(sentence: str, year: int) -> list[date]:
    """All days of all spans in the sentence."""
    found: list[date] = []
    month: int | None = None
    for span in _SPAN.finditer(sentence):
        month = int(span["month1"]) if span["month1"] else month
        if month is None:
            message = "日期没有写明月份。"
            raise _Refused(message)
        ends_in_month = int(span["month2"] or month)
        # 12月30日至1月1日: the first of them are the old year's
        begins = _day(span, "1", year - (bool(span["day2"]) and ends_in_month < month), month)
        ends = _day(span, "2", year, ends_in_month) if span["day2"] else begins
        month = ends_in_month
        days = (ends - begins).days + 1
        if not 1 <= days <= _MOST_DAYS:
            message = f"从 {begins:%Y-%m-%d} 到 {ends:%Y-%m-%d} 不对，请核对。"
            raise _Refused(message)
        found.extend(begins + timedelta(days=passed) for passed in range(days))
    strangers = [day for day in found if day.year != year and (day.year, day.month) != (year - 1, 12)]
    if strangers:
        message = f"{strangers[0]:%Y-%m-%d} 不在 {year} 年。"
        raise _Refused(message)
    return found


def _day(span: re.Match[str], end: str, year: int, month: int) -> date:
    said = span[f"said{end}"] or ""
    day = _date(int(span[f"year{end}"] or year), month, int(span[f"day{end}"]))
    if day is None:
        message = f"没有 {month}月{span[f'day{end}']}日这一天。"
        raise _Refused(message)
    weekday = _WEEKDAY.search(said)
    if weekday and _WEEK.index(weekday[1].replace("天", "日")) + 1 != day.isoweekday():
        message = f"{day.year}年{day.month}月{day.day}日是{_weekday(day)}，不是{weekday[0]}。"
        raise _Refused(message)
    return day


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _weekday(day: date) -> str:
    return f"周{_WEEK[day.isoweekday() - 1]}"


def _take(one: NoticeDay, taken: dict[date, NoticeDay]) -> None:
    before = taken.setdefault(one.day, one)
    if before.is_off != one.is_off:
        message = f"{one.day.month}月{one.day.day}日既放假又上班，请核对。"
        raise _Refused(message)
