"""Systems of other departments that sign their people in here, as those who manage them see them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from foundation.errors import DomainError
from province.console.access import actor_of_request, require_fresh
from province.sign_in.forms import ClientAddressesForm, ClientForm
from province.sign_in.models import OidcClient
from province.sign_in.operations.clients import add_client, change_client, revoke_client, rotate_client_secret
from province.sign_in.queries.oidc import SCOPES, client_with_id, clients

_MANAGE = "tokens.manage"


@never_cache
@require_http_methods(["GET", "POST"])
def clients_table(request: HttpRequest) -> HttpResponse:
    """Show all of them; register a new one, whose secret is shown once."""
    by = actor_of_request(request, _MANAGE)
    form, made, secret = ClientForm(), None, ""
    if request.method == "POST":
        require_fresh(request)
        form = ClientForm(request.POST)
        if form.is_valid():
            try:
                made, secret = add_client(by=by, **form.cleaned_data)
            except DomainError as refusal:
                form.take_faults(refusal)
            else:
                form = ClientForm()
    page = {"tab": "clients", "clients": clients(), "form": form, "made": made, "secret": secret}
    return render(request, "sign_in/clients.html", page, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def client(request: HttpRequest, client_id: str) -> HttpResponse:
    """One of them; its addresses can be changed."""
    by = actor_of_request(request, _MANAGE)
    found = client_with_id(client_id)
    if request.method == "GET":
        return _page(request, found, _filled(found))
    require_fresh(request)
    form = ClientAddressesForm(request.POST)
    if form.carry_out(lambda given: change_client(by=by, client_id=client_id, **given)) is None:
        return _page(request, found, form)
    messages.success(request, f"“{found.name}”的地址已保存，立即生效。")
    return redirect("console-client", client_id)


@never_cache
@require_POST
def new_secret(request: HttpRequest, client_id: str) -> HttpResponse:
    """Show the new secret, once: no redirect, which could not carry it."""
    by = actor_of_request(request, _MANAGE)
    require_fresh(request)
    found, secret = rotate_client_secret(by=by, client_id=client_id)
    return _page(request, found, _filled(found), secret=secret)


@require_POST
def revoke(request: HttpRequest, client_id: str) -> HttpResponse:
    by = actor_of_request(request, _MANAGE)
    require_fresh(request)
    found = revoke_client(by=by, client_id=client_id)
    messages.success(request, f"“{found.name}”已停用，不能再用统一登录。")
    return redirect("console-clients")


def _filled(found: OidcClient) -> ClientAddressesForm:
    return ClientAddressesForm(
        initial={
            "redirect_uris": "\n".join(found.redirect_uris),
            "post_logout_redirect_uris": "\n".join(found.post_logout_redirect_uris),
            "backchannel_logout_uri": found.backchannel_logout_uri,
        }
    )


def _page(request: HttpRequest, found: OidcClient, form: ClientAddressesForm, **more: Any) -> HttpResponse:
    page = {"tab": "clients", "client": found, "form": form, "scopes": [SCOPES.get(one) for one in found.scopes]}
    return render(request, "sign_in/client.html", page | more, status=422 if form.errors else 200)
