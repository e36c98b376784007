"""One hall: its facts, domains, state, go-live checklist and history."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.errors import DomainError, Invalid
from foundation.files.store import link_to
from province.audit.queries import entries_about
from province.console.access import actor_of_request, require_fresh
from province.console.queries.picks import picks_for
from province.halls.forms import DomainForm, EmblemForm, HallForm, StateForm
from province.halls.models import Hall, HallDomain
from province.halls.operations.domains import add_domain, check_domains, remove_domain
from province.halls.operations.hall_states import go_live, open_hall, resume_hall, retire_hall, suspend_hall
from province.halls.operations.halls import set_emblem, update_hall
from province.halls.queries import checklist, hall_in_table, hall_with_code, site_checks
from province.halls.queries.halls import domains_of
from province.halls.queries.sites import site_address
from province.halls.states import HALL_TRANSITIONS, HallState
from province.rights.actors import Actor

_HISTORY = 50


@require_GET
def page(request: HttpRequest, code: str) -> HttpResponse:
    actor_of_request(request, "halls.manage")
    return _hall_page(request, hall_in_table(code))


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    by = actor_of_request(request, "halls.manage")
    hall = hall_with_code(code)
    form = HallForm(request.POST or None, hall=hall)
    if request.method == "POST" and form.is_valid():
        try:
            update_hall(by=by, hall=hall, **form.facts())
        except Invalid as refusal:
            form.take_faults(refusal)
        else:
            messages.success(request, "资料已保存，网站立即生效。")
            return redirect("console-hall", code=hall.division.code)
    return render(request, "halls/hall_edit.html", {"hall": hall, "form": form}, status=422 if form.errors else 200)


@require_POST
def emblem(request: HttpRequest, code: str) -> HttpResponse:
    by = actor_of_request(request, "halls.manage")
    hall = hall_with_code(code)
    form = EmblemForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["emblem"]
        try:
            set_emblem(by=by, hall=hall, name=file.name, content=file)
        except Invalid as refusal:
            form.add_error("emblem", refusal.message)
        else:
            messages.success(request, "徽标已更换，网站立即生效。")
            return redirect("console-hall", code=hall.division.code)
    return _hall_page(request, hall, emblem_form=form)


@require_POST
def domains(request: HttpRequest, code: str) -> HttpResponse:
    by = actor_of_request(request, "halls.manage")
    hall = hall_with_code(code)
    if "check" in request.POST:
        faulty = [domain for domain in check_domains(by=by, hall=hall) if domain.check_fault]
        for domain in faulty:
            messages.error(request, f"{domain.domain}：{domain.check_fault}")
        if not faulty:
            messages.success(request, "域名都可以正常访问。")
        return redirect("console-hall", code=hall.division.code)
    if "remove" in request.POST:
        domain = get_object_or_404(HallDomain, tenant=hall, domain=request.POST["remove"])
        remove_domain(by=by, hall=hall, domain=domain.domain)
        messages.success(request, f"已停用域名 {domain.domain}。")
        return redirect("console-hall", code=hall.division.code)
    form = DomainForm(request.POST)
    if form.is_valid():
        try:
            add_domain(by=by, hall=hall, domain=form.cleaned_data["domain"])
        except DomainError as refusal:
            form.add_error("domain", refusal.message)
        else:
            messages.success(request, "域名已添加。请把它的解析指向本平台。")
            return redirect("console-hall", code=hall.division.code)
    return _hall_page(request, hall, domain_form=form)


@require_POST
def change_state(request: HttpRequest, code: str) -> HttpResponse:
    by = actor_of_request(request, "halls.manage")
    hall = hall_with_code(code)
    if request.POST.get("act") == "retire":
        require_fresh(request)
    form = StateForm(request.POST, picks=picks_for(by))
    if form.is_valid():
        try:
            _move(hall, by, form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            hall.refresh_from_db()
            messages.success(request, f"{hall.name}现在是“{hall.get_state_display()}”状态。")
            return redirect("console-hall", code=hall.division.code)
    return _hall_page(request, hall, state_form=form)


def _move(hall: Hall, by: Actor, wish: dict[str, Any]) -> None:
    match wish["act"]:
        case "open":
            open_hall(by=by, hall=hall)
        case "golive":
            go_live(by=by, hall=hall)
        case "suspend":
            suspend_hall(by=by, hall=hall, reason=wish["reason"], until=wish["until"])
        case "resume":
            resume_hall(by=by, hall=hall)
        case "retire":
            successor = hall_with_code(wish["successor"]) if wish["successor"] else None
            retire_hall(by=by, hall=hall, reason=wish["reason"], successor=successor)


def _hall_page(
    request: HttpRequest,
    hall: Hall,
    *,
    domain_form: DomainForm | None = None,
    emblem_form: EmblemForm | None = None,
    state_form: StateForm | None = None,
) -> HttpResponse:
    names = list(domains_of(hall))
    lines = checklist(hall)
    context = {
        "hall": hall,
        "emblem": link_to(hall.emblem_key, is_offered=True) if hall.emblem_key else "",
        "emblem_form": emblem_form or EmblemForm(),
        "domains": [(name, site_address(name.domain)) for name in names],
        "address": site_address(names[0].domain) if names else "",
        "checklist": lines,
        "is_ready": all(line.is_green for line in lines),
        "checks": site_checks(hall),
        "history": entries_about(hall.id).reverse()[:_HISTORY],
        "domain_form": domain_form or DomainForm(),
        "state_form": state_form or StateForm(picks=picks_for(actor_of_request(request))),
        "may": {
            "open": hall.state == HallState.PLANNED,
            "golive": hall.state == HallState.TRIAL,
            "suspend": HALL_TRANSITIONS.allows(hall.state, HallState.SUSPENDED),
            "resume": hall.state == HallState.SUSPENDED,
            "retire": HALL_TRANSITIONS.allows(hall.state, HallState.RETIRED),
        },
    }
    is_faulty = any(form and form.errors for form in (domain_form, emblem_form, state_form))
    return render(request, "halls/hall.html", context, status=422 if is_faulty else 200)
