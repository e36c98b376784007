"""统一社会信用代码 (GB 32100-2015): of authorities, institutions, companies and associations."""

from typing import Final

from stdnum.cn import uscc

from standards.numbers.segments import CodeFault, CodeRule, Segment

CREDIT_CODE_LENGTH: Final = 18
# without I, O, Z, S, V, which are read wrongly
_CHARACTERS: Final = frozenset("0123456789ABCDEFGHJKLMNPQRTUWXY")
_RULE: Final = CodeRule(
    "统一社会信用代码",
    (
        Segment("登记管理部门", 1, _CHARACTERS),
        Segment("机构类别", 1, _CHARACTERS),
        Segment("登记机关区划", 6),
        Segment("主体标识码", 9, _CHARACTERS),
        Segment("校验码", 1, _CHARACTERS),
    ),
)


def normal_credit_code(code: str) -> str:
    """Without blanks and hyphens, in capitals."""
    compact: str = uscc.compact(code)
    return compact


def is_credit_code(code: str) -> bool:
    """Whether length, characters and check digit are right."""
    return bool(uscc.is_valid(code))


def faults_of_credit_code(code: str, *, expected: str = "") -> list[CodeFault]:
    """What is wrong with a 统一社会信用代码; ``expected``: the one it must equal."""
    faults = _RULE.faults_of(code)
    if faults:
        return faults
    if expected and code != expected:
        at = next((place for place, (one, other) in enumerate(zip(code, expected, strict=False)) if one != other), 0)
        part = next(segment.label for segment, start, end in _RULE.places() if start <= at < end)
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
