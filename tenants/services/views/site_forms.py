"""Blank forms and filled samples that follow from a guide, with this hall's name on them."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from foundation.exports import export_file
from tenants.services.queries.files import form_on_guide
from tenants.shell.layouts.site import for_readers, hall_of, kept


@require_safe
@for_readers
@kept
def made_form(request: HttpRequest, item_id: UUID, form: str, paper: str, ending: str) -> HttpResponse:
    asked = dict(request.GET.lists())
    made = form_on_guide(item_id, form, paper, ending=ending, place=hall_of(request).name, asked=asked)
    return export_file(made.ending, made.name, made.content)
