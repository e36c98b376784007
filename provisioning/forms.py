from typing import Any

from django import forms

from foundation.design.picking import PickField, Picks, use_picks
from province.halls.models import HallKind


class RolloutForm(forms.Form):
    """Below which division, and which kinds of halls (none: all)."""

    under = PickField(
        kind="divisions",
        label="区划",
        help_text="开通这个区划和它的全部下级。输入名称或代码，如 当阳 或 420582。",
    )
    kinds = forms.MultipleChoiceField(
        label="服务厅类型",
        required=False,
        choices=HallKind,
        help_text="不选表示全部类型。",
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Any = None, *, picks: Picks) -> None:
        super().__init__(data)
        use_picks(self, picks)
