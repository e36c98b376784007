"""What came of a call to something outside, as somebody fills it in by hand."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms

from foundation.design.dates import DayField
from foundation.design.forms import FaultyForm
from standards.flows.plugins import PluginPort
from standards.forms.expressions.kinds import ValueKind
from tenants.workflow.models.runs import LONGEST_OPINION

_PREFIX: Final = "answer."
_YES: Final = (("true", "是"), ("false", "否"))


class HandAnswerForm(FaultyForm):
    """A field for each output, and the reason; the operation judges what was filled in."""

    def __init__(self, data: Any, ports: Mapping[str, PluginPort]) -> None:
        # several may stand on one page
        super().__init__(data, auto_id="by-hand-%s")
        self.fields |= {f"{_PREFIX}{name}": _field_of(port) for name, port in ports.items()}
        self.fields["opinion"] = forms.CharField(
            label="原因",
            max_length=LONGEST_OPINION,
            help_text="结果从哪里来，为什么手工填写。",
            widget=forms.Textarea(attrs={"rows": 2}),
        )

    def answer(self) -> dict[str, Any]:
        """By output, what was filled in; what was left empty is not there."""
        given = {name.removeprefix(_PREFIX): self.cleaned_data[name] for name in self.fields if name != "opinion"}
        return {name: value for name, value in given.items() if value not in ("", None)}


def _field_of(port: PluginPort) -> forms.Field:
    if port.words or port.kind == ValueKind.YES_NO:
        choices = [("", "请选择"), *(port.words.items() or _YES)]
        return forms.ChoiceField(label=port.label, choices=choices, required=port.required)
    if port.kind == ValueKind.DATE:
        return DayField(label=port.label, required=port.required)
    if port.kind == ValueKind.NUMBER:
        return forms.DecimalField(label=port.label, required=port.required)
    return forms.CharField(label=port.label, required=port.required, max_length=500)
