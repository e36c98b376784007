"""One's own second factors, at the province's host."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from foundation.errors import DomainError, Invalid
from foundation.qr_codes import picture_of
from province.console.access import for_owner, layout_of, require_fresh
from province.people.models import Account
from province.people.queries.actors import actor_of
from province.sign_in.access import made_by
from province.sign_in.forms import TotpForm
from province.sign_in.models import Passkey
from province.sign_in.operations.passkeys import add_passkey
from province.sign_in.operations.second_factor import (
    add_totp,
    draw_recovery_codes,
    remove_passkey,
    remove_totp,
)
from province.sign_in.queries.second_factor import factors_of
from province.sign_in.queries.totp import key_address
from province.sign_in.views.sign_in import TOTP_SECRET, secret_of


@never_cache
@require_http_methods(["GET", "POST"])
@for_owner
def factors(request: HttpRequest, owner: Account) -> HttpResponse:
    """``act``: totp (with its code), passkey (with the authenticator's answer), codes, remove_totp, remove_passkey."""
    require_fresh(request)
    form = TotpForm(request.POST if request.POST.get("act") == "totp" else None)
    if request.method == "POST" and (not form.is_bound or form.is_valid()):
        try:
            return _act(request, owner, form)
        except DomainError as refusal:
            if not form.is_bound:
                messages.error(request, refusal.message)
                return redirect("account-factors")
            form.take_faults(refusal)
    return _page(request, owner, form)


def _act(request: HttpRequest, owner: Account, form: TotpForm) -> HttpResponse:
    by = actor_of(owner)
    match request.POST.get("act"):
        case "totp":
            add_totp(by=by, account=owner, secret=secret_of(request, owner), code=form.cleaned_data["code"])
            del request.session[TOTP_SECRET]
            messages.success(request, "验证器应用已设好，下次登录时输入它显示的数字。")
        case "passkey":
            passkey = add_passkey(by=by, account=owner, host=settings.BASE_DOMAIN, **made_by(request))
            messages.success(request, f"通行密钥“{passkey.name}”已添加，下次可以直接用它登录。")
        case "codes":
            page = {"codes": draw_recovery_codes(by=by, account=owner), "destination": "", "account": owner}
            # in this answer and nowhere else
            return render(request, "sign_in/recovery_codes.html", page)
        case "remove_totp":
            remove_totp(by=by, account=owner)
            messages.success(request, "验证器应用已移除。")
        case "remove_passkey":
            passkey = get_object_or_404(Passkey, pk=_uuid(request.POST.get("passkey", "")), account=owner)
            remove_passkey(by=by, account=owner, passkey=passkey)
            messages.success(request, f"通行密钥“{passkey.name}”已移除。")
        case _:
            raise Invalid("请选择要做的操作。")
    return redirect("account-factors")


def _page(request: HttpRequest, owner: Account, form: TotpForm) -> HttpResponse:
    secret = secret_of(request, owner)
    page = {
        "base": layout_of(request),
        "factors": factors_of(owner),
        "form": form,
        "secret": secret,
        "picture": picture_of(key_address(owner, secret)),
    }
    return render(request, "sign_in/factors.html", page, status=422 if form.errors else 200)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid("请选择要移除的通行密钥。") from error
