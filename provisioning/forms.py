from django import forms

from province.halls.models import HallKind


class RolloutForm(forms.Form):
    """Below which division, and which kinds of halls (none: all)."""

    under = forms.RegexField(
        label="区划代码",
        regex=r"^\d{2,12}\Z",
        help_text="开通这个区划和它的全部下级，如 420582（当阳市）。",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": "区划代码由 2 到 12 位数字组成。"},
    )
    kinds = forms.MultipleChoiceField(
        label="服务厅类型",
        required=False,
        choices=HallKind,
        help_text="不选表示全部类型。",
        widget=forms.CheckboxSelectMultiple,
    )
