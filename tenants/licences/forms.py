"""What the staff fill in about a licence."""

from typing import Final

from django import forms

from foundation.design.forms import FaultyForm
from foundation.editing.reasons import LONGEST_REASON
from tenants.licences.models import LONGEST_BASIS
from tenants.licences.states import LicenceEnd

_AREA: Final = {"rows": 2}


class LicenceEndForm(FaultyForm):
    how = forms.ChoiceField(
        label="怎样终止",
        choices=LicenceEnd.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择注销、撤销、撤回或者吊销。"},
    )
    basis = forms.CharField(
        label="依据",
        max_length=LONGEST_BASIS,
        widget=forms.Textarea(attrs=_AREA),
        help_text="写明法律和条款，例如《中华人民共和国行政许可法》第七十条第（一）项。持有人看得到。",
        error_messages={"required": "请写明依据的法律和条款。"},
    )
    reason = forms.CharField(
        label="原因",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs=_AREA),
        help_text="持有人看得到，查验的人看不到。",
        error_messages={"required": "请写明原因。"},
    )
