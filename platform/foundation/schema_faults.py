"""What pydantic finds wrong, said in Chinese."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from foundation.errors import Fault

# of one body: who sent a list of the wrong kind learns it from the first
MOST_FAULTS: Final = 50
_LONGEST_PART: Final = 40
_ELSE: Final = "内容不符合要求。"
_DATE, _MOMENT, _TIME = "2026-01-31", "2026-01-31T08:00:00+08:00", "08:00"

# by the type of its error; what no JSON and no address can cause is not here
SAID: Final[Mapping[str, str]] = {
    "missing": "缺少这一项。",
    "extra_forbidden": "没有这一项，请删去。",
    "invalid_key": "这里的名称应当是文字。",
    "recursion_loop": "嵌套太深。",
    "recursion_depth_exceeded": "嵌套太深。",
    "none_required": "只能是空值（null）。",
    "greater_than": "应当大于 {gt}。",
    "greater_than_equal": "不能小于 {ge}。",
    "less_than": "应当小于 {lt}。",
    "less_than_equal": "不能大于 {le}。",
    "multiple_of": "应当是 {multiple_of} 的倍数。",
    "finite_number": "应当是有限的数。",
    "too_short": "至少 {min_length} 个。",
    "too_long": "最多 {max_length} 个，现在有 {actual_length} 个。",
    "string_type": "应当是文字。",
    "string_unicode": "含有不完整的字符。",
    "string_too_short": "至少 {min_length} 个字。",
    "string_too_long": "最多 {max_length} 个字。",
    "string_pattern_mismatch": "写法不对。",
    "string_not_ascii": "只能用英文字母、数字和半角标点。",
    "enum": "只能是{expected}。",
    "literal_error": "只能是{expected}。",
    "value_error": "{error}",
    "union_tag_invalid": "没有“{tag}”这一种，只能是{expected_tags}。",
    "union_tag_not_found": "缺少说明是哪一种的“{discriminator}”。",
    "decimal_max_digits": "最多 {max_digits} 位数字。",
    "decimal_max_places": "小数最多 {decimal_places} 位。",
    "decimal_whole_digits": "整数部分最多 {whole_digits} 位。",
    "url_too_long": "网址最多 {max_length} 个字。",
    "date_past": "应当是过去的日期。",
    "date_future": "应当是将来的日期。",
    "date_from_datetime_inexact": "应当只有日期，不带时间。",
    "datetime_past": "应当是过去的时间。",
    "datetime_future": "应当是将来的时间。",
    "timezone_naive": "请写本地时间，不带时区。",
    "timezone_aware": f"请写明时区，例如 {_MOMENT}。",
    "timezone_offset": f"时区不对，例如 {_MOMENT}。",
    **dict.fromkeys(("bytes_type", "url_type"), "应当是文字。"),
    **dict.fromkeys(("bool_type", "bool_parsing"), "应当是 true 或 false。"),
    **dict.fromkeys(("int_type", "int_parsing", "int_parsing_size", "int_from_float"), "应当是整数。"),
    **dict.fromkeys(("float_type", "float_parsing", "decimal_type", "decimal_parsing"), "应当是数。"),
    **dict.fromkeys(("list_type", "tuple_type", "set_type", "frozen_set_type", "iterable_type"), "应当是一个列表。"),
    **dict.fromkeys(("model_type", "model_attributes_type", "dict_type", "mapping_type"), "应当是一组属性。"),
    **dict.fromkeys(("dataclass_type", "json_type", "set_item_not_hashable"), "应当是一组属性。"),
    **dict.fromkeys(("date_type", "date_parsing", "date_from_datetime_parsing"), f"应当是日期，例如 {_DATE}。"),
    **dict.fromkeys(
        ("datetime_type", "datetime_parsing", "datetime_object_invalid", "datetime_from_date_parsing"),
        f"应当是时间，例如 {_MOMENT}。",
    ),
    **dict.fromkeys(("time_type", "time_parsing"), f"应当是时间，例如 {_TIME}。"),
    **dict.fromkeys(("time_delta_type", "time_delta_parsing"), "应当是一段时间。"),
    **dict.fromkeys(("uuid_type", "uuid_parsing", "uuid_version"), "不是正确的编号。"),
    **dict.fromkeys(("url_parsing", "url_syntax_violation", "url_scheme"), "不是正确的网址。"),
    "json_invalid": "不是正确的 JSON。",
}
_QUOTED: Final = re.compile(r"'([^']*)'|\S+")


def said_of(error: Mapping[str, Any], sentences: Mapping[str, str] = SAID, /, **more: str) -> str:
    """The sentence for one of pydantic's errors. ``more``: what a sentence names beside the error's own context."""
    context = error.get("ctx", {})
    values = {name: str(value) if name == "error" else _short(str(value)) for name, value in context.items()} | more
    for name in ("expected", "expected_tags"):
        if name in context:
            values[name] = _choices(str(context[name]))
    return sentences.get(error["type"], _ELSE).format_map(values)


def faults_of(errors: Sequence[Mapping[str, Any]]) -> list[Fault]:
    """The first of them, each with the place at which it was found."""
    return [Fault(".".join(_short(str(part)) for part in one["loc"]), said_of(one)) for one in errors[:MOST_FAULTS]]


def _choices(expected: str) -> str:
    """Of ``'a', 'b' or 'c'``, as pydantic writes it; of members of an enumeration it writes what they are called in the
    program."""
    found = [one.group(1) for one in _QUOTED.finditer(expected) if one.group(1) is not None]
    return "、".join(f"“{one}”" for one in found) or "规定的几种之一"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_PART else f"{text[:_LONGEST_PART]}…"
