"""What people fill in about a life event (一件事)."""

from typing import Any

from django import forms

from foundation.design.forms import FaultyForm
from province.catalogue.models import LifeEvent
from province.catalogue.operations.life_events import LONGEST_EVENT
from standards.items.facets import Whom


class LifeEventForm(FaultyForm):
    name = forms.CharField(label="名称", max_length=LONGEST_EVENT, help_text="照群众的话写，例如：新生儿出生。")
    whom = forms.ChoiceField(label="对谁", choices=Whom.choices)
    code = forms.CharField(
        label="编码",
        required=False,
        max_length=30,
        help_text="不填就按名称的拼音取。写进事项和网址，以后不能改。",
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, event: LifeEvent | None = None) -> None:
        initial: dict[str, Any] = {"whom": Whom.PERSON, "revision": 0}
        if event is not None:
            initial = {"name": event.name, "whom": event.whom, "code": event.code, "revision": event.revision}
        super().__init__(data, initial=initial)
        if event is not None:
            self.fields["code"].disabled = True
            self.fields["code"].help_text = "写进了事项和网址，不能改。"
