"""Forms and samples of an item, as every hall has them."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from foundation.exports import export_file
from foundation.files.store import LINK_KEPT_SECONDS, link_to
from province.front.queries.files import file_of_service, form_of_service
from province.front.views.frame import for_everybody


@for_everybody
def uploaded(request: HttpRequest, item_id: UUID, file_id: UUID) -> HttpResponse:  # noqa: ARG001 - Django's call
    """Redirect to a short-lived link to the file."""
    file = file_of_service(item_id, file_id)
    return _kept(redirect(link_to(file.key, download_as=file.name)))


@for_everybody
def made(request: HttpRequest, item_id: UUID, form: str, paper: str, ending: str) -> HttpResponse:  # noqa: ARG001 - Django's call
    found = form_of_service(item_id, form, paper, ending=ending)
    return _kept(export_file(found.ending, found.name, found.content))


def _kept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = f"private, max-age={LINK_KEPT_SECONDS}"
    return response
