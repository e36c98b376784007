"""What citizens fill in to sign in."""

from django import forms

from foundation.design.forms import FaultyForm


class SignInPhoneForm(FaultyForm):
    phone = forms.CharField(
        label="手机号",
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel", "maxlength": "20"}),
    )


class SignInCodeForm(SignInPhoneForm):
    code = forms.CharField(
        label="验证码",
        max_length=6,
        help_text="短信里的 6 位数字。",
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": "6", "autofocus": True}
        ),
    )


class SignInPasswordForm(SignInPhoneForm):
    password = forms.CharField(
        label="密码",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
