"""我的: what a signed-in citizen sees and does on a hall's site."""

import json
from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.design.forms import FaultyForm
from foundation.errors import DomainError
from province.audit.queries import act_label
from province.citizens.access import (
    is_fresh_citizen,
    keep_signed_in,
    require_fresh_citizen,
    require_identity,
    untie_citizen,
)
from province.citizens.models import Citizen, PhoneCode
from province.citizens.operations import citizens, companies, mandates
from province.citizens.operations.phone_codes import send_code
from province.citizens.queries.citizens import (
    actor_of_citizen,
    data_of,
    entries_by_others,
    guardians_of,
    wards_of,
)
from province.citizens.queries.mandates import (
    agencies_of,
    agency_with_id,
    agents_of_representative,
    mandate_with_id,
    mandates_of,
)
from province.citizens.queries.passkeys import passkeys_of_citizen
from province.console.access import client_address
from province.sign_in.queries.passkeys import has_passkeys
from tenants.citizen_pages.forms import (
    AgencyForm,
    CitizenCodeForm,
    CitizenNameForm,
    CitizenNewPasswordForm,
    CitizenPhoneForm,
    CompanyForm,
)
from tenants.citizen_pages.views.sign_in import host_of
from tenants.shell.layouts.citizen import act_and_say, citizen_page, for_citizen, onward
from tenants.shell.layouts.site import hall_of, once_of
from tenants.shell.queries.apps import shown_at
from tenants.shell.slots import CITIZEN_PARTS

_LOOKED = 20
_SECURITY = "citizen-security"


@for_citizen
@require_GET
def me(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    hall, once = hall_of(request), once_of(request)
    context = {
        "citizen": citizen,
        "parts": [found for part in shown_at(CITIZEN_PARTS, hall) if (found := part(hall, citizen, once))],
        "levels": Citizen.Level,
        "offers_passkey": _offers_passkey(request, citizen),
        "guardians": guardians_of(citizen),
        "wards": wards_of(citizen),
        "companies": citizen.companies.order_by("pk"),
        "agents": agents_of_representative(citizen),
        "agencies": agencies_of(citizen),
        "mandates": mandates_of(citizen),
        "looked": [(entry, act_label(entry.act)) for entry in entries_by_others(citizen, _LOOKED)],
    }
    return citizen_page(request, "citizen_pages/site/me.html", context)


def _offers_passkey(request: HttpRequest, citizen: Citizen) -> bool:
    """Just after a sign-in, to who has none and has not said that they want none."""
    return (
        citizen.passkey_declined_at is None
        and has_passkeys(host_of(request))
        and is_fresh_citizen(request)
        and not passkeys_of_citizen(citizen).exists()
    )


@for_citizen
@require_http_methods(["GET", "POST"])
def proof(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """Prove name and number, and go on to ``next``: the page that asked for it."""

    def prove(form: CitizenNameForm) -> None:
        found = citizens.prove_identity(by=actor_of_citizen(citizen), citizen=citizen, **form.cleaned_data)
        if found.pk != citizen.pk:
            keep_signed_in(request, found)

    form = CitizenNameForm(request.POST or None)
    return _form_page(request, form, "proof.html", prove, "实名核验已通过。", to=onward(request))


@for_citizen
@require_http_methods(["GET", "POST"])
def phone(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """``step`` of the form: phone (a code is sent), code."""
    require_fresh_citizen(request)
    by = actor_of_citizen(citizen)
    if request.POST.get("step") == "code":

        def bind(form: CitizenCodeForm) -> None:
            keep_signed_in(request, citizens.bind_phone(by=by, citizen=citizen, **form.cleaned_data))

        return _form_page(request, CitizenCodeForm(request.POST), "phone.html", bind, "手机号已更换。", to=_SECURITY)
    form = CitizenPhoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            send_code(
                phone=form.cleaned_data["phone"],
                purpose=PhoneCode.Purpose.PHONE,
                subject_id=citizen.pk,
                address=client_address(request),
            )
        except DomainError as refusal:
            form.take_faults(refusal)
        else:
            page = {"form": CitizenCodeForm(initial=form.cleaned_data), "step": "code"}
            return citizen_page(request, "citizen_pages/site/phone.html", page)
    return citizen_page(
        request, "citizen_pages/site/phone.html", {"form": form, "step": "phone"}, status=422 if form.errors else 200
    )


@for_citizen
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    def change(form: CitizenNewPasswordForm) -> None:
        by = actor_of_citizen(citizen)
        keep_signed_in(request, citizens.set_citizen_password(by=by, citizen=citizen, new=form.cleaned_data["new"]))

    require_fresh_citizen(request)
    form = CitizenNewPasswordForm(request.POST or None)
    return _form_page(request, form, "password.html", change, "密码已设置。其他设备上的登录已失效。", to=_SECURITY)


@for_citizen
@require_http_methods(["GET", "POST"])
def new_company(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    def register(form: CompanyForm) -> None:
        companies.register_company(by=actor_of_citizen(citizen), citizen=citizen, **form.cleaned_data)

    require_identity(citizen)
    form = CompanyForm(request.POST or None)
    return _form_page(request, form, "company.html", register, "单位已登记，您是法定代表人。")


@for_citizen
@require_http_methods(["GET", "POST"])
def new_agency(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    def ask(form: AgencyForm) -> None:
        companies.ask_for_agency(by=actor_of_citizen(citizen), citizen=citizen, **form.cleaned_data)

    require_identity(citizen)
    form = AgencyForm(request.POST or None, initial={"acts": request.GET.get("acts", "")})
    return _form_page(request, form, "agency.html", ask, "申请已提交，等法定代表人确认。")


@require_POST
@for_citizen
def agency(request: HttpRequest, citizen: Citizen, agency_id: UUID, verb: str) -> HttpResponse:
    by, found = actor_of_citizen(citizen), agency_with_id(agency_id, citizen)
    if verb == "confirm":
        return act_and_say(request, lambda: companies.confirm_agency(by=by, agency=found), "授权已确认。")
    return act_and_say(request, lambda: companies.end_agency(by=by, agency=found), "授权已结束。")


@require_POST
@for_citizen
def mandate(request: HttpRequest, citizen: Citizen, mandate_id: UUID, verb: str) -> HttpResponse:
    by, found = actor_of_citizen(citizen), mandate_with_id(mandate_id, citizen=citizen)
    if verb == "confirm":
        return act_and_say(request, lambda: mandates.confirm_mandate(by=by, mandate=found), "委托已确认。")
    return act_and_say(request, lambda: mandates.revoke_mandate(by=by, mandate=found), "委托已撤销。")


@for_citizen
@require_http_methods(["GET", "POST"])
def export(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """All that is kept about the citizen, as a file for machines or a page for people."""
    require_fresh_citizen(request)
    if request.method == "GET":
        return citizen_page(request, "citizen_pages/site/export.html", {})
    data = data_of(citizens.export_citizen(by=actor_of_citizen(citizen), citizen=citizen))
    if request.POST.get("format") == "json":
        body = json.dumps(data, ensure_ascii=False, indent=2)
        response = HttpResponse(body, content_type="application/json; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="my-data.json"'
        return response
    return citizen_page(request, "citizen_pages/site/data.html", {"data": data})


@for_citizen
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    require_fresh_citizen(request)
    if request.method == "GET":
        return citizen_page(request, "citizen_pages/site/end.html", {"citizen": citizen})
    try:
        citizens.end_citizen(by=actor_of_citizen(citizen), citizen=citizen)
    except DomainError as refusal:
        return citizen_page(
            request,
            "citizen_pages/site/end.html",
            {"citizen": citizen, "refusal": refusal.message},
            status=refusal.status,
        )
    untie_citizen(request)
    return citizen_page(request, "citizen_pages/site/ended.html", {})


def _form_page[Form: FaultyForm](
    request: HttpRequest, form: Form, template: str, act: Callable[[Form], None], said: str, *, to: str = "citizen-me"
) -> HttpResponse:
    """The form, and what comes of it: done and back to 我的 (or ``to``), or what is wrong with it."""
    if request.method == "POST" and form.is_valid():
        try:
            act(form)
        except DomainError as refusal:
            form.take_faults(refusal)
        else:
            messages.success(request, said)
            return redirect(to)
    context = {"form": form, "step": request.POST.get("step", ""), "is_asked_for": "next" in request.GET}
    return citizen_page(request, f"citizen_pages/site/{template}", context, status=422 if form.errors else 200)
