"""What citizens, and the clerks who serve them, fill in."""

from django import forms

from foundation.design.dates import DayField
from foundation.design.forms import FaultyForm
from province.citizens.models import Mandate
from province.citizens.models.mandates import EVERYTHING, EVERYTHING_LABEL
from province.citizens.queries.citizens import FIELD_LABELS

_SEPARATORS = str.maketrans("、,，;；", "     ")
_PHONE = {"inputmode": "tel", "autocomplete": "tel", "maxlength": "20"}
_CODE = {"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": "6"}


def _acts(text: str) -> list[str]:
    return [EVERYTHING if act == EVERYTHING_LABEL else act for act in text.translate(_SEPARATORS).split()]


class CitizenPhoneForm(FaultyForm):
    phone = forms.CharField(label="手机号", max_length=20, widget=forms.TextInput(attrs=_PHONE))


class ProofCodeForm(FaultyForm):
    code = forms.CharField(
        label="验证码", max_length=6, help_text="短信里的 6 位数字。", widget=forms.TextInput(attrs=_CODE)
    )


class CitizenProofPasswordForm(FaultyForm):
    password = forms.CharField(
        label="密码",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CitizenCodeForm(CitizenPhoneForm, ProofCodeForm):
    field_order = ("phone", "code")


class CitizenNewPasswordForm(FaultyForm):
    new = forms.CharField(
        label="新密码",
        max_length=128,
        strip=False,
        help_text="至少 10 个字符，可以是一句容易记住的话。",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class CitizenNameForm(FaultyForm):
    """As the identity card has it."""

    name = forms.CharField(label="姓名", max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    number = forms.CharField(
        label="身份证号", max_length=24, widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    )


class CompanyForm(FaultyForm):
    code = forms.CharField(
        label="统一社会信用代码",
        max_length=24,
        help_text="营业执照上的 18 位代码。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )
    name = forms.CharField(label="单位名称", max_length=120, help_text="营业执照上的全称。")


class AgencyForm(FaultyForm):
    code = forms.CharField(label="统一社会信用代码", max_length=24, help_text="要代办的单位的 18 位代码。")
    acts = forms.CharField(
        label="代办的事项",
        max_length=600,
        help_text="照办事指南上的事项名称写，用空格或顿号隔开；写“全部事项”，就是单位的全部事项。",
    )
    from_on = DayField(label="开始日期")
    to_on = DayField(label="结束日期", help_text="最长一年。")

    def clean_acts(self) -> list[str]:
        return _acts(self.cleaned_data["acts"])


class FindCitizenForm(FaultyForm):
    who = forms.CharField(
        label="手机号或身份证号",
        max_length=24,
        help_text="须填写完整的号码。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class RevealForm(FaultyForm):
    field = forms.ChoiceField(label="要看的信息", choices=list(FIELD_LABELS.items()))
    reason = forms.CharField(label="原因", max_length=200, help_text="本人能看到谁在什么时候、为什么看过。")


class MandateForm(FaultyForm):
    kind = forms.ChoiceField(label="方式", choices=Mandate.Kind.choices, widget=forms.RadioSelect)
    acts = forms.CharField(label="委托的事项", max_length=600, required=False, help_text="不填则为全部事项。")
    paper = forms.FileField(
        label="签字的委托书",
        required=False,
        help_text="书面委托必须上传照片或 PDF；其他方式可以不传，由本人用短信验证码确认。",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,application/pdf"}),
    )

    def clean_acts(self) -> list[str]:
        return _acts(self.cleaned_data["acts"])


class PhoneCodeForm(FaultyForm):
    code = forms.CharField(
        label="验证码", max_length=6, help_text="群众手机收到的 6 位数字。", widget=forms.TextInput(attrs=_CODE)
    )
