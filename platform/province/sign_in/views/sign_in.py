"""Sign in at the province's host: passkey first, or password and second factor; and sign out, everywhere."""

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from foundation.crypto.fields import Sealed
from foundation.errors import DomainError, Invalid
from foundation.qr_codes import picture_of
from province.console.access import client_address, hall_of
from province.halls.access import destination_of
from province.people.models import Account
from province.people.queries.actors import actor_of
from province.rights.actors import Actor
from province.sign_in.access import ask_to_make, ask_to_sign, made_by, sign_in_of, signed_by
from province.sign_in.forms import ActivationForm, CodeForm, SignInForm, TotpForm
from province.sign_in.models import Factor
from province.sign_in.operations.passkeys import add_passkey, begin_passkey, begin_proof, check_passkey
from province.sign_in.operations.passwords import activate_account
from province.sign_in.operations.second_factor import add_totp, check_code, draw_recovery_codes
from province.sign_in.operations.sessions import end_session
from province.sign_in.operations.sign_in import check_password
from province.sign_in.queries.second_factor import factors_of, has_factor
from province.sign_in.queries.totp import draw_secret, key_address
from province.sign_in.views.entry import hold, is_known_device, let_in, onward, pending_of, remember_device

TOTP_SECRET = "totp_secret"  # noqa: S105 - where the session keeps it


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    destination = destination_of(request)
    if request.method == "GET" and request.user.is_authenticated:
        return redirect(destination)
    form = SignInForm(request.POST if request.method == "POST" and not request.POST.get("answer") else None)
    refused = ""
    try:
        if request.POST.get("answer"):
            account = check_passkey(**signed_by(request))
            return _enter(request, account, Factor.PASSKEY, destination)
        if form.is_bound and form.is_valid():
            username = form.cleaned_data["username"]
            account = check_password(
                **form.cleaned_data,
                address=client_address(request),
                is_known_device=is_known_device(request, username),
            )
            return _after_password(request, account, destination)
    except DomainError as refusal:
        refused = refusal.message
    page = {
        "form": form,
        "refused": refused,
        "next": request.GET.get("next", ""),
        "query": request.GET.urlencode(),
    }
    return render(request, "sign_in/sign_in.html", page, status=422 if form.errors or refused else 200)


def _after_password(request: HttpRequest, account: Account, destination: str) -> HttpResponse:
    if has_factor(account):
        hold(request, account, destination)
        return redirect("sign-in-code")
    if not settings.SECOND_FACTOR_REQUIRED:
        return _enter(request, account, Factor.PASSWORD, destination)
    hold(request, account, destination)
    return redirect("sign-in-set-up")


def _enter(request: HttpRequest, account: Account, factor: Factor, destination: str) -> HttpResponse:
    session = let_in(request, account, factor)
    response = onward(request, destination)
    remember_device(request, response, session.account)
    return response


@never_cache
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The second screen: a code of the app, a recovery code, or a passkey."""
    pending = pending_of(request)
    if pending is None:
        return redirect("sign-in")
    account = pending.account
    form = CodeForm(request.POST if request.method == "POST" and not request.POST.get("answer") else None)
    try:
        if request.POST.get("answer"):
            check_passkey(**signed_by(request), account=account)
            return _enter(request, account, Factor.PASSKEY, pending.destination)
        if form.is_bound and form.is_valid():
            factor = check_code(
                account=account,
                code=form.cleaned_data["code"],
                address=client_address(request),
                is_known_device=is_known_device(request, account.username),
            )
            return _enter(request, account, factor, pending.destination)
    except DomainError as refusal:
        form = form if form.is_bound else CodeForm({"code": ""})
        form.take_faults(refusal)
    page = {"form": form, "factors": factors_of(account)}
    return render(request, "sign_in/code.html", page, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """The first time: nobody goes on without a second factor, and the recovery codes are shown once."""
    pending = pending_of(request)
    if pending is None or has_factor(pending.account):
        return redirect("sign-in")
    account = pending.account
    by = Actor(account.id, account.name, ())
    secret = secret_of(request, account)
    form = TotpForm(request.POST if request.POST.get("act") == "totp" else None)
    refused = ""
    try:
        if request.POST.get("answer"):
            add_passkey(by=by, account=account, host=settings.BASE_DOMAIN, **made_by(request))
            return _begin_with_codes(request, account, Factor.PASSKEY, pending.destination)
        if form.is_bound and form.is_valid():
            add_totp(by=by, account=account, secret=secret, code=form.cleaned_data["code"])
            return _begin_with_codes(request, account, Factor.TOTP, pending.destination)
    except DomainError as refusal:
        if form.is_bound:
            form.take_faults(refusal)
        else:
            refused = refusal.message
    page = {
        "form": form,
        "refused": refused,
        "secret": secret,
        "picture": picture_of(key_address(account, secret)),
        "account": account,
    }
    return render(request, "sign_in/set_up.html", page, status=422 if form.errors or refused else 200)


def _begin_with_codes(request: HttpRequest, account: Account, factor: Factor, destination: str) -> HttpResponse:
    codes = draw_recovery_codes(by=Actor(account.id, account.name, ()), account=account)
    session = let_in(request, account, factor)
    page = {"codes": codes, "destination": destination, "account": account}
    # in this answer and nowhere else
    response = render(request, "sign_in/recovery_codes.html", page)
    remember_device(request, response, session.account)
    return response


@never_cache
@require_http_methods(["GET", "POST"])
def activate(request: HttpRequest) -> HttpResponse:
    """Choose a password by a code that an administrator handed over, then go on as at a first sign-in."""
    form = ActivationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            account = activate_account(
                username=form.cleaned_data["username"],
                code=form.cleaned_data["code"],
                password=form.cleaned_data["new"],
                address=client_address(request),
            )
        except DomainError as refusal:
            form.take_faults(refusal)
        else:
            return _after_password(request, account, destination_of(request))
    return render(request, "sign_in/activate.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_POST
def proof_options(request: HttpRequest) -> JsonResponse:
    """What the browser's authenticator is asked to sign: by the person who is signing in, or is signed in."""
    account = request.user if isinstance(request.user, Account) else None
    pending = None if account else pending_of(request)
    return JsonResponse(ask_to_sign(request, begin_proof(account=account or (pending.account if pending else None))))


@never_cache
@require_POST
def making_options(request: HttpRequest) -> JsonResponse:
    """What the browser's authenticator is asked to make: for the one who is signed in, or who sets up the first."""
    account = request.user if isinstance(request.user, Account) else None
    if account is None:
        pending = pending_of(request)
        if pending is None or has_factor(pending.account):
            raise Invalid("登录已超时，请重新登录。")
        account = pending.account
    return JsonResponse(ask_to_make(request, begin_passkey(account=account)))


def secret_of(request: HttpRequest, account: Account) -> str:
    """The app's key that is being set up: drawn once, and kept encrypted until it is taken into use."""
    place = f"sign_in.TotpKey.secret:{account.pk}".encode()
    if TOTP_SECRET in request.session:
        return Sealed(request.session[TOTP_SECRET]).opened(place)
    secret = draw_secret()
    request.session[TOTP_SECRET] = str(Sealed.of(secret, place))
    return secret


@require_POST
def sign_out(request: HttpRequest) -> HttpResponseRedirect:
    """Sign out here and on every other host of ours."""
    session = sign_in_of(request)
    if session:
        end_session(by=actor_of(session.account), session=session)
    logout(request)
    return redirect("/" if hall_of(request) else "sign-in")
