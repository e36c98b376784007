"""Tries an expression with values typed in, as a designer of forms does."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from standards.forms.definition import FormDefinition
from standards.forms.expressions.checking import check_expression
from standards.forms.expressions.kinds import ExpressionFault
from standards.forms.expressions.running import work_out
from standards.forms.filling import FillingContext
from standards.forms.plans import known_values


@dataclass(frozen=True, slots=True)
class ExpressionTrial:
    """``result``: in words; ``kind``: what it is (数字, 文字, 是或否); ``fault``: in Chinese, why there is none."""

    result: str = ""
    kind: str = ""
    fault: str = ""


def try_expression(
    definition: FormDefinition, expression: str, typed: Mapping[str, object], context: FillingContext
) -> ExpressionTrial:
    """Work out an expression over the form's fields with these values, read as if they had been posted. Never fails."""
    try:
        checked = check_expression(expression, definition.plan.names)
        values = {
            field.name: field.read(typed[field.name], context) for field in definition.fields if field.name in typed
        }
        result = work_out(checked, known_values(definition.plan, values, context))
    except ExpressionFault as fault:
        return ExpressionTrial(fault=fault.message)
    return ExpressionTrial(_said(result), checked.kind.label)


def _said(result: Decimal | str | bool | None) -> str:  # noqa: FBT001 - a result like the others
    if result is None:
        return "空：用到的字段还没有填，或者除数是 0"
    if isinstance(result, bool):
        return "是" if result else "否"
    return f"{result.normalize() + 0:f}" if isinstance(result, Decimal) else result
