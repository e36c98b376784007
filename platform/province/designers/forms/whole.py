"""What designers fill in about a flow as a whole."""

from collections.abc import Iterator
from typing import Any, Final

from django import forms

from foundation.design.forms import FaultyForm
from province.designers.forms.boxes import text_box
from province.designers.forms.people import lacking_parts, rule_fields, rule_given
from province.designers.queries.flow_tables import FlowVocabulary
from standards.flows.checks.people import OWNER_TITLES
from standards.flows.definition import FlowDefinition

_OWNER: Final = "owner"


class FlowWhole(FaultyForm):
    """What is said of a flow as a whole: its name, and who has what nobody else has."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    title = forms.CharField(label="流程名称", max_length=100)
    hint = text_box("说明", "", rows=2)

    def __init__(self, data: Any, *, flow: FlowDefinition, vocabulary: FlowVocabulary) -> None:
        super().__init__(data, initial={"title": flow.title, "hint": flow.hint})
        kinds = {kind: title for kind, title in OWNER_TITLES.items() if kind in vocabulary.kinds}
        choices = vocabulary.choices
        self.owner = rule_fields(_OWNER, flow.owner, label="流程负责人", choices=choices, kinds=kinds)
        self.fields |= self.owner

    @property
    def owner_parts(self) -> Iterator[tuple[str, Any]]:
        """The fields of the rule, each with the part of it that it is."""
        return ((name.removeprefix(f"{_OWNER}_"), self[name]) for name in self.owner)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in [*lacking_parts(_OWNER, data)]:
            self.add_error(name, "请填写。")
        return data

    def values(self) -> dict[str, Any]:
        """What ``changes.change_whole`` takes."""
        data = self.cleaned_data
        return {"title": " ".join(data["title"].split()), "hint": data["hint"], "owner": rule_given(_OWNER, data)}
