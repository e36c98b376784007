"""What all pages at the province's host for everybody share."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from foundation.design.modes import mode_of
from foundation.design.reading import is_reader, searched_before
from foundation.errors import NotFound
from foundation.search import as_typed
from province.catalogue.operations.searches import count_opened
from province.halls.queries.carried_modes import with_carried_mode

type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponse]

_LONGEST = 60


def for_everybody[**P](view: View[P]) -> View[P]:
    """A page that knows no person and no session; what is not there is a page, too."""

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except NotFound as error:
            response = front_page(request, "missing.html", {"error": error}, status=404)
        _tell_opened(request, response)
        patch_vary_headers(response, ["Cookie"])
        response.headers.setdefault("Cache-Control", "no-cache")
        return response

    return require_safe(answer)


def _tell_opened(request: HttpRequest, response: HttpResponse) -> None:
    """Count that the results of a search led on; another search is no answer to the one before."""
    is_answer = response.status_code == HttpResponse.status_code and "q" not in request.GET
    if is_answer and is_reader(request) and (words := searched_before(request)):
        count_opened(None, words)


def front_page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    layout = {
        "province": settings.PROVINCE_NAME,
        "sign_in": settings.LOGIN_URL,
        "organiser": settings.PROVINCE_ORGANISER,
        "site_code": settings.PROVINCE_SITE_CODE,
        "icp_number": settings.PROVINCE_ICP_NUMBER,
        "police_number": settings.PROVINCE_POLICE_NUMBER,
        "mode": mode_of(request),
        "here": request.path,
    }
    html = render_to_string(f"front/{template}", layout | context)
    return HttpResponse(with_carried_mode(html, mode=layout["mode"], host=settings.BASE_DOMAIN), status=status)


def asked(request: HttpRequest, name: str) -> str:
    """What somebody typed, short and clean."""
    return as_typed(request.GET.get(name, ""), _LONGEST)
