"""Has zen work out what was checked."""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

import zen

from standards.forms.expressions.checking import Checked
from standards.forms.expressions.kinds import ExpressionFault, ValueKind

LONGEST_RESULT: Final = 2_000
# beyond that zen hands out floating-point numbers that are no longer exact
LARGEST_RESULT: Final = Decimal(10) ** 15


def work_out(checked: Checked, values: Mapping[str, Any]) -> Decimal | str | bool | None:
    """The result over plain values by their variables (``variable``); None where a value that it needs is empty.
    Raises ExpressionFault for a result that is too long or too large."""
    try:
        result = _compiled(checked.code).evaluate({name: values.get(name) for name in checked.variables})
    except RuntimeError:
        # zen tells an overflow and an empty value by its text alone, behind a stack trace
        if _has_empty(checked, values):
            return None
        raise ExpressionFault("这个表达式算不出结果：数字太大，或者除数是 0。") from None
    return _plain(result)


def _has_empty(checked: Checked, values: Mapping[str, Any]) -> bool:
    return any(values.get(name) in (None, []) for name in checked.variables)


def _plain(result: Any) -> Decimal | str | bool | None:
    if isinstance(result, bool) or result is None:
        return result
    if isinstance(result, int | float):
        number = Decimal(repr(result))
        if abs(number) >= LARGEST_RESULT:
            raise ExpressionFault("计算结果太大：最多 15 位整数。")
        return number
    text = str(result)
    if len(text) > LONGEST_RESULT:
        message = f"计算结果有 {len(text)} 个字，最多 {LONGEST_RESULT} 个。"
        raise ExpressionFault(message)
    return text


def is_true(checked: Checked, values: Mapping[str, Any]) -> bool:
    """Whether a condition holds; one that cannot be decided does not."""
    try:
        return checked.kind == ValueKind.YES_NO and work_out(checked, values) is True
    except ExpressionFault:
        return False


@lru_cache(maxsize=4_096)
def _compiled(code: str) -> Any:
    return zen.compile_expression(code)
