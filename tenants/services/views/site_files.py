"""Blank forms and samples, for citizens."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from foundation.files.store import link_to
from tenants.services.queries.files import file_on_guide
from tenants.shell.layouts.site import for_readers, redirect_to

# less than a link to the store lives (foundation.files.store)
_SECONDS = 60


@require_safe
@for_readers
def open_file(request: HttpRequest, item_id: UUID, file_id: UUID) -> HttpResponse:  # noqa: ARG001 - Django's call
    """Redirect to a short-lived link to the file."""
    file = file_on_guide(item_id, file_id)
    response = redirect_to(link_to(file.key, download_as=file.name))
    response["Cache-Control"] = f"private, max-age={_SECONDS}"
    return response
