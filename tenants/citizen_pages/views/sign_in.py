"""Citizens prove once more who they are, see where they are signed in, and sign out."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.errors import DomainError, NotFound
from province.citizens.access import citizen_sign_in_of, note_citizen_proof, untie_citizen
from province.citizens.models import Citizen
from province.citizens.operations.citizen_sign_in import (
    prove_by_code,
    prove_by_passkey,
    prove_by_password,
    send_proof_code,
)
from province.citizens.operations.passkeys import begin_citizen_proof
from province.citizens.operations.sessions import end_all_sign_ins, end_sign_in
from province.citizens.queries.citizens import actor_of_citizen
from province.citizens.queries.passkeys import passkeys_of_citizen
from province.citizens.queries.sessions import sign_in_of_citizen, sign_ins_of
from province.console.access import client_address
from province.halls.queries.halls import short_names
from province.sign_in.access import ask_to_sign, signed_by
from province.sign_in.queries.passkeys import has_passkeys
from tenants.citizen_pages.forms import CitizenProofPasswordForm, ProofCodeForm
from tenants.shell.layouts.citizen import citizen_page, for_citizen, onward
from tenants.shell.layouts.own import own_page

_ALL = "all"


def host_of(request: HttpRequest) -> str:
    return request.get_host().partition(":")[0].lower()


@require_POST
@for_citizen
def passkey_proof(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """What the browser's authenticator is asked to sign."""
    if not has_passkeys(host_of(request)):
        raise NotFound("这个网址不能使用通行密钥。")
    return JsonResponse(ask_to_sign(request, begin_citizen_proof(citizen=citizen)))


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
            is_unsure = not send_proof_code(citizen=citizen, address=client_address(request))
        elif isinstance(form, ProofCodeForm) and form.is_valid():
            prove_by_code(citizen=citizen, code=form.cleaned_data["code"])
            return _proved(request)
        elif isinstance(form, CitizenProofPasswordForm) and form.is_valid():
            prove_by_password(citizen=citizen, password=form.cleaned_data["password"], address=client_address(request))
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
    note_citizen_proof(request)
    return redirect(onward(request))


@own_page
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the sign-in: here, at the province's host and in every other hall."""
    sign_in = citizen_sign_in_of(request)
    if sign_in:
        end_sign_in(by=actor_of_citizen(sign_in.citizen), sign_in=sign_in)
    untie_citizen(request)
    return redirect("site-home")


@for_citizen
@require_GET
def sign_ins(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """Where the citizen is signed in: when, with which device, in which halls."""
    found = list(sign_ins_of(citizen))
    names = short_names({hall_id for one in found for hall_id in one.hall_ids})
    here = citizen_sign_in_of(request)
    rows = [
        {
            "sign_in": one,
            "halls": [names[hall_id] for hall_id in one.hall_ids if hall_id in names],
            "is_here": here is not None and one.pk == here.pk,
        }
        for one in found
    ]
    return citizen_page(request, "citizen_pages/site/sign_ins.html", {"rows": rows})


@require_POST
@for_citizen
def end_sign_ins(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """``sign_in``: which one to end, or all of them."""
    by, asked = actor_of_citizen(citizen), request.POST.get("sign_in", "")
    if asked == _ALL:
        end_all_sign_ins(by=by, citizen=citizen)
        untie_citizen(request)
        return redirect("site-home")
    end_sign_in(by=by, sign_in=sign_in_of_citizen(citizen, asked))
    messages.success(request, "已退出那次登录。")
    return redirect("citizen-sign-ins")
