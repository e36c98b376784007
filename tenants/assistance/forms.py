"""What a clerk fills in before the form of the hall above, and after it."""

from typing import Any, ClassVar
from uuid import UUID

from django import forms

from foundation.design.forms import FaultyForm
from province.cases.states import LONGEST_SERVICE_ADDRESS, PAPER_WAYS, Consent
from tenants.assistance.models import LONGEST_NOTE
from tenants.assistance.operations.taking_in import AssistedPerson


class AssistanceBeginning(FaultyForm):
    """``offers``: (id, name) of what can be applied for at halls above."""

    offer_id = forms.TypedChoiceField(label="事项", coerce=UUID, error_messages={"required": "请选择事项。"})
    name = forms.CharField(label="姓名", max_length=40, help_text="给谁办，照身份证填。")
    number = forms.CharField(
        label="身份证号",
        max_length=30,
        help_text="可以用读卡器读入。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    phone = forms.CharField(
        label="手机号",
        max_length=20,
        required=False,
        help_text="短信告诉本人办到哪一步；没有可以不填。",
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    consent = forms.ChoiceField(label="委托方式", choices=Consent.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label="委托说明",
        max_length=LONGEST_NOTE,
        required=False,
        help_text="电话委托的，写明谁在什么时候、用哪个电话说的；委托书放在哪里也写在这里。",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    of_person: ClassVar = ("name", "number", "phone")

    def __init__(self, *args: Any, offers: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer("offer_id", [("", "请选择"), *offers])

    def begun(self) -> dict[str, Any]:
        """As ``begin_assistance`` takes it."""
        data = dict(self.cleaned_data)
        person = AssistedPerson(**{name: data.pop(name) for name in self.of_person})
        return data | {"person": person}


class HandingOverForm(FaultyForm):
    """After everything was read back."""

    way = forms.ChoiceField(
        label="文书怎样送达给本人",
        required=False,
        choices=[("", "以后再确认"), *((one.value, one.label) for one in PAPER_WAYS)],
        help_text="由本人选择，办理的厅按它送达，不用再问一次。要电子送达的，本人在网上的办件页面确认。",
    )
    address = forms.CharField(
        label="邮寄地址",
        max_length=LONGEST_SERVICE_ADDRESS,
        required=False,
        help_text="选邮寄的要填。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    is_read_back = forms.BooleanField(label="已经把填的内容念给本人听，或者给本人看过，本人确认没有错", required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput)


class RestHandOverForm(FaultyForm):
    """Before what was asked for is handed over."""

    said = forms.CharField(
        label="给对方的说明",
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    is_agreed = forms.BooleanField(label="本人知道这次补什么，同意由我交", required=False)
