"""Codes of kinds of electronic licences (电子证照类型代码, GB/T 36904): the 统一社会信用代码 of the body that
defines the kind, and three digits of its own. The second part of every 电子证照标识 (1.2.156.3005.2.…)."""

import re
from collections.abc import Iterator
from typing import Final

from foundation.errors import Fault
from standards.numbers.credit_codes import faults_of_credit_code

_DEFINER: Final = 18
_NUMBER: Final = re.compile(r"(?!000)\d{3}", re.ASCII)
LICENCE_CODE_LENGTH: Final = _DEFINER + 3


def faults_of_licence_code(code: str) -> Iterator[Fault]:
    """Yield what is wrong with a code of a kind of licence. Whether the kind exists, only the register of licences
    knows."""
    if len(code) != LICENCE_CODE_LENGTH:
        words = f"应为 {LICENCE_CODE_LENGTH} 位：18 位统一社会信用代码加 3 位顺序号"
        yield Fault("licence_code", f"电子证照类型代码{words}，现在是 {len(code)} 位。")
        return
    for fault in faults_of_credit_code(code[:_DEFINER]):
        yield Fault("licence_code", f"电子证照类型代码的前 18 位不对：{fault.message}")
    if not _NUMBER.fullmatch(code[_DEFINER:]):
        yield Fault("licence_code", f"电子证照类型代码的后 3 位应为 001–999 的数字，现在是“{code[_DEFINER:]}”。")
