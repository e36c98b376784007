"""A value in words: as the standards call it for those who fill forms, and as people say it for those who read."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from django.db.models import TextChoices

from standards.items.codelists import (
    ApplicantKind,
    CaseType,
    Channel,
    Exemption,
    HandleArea,
    LimitUnit,
    MaterialNeed,
    MaterialSource,
    StatutoryUnit,
    Submission,
)
from standards.items.kinds import Element, Kind
from standards.items.live import retired_codes
from standards.items.power_codes import RangeUnit
from standards.items.rules import limit_words

# where people have a word of their own for what the standard calls otherwise
SPOKEN: Final[Mapping[type[TextChoices], Mapping[str, str]]] = {
    ApplicantKind: {
        ApplicantKind.PERSON: "个人",
        ApplicantKind.COMPANY: "企业",
        ApplicantKind.INSTITUTION: "事业单位",
        ApplicantKind.ASSOCIATION: "社会组织",
    },
    CaseType: {
        CaseType.INSTANT: "当场就能办好",
        CaseType.PROMISED: "收下材料后，在承诺的时间内办好",
        CaseType.COMPLETED: "材料补齐后办好",
        CaseType.REPORTED: "收下材料后，报上级机关决定",
        CaseType.JOINT: "几个部门一起办",
    },
    Channel: {
        Channel.WINDOW: "到窗口办",
        Channel.COMPUTER: "在电脑上办",
        Channel.PHONE: "在手机上办",
        Channel.POST: "把材料寄来办",
    },
    Exemption: {
        Exemption.DATA: "免提交：窗口查询共享数据，不用您交",
        Exemption.LICENCE: "免提交：窗口查询电子证照，不用您交",
    },
    HandleArea: {
        HandleArea.NATION: "全国都能办",
        HandleArea.REGION: "外省也能办（跨省通办）",
        HandleArea.PROVINCE: "全省都能办",
        HandleArea.CITY: "全市都能办",
        HandleArea.COUNTY: "全县都能办",
        HandleArea.NONE: "只能在本地办",
    },
    LimitUnit: {LimitUnit.AT_ONCE: "当场办好"},
    MaterialNeed: {
        MaterialNeed.REQUIRED: "必须带",
        MaterialNeed.OPTIONAL: "需要时带",
        MaterialNeed.LATER: "可以后补",
    },
    MaterialSource: {
        MaterialSource.APPLICANT: "自己准备",
        MaterialSource.GOVERNMENT: "政府部门发的",
        MaterialSource.OTHER: "中介机构或其他单位出具",
    },
    StatutoryUnit: {StatutoryUnit.AT_ONCE: "当场办好", StatutoryUnit.NONE: "法律没有规定时限"},
    Submission: {
        Submission.WINDOW: "交到窗口",
        Submission.UPLOAD: "网上上传",
        Submission.POST: "邮寄",
        Submission.SHARED: "部门之间能查到的不用交",
        Submission.LICENCE: "出示电子证照就不用交",
        Submission.PROMISE: "可以用书面承诺代替",
    },
}
_EITHER: Final = re.compile(r"(.)不\1")
_IS: Final = "是否"


def as_written(element: Element, value: Any, beside: Mapping[str, Any] | None = None) -> str:
    """Write a value in the words of the standard, for officials. ``beside`` are the values around it, one of which may
    hold its unit. Returns "" for what is no value of this element."""
    return _words(element, value, beside or {}, label_of)


def as_spoken(element: Element, value: Any, beside: Mapping[str, Any] | None = None) -> str:
    """Write a value as a citizen would say it, as the answer to ``element.shown_as``. ``beside`` are the values around
    it. Returns "" for what is no value of this element."""
    if element.kind is Kind.FLAG and isinstance(value, bool):
        return _answer(element.shown_as, is_so=value)
    if element.kind is Kind.CHOICES and element.codes and isinstance(value, list):
        # what the province no longer offers is nothing to tell citizens
        retired = retired_codes(element.codes)
        value = [one for one in value if not isinstance(one, str) or one not in retired]
    return _words(element, value, beside or {}, _spoken)


def citation(law: Mapping[str, Any]) -> str:
    """Name a legal basis without its text: 《行政许可法》第四十二条."""
    name, article = (one if isinstance(one, str) else "" for one in (law.get("law"), law.get("article")))
    return f"《{name}》{article}" if name else article


def _words(  # noqa: PLR0911 - one a kind
    element: Element, value: Any, beside: Mapping[str, Any], word: Callable[[type[TextChoices], str], str]
) -> str:
    match element.kind, value:
        case Kind.FLAG, bool():
            return "是" if value else "否"
        case Kind.NUMBER, int() if not isinstance(value, bool):
            return _number(element, value, beside, word)
        case Kind.DAY, str():
            return _day(value)
        case Kind.CHOICE, str() if element.codes:
            return word(element.codes, value)
        case Kind.CHOICES, list() if element.codes:
            return "、".join(word(element.codes, one) for one in value if isinstance(one, str))
        case Kind.NAMES, list():
            return "、".join(one for one in value if isinstance(one, str))
        case ((Kind.LINE | Kind.TEXT | Kind.LINK | Kind.FILE), str()):
            return value
        case _:
            return ""


def _number(
    element: Element, value: int, beside: Mapping[str, Any], word: Callable[[type[TextChoices], str], str]
) -> str:
    if element.unit_in and (unit := beside.get(element.unit_in)) in StatutoryUnit.values:
        words = limit_words(value, unit)
        return words if words.startswith(str(value)) else word(StatutoryUnit, unit)
    if element.unit_in and (unit := beside.get(element.unit_in)) in RangeUnit.values:
        return f"{value:,} {word(RangeUnit, unit)}"
    return f"{value:,} {element.unit}".rstrip()


def _day(value: str) -> str:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return value
    return f"{day.year}年{day.month}月{day.day}日"


def label_of(codes: type[TextChoices] | None, code: Any) -> str:
    """Return what the standard calls a code; of what is no code of the list, what was given, as text."""
    return str(codes(code).label) if codes and code in codes.values else str(code)


def _spoken(codes: type[TextChoices], code: str) -> str:
    return SPOKEN.get(codes, {}).get(code) or label_of(codes, code)


def _answer(question: str, *, is_so: bool) -> str:
    """能不能网上办: 能, or 不能; 收不收费: 收费, or 不收费; 是否收费 likewise."""
    if either := _EITHER.search(question):
        verb = question[either.end() - 1 :] if either.group(1) == "收" else either.group(1)
        return verb if is_so else f"不{verb}"
    if question.startswith(_IS) and not question.startswith(f"{_IS}支持"):
        verb = question.removeprefix(_IS)
        return verb if is_so else f"不{verb}"
    return "是" if is_so else "否"
