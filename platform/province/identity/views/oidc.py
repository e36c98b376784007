"""The provider's endpoints, at the province's host."""

import hashlib

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from province.identity.operations.oidc import authorize as authorize_client
from province.identity.operations.oidc import exchange
from province.identity.queries.oidc import claims_of, discovery, grant_with_token, public_keys
from province.identity.queries.sessions import sign_in_of

_LONGEST_QUERY = 4_000


@require_GET
def configuration(_: HttpRequest) -> JsonResponse:
    return JsonResponse(discovery())


@require_GET
def keys(_: HttpRequest) -> JsonResponse:
    return JsonResponse(public_keys(), headers={"Cache-Control": "public, max-age=300"})


@never_cache
@require_GET
def authorize(request: HttpRequest) -> HttpResponse:
    """Whoever is not signed in does so first, and comes back here."""
    session = sign_in_of(request)
    is_silent = "none" in request.GET.get("prompt", "").split()
    if session is None and not is_silent:
        return redirect(f"{reverse('sign-in')}?{urlencode({'next': request.get_full_path()[:_LONGEST_QUERY]})}")
    location = authorize_client(session=session, query=request.META.get("QUERY_STRING", ""))
    # to an address that was compared to the letter, whatever its scheme
    response = HttpResponse(status=HttpResponseRedirect.status_code)
    response["Location"] = location
    return response


@csrf_exempt
@never_cache
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """For programs alone: they prove themselves with their secret, and no cookie is looked at."""
    headers = {"Authorization": request.headers.get("Authorization", "")}
    if request.headers.get("Content-Type"):
        headers["Content-Type"] = request.headers["Content-Type"]
    answer_headers, body, status = exchange(body=request.POST.urlencode(), headers=headers)
    return HttpResponse(body, status=status, headers=answer_headers)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def userinfo(request: HttpRequest) -> HttpResponse:
    kind, _, bearer = request.headers.get("Authorization", "").partition(" ")
    grant = None
    if kind.lower() == "bearer":
        grant = grant_with_token(hashlib.sha256(bearer.encode()).hexdigest())
    if grant is None:
        return JsonResponse(
            {"error": "invalid_token"}, status=401, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'}
        )
    return JsonResponse(claims_of(grant.session.account, grant.scopes))
