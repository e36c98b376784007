"""What designers of forms fill in."""

import json
from typing import Any

from django import forms

from foundation.design.forms import FaultyForm
from standards.forms.designing import is_editable
from standards.forms.reading import LARGEST


class FormBeginning(FaultyForm):
    title = forms.CharField(label="表单名称", max_length=100, help_text="填写的人会看到，例如“请假单”。")
    file = forms.FileField(
        label="从文件开始",
        required=False,
        help_text="选填。在别的表单里点“导出”得到的文件，可以改了再用。",
        widget=forms.FileInput(attrs={"accept": "application/json,.json"}),
    )

    def clean_file(self) -> dict[str, Any] | None:
        """The definition in the file."""
        file = self.cleaned_data["file"]
        if not file:
            return None
        if file.size > LARGEST:
            message = f"这个文件有 {file.size / 1024:,.0f} KB，表单最多 {LARGEST // 1024:,} KB。"
            raise forms.ValidationError(message)
        try:
            definition = json.loads(file.read())
        except (ValueError, RecursionError):
            definition = None
        if not is_editable(definition):
            raise forms.ValidationError("这个文件里没有能读懂的表单，请选点“导出”得到的文件。")
        return dict(definition)

    def begun(self) -> dict[str, Any]:
        """The new form's title and definition."""
        title, definition = self.cleaned_data["title"], self.cleaned_data["file"]
        return {"title": title, "definition": definition and {**definition, "title": title}}
