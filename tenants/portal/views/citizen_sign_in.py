"""Citizens sign in: phone, code, done. And what a phone would have got, where no message goes out."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.errors import DomainError, NotFound
from province.identity.models import Citizen, PhoneCode
from province.identity.operations.citizens import sign_in_citizen, sign_in_with_password
from province.identity.operations.phone_codes import send_code
from province.identity.queries.citizens import citizen_of_request, local_messages
from tenants.portal.forms import CitizenCodeForm, CitizenPasswordForm, CitizenPhoneForm
from tenants.portal.views.citizen_frame import (
    address_of_request,
    begin_citizen_session,
    citizen_page,
    end_citizen_session,
    onward,
    own_page,
)

type AnyForm = CitizenPhoneForm | CitizenCodeForm | CitizenPasswordForm


@own_page
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """``step`` of the form: phone (a code is sent), code, password."""
    if request.method == "GET" and citizen_of_request(request):
        return redirect(onward(request))
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
            if found is None:
                # the phone stays in the form, and never comes into the address
                return _page(request, CitizenCodeForm(initial=form.cleaned_data), "code")
            begin_citizen_session(request, found)
            return redirect(onward(request))
    return _page(request, form, step, status=422)


def _act(request: HttpRequest, form: AnyForm) -> Citizen | None:
    """Whoever is signed in now, or None where the code is under way."""
    address = address_of_request(request)
    match form:
        case CitizenCodeForm():
            return sign_in_citizen(**form.cleaned_data, address=address)
        case CitizenPasswordForm():
            return sign_in_with_password(**form.cleaned_data, address=address)
        case _:
            send_code(phone=form.cleaned_data["phone"], purpose=PhoneCode.Purpose.SIGN_IN, address=address)
            return None


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
        raise NotFound("这个地址没有内容,可能已经移走,或者输入有误。")
    return citizen_page(request, "outbox.html", {"sent": local_messages()})


def _page(request: HttpRequest, form: AnyForm, step: str, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "step": step,
        "query": request.GET.urlencode(),
        "has_outbox": settings.MESSAGE_GATEWAY == "local",
    }
    return citizen_page(request, "sign_in.html", context, status=status)
