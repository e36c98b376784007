"""Conditions and formulas of a form that is being designed: written as people say them, and tried."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from standards.forms.designing import readable_fields, write_expression
from standards.forms.expressions.kinds import ExpressionFault, ValueKind
from standards.forms.expressions.wording import Comparisons
from standards.forms.filling import FillingContext
from standards.forms.trial import try_expression


@dataclass(frozen=True, slots=True)
class WrittenExpression:
    """``expression``: what stands in the definition; ``words``: as people read it; ``result``: with the values that
    were typed; ``asked``: the fields on which it depends; ``fault``: in Chinese, why it cannot be used."""

    expression: str = ""
    words: str = ""
    result: str = ""
    kind: str = ""
    fault: str = ""
    asked: tuple[str, ...] = ()


def expression_of(
    definition: Mapping[str, Any],
    context: FillingContext,
    *,
    group: str = "",
    comparisons: Comparisons | None = None,
    shown: str = "",
    typed: Mapping[str, object] | None = None,
    wanted: Sequence[ValueKind] = (),
) -> WrittenExpression:
    """Write the expression of a condition or of a formula as people say it, and try it with values. Never fails."""
    fields = readable_fields(definition, group=group)
    try:
        expression, words = write_expression(fields, comparisons=comparisons, shown=shown)
    except ExpressionFault as fault:
        return WrittenExpression(fault=fault.message)
    trial = try_expression(fields, expression, typed or {}, context, wanted=wanted)
    return WrittenExpression(expression, words, trial.result, trial.kind, trial.fault, trial.asked)
