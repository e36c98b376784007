"""What people fill in about their own account."""

from typing import Any

from django import forms
from django.utils import timezone

from foundation.design.dates import DayField
from foundation.design.forms import FaultyForm
from foundation.design.picking import PickField, Picks, use_picks
from foundation.errors import DomainError
from province.rights.permissions import all_permissions
from province.sign_in.operations.tokens import VALID_FOR
from province.sign_in.queries.oidc import SCOPES

PASSWORD_RULE = "至少 10 个字符，不能是常见密码，也不能含有账号或姓名。"  # noqa: S105 - says what one must be like


class SignInForm(forms.Form):
    username = forms.CharField(
        label="账号", max_length=64, widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label="密码",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class NewPasswordForm(FaultyForm):
    """A new password, twice."""

    new = forms.CharField(
        label="新密码",
        max_length=128,
        strip=False,
        help_text=PASSWORD_RULE,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="再输一遍新密码",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("new"):
            raise forms.ValidationError("两次输入的新密码不一样。")
        return again


class PasswordForm(NewPasswordForm):
    present = forms.CharField(
        label="当前密码",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("present", "new", "again")


class ActivationForm(NewPasswordForm):
    username = forms.CharField(label="账号", max_length=64, widget=forms.TextInput(attrs={"autocomplete": "username"}))
    code = forms.CharField(
        label="激活码",
        max_length=40,
        help_text="管理员交给您的 16 位字母和数字，7 天内有效，只能用一次。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    field_order = ("username", "code", "new", "again")


class CodeForm(FaultyForm):
    """A code of the app or of the recovery list."""

    code = forms.CharField(
        label="验证码",
        max_length=40,
        help_text="验证器应用里现在显示的 6 位数字；手机不在身边时，可以用一个恢复码。",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}),
    )


class TotpForm(FaultyForm):
    code = forms.CharField(
        label="应用里显示的 6 位数字",
        max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class ProofPasswordForm(FaultyForm):
    password = forms.CharField(
        label="密码",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )


class TokenForm(FaultyForm):
    name = forms.CharField(label="用途", max_length=40, help_text="写明给哪个程序用，便于以后辨认。")
    scopes = forms.MultipleChoiceField(label="权限", widget=forms.CheckboxSelectMultiple)
    expires_on = DayField(label="有效期至", required=False, help_text="留空则 90 天后到期，最长一年。")
    addresses = forms.CharField(
        label="允许的来源地址",
        required=False,
        max_length=1000,
        help_text="IP 或网段，用空格分开，例如 10.1.2.3 10.2.0.0/16；留空则不限。",
    )

    def __init__(self, *args: Any, permissions: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # a token can do no more than its owner: only that is offered
        self.offer("scopes", [(one.name, one.label) for one in all_permissions() if one.name in permissions])


class SystemTokenForm(FaultyForm):
    """A key for a program, at whichever account it works."""

    username = PickField(
        kind="people", label="账号", help_text="程序以这个账号的岗位办事。输入姓名、拼音首字母或账号。"
    )
    name = forms.CharField(label="用途", max_length=40)
    scopes = forms.MultipleChoiceField(label="权限", widget=forms.CheckboxSelectMultiple)
    expires_on = DayField(label="有效期至")
    addresses = forms.CharField(
        label="允许的来源地址",
        required=False,
        max_length=1000,
        help_text="IP 或网段，用空格分开，例如 10.1.2.3 10.2.0.0/16；留空则不限。",
    )

    def __init__(self, data: Any = None, *, picks: Picks) -> None:
        super().__init__(data, initial={"expires_on": timezone.localdate() + VALID_FOR})
        use_picks(self, picks)
        self.offer("scopes", [(one.name, one.label) for one in all_permissions()])


class ClientAddressesForm(FaultyForm):
    """Where a system lets people in and out; addresses one a line."""

    redirect_uris = forms.CharField(
        label="回调地址",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4000,
        help_text="一行一个完整的 https 地址，与系统发来的逐字比较。",
    )
    post_logout_redirect_uris = forms.CharField(
        label="退出后返回的地址",
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=4000,
        help_text="一行一个；没有就留空。",
    )
    backchannel_logout_uri = forms.CharField(
        label="退出通知地址", required=False, max_length=500, help_text="有人退出登录时通知系统的地址；没有就留空。"
    )

    def clean_redirect_uris(self) -> list[str]:
        return str(self.cleaned_data["redirect_uris"]).split()

    def clean_post_logout_redirect_uris(self) -> list[str]:
        return str(self.cleaned_data["post_logout_redirect_uris"]).split()

    def take_faults(self, refusal: DomainError) -> None:
        """Faults name the address, which stands in one of the fields."""
        for fault in refusal.faults:
            name = next((name for name in self.fields if fault.where in str(self.data.get(name, "")).split()), None)
            self.add_error(
                fault.where if fault.where in self.fields else name,
                fault.message if fault.where in self.fields else f"{fault.where}：{fault.message}",
            )
        if not refusal.faults:
            self.add_error(None, refusal.message)


class ClientForm(ClientAddressesForm):
    name = forms.CharField(label="系统名称", max_length=80)
    scopes = forms.MultipleChoiceField(
        label="可以得到", required=False, widget=forms.CheckboxSelectMultiple, help_text="账号的编号总是给的。"
    )

    field_order = ("name", "redirect_uris", "post_logout_redirect_uris", "backchannel_logout_uri", "scopes")

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.offer("scopes", [(scope, label) for scope, label in SCOPES.items() if scope != "openid"])
