"""查验文书 on a hall's site: also what a kind lets anybody read, where this hall has issued the document."""

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from province.registries.queries.checks import DocumentCheck, check_code, check_file
from province.registries.queries.documents import as_code
from tenants.documents.queries.public import public_values
from tenants.shell.layouts.own import own_page
from tenants.shell.layouts.site import hall_of, site_page


@own_page
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """The two forms; posted: a file, which is not kept."""
    if code := as_code(request.GET.get("code", "")):
        return redirect("site-verified", code)
    return _page(request, check_file(request.FILES.get("file")) if request.method == "POST" else None)


@own_page
@require_safe
def verified(request: HttpRequest, code: str) -> HttpResponse:
    """The document that carries this code."""
    return _page(request, check_code(code))


def _page(request: HttpRequest, check: DocumentCheck | None) -> HttpResponse:
    hall = hall_of(request)
    document = check.document if check else None
    is_own = document is not None and document.hall_id == hall.pk
    context = {
        "check": check,
        "public": public_values(hall, document.id) if document and is_own else (),
        "action": reverse("site-verify"),
        "token": get_token(request),
    }
    status = 404 if check and not check.is_by_file and document is None else 200
    return site_page(request, "documents/site/verify.html", context, status=status, is_own=True)
