"""Who applies in the demo's month: made up, with numbers that hold but are nobody's.

The serial number 000 of a resident number is never issued; bodies have codes of zeros with a right check digit.
"""

from datetime import date, timedelta
from typing import Any, Final

from stdnum.cn import ric, uscc

_SURNAMES: Final = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余杜叶程魏"
_GIVEN: Final = (
    *("建华", "秀兰", "志强", "桂英", "小军", "海燕", "国平", "春梅", "永红", "玉珍"),
    *("立新", "金凤", "光明", "素芳", "文斌", "丽娟", "德胜", "淑华", "家旺", "雪莲"),
    *("学文", "红霞", "大勇", "翠萍", "长青", "慧敏", "兴发", "月娥", "云鹏", "晓琴"),
    *("成林", "爱民", "卫东", "凤仙", "少波", "美玲", "树根", "巧云", "宏伟", "冬梅"),
)
_BODIES: Final = (
    *("沮河米业有限公司", "长坂坡旅游开发有限公司", "玉泉餐饮服务部", "关陵电子商务有限公司", "漳河建材有限公司"),
    *("半月柑橘专业合作社", "草埠湖水产养殖场", "王店机械加工厂", "淯溪便民诊所", "河溶快捷运输有限公司"),
)
# so many days of birth apart no two of 2,700 people have the same number
_FIRST_BORN, _DAYS_APART = date(1944, 3, 1), 9
_PHONES: Final = 13_800_010_000


def applicant(place: int, *, is_body: bool = False) -> dict[str, Any]:
    """What the form says of the applicant at this place, from 0 on: a person, or somebody for a body. No two places
    have the same number."""
    posted: dict[str, Any] = {
        "applicant_nature": "body" if is_body else "person",
        "applicant_name": _name(place),
        "applicant_number": resident_number(place),
        "applicant_mobile": str(_PHONES + place),
        "agent_is_there": False,
        "promise_agreed": True,
    }
    if is_body:
        head = f"91420582{place:09}"
        name = f"当阳市{_BODIES[place % len(_BODIES)]}（演示{place}）"
        posted |= {"applicant_body": name, "applicant_credit_code": head + uscc.calc_check_digit(f"{head}0")}
    return posted


def resident_number(place: int) -> str:
    """A number with the serial number 000 and a right check digit (GB 11643)."""
    head = f"420582{_FIRST_BORN + timedelta(days=_DAYS_APART * place):%Y%m%d}000"
    return head + ric.calc_check_digit(f"{head}0")


def _name(place: int) -> str:
    return _SURNAMES[place % len(_SURNAMES)] + _GIVEN[place * 7 % len(_GIVEN)]
