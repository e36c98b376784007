"""What people fill in about their own account."""

from typing import Any

from django import forms

from foundation.design.forms import FaultyForm
from province.identity.queries.rights import PERMISSIONS


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


class PasswordForm(FaultyForm):
    present = forms.CharField(
        label="当前密码",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label="新密码",
        max_length=128,
        strip=False,
        help_text="至少 8 个字符,不能是常见密码,也不能与账号、姓名相近。",
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


class TokenForm(forms.Form):
    name = forms.CharField(label="用途", max_length=40, help_text="写明给哪个程序用,便于以后辨认。")
    scopes = forms.MultipleChoiceField(label="权限", widget=forms.CheckboxSelectMultiple)
    expires_on = forms.DateField(
        label="有效期至", required=False, help_text="留空则长期有效。", widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, permissions: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scopes = self.fields["scopes"]
        assert isinstance(scopes, forms.MultipleChoiceField)  # noqa: S101 - declared four lines above
        # a token can do no more than its owner: only that is offered
        scopes.choices = [(key, label) for key, label in PERMISSIONS.items() if key in permissions]
