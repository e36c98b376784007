"""What citizens fill in."""

from django import forms

from foundation.design.forms import FaultyForm
from tenants.services.operations.questions import LONGEST_QUESTION


class QuestionForm(FaultyForm):
    text = forms.CharField(
        label="您的问题",
        max_length=LONGEST_QUESTION,
        help_text=f"最多 {LONGEST_QUESTION} 个字。请不要写身份证号、银行卡号。",
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    phone = forms.CharField(
        label="手机号",
        max_length=20,
        help_text="工作人员用它联系您,别处不显示。",
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )
    name = forms.CharField(
        label="怎样称呼您",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
