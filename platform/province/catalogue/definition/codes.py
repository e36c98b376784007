"""Codes of items: 12 digits 基本编码, 31 characters 实施编码, and 业务办理项编码 behind it.

The inner split of the 12 digits and the two digits of a handling item are how codes were seen to be built, not the text
of a standard: a province whose codes are built otherwise needs its own ``CodeRule``; its local codes are data.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from stdnum.cn import uscc

from province.catalogue.definition.codelists import ItemType, Level

_DIGITS: Final = frozenset("0123456789")
# GB 32100: without I, O, Z, S, V, which are read wrongly
_USCC: Final = frozenset("0123456789ABCDEFGHJKLMNPQRTUWXY")
_RULES: Final = Path(__file__).with_name("local_codes.yaml")
USCC_LENGTH: Final = 18
BASIC_LENGTH: Final = 12
TASK_LENGTH: Final = 31


@dataclass(frozen=True, slots=True)
class CodeFault:
    """``part`` is the part of the code that is wrong; ``message`` says where it stands and why, in plain Chinese."""

    part: str
    message: str


@dataclass(frozen=True, slots=True)
class Segment:
    """Some characters in a row. ``allowed`` lists all values that it may have; empty: any."""

    label: str
    width: int
    characters: frozenset[str] = _DIGITS
    allowed: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class CodeRule:
    """How a code is put together, segment after segment."""

    label: str
    segments: tuple[Segment, ...]

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "CodeRule":
        return cls(
            data["label"],
            tuple(Segment(one["label"], one["width"], allowed=one.get("allowed")) for one in data["segments"]),
        )

    @property
    def length(self) -> int:
        return sum(segment.width for segment in self.segments)

    def parts_of(self, code: str) -> dict[str, str]:
        """The code's parts by their labels."""
        return {segment.label: code[start:end] for segment, start, end in self.places()}

    def faults_of(self, code: str, *, expected: Mapping[str, str] | None = None) -> list[CodeFault]:
        """What is wrong with the code; ``expected`` are the values that some parts must have."""
        if len(code) != self.length:
            return [CodeFault(self.label, f"{self.label}应为 {self.length} 位，现在是 {len(code)} 位。")]
        faults = []
        for segment, start, end in self.places():
            value, place = code[start:end], f"{self.label}第 {_span(start, end)} 位（{segment.label}）"
            if strange := [character for character in value if character not in segment.characters]:
                wanted = "只能是数字" if segment.characters == _DIGITS else "只能是数字和除 I、O、Z、S、V 外的大写字母"
                faults.append(CodeFault(segment.label, f"{place}{wanted}，现在有“{strange[0]}”。"))
            elif segment.allowed and value not in segment.allowed:
                known = "、".join(f"{key} {label}" for key, label in segment.allowed.items())
                faults.append(CodeFault(segment.label, f"{place}没有“{value}”这个代码，可用的有：{known}。"))
            elif expected and (wanted := expected.get(segment.label, "")) and value != wanted:
                faults.append(CodeFault(segment.label, f"{place}是“{value}”，应为“{wanted}”。"))
        return faults

    def places(self) -> Iterator[tuple[Segment, int, int]]:
        start = 0
        for segment in self.segments:
            yield segment, start, start + segment.width
            start += segment.width


def _span(start: int, end: int) -> str:
    return str(end) if end - start == 1 else f"{start + 1}–{end}"


BASIC_RULE: Final = CodeRule(
    "基本编码",
    (
        Segment("区划", 2),
        Segment(
            "事项类型", 2, allowed={value: label for value, label in ItemType.choices if value != ItemType.POWER.value}
        ),
        Segment("部门", 2),
        Segment("主项", 3),
        Segment("子项", 3),
    ),
)
_BODY_RULE: Final = CodeRule(
    "统一社会信用代码",
    (
        Segment("登记管理部门", 1, _USCC),
        Segment("机构类别", 1, _USCC),
        Segment("登记机关区划", 6),
        Segment("主体标识码", 9, _USCC),
        Segment("校验码", 1, _USCC),
    ),
)


@dataclass(frozen=True, slots=True)
class CodeScheme:
    """How one province builds its codes. ``divisions``: the first digits that are taken (say 00 and 42); empty: any."""

    basic: CodeRule = BASIC_RULE
    local: CodeRule | None = None
    divisions: tuple[str, ...] = ()


USUAL_SCHEME: Final = CodeScheme()
_LEVEL: Final = Segment("行使层级", 1, allowed=dict(Level.choices))
HANDLE_WIDTH: Final = 2  # digits behind the 31


def faults_of_basic_code(code: str, *, item_type: str = "", scheme: CodeScheme = USUAL_SCHEME) -> list[CodeFault]:
    """12 digits, or as the scheme has it; its type is the item's."""
    faults = scheme.basic.faults_of(code, expected={"事项类型": item_type})
    division = scheme.basic.parts_of(code).get("区划", "")
    if not faults and scheme.divisions and division not in scheme.divisions:
        words = " 或 ".join(scheme.divisions)
        faults.append(CodeFault("区划", f"{scheme.basic.label}的区划部分是“{division}”，应为 {words}。"))
    return faults


def faults_of_body_code(code: str, *, expected: str = "") -> list[CodeFault]:
    """统一社会信用代码 (GB 32100); ``expected``: the one it must equal."""
    faults = _BODY_RULE.faults_of(code)
    if faults:
        return faults
    if expected and code != expected:
        at = next((place for place, (one, other) in enumerate(zip(code, expected, strict=False)) if one != other), 0)
        part = next(segment.label for segment, start, end in _BODY_RULE.places() if start <= at < end)
        return [
            CodeFault(
                part, f"第 {at + 1} 位（{part}）与实施主体的统一社会信用代码不一致：是“{code}”，应为“{expected}”。"
            )
        ]
    if (right := uscc.calc_check_digit(code[:-1])) != code[-1]:
        return [
            CodeFault(
                "校验码",
                f"统一社会信用代码第 18 位（校验码）是“{code[-1]}”，按前 17 位算应为“{right}”：请对照证书逐位核对。",
            )
        ]
    return []


def faults_of_task_code(
    code: str, *, body_code: str = "", level: str = "", basic_code: str = "", rule: CodeRule = BASIC_RULE
) -> list[CodeFault]:
    """18 统一社会信用代码 + 1 行使层级 + 12 基本编码; each part as the item has it, where that is known."""
    length = USCC_LENGTH + _LEVEL.width + rule.length
    if len(code) != length:
        return [
            CodeFault(
                "实施编码",
                f"实施编码应为 {length} 位（{USCC_LENGTH} 位统一社会信用代码 + 1 位行使层级 + "
                f"{rule.length} 位基本编码），"
                f"现在是 {len(code)} 位。",
            )
        ]
    body, digit, basic = code[:USCC_LENGTH], code[USCC_LENGTH], code[USCC_LENGTH + 1 :]
    faults = faults_of_body_code(body, expected=body_code)
    place = f"实施编码第 {USCC_LENGTH + 1} 位（行使层级）"
    if digit not in Level:
        faults.append(CodeFault("行使层级", f"{place}只能是 1–7，现在是“{digit}”。"))
    elif level and digit != level:
        faults.append(CodeFault("行使层级", f"{place}是“{digit}”，事项的行使层级是“{level} {Level(level).label}”。"))
    if inner := rule.faults_of(basic):
        faults += inner
    elif basic_code and basic != basic_code:
        span = _span(USCC_LENGTH + 1, length)
        faults.append(
            CodeFault(
                "基本编码", f"实施编码第 {span} 位（基本编码）是“{basic}”，与事项的基本编码“{basic_code}”不一致。"
            )
        )
    return faults


def faults_of_handle_code(code: str, *, task_code: str, rule: CodeRule = BASIC_RULE) -> list[CodeFault]:
    """实施编码 and two digits that number the handling items below it."""
    length = USCC_LENGTH + _LEVEL.width + rule.length
    if len(code) != length + HANDLE_WIDTH:
        return [
            CodeFault(
                "业务办理项编码",
                f"业务办理项编码应为 {length + HANDLE_WIDTH} 位（实施编码 + {HANDLE_WIDTH} 位序号），"
                f"现在是 {len(code)} 位。",
            )
        ]
    if code[:length] != task_code:
        return [CodeFault("实施编码", f"业务办理项编码的前 {length} 位与实施编码“{task_code}”不一致。")]
    number = code[length:]
    if not (_DIGITS.issuperset(number) and int(number)):
        return [CodeFault("序号", f"业务办理项编码的最后 {HANDLE_WIDTH} 位（序号）应为 01–99，现在是“{number}”。")]
    return []


def local_rules() -> dict[str, CodeRule]:
    """The forms of local codes that are known, by name."""
    data = yaml.safe_load(_RULES.read_text(encoding="utf-8"))
    return {name: CodeRule.from_data(rule) for name, rule in data.items()}


@cache
def own_scheme() -> CodeScheme:
    """This province's. Raises ImproperlyConfigured for a form of local codes that nobody has written down."""
    name = settings.LOCAL_CODE_RULE
    rules = local_rules()
    if name and name not in rules:
        message = f"LOCAL_CODE_RULE must be one of {', '.join(rules)}, or empty, not {name!r}"
        raise ImproperlyConfigured(message)
    return CodeScheme(local=rules[name] if name else None)


def task_code_of(*, body_code: str, level: str, basic_code: str) -> str:
    """实施编码 put together from its parts."""
    return f"{body_code}{level}{basic_code}"
