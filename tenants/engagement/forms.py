"""What people fill in about questions: those who ask, and those who answer."""

from typing import Any, Final

from django import forms

from foundation.design.dates import DayField
from foundation.design.forms import FaultyForm
from foundation.editing.reasons import LONGEST_SHORT_REASON
from province.cases.models import LONGEST_CASE_NUMBER
from tenants.engagement.models import LONGEST_QUESTION, LONGEST_REPLY
from tenants.engagement.states import DESK_CHANNELS

_PHONE: Final = {"type": "tel", "inputmode": "tel", "autocomplete": "tel"}


class _TextForm(FaultyForm):
    text = forms.CharField(
        label="您的问题",
        max_length=LONGEST_QUESTION,
        help_text=f"最多 {LONGEST_QUESTION} 个字。请不要写身份证号、银行卡号。",
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "请写下您的问题。"},
    )


class CitizenAskForm(_TextForm):
    """Of somebody who is signed in: name and phone are known. ``units``: (id, name) of whom they may ask, empty where
    the item says it."""

    unit_id = forms.TypedChoiceField(label="问哪个部门", required=False, empty_value=None)
    consents = forms.BooleanField(
        label="同意把问题和答复公开，让有同样疑问的人看到（不显示姓名、电话）", required=False
    )
    wants_messages = forms.BooleanField(
        label="有答复时发短信告诉我（短信里只有编号和查看办法，没有答复内容）", required=False, initial=True
    )
    form_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, units: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        if units:
            self.offer("unit_id", [("", "不确定，由窗口转给有关部门"), *units])
        else:
            del self.fields["unit_id"]


class GuestAskForm(CitizenAskForm):
    phone = forms.CharField(
        label="手机号",
        max_length=20,
        help_text="查看答复要用它的后四位；工作人员必要时用它联系您，别处不显示。",
        widget=forms.TextInput(attrs=_PHONE),
        error_messages={"required": "请填写 11 位手机号。"},
    )
    name = forms.CharField(
        label="怎样称呼您",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ["text", "unit_id", "phone", "name", "wants_messages", "consents"]


class EnteredQuestionForm(GuestAskForm):
    """A question that came by telephone, by letter or at the window."""

    channel = forms.ChoiceField(
        label="怎样收到的",
        choices=[("", "请选择"), *((one.value, one.label) for one in DESK_CHANNELS)],
        error_messages={"required": "请选择是怎样收到的。"},
    )
    received_on = DayField(label="哪天收到的", required=False, help_text="不填就是今天。答复期限从第二天起算。")
    field_order = ["text", "unit_id", "channel", "phone", "name", "received_on", "wants_messages", "consents"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["text"].label = "群众问了什么"
        self.fields["wants_messages"].label = "有答复时发短信告诉群众（短信里没有答复内容）"
        self.fields["consents"].label = "群众同意公开问题和答复（不显示姓名、电话）"


class EnteredComplaintForm(EnteredQuestionForm):
    """A complaint about a case that somebody brings to the desk, says on the telephone or sends."""

    case_number = forms.CharField(
        label="办件编号",
        max_length=LONGEST_CASE_NUMBER,
        help_text="整个编号，或者最后 12 位。",
        error_messages={"required": "请填写办件编号。"},
    )
    phone_tail = forms.CharField(
        label="申请时留的手机号后四位",
        min_length=4,
        max_length=4,
        help_text="请群众说出来：编号和它对得上，才能登记。",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": "请填写手机号后四位。"},
    )
    field_order = [
        *("case_number", "phone_tail", "text", "channel", "phone", "name", "received_on", "wants_messages", "consents")
    ]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, units=[], **options)
        self.fields["text"].label = "投诉的内容"
        self.fields["phone"].label = "投诉人的手机号"
        self.fields["name"].label = "怎样称呼投诉人"
        self.fields["phone"].help_text = "投诉编号会发到这个手机号，凭编号和它的后四位查看答复。"
        self.fields["consents"].label = "群众同意公开投诉和答复（不显示姓名、电话）"


class FurtherForm(_TextForm):
    after = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["text"].label = "追问"


class ReplyForm(FaultyForm):
    """``after``: the last message that the writer has read."""

    text = forms.CharField(
        label="答复内容",
        max_length=LONGEST_REPLY,
        help_text="先直接回答能不能办、怎么办，再写依据和联系方式。写到一半会自动存成草稿，只有您看得到。",
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "请写下答复内容。"},
    )
    after = forms.UUIDField(widget=forms.HiddenInput)


class TransferForm(FaultyForm):
    unit_id = forms.TypedChoiceField(label="转给", required=False, empty_value=None)
    note = forms.CharField(
        label="说明",
        max_length=LONGEST_SHORT_REASON,
        required=False,
        help_text="给接手的部门看，群众看不到。",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    after = forms.UUIDField(widget=forms.HiddenInput)


class RefusalForm(FaultyForm):
    reason = forms.CharField(
        label="原因和去处",
        max_length=LONGEST_REPLY,
        help_text="写明为什么不属于本厅、该去哪里办、电话多少。群众会看到。",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明原因，并告诉群众该去哪里办。"},
    )
    after = forms.UUIDField(widget=forms.HiddenInput)


class ClosingForm(FaultyForm):
    reason = forms.CharField(
        label="办结原因",
        max_length=LONGEST_SHORT_REASON,
        help_text="例如：已电话回访，群众表示清楚了。群众会看到。",
        error_messages={"required": "请写明办结的原因。"},
    )


class CallForm(FaultyForm):
    """Why somebody wants to read a citizen's number, before it is shown."""

    reason = forms.CharField(label="查看原因", max_length=200, help_text="例如：电话核实情况。查看会留下记录。")


class PublicationForm(FaultyForm):
    asked = forms.CharField(label="公开的问题", max_length=LONGEST_QUESTION, widget=forms.Textarea(attrs={"rows": 4}))
    answered = forms.CharField(label="公开的答复", max_length=LONGEST_REPLY, widget=forms.Textarea(attrs={"rows": 8}))


class WithdrawalForm(FaultyForm):
    reason = forms.CharField(
        label="撤下的原因", max_length=LONGEST_SHORT_REASON, error_messages={"required": "请写明撤下的原因。"}
    )
