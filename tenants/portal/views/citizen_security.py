"""登录与安全: by what a citizen signs in."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from foundation.errors import DomainError, Invalid, NotFound
from province.identity.models import Citizen, Passkey
from province.identity.operations.passkey_questions import ask_to_make, made_by
from province.identity.operations.passkeys import add_passkey, remove_citizen_passkey
from province.identity.operations.step_up import require_fresh_citizen
from province.identity.queries.citizens import actor_of_citizen
from province.identity.queries.hosts import has_passkeys
from tenants.portal.views.citizen_frame import citizen_page, for_citizen, host_of


@for_citizen
@require_http_methods(["GET", "POST"])
def security(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """``act``: passkey (with the authenticator's answer), remove."""
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
        "passkeys": citizen.passkeys.order_by("created_at"),
        "takes_passkey": has_passkeys(host_of(request)),
    }
    return citizen_page(request, "security.html", context)


def _act(request: HttpRequest, citizen: Citizen) -> str:
    """Answers what was done, as people are told."""
    by = actor_of_citizen(citizen)
    match request.POST.get("act"):
        case "passkey":
            made = add_passkey(by=by, owner=citizen, host=host_of(request), **made_by(request))
            return f"通行密钥“{made.name}”已添加，下次可以直接用它登录。"
        case "remove":
            passkey = _own_passkey(citizen, request.POST.get("passkey", ""))
            remove_citizen_passkey(by=by, citizen=citizen, passkey=passkey)
            return f"通行密钥“{passkey.name}”已移除。"
        case _:
            raise Invalid("请选择要做的操作。")


def _own_passkey(citizen: Citizen, asked: str) -> Passkey:
    try:
        found = citizen.passkeys.filter(pk=UUID(asked)).first()
    except ValueError:
        found = None
    if found is None:
        raise NotFound("没有这个通行密钥，或者它已移除。")
    return found


@require_POST
@for_citizen
def passkey_making(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """What the browser's authenticator is asked to make."""
    require_fresh_citizen(request)
    if not has_passkeys(host_of(request)):
        raise NotFound("这个网址不能使用通行密钥。")
    return JsonResponse(ask_to_make(request, citizen))
