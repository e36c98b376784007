"""查验文书: whether a document that somebody has in hand was issued, and holds."""

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_http_methods, require_safe

from province.front.views.frame import front_page
from province.registries.queries.checks import DocumentCheck, check_code, check_file
from province.registries.queries.documents import as_code


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """The two forms; posted: a file, which is not kept."""
    if code := as_code(request.GET.get("code", "")):
        return redirect("front-verified", code)
    return _page(request, check_file(request.FILES.get("file")) if request.method == "POST" else None)


@require_safe
def verified(request: HttpRequest, code: str) -> HttpResponse:
    """The document that carries this code: where its QR code leads."""
    return _page(request, check_code(code))


def _page(request: HttpRequest, check: DocumentCheck | None) -> HttpResponse:
    context = {"check": check, "action": reverse("front-verify"), "token": get_token(request)}
    found = check is None or (check.document is not None and not check.fault)
    status = 200 if found or (check and check.is_by_file) else 404
    response = front_page(request, "verify.html", context, status=status)
    response["X-Robots-Tag"] = "noindex"
    add_never_cache_headers(response)
    return response
