"""登录与安全: by what a citizen signs in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from foundation.errors import DomainError, Invalid, NotFound
from province.citizens.access import require_fresh_citizen
from province.citizens.models import Citizen
from province.citizens.operations.outside import unlink_outside
from province.citizens.operations.passkeys import (
    add_citizen_passkey,
    begin_citizen_passkey,
    decline_citizen_passkey,
    remove_citizen_passkey,
)
from province.citizens.queries.citizens import actor_of_citizen
from province.citizens.queries.outside import outside_identities_of
from province.citizens.queries.passkeys import passkey_of_citizen, passkeys_of_citizen
from province.sign_in.access import ask_to_make, made_by
from province.sign_in.queries.passkeys import has_passkeys
from tenants.citizen_pages.views.sign_in import host_of
from tenants.shell.layouts.citizen import citizen_page, for_citizen


@for_citizen
@require_http_methods(["GET", "POST"])
def security(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """``act``: passkey (with the authenticator's answer), remove, unlink."""
    require_fresh_citizen(request)
    if request.method == "POST":
        try:
            messages.success(request, _act(request, citizen))
        except NotFound:
            raise
        except DomainError as refusal:
            messages.error(request, refusal.message)
        return redirect("citizen-security")
    context = {
        "citizen": citizen,
        "outside": outside_identities_of(citizen),
        "passkeys": passkeys_of_citizen(citizen),
        "takes_passkey": has_passkeys(host_of(request)),
    }
    return citizen_page(request, "citizen_pages/site/security.html", context)


def _act(request: HttpRequest, citizen: Citizen) -> str:
    """Answers what was done, as people are told."""
    by = actor_of_citizen(citizen)
    match request.POST.get("act"):
        case "passkey":
            made = add_citizen_passkey(by=by, citizen=citizen, host=host_of(request), **made_by(request))
            return f"通行密钥“{made.name}”已添加，下次可以直接用它登录。"
        case "unlink":
            unlink_outside(by=by, citizen=citizen, provider=request.POST.get("provider", ""))
            return "已解绑，不能再用它登录。"
        case "remove":
            passkey = passkey_of_citizen(citizen, request.POST.get("passkey", ""))
            remove_citizen_passkey(by=by, citizen=citizen, passkey=passkey)
            return f"通行密钥“{passkey.name}”已移除。"
        case _:
            raise Invalid("请选择要做的操作。")


@require_POST
@for_citizen
def decline_passkey(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    decline_citizen_passkey(by=actor_of_citizen(citizen), citizen=citizen)
    messages.success(request, "好的，不再提示。以后想用，可以在“登录与安全”里添加。")
    return redirect("citizen-me")


@require_POST
@for_citizen
def passkey_making(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """What the browser's authenticator is asked to make."""
    require_fresh_citizen(request)
    if not has_passkeys(host_of(request)):
        raise NotFound("这个网址不能使用通行密钥。")
    return JsonResponse(ask_to_make(request, begin_citizen_passkey(citizen=citizen)))
