"""The condition of a way out of a branch as designers fill it in: comparisons picked from lists, or written out."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms

from province.designers.forms.boxes import LongSelect
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
# lines of comparisons that a page has room for
_MOST_ROWS: Final = 4
_JOINED: Final = (("and", "各行都符合"), ("or", "有一行符合"))


class ConditionFault(ExpressionFault):
    """``box``: the name of the field where it was filled in, as ``condition_fields`` calls it."""

    def __init__(self, box: str, message: str) -> None:
        super().__init__(message)
        self.box = box


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
    """A few comparisons stand in the lists; whatever is more is written out, with labels for names."""
    read = understood(condition, names) if condition else None
    listed = read if read and len(read.rows) <= _MOST_ROWS else Comparisons("and", ())
    found: dict[str, forms.Field] = {}
    for number in range(_MOST_ROWS):
        row = listed.rows[number] if number < len(listed.rows) else None
        found |= _row_fields(number, row, names, labels)
        if not number:
            found["joined"] = forms.ChoiceField(
                label="有几行时", required=False, choices=_JOINED, initial=listed.joined
            )
    found["condition"] = forms.CharField(
        label="或者自己写条件",
        required=False,
        max_length=500,
        initial="" if listed.rows else shown_formula(condition, names),
        help_text="几行说不清的才写，写法见下面“自己写条件”。上面选了，这里就不写。",
    )
    return found


def _row_fields(
    number: int, row: Comparison | None, names: Mapping[str, NamedValue], labels: CodeLabels
) -> dict[str, forms.Field]:
    comparable = {name: named for name, named in names.items() if named.kind in OPERATORS}
    kinds = dict.fromkeys(named.kind for named in comparable.values())
    signs = dict.fromkeys(one["label"] for kind in kinds for one in OPERATORS[kind])
    operators = OPERATORS[names[row.name].kind] if row else ()
    sign = next((one["label"] for one in operators if row and one["code"] == row.operator), "")
    value = labels.get(row.name, {}).get(row.value, row.value) if row else ""
    line = f"第 {number + 1} 行：" if number else ""
    return {
        _box("name", number): forms.ChoiceField(
            label=f"{line}看哪一项",
            required=False,
            choices=[_NOT_PICKED, *((name, named.label) for name, named in comparable.items())],
            initial=row.name if row else "",
            widget=LongSelect,
        ),
        _box("sign", number): forms.ChoiceField(
            label=f"{line}怎样比较",
            required=False,
            choices=[_NOT_PICKED, *((one, one) for one in signs)],
            initial=sign,
            widget=LongSelect,
        ),
        _box("value", number): forms.CharField(
            label=f"{line}比较的内容",
            required=False,
            max_length=200,
            initial="今天" if value == "today" else value,
            help_text="" if number else "数字、日期或者选项的名称，例如 3、2026-01-31、同意。",
        ),
    }


def _box(part: str, number: int) -> str:
    return f"{part}_{number + 1}" if number else part


def condition_given(data: Mapping[str, Any], names: Mapping[str, NamedValue], labels: CodeLabels) -> str:
    """The expression of what was filled in under the names of ``condition_fields``. Raises ConditionFault."""
    rows: list[str] = []
    picked = ""
    for number in range(_MOST_ROWS):
        boxes = [_box(part, number) for part in ("name", "sign", "value")]
        name, sign, value = (str(data.get(box) or "").strip() for box in boxes)
        if name:
            picked = picked or names[name].label
            rows.append(_row_given(boxes, (name, sign, value), names, labels))
        elif sign or value:
            raise ConditionFault(boxes[0], "填了怎样比较，还没有选“看哪一项”。")
    text = str(data.get("condition") or "").strip()
    if not rows:
        try:
            return written_formula(text, names)
        except ExpressionFault as fault:
            raise ConditionFault("condition", fault.message) from fault
    if text:
        message = f"已经选了“{picked}”，又自己写了条件：请只留一样。"
        raise ConditionFault("condition", message)
    return f" {'or' if data.get('joined') == 'or' else 'and'} ".join(rows)


def _row_given(
    boxes: list[str], given: tuple[str, str, str], names: Mapping[str, NamedValue], labels: CodeLabels
) -> str:
    name, sign, value = given
    named = names[name]
    fitting = {one["label"]: one["code"] for one in OPERATORS[named.kind]}
    if sign not in fitting:
        message = f"“{named.label}”是{named.kind.label}，“怎样比较”请选：{'、'.join(fitting)}。"
        raise ConditionFault(boxes[1], message)
    if (known := labels.get(name)) and value:
        codes = {label: code for code, label in known.items()}
        if value not in codes:
            message = f"“{named.label}”里没有“{value[:20]}”，可以写：{'、'.join(codes)}。"
            raise ConditionFault(boxes[2], message)
        value = codes[value]
    row = Comparison(name, fitting[sign], "today" if value == "今天" else value)
    try:
        return written(Comparisons("and", (row,)), names)
    except ExpressionFault as fault:
        raise ConditionFault(boxes[2], fault.message) from fault
