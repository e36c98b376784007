from django import forms

from foundation.design.forms import FaultyForm

# of a case's number (GB/T 39046: an..50)
LONGEST_NUMBER = 50


class ProgressForm(FaultyForm):
    """What somebody knows of what they have asked or applied for."""

    number = forms.CharField(
        label="编号",
        max_length=LONGEST_NUMBER,
        help_text="提交时得到的编号。编号很长的，可以只填最后 12 位数字；找不到时请填完整编号。",
        # the number of a case has letters in it
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": "请填写编号。"},
    )
    tail = forms.RegexField(
        r"\A[0-9]{4}\Z",
        label="手机号后四位",
        help_text="提交时所留手机号的最后四位数字。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "maxlength": 4, "size": 6}),
        error_messages={"required": "请填写手机号的后四位。", "invalid": "请填写手机号的后四位数字。"},
    )
