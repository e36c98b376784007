"""Tries an expression with values typed in, as a designer of forms does."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from standards.forms.expressions.checking import check_expression
from standards.forms.expressions.kinds import ExpressionFault, ValueKind
from standards.forms.expressions.running import work_out
from standards.forms.fields.base import BaseField
from standards.forms.filling import FillingContext
from standards.forms.plans import Plan, known_values, make_plan


@dataclass(frozen=True, slots=True)
class ExpressionTrial:
    """``result``: in words; ``kind``: what it is (数字, 文字, 是或否); ``fault``: in Chinese, why there is none;
    ``asked``: names of the fields on which it depends, in the order of the form: those that people fill in."""

    result: str = ""
    kind: str = ""
    fault: str = ""
    asked: tuple[str, ...] = ()


def try_expression(
    fields: Sequence[BaseField],
    expression: str,
    typed: Mapping[str, object],
    context: FillingContext,
    *,
    wanted: Sequence[ValueKind] = (),
) -> ExpressionTrial:
    """Work out an expression over the fields with these values, read as if they had been posted; ``wanted``: what may
    come out of it. Never fails."""
    plan = make_plan(fields)
    try:
        checked = check_expression(expression, plan.names, wanted=wanted)
    except ExpressionFault as fault:
        return ExpressionTrial(fault=fault.message)
    asked = _asked(plan, fields, checked.reads)
    values = {field.name: field.read(typed[field.name], context) for field in fields if field.name in typed}
    try:
        result = work_out(checked, known_values(plan, values, context))
    except ExpressionFault as fault:
        return ExpressionTrial(fault=fault.message, asked=asked)
    return ExpressionTrial(_said(result), checked.kind.label, asked=asked)


def _asked(plan: Plan, fields: Iterable[BaseField], reads: Iterable[str]) -> tuple[str, ...]:
    """Through computed values and conditions, down to what people fill in."""
    planned = {one.field.name: one for one in plan.order}
    waiting = [name.split(".")[0] for name in reads]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in found or name not in planned:
            continue
        found.add(name)
        one = planned[name]
        waiting += [
            read.split(".")[0]
            for checked in (one.visible, one.computed, *(checked for cell in one.cells for checked in cell.expressions))
            if checked
            for read in checked.reads
        ]
    return tuple(field.name for field in fields if field.name in found and field.is_filled)


def _said(result: Decimal | str | bool | None) -> str:  # noqa: FBT001 - a result like the others
    if result is None:
        return "空：用到的字段还没有填，或者除数是 0"
    if isinstance(result, bool):
        return "是" if result else "否"
    return f"{result.normalize() + 0:f}" if isinstance(result, Decimal) else result
