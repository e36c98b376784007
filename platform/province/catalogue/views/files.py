"""Blank forms, filled samples and samples of results."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from foundation.design.inputs import FileLink
from foundation.files.store import link_to
from province.catalogue.forms.posted import Upload
from province.catalogue.operations.materials import add_file
from province.catalogue.queries.desks import check_reader
from province.catalogue.queries.materials import file_with_id, files_with_ids
from province.console.access import actor_of_request
from province.rights.actors import Actor


@require_GET
def open_file(request: HttpRequest, file_id: UUID) -> HttpResponseRedirect:
    """Redirect to a link that opens the file for five minutes."""
    check_reader(actor_of_request(request))
    file = file_with_id(file_id)
    return HttpResponseRedirect(link_to(file.key, download_as=file.name))


class CatalogueFiles:
    """Keeps the files of a form on the console, and finds them for pages."""

    def __init__(self, by: Actor) -> None:
        self._by = by

    def keep(self, upload: Upload) -> str:
        return str(add_file(by=self._by, name=upload.name or "", content=upload).pk)

    def links(self, ids: Collection[str]) -> Mapping[str, FileLink]:
        return {
            str(file.pk): FileLink(file.name, reverse("console-item-file", args=[file.pk]))
            for file in files_with_ids(ids)
        }
