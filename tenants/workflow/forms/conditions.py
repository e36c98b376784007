"""The condition of a way out of a branch as designers fill it in: one comparison picked from lists, or written out."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms

from standards.flows.conditions import OUTCOME
from standards.flows.definition import FlowDefinition
from standards.flows.nodes import PluginNode
from standards.flows.plugins import PluginPorts
from standards.forms.definition import FormDefinition
from standards.forms.expressions.kinds import ExpressionFault, NamedValue
from standards.forms.expressions.wording import OPERATORS, Comparison, Comparisons, understood, written
from standards.forms.formulas import shown_formula, written_formula

type CodeLabels = Mapping[str, Mapping[str, str]]
_NO_PLUGINS: Final[Mapping[str, PluginPorts]] = {}
_NOT_PICKED: Final = ("", "（不选）")


def code_labels(
    flow: FlowDefinition, form: FormDefinition | None, plugins: Mapping[str, PluginPorts] = _NO_PLUGINS
) -> CodeLabels:
    """For each name that has a closed list of values: label by code."""
    found: dict[str, Mapping[str, str]] = {}
    if form:
        found |= {name: field.choices() for name, field in form.named_fields.items()}
    found |= {f"{step.name}.{OUTCOME}": {one.code: one.label for one in step.outcomes} for step in flow.steps}
    for node in flow.nodes:
        if isinstance(node, PluginNode) and node.plugin in plugins:
            found |= {f"{node.name}.{name}": port.words for name, port in plugins[node.plugin].outputs.items()}
    return {name: labels for name, labels in found.items() if labels}


def condition_fields(condition: str, names: Mapping[str, NamedValue], labels: CodeLabels) -> dict[str, forms.Field]:
    """A single comparison stands in the lists; whatever is more is written out, with labels for names."""
    read = understood(condition, names) if condition else None
    row = read.rows[0] if read and len(read.rows) == 1 else None
    comparable = {name: named for name, named in names.items() if named.kind in OPERATORS}
    kinds = dict.fromkeys(named.kind for named in comparable.values())
    signs = dict.fromkeys(one["label"] for kind in kinds for one in OPERATORS[kind])
    sign = (
        next((one["label"] for one in OPERATORS[names[row.name].kind] if one["code"] == row.operator), "")
        if row
        else ""
    )
    value = labels.get(row.name, {}).get(row.value, row.value) if row else ""
    return {
        "name": forms.ChoiceField(
            label="看哪一项",
            required=False,
            choices=[_NOT_PICKED, *((name, named.label) for name, named in comparable.items())],
            initial=row.name if row else "",
        ),
        "sign": forms.ChoiceField(
            label="怎样比较", required=False, choices=[_NOT_PICKED, *((one, one) for one in signs)], initial=sign
        ),
        "value": forms.CharField(
            label="比较的内容",
            required=False,
            max_length=200,
            initial="今天" if value == "today" else value,
            help_text="数字、日期或者选项的名称，例如 3、2026-01-31、同意。",
        ),
        "condition": forms.CharField(
            label="或者自己写条件",
            required=False,
            max_length=500,
            initial="" if row else shown_formula(condition, names),
            help_text="一行说不清的才写，写法见下面“自己写条件”。上面选了，这里就不写。",
        ),
    }


def condition_given(data: Mapping[str, Any], names: Mapping[str, NamedValue], labels: CodeLabels) -> str:
    """The expression of what was filled in under the names of ``condition_fields``. Raises ExpressionFault."""
    name, sign, value, text = (str(data.get(one) or "").strip() for one in ("name", "sign", "value", "condition"))
    if not name:
        return written_formula(text, names)
    named = names[name]
    if text:
        message = f"已经选了“{named.label}”，又自己写了条件：请只留一样。"
        raise ExpressionFault(message)
    fitting = {one["label"]: one["code"] for one in OPERATORS[named.kind]}
    if sign not in fitting:
        message = f"“{named.label}”是{named.kind.label}，“怎样比较”请选：{'、'.join(fitting)}。"
        raise ExpressionFault(message)
    if (known := labels.get(name)) and value:
        codes = {label: code for code, label in known.items()}
        if value not in codes:
            message = f"“{named.label}”里没有“{value[:20]}”，可以写：{'、'.join(codes)}。"
            raise ExpressionFault(message)
        value = codes[value]
    given = "today" if value == "今天" else value
    return written(Comparisons("and", (Comparison(name, fitting[sign], given),)), names)
