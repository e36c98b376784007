"""Citizens sign in, at the province's host and for all halls: phone, code, in. A password is the second way, a passkey
one for those who have made it. And what a phone would have got, where no message goes out."""

from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.errors import DomainError, NotFound
from foundation.proof_of_work import FIELD, make_challenge
from province.citizens.access import browser_of, citizen_of_request, citizen_sign_in_of, untie_citizen
from province.citizens.forms import SignInCodeForm, SignInPasswordForm, SignInPhoneForm
from province.citizens.models import Citizen, CitizenSignIn
from province.citizens.operations.citizen_sign_in import (
    sign_in_citizen,
    sign_in_with_passkey,
    sign_in_with_password,
)
from province.citizens.operations.passkeys import begin_citizen_proof
from province.citizens.operations.phone_codes import send_code_to_stranger
from province.citizens.operations.sessions import authorize_citizen, end_sign_in
from province.citizens.queries.citizens import actor_of_citizen, local_messages
from province.citizens.queries.outside import offered_platforms
from province.citizens.views.entry import halls_request, let_citizen_in
from province.citizens.views.outside import link_pending, pending_of, refusal_of
from province.console.access import client_address
from province.halls.models import Hall
from province.halls.queries import hall_at_host
from province.sign_in.access import ask_to_sign, signed_by
from province.sign_in.queries.passkeys import has_passkeys

type AnyForm = SignInPhoneForm | SignInCodeForm | SignInPasswordForm

_LONGEST_QUERY = 4_000


@never_cache
@require_GET
def authorize(request: HttpRequest) -> HttpResponse:
    """Send a citizen who is signed in back to the hall with a code, and others to the form first; they come back
    here."""
    sign_in = citizen_sign_in_of(request)
    query = request.META.get("QUERY_STRING", "")
    if sign_in is None and "none" not in request.GET.get("prompt", "").split():
        here = f"{reverse('citizen-authorize')}?{query}"
        return redirect(f"{reverse('citizen-sign-in')}?{urlencode({'next': here[:_LONGEST_QUERY]})}")
    # an address that was compared to the letter
    response = HttpResponse(status=HttpResponseRedirect.status_code)
    response["Location"] = authorize_citizen(sign_in=sign_in, query=query)
    return response


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """A passkey's ``answer``, or ``step`` of the form: phone (a code is sent), code, password."""
    citizen = citizen_of_request(request)
    if request.method == "GET" and citizen:
        destination = _destination(request)
        return redirect(destination) if destination else render(request, "citizens/signed_in.html", {"name": citizen})
    if request.POST.get("answer"):
        return _by_passkey(request)
    step = request.POST.get("step", "") or ("password" if request.GET.get("by") == "password" else "phone")
    if request.method == "GET":
        return _page(request, SignInPasswordForm() if step == "password" else SignInPhoneForm(), step)
    form: AnyForm
    match step:
        case "code":
            form = SignInCodeForm(request.POST)
        case "password":
            form = SignInPasswordForm(request.POST)
        case _:
            form = SignInPhoneForm(request.POST)
    if form.is_valid():
        try:
            if not isinstance(form, SignInCodeForm | SignInPasswordForm):
                is_unsure = not _send(request, form)
                # the phone stays in the form, and never comes into the address
                return _page(request, SignInCodeForm(initial=form.cleaned_data), "code", is_unsure=is_unsure)
            citizen, way = _proved(request, form)
            said = link_pending(request, citizen) if way == CitizenSignIn.Way.CODE else ""
            return let_citizen_in(request, citizen, way, _destination(request), said=said)
        except DomainError as refusal:
            form.take_faults(refusal)
    return _page(request, form, step, status=422)


def _send(request: HttpRequest, form: SignInPhoneForm) -> bool:
    return send_code_to_stranger(
        phone=form.cleaned_data["phone"],
        address=client_address(request),
        proof=request.POST.get(FIELD, ""),
        browser_id=browser_of(request),
    )


def _proved(request: HttpRequest, form: SignInCodeForm | SignInPasswordForm) -> tuple[Citizen, CitizenSignIn.Way]:
    address = client_address(request)
    if isinstance(form, SignInCodeForm):
        found = sign_in_citizen(**form.cleaned_data, address=address, browser_id=browser_of(request))
        return found, CitizenSignIn.Way.CODE
    return sign_in_with_password(**form.cleaned_data, address=address), CitizenSignIn.Way.PASSWORD


def _by_passkey(request: HttpRequest) -> HttpResponse:
    try:
        found = sign_in_with_passkey(host=_host(request), **signed_by(request), address=client_address(request))
    except DomainError as refusal:
        return _page(request, SignInPhoneForm(), "phone", refused=refusal.message, status=422)
    return let_citizen_in(request, found, CitizenSignIn.Way.PASSKEY, _destination(request))


@never_cache
@require_GET
def challenge(_: HttpRequest) -> HttpResponse:
    """What a browser works on before a form is taken, in the form that ALTCHA's element reads."""
    return JsonResponse(make_challenge())


@never_cache
@require_POST
def passkey_proof(request: HttpRequest) -> HttpResponse:
    """What the browser's authenticator is asked to sign by the person who is signing in."""
    return JsonResponse(ask_to_sign(request, begin_citizen_proof()))


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the sign-in: at the province's host and in every hall."""
    found = citizen_sign_in_of(request)
    if found:
        end_sign_in(by=actor_of_citizen(found.citizen), sign_in=found)
    untie_citizen(request)
    return redirect("citizen-sign-in")


@never_cache
@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    """The developer's: there is none where messages really go out."""
    if settings.MESSAGE_GATEWAY != "local":
        raise NotFound("这个地址没有内容，可能已经移走，或者输入有误。")
    return render(request, "citizens/outbox.html", {"sent": local_messages()})


def _destination(request: HttpRequest) -> str:
    return halls_request(request.GET.get("next", ""))


def _asked(request: HttpRequest, name: str) -> str:
    """A parameter of the hall's request."""
    return parse_qs(urlsplit(_destination(request)).query).get(name, [""])[0]


def _hall(request: HttpRequest) -> Hall | None:
    """The hall to which the citizen goes back."""
    asked = _asked(request, "redirect_uri")
    try:
        host = urlsplit(asked).hostname or ""
    except ValueError:
        host = ""
    return hall_at_host(host) if host else None


def _host(request: HttpRequest) -> str:
    return request.get_host().partition(":")[0].lower()


def _page(
    request: HttpRequest,
    form: AnyForm,
    step: str,
    *,
    refused: str = "",
    is_unsure: bool = False,
    status: int = 200,
) -> HttpResponse:
    """``is_unsure``: nobody has confirmed that the code went out."""
    query = request.GET.copy()
    query.pop("by", None)
    pending = pending_of(request)
    context = {
        "form": form,
        "step": step,
        "refused": refused or refusal_of(request),
        "pending": pending.provider.label if pending else "",
        "platforms": offered_platforms(),
        "is_unsure": is_unsure,
        "mode": "elder" if _asked(request, "mode") == "elder" else "",
        "hall": _hall(request),
        "takes_passkey": has_passkeys(_host(request)),
        "query": query.urlencode(),
        "has_outbox": settings.MESSAGE_GATEWAY == "local",
    }
    return render(request, "citizens/sign_in.html", context, status=status)
