"""Citizens sign in: by a passkey, or phone, code, done; and prove once more who they are. And what a phone would have
got, where no message goes out."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.errors import DomainError, NotFound
from foundation.proof_of_work import FIELD, make_challenge
from province.citizens.access import citizen_of_request
from province.citizens.models import Citizen
from province.citizens.operations.citizen_sign_in import (
    prove_by_code,
    prove_by_passkey,
    prove_by_password,
    send_proof_code,
    sign_in_citizen,
    sign_in_with_passkey,
    sign_in_with_password,
)
from province.citizens.operations.passkeys import begin_citizen_proof
from province.citizens.operations.phone_codes import send_code_to_stranger
from province.citizens.queries.citizens import local_messages
from province.citizens.queries.passkeys import passkeys_of_citizen
from province.sign_in.access import ask_to_sign, signed_by
from province.sign_in.queries.passkeys import has_passkeys
from tenants.citizen_pages.forms import (
    CitizenCodeForm,
    CitizenPasswordForm,
    CitizenPhoneForm,
    CitizenProofPasswordForm,
    ProofCodeForm,
)
from tenants.citizen_pages.views.session import (
    address_of_request,
    begin_citizen_session,
    browser_of,
    end_citizen_session,
    host_of,
    note_proof,
)
from tenants.shell.layouts.citizen import citizen_page, for_citizen, onward
from tenants.shell.layouts.own import own_page

type AnyForm = CitizenPhoneForm | CitizenCodeForm | CitizenPasswordForm


@own_page
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """A passkey's ``answer``, or ``step`` of the form: phone (a code is sent), code, password."""
    if request.method == "GET" and citizen_of_request(request):
        return redirect(onward(request))
    if request.POST.get("answer"):
        return _by_passkey(request)
    step = request.POST.get("step", "") or ("password" if request.GET.get("by") == "password" else "phone")
    if request.method == "GET":
        return _page(request, CitizenPasswordForm() if step == "password" else CitizenPhoneForm(), step)
    form: AnyForm
    match step:
        case "code":
            form = CitizenCodeForm(request.POST)
        case "password":
            form = CitizenPasswordForm(request.POST)
        case _:
            form = CitizenPhoneForm(request.POST)
    if form.is_valid():
        try:
            found = _act(request, form)
        except DomainError as refusal:
            form.take_faults(refusal)
        else:
            if not isinstance(found, Citizen):
                # the phone stays in the form, and never comes into the address
                return _page(request, CitizenCodeForm(initial=form.cleaned_data), "code", is_unsure=not found)
            begin_citizen_session(request, found)
            return redirect(onward(request))
    return _page(request, form, step, status=422)


def _by_passkey(request: HttpRequest) -> HttpResponse:
    try:
        found = sign_in_with_passkey(host=host_of(request), **signed_by(request), address=address_of_request(request))
    except DomainError as refusal:
        return _page(request, CitizenPhoneForm(), "phone", refused=refusal.message, status=422)
    begin_citizen_session(request, found)
    return redirect(onward(request))


def _act(request: HttpRequest, form: AnyForm) -> Citizen | bool:
    """The citizen who is signed in now; or whether somebody has confirmed that a code is under way."""
    address = address_of_request(request)
    match form:
        case CitizenCodeForm():
            return sign_in_citizen(**form.cleaned_data, address=address, browser_id=browser_of(request))
        case CitizenPasswordForm():
            return sign_in_with_password(**form.cleaned_data, address=address)
        case _:
            proof = request.POST.get(FIELD, "")
            phone = form.cleaned_data["phone"]
            return send_code_to_stranger(phone=phone, address=address, proof=proof, browser_id=browser_of(request))


@own_page
@require_GET
def challenge(_: HttpRequest) -> HttpResponse:
    """What a browser works on before a code is sent, in the form that ALTCHA's element reads."""
    return JsonResponse(make_challenge())


@own_page
@require_POST
def passkey_proof(request: HttpRequest) -> HttpResponse:
    """What the browser's authenticator is asked to sign: by the person who is signing in, or is signed in."""
    if not has_passkeys(host_of(request)):
        raise NotFound("这个网址不能使用通行密钥。")
    return JsonResponse(ask_to_sign(request, begin_citizen_proof(citizen=citizen_of_request(request))))


@for_citizen
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """Before a page that asks for a fresh proof: ask, and go on to ``next``. A passkey's ``answer``, or ``step`` of the
    form: send (a code to the citizen's own phone), code, password."""
    step = request.POST.get("step", "")
    forms = {"code": ProofCodeForm, "password": CitizenProofPasswordForm}
    form = forms[step](request.POST) if step in forms else None
    refused, is_unsure = "", False
    try:
        if request.POST.get("answer"):
            prove_by_passkey(citizen=citizen, host=host_of(request), **signed_by(request))
            return _proved(request)
        if step == "send":
            is_unsure = not send_proof_code(citizen=citizen, address=address_of_request(request))
        elif isinstance(form, ProofCodeForm) and form.is_valid():
            prove_by_code(citizen=citizen, code=form.cleaned_data["code"])
            return _proved(request)
        elif isinstance(form, CitizenProofPasswordForm) and form.is_valid():
            prove_by_password(
                citizen=citizen, password=form.cleaned_data["password"], address=address_of_request(request)
            )
            return _proved(request)
    except DomainError as refusal:
        if form is None:
            refused = refusal.message
        else:
            form.take_faults(refusal)
    context = {
        "citizen": citizen,
        "takes_passkey": has_passkeys(host_of(request)) and passkeys_of_citizen(citizen).exists(),
        "is_unsure": is_unsure,
        "is_code_sent": step == "code" or (step == "send" and not refused),
        "code_form": form if isinstance(form, ProofCodeForm) else ProofCodeForm(),
        "password_form": form if isinstance(form, CitizenProofPasswordForm) else CitizenProofPasswordForm(),
        "form": form,
        "refused": refused,
        "has_outbox": settings.MESSAGE_GATEWAY == "local",
    }
    is_faulty = refused or (form is not None and form.errors)
    return citizen_page(request, "citizen_pages/site/confirm.html", context, status=422 if is_faulty else 200)


def _proved(request: HttpRequest) -> HttpResponse:
    note_proof(request)
    return redirect(onward(request))


@own_page
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    end_citizen_session(request)
    return redirect("site-home")


@own_page
@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    """The developer's: there is none where messages really go out."""
    if settings.MESSAGE_GATEWAY != "local":
        raise NotFound("这个地址没有内容，可能已经移走，或者输入有误。")
    return citizen_page(request, "citizen_pages/site/outbox.html", {"sent": local_messages()})


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
    context = {
        "form": form,
        "is_unsure": is_unsure,
        "refused": refused,
        "takes_passkey": has_passkeys(host_of(request)),
        "step": step,
        "query": request.GET.urlencode(),
        "has_outbox": settings.MESSAGE_GATEWAY == "local",
    }
    return citizen_page(request, "citizen_pages/site/sign_in.html", context, status=status)
