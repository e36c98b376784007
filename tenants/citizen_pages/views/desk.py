"""Citizens at the hall's desk: found by their whole number, checked, and acted for (代办)."""

from collections.abc import Callable, Mapping
from functools import wraps
from types import MappingProxyType
from typing import Any, Concatenate
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.design.forms import FaultyForm
from foundation.errors import DomainError, Fault, Invalid, NotAllowed
from province.audit.queries import act_label
from province.citizens.models import Citizen, Mandate, PhoneCode
from province.citizens.operations import citizens, mandates
from province.citizens.operations.phone_codes import send_code
from province.citizens.queries.citizens import citizen_with_id, entries_by_others, guardians_of
from province.citizens.queries.mandates import mandate_with_id, mandates_of, mandates_of_clerk, may_open_paper
from province.console.access import actor_of_request, require_fresh
from province.halls.models import Hall
from province.rights.queries import may, require
from tenants.citizen_pages.forms import (
    CitizenCodeForm,
    CitizenNameForm,
    CitizenPhoneForm,
    FindCitizenForm,
    MandateForm,
    PhoneCodeForm,
    RevealForm,
)
from tenants.shell.layouts.desk import DeskView, View, act_and_return, desk_page
from tenants.shell.slots import Desk

_LOOKED = 10

type CitizenView[**P] = Callable[Concatenate[HttpRequest, Desk, Citizen, P], HttpResponse]


def _for_clerk[**P](view: DeskView[P]) -> View[P]:
    """A page for a person who receives citizens in this hall, whether or not they also write its texts."""

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        hall: Hall = request.hall  # type: ignore[attr-defined]
        by = actor_of_request(request)
        require(by, "citizens.check", hall_id=hall.pk)
        response = view(request, Desk(by, hall), *args, **kwargs)
        add_never_cache_headers(response)
        return response

    return answer


def _of_citizen[**P](view: CitizenView[P]) -> Callable[..., HttpResponse]:
    """A page for a person who receives citizens in this hall, about the citizen whom the address names."""

    @_for_clerk
    def found(request: HttpRequest, desk: Desk, /, citizen_id: UUID, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return view(request, desk, citizen_with_id(citizen_id), *args, **kwargs)

    return found


@_for_clerk
@require_http_methods(["GET", "POST"])
def find(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Find a citizen by the whole phone or number, which never comes into the address."""
    form = FindCitizenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        who = form.cleaned_data["who"]
        found = citizens.look_up_citizen(by=desk.by, hall_id=desk.hall.pk, who=who)
        if found:
            return redirect("desk-citizen", found.pk)
        form.add_error("who", "没有找到。请核对号码；还没有账号的，可以看着身份证登记。")
    return _find_page(request, desk, form=form)


@_for_clerk
@require_POST
def register(request: HttpRequest, desk: Desk) -> HttpResponse:
    form = CitizenNameForm(request.POST)
    if form.is_valid():
        try:
            made = citizens.register_at_desk(by=desk.by, hall_id=desk.hall.pk, **form.cleaned_data)
        except DomainError as refusal:
            form.take_faults(refusal)
        else:
            messages.success(request, "已登记，身份已核验。")
            return redirect("desk-citizen", made.pk)
    return _find_page(request, desk, person_form=form)


@_of_citizen
@require_GET
def citizen(request: HttpRequest, desk: Desk, found: Citizen) -> HttpResponse:
    return _page(request, desk, found)


@_of_citizen
@require_POST
def check(request: HttpRequest, desk: Desk, found: Citizen) -> HttpResponse:
    def act(form: FaultyForm) -> None:
        citizens.check_at_desk(by=desk.by, hall_id=desk.hall.pk, citizen=found, **form.cleaned_data)

    return _carried_out(request, desk, found, "person_form", CitizenNameForm(request.POST), act, "身份已核验。")


@_of_citizen
@require_POST
def phone(request: HttpRequest, desk: Desk, found: Citizen) -> HttpResponse:
    """``step`` of the form: phone (a code is sent), code."""
    if request.POST.get("step") == "code":

        def bind(form: FaultyForm) -> None:
            citizens.bind_phone(by=desk.by, hall_id=desk.hall.pk, citizen=found, **form.cleaned_data)

        return _carried_out(request, desk, found, "phone_form", CitizenCodeForm(request.POST), bind, "手机号已绑定。")
    form: FaultyForm = CitizenPhoneForm(request.POST)
    if form.is_valid():
        asked = form.cleaned_data["phone"]
        try:
            send_code(phone=asked, purpose=PhoneCode.Purpose.PHONE, subject_id=found.pk)
        except DomainError as refusal:
            form.take_faults(refusal)
        else:
            return _page(request, desk, found, {"phone_form": CitizenCodeForm(initial={"phone": asked})})
    return _page(request, desk, found, {"phone_form": form})


@_of_citizen
@require_POST
def guardian(request: HttpRequest, desk: Desk, found: Citizen) -> HttpResponse:
    """Register the guardian, who is named by their whole phone or number."""

    def act(form: FaultyForm) -> None:
        other = citizens.look_up_citizen(by=desk.by, hall_id=desk.hall.pk, who=form.cleaned_data["who"])
        if other is None:
            raise Invalid("没有找到监护人，请先登记并核验监护人。", faults=[Fault("who", "没有找到，请先登记。")])
        citizens.link_guardian(by=desk.by, hall_id=desk.hall.pk, ward=found, guardian=other)

    return _carried_out(request, desk, found, "guardian_form", FindCitizenForm(request.POST), act, "监护人已登记。")


@_of_citizen
@require_POST
def reveal(request: HttpRequest, desk: Desk, found: Citizen) -> HttpResponse:
    """Show one value in plain text, in this answer and nowhere else."""
    require_fresh(request)
    form = RevealForm(request.POST)
    if form.is_valid():
        try:
            value = citizens.reveal_citizen(by=desk.by, hall_id=desk.hall.pk, citizen=found, **form.cleaned_data)
        except Invalid as refusal:
            form.take_faults(refusal)
        else:
            return _page(request, desk, found, revealed=(form.cleaned_data["field"], value))
    return _page(request, desk, found, {"reveal_form": form})


@_of_citizen
@require_POST
def mandate(request: HttpRequest, desk: Desk, found: Citizen) -> HttpResponse:
    def act(form: FaultyForm) -> None:
        kind, acts, paper = (form.cleaned_data[name] for name in ("kind", "acts", "paper"))
        mandates.grant_mandate(
            by=desk.by,
            hall_id=desk.hall.pk,
            citizen=found,
            kind=Mandate.Kind(kind),
            acts=acts,
            paper=mandates.Paper(desk.hall.folder, paper.name, paper) if paper else None,
        )

    form = MandateForm(request.POST, request.FILES)
    return _carried_out(request, desk, found, "mandate_form", form, act, "委托已登记；待确认的，请填群众收到的验证码。")


@_for_clerk
@require_POST
def act_on_mandate(request: HttpRequest, desk: Desk, mandate_id: UUID, verb: str) -> HttpResponse:
    found = mandate_with_id(mandate_id, hall_id=desk.hall.pk)
    acts: dict[str, tuple[Callable[[], object], str]] = {
        "confirm": (
            lambda: mandates.confirm_mandate(by=desk.by, mandate=found, code=request.POST.get("code", "")),
            "委托已生效。",
        ),
        "send": (lambda: mandates.send_mandate_code(by=desk.by, mandate=found), "验证码已重新发送。"),
        "revoke": (lambda: mandates.revoke_mandate(by=desk.by, mandate=found), "委托已撤销。"),
    }
    act, said = acts[verb]
    return act_and_return(request, act, said=said, to="desk-citizen", args=(found.citizen_id,))


@_for_clerk
@require_GET
def paper(request: HttpRequest, desk: Desk, mandate_id: UUID) -> HttpResponse:
    """Redirect to the signed paper in the store, by a link that soon ends."""
    found = mandate_with_id(mandate_id, hall_id=desk.hall.pk)
    require_fresh(request)
    return redirect(mandates.open_paper(by=desk.by, mandate=found))


def _carried_out(
    request: HttpRequest,
    desk: Desk,
    found: Citizen,
    name: str,
    form: FaultyForm,
    act: Callable[[Any], None],
    said: str,
) -> HttpResponse:
    """Done and back to the citizen, or the page with what is wrong in this one of its forms."""
    if form.is_valid():
        try:
            act(form)
        except NotAllowed:
            raise
        except DomainError as refusal:
            form.take_faults(refusal)
        else:
            messages.success(request, said)
            return redirect("desk-citizen", found.pk)
    return _page(request, desk, found, {name: form})


def _find_page(
    request: HttpRequest, desk: Desk, *, form: FindCitizenForm | None = None, person_form: CitizenNameForm | None = None
) -> HttpResponse:
    is_faulty = any(one is not None and one.errors for one in (form, person_form))
    context = {
        "place": "citizens",
        "form": form or FindCitizenForm(),
        "person_form": person_form or CitizenNameForm(auto_id="new_%s"),
        "mandates": mandates_of_clerk(desk.by.id, desk.hall.pk) if desk.by.id else (),
    }
    return desk_page(request, desk, "citizen_pages/desk/citizens.html", context, status=422 if is_faulty else 200)


def _page(
    request: HttpRequest,
    desk: Desk,
    found: Citizen,
    forms: Mapping[str, FaultyForm] = MappingProxyType({}),
    *,
    revealed: tuple[str, str] | None = None,
) -> HttpResponse:
    phone_form = forms.get("phone_form") or CitizenPhoneForm()
    context = {
        "place": "citizens",
        "citizen": found,
        "revealed": revealed,
        "guardians": guardians_of(found),
        "mandates": [
            (one, bool(one.file_key) and may_open_paper(desk.by, one))
            for one in mandates_of(found)
            if one.hall_id == desk.hall.pk
        ],
        "may_reveal": may(desk.by, "citizens.reveal", hall_id=desk.hall.pk),
        "may_act": may(desk.by, "citizens.act", hall_id=desk.hall.pk),
        "looked": [(entry, act_label(entry.act)) for entry in entries_by_others(found, _LOOKED)],
        "code_form": PhoneCodeForm(auto_id="mandate_%s"),
        "person_form": forms.get("person_form") or CitizenNameForm(),
        "phone_form": phone_form,
        "is_code_sent": isinstance(phone_form, CitizenCodeForm),
        "guardian_form": forms.get("guardian_form") or FindCitizenForm(auto_id="guardian_%s"),
        "reveal_form": forms.get("reveal_form") or RevealForm(),
        "mandate_form": forms.get("mandate_form") or MandateForm(initial={"kind": Mandate.Kind.CODE}),
        "opened": next(iter(forms), ""),
    }
    is_faulty = any(form.errors for form in forms.values())
    return desk_page(request, desk, "citizen_pages/desk/citizen.html", context, status=422 if is_faulty else 200)
