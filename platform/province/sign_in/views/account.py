"""One's own account: the same pages on the province's host and on every hall's."""

from datetime import datetime, time
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from foundation.errors import DomainError
from province.console.access import client_address, for_owner, layout_of, require_fresh
from province.console.addresses import province_address
from province.people.models import Account
from province.people.queries.actors import actor_of
from province.rights.permissions import PERMISSIONS
from province.sign_in.access import sign_in_of
from province.sign_in.forms import PasswordForm, TokenForm
from province.sign_in.models import ApiToken
from province.sign_in.operations.passwords import change_password
from province.sign_in.operations.tokens import issue_token, revoke_token
from province.sign_in.queries.tokens import own_tokens


@never_cache
@require_GET
@for_owner
def account(request: HttpRequest, owner: Account) -> HttpResponse:
    return _account_page(request, owner)


@require_POST
@for_owner
def password(request: HttpRequest, owner: Account) -> HttpResponse:
    form = PasswordForm(request.POST)
    if form.is_valid():
        try:
            change_password(
                by=actor_of(owner),
                account=owner,
                present=form.cleaned_data["present"],
                new=form.cleaned_data["new"],
                address=client_address(request),
                kept=sign_in_of(request),
            )
        except DomainError as refusal:
            form.take_faults(refusal)
        else:
            messages.success(request, "密码已修改。其他设备上的登录已失效。")
            return redirect("account")
    return _account_page(request, owner, password_form=form)


@never_cache
@require_POST
@for_owner
def new_token(request: HttpRequest, owner: Account) -> HttpResponse:
    require_fresh(request)
    form = TokenForm(request.POST, permissions=_permissions(owner))
    if not form.is_valid():
        return _account_page(request, owner, token_form=form)
    until = form.cleaned_data["expires_on"]
    try:
        key = issue_token(
            by=actor_of(owner),
            account=owner,
            name=form.cleaned_data["name"],
            scopes=form.cleaned_data["scopes"],
            expires_at=timezone.make_aware(datetime.combine(until, time.max)) if until else None,
            addresses=form.cleaned_data["addresses"].split(),
        )
    except DomainError as refusal:
        form.take_faults(refusal)
        return _account_page(request, owner, token_form=form)
    # in this answer and nowhere else: it is kept neither in the session nor in the address
    return _account_page(request, owner, key=key)


@require_POST
@for_owner
def end_token(request: HttpRequest, owner: Account, token_id: UUID) -> HttpResponse:
    token = get_object_or_404(ApiToken, id=token_id, account=owner)
    revoke_token(by=actor_of(owner), token=token)
    messages.success(request, f"令牌“{token.name}”已吊销，使用它的程序不能再访问。")
    return redirect("account")


def _account_page(
    request: HttpRequest,
    owner: Account,
    *,
    password_form: PasswordForm | None = None,
    token_form: TokenForm | None = None,
    key: str = "",
) -> HttpResponse:
    is_faulty = bool(password_form or token_form)
    tokens = own_tokens(owner)
    page = {
        "base": layout_of(request),
        "province": province_address(),
        "positions": owner.positions.all(),
        "password_form": password_form or PasswordForm(),
        "token_form": token_form or TokenForm(permissions=_permissions(owner)),
        "tokens": [
            (token, [PERMISSIONS[scope].label for scope in token.scopes if scope in PERMISSIONS]) for token in tokens
        ],
        "key": key,
    }
    return render(request, "sign_in/account.html", page, status=422 if is_faulty else 200)


def _permissions(owner: Account) -> frozenset[str]:
    return frozenset[str]().union(*(grant.permissions for grant in actor_of(owner).grants))
