"""What designers fill in about a flow as a whole."""

import json
from typing import Any
from uuid import UUID

from django import forms

from foundation.design.forms import FaultyForm
from foundation.errors import Invalid
from standards.definitions import is_json
from standards.flows.bpmn.xml import LARGEST
from standards.flows.checks.times import UNIT_WORDS
from standards.flows.nodes import StepLimit, TimeUnit


class FlowStarting(FaultyForm):
    """What a new flow begins with."""

    title = forms.CharField(label="流程名称", max_length=100, help_text="发起和办理的人会看到，例如“请假”。")
    item_code = forms.CharField(
        label="从事项的运行流程图开始",
        required=False,
        max_length=36,
        help_text="选填。写事项的基本编码或实施编码，按它的办理环节生成第一稿。",
    )
    file = forms.FileField(
        label="从文件开始",
        required=False,
        help_text="选填。BPMN 2.0 文件（Camunda、Flowable、bpmn.io 等软件导出的），或在别的流程里点“导出”得到的文件。",
        widget=forms.FileInput(attrs={"accept": ".bpmn,.xml,.json"}),
    )

    def begun(self) -> dict[str, Any]:
        """What ``beginning_of_flow`` takes. Raises Invalid for a file of more than 2 MB or one that is no JSON."""
        found: dict[str, Any] = {"title": self.cleaned_data["title"], "item_code": self.cleaned_data["item_code"]}
        if not self.cleaned_data["file"]:
            return found
        content = self.content_of("file", most=LARGEST)
        if not is_json(content):
            return found | {"drawing": content}
        try:
            definition = json.loads(content)
        except (ValueError, RecursionError):
            raise Invalid.at("file", "这个文件读不懂，请选 BPMN 文件，或者点“导出”得到的文件。") from None
        return found | {"definition": definition}


class FlowSettings(FaultyForm):
    form_id = forms.ChoiceField(label="填写的表单", required=False)
    amount = forms.IntegerField(label="承诺时限", required=False, min_value=1, max_value=1_000)
    unit = forms.ChoiceField(label="单位", required=False, choices=list(UNIT_WORDS.items()))
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def given(self) -> dict[str, Any]:
        """What ``set_up_flow`` takes."""
        data = self.cleaned_data
        amount, unit = data["amount"], data["unit"] or TimeUnit.WORKING_DAYS
        return {
            "form_id": UUID(data["form_id"]) if data["form_id"] else None,
            "promise": StepLimit(amount=amount, unit=unit) if amount else None,
            "revision": data["revision"],
        }
