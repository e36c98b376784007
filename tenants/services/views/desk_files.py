"""Blank forms and samples of the catalogue, as the desk shows them."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from foundation.design.inputs import FileLink
from foundation.files.store import link_to
from province.catalogue.queries.materials import file_with_id, files_with_ids
from tenants.services.layouts import at_items
from tenants.shell.slots import Desk


@at_items
@require_GET
def open_file(request: HttpRequest, desk: Desk, file_id: UUID) -> HttpResponseRedirect:  # noqa: ARG001 - a view's signature
    """Redirect to a link that opens the file for five minutes."""
    file = file_with_id(file_id)
    return HttpResponseRedirect(link_to(file.key, download_as=file.name))


def file_links(ids: Collection[str]) -> Mapping[str, FileLink]:
    """Links to files, by the file's id."""
    return {
        str(file.pk): FileLink(file.name, reverse("desk-item-file", args=[file.pk])) for file in files_with_ids(ids)
    }
