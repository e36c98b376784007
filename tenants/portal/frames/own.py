"""Pages in the site's frame that are one person's: what they fill in, and what is said to them alone."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import urlencode

from foundation.errors import NotFound
from province.identity.operations.step_up import ProofNeeded
from tenants.portal.frames.site import closed_answer, missing_page

type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponse]


def own_page[**P](view: View[P]) -> View[P]:
    """A page that is no reader's but one person's: never kept, by nobody; closed where the hall is."""

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = closed_answer(request)
        if response is None:
            try:
                response = view(request, *args, **kwargs)
            except NotFound as error:
                response = missing_page(request, error)
            except ProofNeeded:
                # back to the page of the form; what was typed there is little, and none of it may wait in an address
                response = redirect(f"{reverse('citizen-confirm')}?{urlencode({'next': request.path})}")
        add_never_cache_headers(response)
        response["X-Robots-Tag"] = "noindex"
        return response

    return answer
