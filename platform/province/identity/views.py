"""Sign in, sign out, and one's own account: the same pages on the province's host and on every hall's."""

from collections.abc import Callable
from datetime import datetime, time
from functools import wraps
from typing import Concatenate
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.errors import DomainError, Invalid, NotAllowed
from province.identity.forms import PasswordForm, SignInForm, TokenForm
from province.identity.models import Account, ApiToken
from province.identity.operations.accounts import change_password
from province.identity.operations.sign_in import check_password
from province.identity.operations.tokens import issue_token, revoke_token
from province.identity.queries.rights import PERMISSIONS, actor_of

type OwnersView[**Parameters] = Callable[Concatenate[HttpRequest, Account, Parameters], HttpResponse]
type PageView[**Parameters] = Callable[Concatenate[HttpRequest, Parameters], HttpResponse]


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    destination = _destination(request)
    if request.method == "GET" and request.user.is_authenticated:
        return redirect(destination)
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            found = check_password(**form.cleaned_data, address=request.META.get("REMOTE_ADDR", ""))
        except (Invalid, NotAllowed) as refusal:
            form.add_error(None, refusal.message)
        else:
            # gives the session a new key: one planted before signing in is worth nothing
            login(request, found)
            return redirect(destination)
    page = {"form": form, "next": request.GET.get("next", ""), "hall": _hall(request)}
    return render(request, "identity/sign_in.html", page, status=422 if form.errors else 200)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponseRedirect:
    logout(request)
    return redirect("sign-in")


def _for_owner[**Parameters](view: OwnersView[Parameters]) -> PageView[Parameters]:
    """Hand the view the account that is signed in; send everybody else to sign in first."""

    @wraps(view)
    def page(request: HttpRequest, /, *args: Parameters.args, **kwargs: Parameters.kwargs) -> HttpResponse:
        if isinstance(request.user, Account):
            return view(request, request.user, *args, **kwargs)
        return redirect(f"{reverse('sign-in')}?{urlencode({'next': reverse('account')})}")

    return page


@never_cache
@require_GET
@_for_owner
def account(request: HttpRequest, owner: Account) -> HttpResponse:
    return _account_page(request, owner)


@require_POST
@_for_owner
def password(request: HttpRequest, owner: Account) -> HttpResponse:
    form = PasswordForm(request.POST)
    if form.is_valid():
        try:
            change_password(
                by=actor_of(owner), account=owner, present=form.cleaned_data["present"], new=form.cleaned_data["new"]
            )
        except Invalid as refusal:
            form.take_faults(refusal)
        else:
            # this session goes on; every other one of the account ends
            update_session_auth_hash(request, owner)
            messages.success(request, "密码已修改。其他设备上的登录已失效。")
            return redirect("account")
    return _account_page(request, owner, password_form=form)


@never_cache
@require_POST
@_for_owner
def new_token(request: HttpRequest, owner: Account) -> HttpResponse:
    form = TokenForm(request.POST, permissions=_permissions(owner))
    if not form.is_valid():
        return _account_page(request, owner, token_form=form)
    until = form.cleaned_data["expires_on"]
    key = issue_token(
        by=actor_of(owner),
        account=owner,
        name=form.cleaned_data["name"],
        scopes=form.cleaned_data["scopes"],
        expires_at=timezone.make_aware(datetime.combine(until, time.max)) if until else None,
    )
    # in this answer and nowhere else: it is kept neither in the session nor in the address
    return _account_page(request, owner, key=key)


@require_POST
@_for_owner
def end_token(request: HttpRequest, owner: Account, token_id: UUID) -> HttpResponse:
    token = get_object_or_404(ApiToken, id=token_id, account=owner)
    revoke_token(by=actor_of(owner), token=token)
    messages.success(request, f"令牌“{token.name}”已吊销,使用它的程序不能再访问。")
    return redirect("account")


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """In place of Django's page: a form that lay open longer than its session."""
    error = DomainError("页面打开太久或登录已变化,这次提交没有生效。请返回上一页,刷新后再试。")
    number = getattr(request, "request_id", "")
    return render(request, "design/error.html", {"error": error, "number": number}, status=403)


def _account_page(
    request: HttpRequest,
    owner: Account,
    *,
    password_form: PasswordForm | None = None,
    token_form: TokenForm | None = None,
    key: str = "",
) -> HttpResponse:
    is_faulty = bool(password_form or token_form)
    tokens = owner.tokens.filter(revoked_at=None).order_by("-created_at")
    page = {
        "base": "portal/desk/desk.html" if _hall(request) else "halls/console.html",
        "posts": owner.posts.all(),
        "password_form": password_form or PasswordForm(),
        "token_form": token_form or TokenForm(permissions=_permissions(owner)),
        "tokens": [(token, [PERMISSIONS.get(scope, scope) for scope in token.scopes]) for token in tokens],
        "key": key,
    }
    return render(request, "identity/account.html", page, status=422 if is_faulty else 200)


def _permissions(owner: Account) -> frozenset[str]:
    return frozenset[str]().union(*(grant.permissions for grant in actor_of(owner).grants))


def _hall(request: HttpRequest) -> object | None:
    return getattr(request, "hall", None)


def _destination(request: HttpRequest) -> str:
    """``next``, if it lies on this host; otherwise the place where people of this host work."""
    asked = request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure()):
        return asked
    return "/desk/" if _hall(request) else "/console/"
