"""What somebody fills in who changes codes."""

from django import forms

from foundation.design.forms import FaultyForm


class NewCodeForm(FaultyForm):
    """``revision``: of the draft that was read when the preview was shown."""

    basic_code = forms.CharField(
        label="新的基本编码",
        max_length=12,
        help_text="12 位数字。第 3–4 位是事项类型：换成别的类型，事项类型随之变更。",
    )
    revision = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
