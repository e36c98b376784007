"""The page that asks once more who it is, and then goes on with what was asked for."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from foundation.errors import DomainError
from province.console.access import client_address, for_owner, hall_of, layout_of, page_path
from province.halls.access import destination_of
from province.people.models import Account
from province.sign_in.access import sign_in_of, signed_by
from province.sign_in.forms import CodeForm, ProofPasswordForm
from province.sign_in.models import Factor, SignInSession
from province.sign_in.operations.passkeys import check_passkey
from province.sign_in.operations.second_factor import check_code
from province.sign_in.operations.step_up import renew_by_password, renew_proof
from province.sign_in.queries.second_factor import factors_of
from province.sign_in.views.entry import is_known_device, onward

# fields of the page itself: they are not part of what was typed
_PREFIX = "proof"
ASKED, _ANSWER = f"{_PREFIX}-asked", f"{_PREFIX}-answer"
_MOST_KEPT = 200


@never_cache
@require_http_methods(["GET", "POST"])
@for_owner
def confirm(request: HttpRequest, owner: Account) -> HttpResponse:
    """Ask for a proof before a dangerous form opens, and go on to ``next``. ``take_proof`` has taken the proof of what
    comes here: a code or a passkey's answer is good once."""
    destination = destination_of(request)
    if sign_in_of(request) is None:
        return redirect(destination)
    return onward(request, destination) if ASKED in request.POST else _page(request, owner)


def ask_first(request: HttpRequest) -> HttpResponse:
    """Ask for a proof in place of a view that found the last one too old (config/middleware.py).

    A page that was to be opened comes after the question. What was already filled in travels along in the question
    itself, and is sent to where it was going together with the proof.
    """
    session = sign_in_of(request)
    if session is None or request.headers.get("HX-Request") or request.method != "POST" or request.FILES:
        return _ask_elsewhere(request)
    return _page(request, session.account, kept=_kept(request), action=request.get_full_path())


def take_proof(request: HttpRequest) -> HttpResponse | None:
    """A form that comes back from the question, with its proof. Answers the question again where the proof is wrong."""
    session = sign_in_of(request)
    if session is None or request.method != "POST" or ASKED not in request.POST:
        return None
    form = _prove(request, session)
    if form is None:
        session.refresh_from_db(fields=["proved_at", "factor"])
        return None
    return _page(request, session.account, form=form, kept=_kept(request), action=request.get_full_path(), status=422)


def _ask_elsewhere(request: HttpRequest) -> HttpResponse:
    back = request.get_full_path()
    if request.method != "GET" or request.headers.get("HX-Request"):
        back = page_path(request)
    address = f"{reverse('confirm')}?{urlencode({'next': back})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=403, headers={"HX-Redirect": address})
    return redirect(address)


def _prove(request: HttpRequest, session: SignInSession) -> CodeForm | ProofPasswordForm | None:
    """None where the proof is right; otherwise the form that says what is wrong."""
    account = session.account
    form: CodeForm | ProofPasswordForm
    has_any = bool(factors_of(account))
    form = CodeForm(request.POST, prefix=_PREFIX) if has_any else ProofPasswordForm(request.POST, prefix=_PREFIX)
    try:
        if has_any and request.POST.get(_ANSWER):
            check_passkey(**signed_by(request, _ANSWER), account=account)
            renew_proof(session=session, factor=Factor.PASSKEY)
            return None
        if not form.is_valid():
            return form
        if has_any:
            factor = check_code(
                account=account,
                code=form.cleaned_data["code"],
                address=client_address(request),
                is_known_device=is_known_device(request, account.username),
            )
            renew_proof(session=session, factor=factor)
        else:
            renew_by_password(session=session, password=form.cleaned_data["password"], address=client_address(request))
    except DomainError as refusal:
        form.take_faults(refusal)
        return form
    return None


def _page(
    request: HttpRequest,
    owner: Account,
    *,
    form: CodeForm | ProofPasswordForm | None = None,
    kept: list[tuple[str, str]] | None = None,
    action: str = "",
    status: int = 200,
) -> HttpResponse:
    factors = factors_of(owner)
    is_here = hall_of(request) is None
    page = {
        "base": layout_of(request),
        "form": form or (CodeForm(prefix=_PREFIX) if factors else ProofPasswordForm(prefix=_PREFIX)),
        "factors": factors,
        # passkeys answer at the province's host alone
        "takes_passkey": bool(factors.passkeys) and is_here,
        "passkey_elsewhere": bool(factors.passkeys) and not is_here,
        "back": destination_of(request) if request.path == reverse("confirm") else page_path(request),
        "kept": kept or [],
        "action": action,
        "asked": ASKED,
        "answer": _ANSWER,
    }
    response = render(request, "sign_in/confirm.html", page, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _kept(request: HttpRequest) -> list[tuple[str, str]]:
    pairs = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken" and not name.startswith(f"{_PREFIX}-")
    ]
    return pairs[:_MOST_KEPT]
