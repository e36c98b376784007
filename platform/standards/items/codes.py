"""Codes of items: 12 digits 基本编码, 31 characters 实施编码, and 业务办理项编码 behind it.

The inner split of the 12 digits and the two digits of a handling item are how codes were seen to be built, not the text
of a standard: a province whose codes are built otherwise needs its own ``CodeRule``; its local codes are data.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml
from django.db.models import TextChoices

from standards.items.codelists import FAMILY_OF, NATIONAL_TYPES, ItemType, Level
from standards.numbers.credit_codes import CREDIT_CODE_LENGTH, faults_of_credit_code
from standards.numbers.segments import DIGITS, CodeFault, CodeRule, Segment, span

_RULES: Final = Path(__file__).with_name("local_codes.yaml")
_FULL_WIDTH: Final = {
    0xFEE0 + code: code for first, last in ("09", "AZ", "az") for code in range(ord(first), ord(last) + 1)
}
BASIC_LENGTH: Final = 12
TASK_LENGTH: Final = 31


BASIC_RULE: Final = CodeRule(
    "基本编码",
    (
        Segment("区划", 2),
        Segment(
            "事项类型",
            2,
            allowed={
                value: label
                for value, label in ItemType.choices
                if value != ItemType.POWER.value and NATIONAL_TYPES[value] == value
            },
        ),
        Segment("部门", 2),
        Segment("主项", 3),
        Segment("子项", 3),
    ),
)


@dataclass(frozen=True, slots=True)
class CodeScheme:
    """How one province builds its codes: the rule of its 基本编码, and the rule of a local code where it has one.

    ``divisions``: the beginnings of a 基本编码 that are taken (say 00 and 42); empty: any.
    """

    basic: CodeRule = BASIC_RULE
    local: CodeRule | None = None
    divisions: tuple[str, ...] = ()


NATIONAL_SCHEME: Final = CodeScheme()
NATIONAL_DIVISION: Final = "00"
_LEVEL: Final = Segment("行使层级", 1, allowed=dict(Level.choices))
HANDLE_WIDTH: Final = 2  # digits behind the 31


def plain_code(text: str) -> str:
    """Return a code with the digits and letters that somebody typed in full width as those of the code; whatever else
    stands in it stays, for the check to name."""
    return text.translate(_FULL_WIDTH)


def faults_of_basic_code(code: str, *, item_type: str = "", scheme: CodeScheme = NATIONAL_SCHEME) -> list[CodeFault]:
    """Return what is wrong with a 基本编码 (GB/T 39046): 12 digits, or what ``scheme`` asks for. With ``item_type`` its
    two digits of the type must be that one's."""
    faults = scheme.basic.faults_of(code, expected={"事项类型": NATIONAL_TYPES.get(item_type, item_type)})
    division = scheme.basic.parts_of(code).get("区划", "")
    if not faults and scheme.divisions and division not in scheme.divisions:
        words = " 或 ".join(scheme.divisions)
        faults.append(CodeFault("区划", f"{scheme.basic.label}的区划部分是“{division}”，应为 {words}。"))
    return faults


def faults_of_task_code(
    code: str, *, body_code: str = "", level: str = "", basic_code: str = "", rule: CodeRule = BASIC_RULE
) -> list[CodeFault]:
    """Return what is wrong with a 实施编码 (GB/T 39046 5.2): 18 characters of 统一社会信用代码, 1 digit of 行使层级,
    and the 基本编码 (12 digits, or what ``rule`` asks for).

    ``body_code``, ``level`` and ``basic_code`` are the item's own, with which those parts must agree; an empty one is
    not compared.
    """
    length = CREDIT_CODE_LENGTH + _LEVEL.width + rule.length
    if len(code) != length:
        return [
            CodeFault(
                "实施编码",
                f"实施编码应为 {length} 位（{CREDIT_CODE_LENGTH} 位统一社会信用代码 + 1 位行使层级 "
                f"+ {rule.length} 位基本编码），现在是 {len(code)} 位。",
            )
        ]
    body, digit, basic = code[:CREDIT_CODE_LENGTH], code[CREDIT_CODE_LENGTH], code[CREDIT_CODE_LENGTH + 1 :]
    faults = faults_of_credit_code(body, expected=body_code)
    place = f"实施编码第 {CREDIT_CODE_LENGTH + 1} 位（行使层级）"
    if digit not in Level:
        faults.append(CodeFault("行使层级", f"{place}只能是 1–7，现在是“{digit}”。"))
    elif level and digit != level:
        faults.append(CodeFault("行使层级", f"{place}是“{digit}”，事项的行使层级是“{level} {Level(level).label}”。"))
    if inner := rule.faults_of(basic):
        faults += inner
    elif basic_code and basic != basic_code:
        places = span(CREDIT_CODE_LENGTH + 1, length)
        faults.append(
            CodeFault(
                "基本编码", f"实施编码第 {places} 位（基本编码）是“{basic}”，与事项的基本编码“{basic_code}”不一致。"
            )
        )
    return faults


def faults_of_handle_code(code: str, *, task_code: str, rule: CodeRule = BASIC_RULE) -> list[CodeFault]:
    """Return what is wrong with a 业务办理项编码: the item's 实施编码 (``task_code``) and two digits, 01 to 99, that
    number what is handled below it. ``rule``: of the 基本编码 inside."""
    length = CREDIT_CODE_LENGTH + _LEVEL.width + rule.length
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
    if not (DIGITS.issuperset(number) and int(number)):
        return [CodeFault("序号", f"业务办理项编码的最后 {HANDLE_WIDTH} 位（序号）应为 01–99，现在是“{number}”。")]
    return []


def local_rules() -> dict[str, CodeRule]:
    """Read the rules of local codes that are known, by their names, from ``local_codes.yaml``."""
    data = yaml.load(_RULES.read_bytes(), Loader=yaml.CSafeLoader)
    return {name: CodeRule.from_data(rule) for name, rule in data.items()}


class CodeOrigin(TextChoices):
    """Whose directory a 基本编码 stands in, said by its first two digits: 00 is the nation's."""

    NATIONAL = "national", "国家基本目录"
    LOCAL = "local", "地方目录"


def origin_of(code: str) -> CodeOrigin:
    """Return in whose directory an item of this 基本编码 stands."""
    return CodeOrigin.NATIONAL if code.startswith(NATIONAL_DIVISION) else CodeOrigin.LOCAL


def looks_national(code: str) -> bool:
    """Whether a code reads as a national 基本编码: twelve digits of which the first two are 00, also in full width or
    with spaces and hyphens between."""
    digits = "".join(one for one in plain_code(code) if one.isalnum())
    return len(digits) == BASIC_LENGTH and digits.isdecimal() and digits.startswith(NATIONAL_DIVISION)


def faults_of_own_code(code: str, *, label: str, national: str = "") -> list[CodeFault]:
    """Return what is wrong with a code that the province or a hall gives itself (地方编码): it may not be taken for a
    national one, neither as a 基本编码 nor as a 实施编码 that ends in one. ``national``: the item's own national code,
    which it may repeat."""
    plain = plain_code(code)
    tail = plain[TASK_LENGTH - BASIC_LENGTH :] if len(plain) == TASK_LENGTH else plain
    if plain == national or not looks_national(tail):
        return []
    return [
        CodeFault(
            label,
            f"{label}“{code}”的写法与国家基本编码相同（12 位数字，以 {NATIONAL_DIVISION} 开头），会被当成国家编码。"
            "自编的编码请换一种写法；国家目录的编码请填在「基本编码」或「实施编码」里。",
        )
    ]


def type_under(item_type: str, own_code: str, code: str) -> str:
    """Return the 事项类型 of an item under another 基本编码 than its own: the code's two digits of the type. Under its
    own, or one that names no other type, it is ``item_type``."""
    digits = BASIC_RULE.parts_of(code).get("事项类型", "") if code != own_code else ""
    return digits if digits in FAMILY_OF and NATIONAL_TYPES.get(item_type) != digits else item_type


def family_under(family: str, item_type: str) -> str:
    """Return the family of that type; ``family`` where the type is none."""
    return FAMILY_OF[item_type].value if item_type in FAMILY_OF else family


def with_basic_code(hall_values: Mapping[str, Any], basic_code: str) -> dict[str, Any]:
    """Return a hall's values with its 实施编码, and the 业务办理项编码 behind it, ending in another 基本编码. Body and
    level stay what they are. Where there is no 实施编码 of the right length, nothing is changed."""
    own = dict(hall_values)
    before = own.get("task_code")
    if not isinstance(before, str) or len(before) != TASK_LENGTH:
        return own
    own["task_code"] = before[:-BASIC_LENGTH] + basic_code
    handle_code = own.get("handle_code")
    if isinstance(handle_code, str) and handle_code.startswith(before):
        own["handle_code"] = own["task_code"] + handle_code[TASK_LENGTH:]
    return own


def task_code_of(*, body_code: str, level: str, basic_code: str) -> str:
    """Put a 实施编码 together from its parts (GB/T 39046 5.2): the body's 统一社会信用代码, the digit of its level, the
    基本编码. It checks none of them."""
    return f"{body_code}{level}{basic_code}"
