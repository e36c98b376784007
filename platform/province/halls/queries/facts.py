"""Which facts of a hall may be changed, and what is wrong with a new value."""

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any, cast

from django.db.models import Field

from foundation.design.contrast import LEAST_CONTRAST, contrast
from foundation.errors import Fault
from foundation.text_encoding import is_plain
from province.halls.models import Hall
from standards.numbers.phones import is_service_phone

# the province alone gives them
PROVINCE_FACTS = frozenset({"name"})
BRANDING_FACTS = (
    *("short_name", "emblem_key", "accent_colour", "slogan", "organiser"),
    *("site_code", "icp_number", "police_number"),
)
CONTACT_FACTS = ("address", "phone", "opening_hours")
FACTS = frozenset({*PROVINCE_FACTS, *BRANDING_FACTS, *CONTACT_FACTS})

PAPER = "#ffffff"
MOST_HOURS = 21  # lines: three spans for each day of the week
_COLOUR = re.compile(r"#[0-9a-f]{6}\Z")
_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d\Z")
_SITE_CODE = re.compile(r"[0-9]{10}\Z")
_REQUIRED = frozenset({"name", "short_name", "accent_colour"})


def fact_faults(facts: dict[str, Any]) -> list[Fault]:
    """A fault for every value that the hall's site could not show rightly."""
    faults = []
    for name, value in facts.items():
        if name not in FACTS:
            faults.append(Fault(name, "没有这项资料，或者不能在这里修改。"))
        elif message := _JUDGES.get(name, _judge_text)(name, value):
            faults.append(Fault(name, message))
    return faults


def _judge_text(name: str, value: Any) -> str:
    field = cast("Field[Any, Any]", Hall._meta.get_field(name))
    if not isinstance(value, str):
        return "应为文字。"
    if not value.strip():
        return f"请填写{field.verbose_name}。" if name in _REQUIRED else ""
    if not is_plain(value):
        return "不能含有换行或控制字符。"
    longest = field.max_length or 0
    return f"不能超过 {longest} 个字。" if len(value) > longest else ""


def _judge_emblem(name: str, value: Any) -> str:
    """A file of the store that is named here is shown to everybody: none is taken by its name."""
    return _judge_text(name, value) or ("徽标只能上传图片来更换，这里只能清空。" if value else "")


def _judge_colour(_: str, value: Any) -> str:
    if not isinstance(value, str) or not _COLOUR.match(value):
        return "颜色应写成 # 加六位小写十六进制数字，例如 #1257a8。"
    found = contrast(value, PAPER)
    if found < LEAST_CONTRAST:
        return f"与白色的对比度是 {found:.1f}:1，不到 {LEAST_CONTRAST}:1，文字会看不清，请选深一些的颜色。"
    return ""


def _judge_site_code(_: str, value: Any) -> str:
    if not isinstance(value, str) or (value and not _SITE_CODE.match(value)):
        return "网站标识码应为 10 位数字。"
    return ""


def _judge_phone(name: str, value: Any) -> str:
    if isinstance(value, str) and value and not is_service_phone(value):
        return "电话只能由数字、连字符、括号和“转”组成，例如 0717-3222222。"
    return _judge_text(name, value)


def _judge_hours(_: str, value: Any) -> str:
    """``[{"days": [1, 2, 3, 4, 5], "from": "08:30", "to": "12:00"}, …]``; spans of one day do not overlap."""
    if not isinstance(value, list) or len(value) > MOST_HOURS:
        return f"开放时间应为不超过 {MOST_HOURS} 行的列表。"
    spans: dict[int, list[tuple[str, str]]] = {}
    for number, line in enumerate(value, start=1):
        if message := _fault_of_hours(line):
            return f"第 {number} 行：{message}"
        for day in line["days"]:
            spans.setdefault(day, []).append((line["from"], line["to"]))
    for of_day in spans.values():
        of_day.sort()
        if any(after[0] < before[1] for before, after in pairwise(of_day)):
            return "同一天的时间段互相重叠。"
    return ""


def _fault_of_hours(line: Any) -> str:
    if not isinstance(line, dict) or set(line) != {"days", "from", "to"}:
        return "每行应有星期、开始和结束时间。"
    days = line["days"]
    if not isinstance(days, list) or not days or len(set(map(str, days))) != len(days):
        return "请至少选择一天，且不要重复。"
    if any(type(day) is not int or not 1 <= day <= 7 for day in days):  # noqa: PLR2004 - the days of a week
        return "星期应为 1（周一）到 7（周日）。"
    if not all(isinstance(line[end], str) and _TIME.match(line[end]) for end in ("from", "to")):
        return "时间应写成 08:30 的形式。"
    return "" if line["from"] < line["to"] else "结束时间应晚于开始时间。"


_JUDGES: dict[str, Callable[[str, Any], str]] = {
    "emblem_key": _judge_emblem,
    "accent_colour": _judge_colour,
    "site_code": _judge_site_code,
    "phone": _judge_phone,
    "opening_hours": _judge_hours,
}
