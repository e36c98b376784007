"""Files that stand in the form of a run: opened by links that soon end, after the run has been looked at."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from foundation.design.forms import posted_number
from foundation.errors import DomainError
from foundation.files.pages import page_of_pdf
from foundation.files.store import link_for_readers, link_to
from tenants.shell.layouts.site import redirect_to
from tenants.shell.slots import Desk
from tenants.workflow.layouts import at_part
from tenants.workflow.queries.run_access import run_of
from tenants.workflow.queries.uploads import material_of_run

# of the copies that are made of a picture
_WIDTH = "1600"


@at_part
@require_GET
def open_material(request: HttpRequest, desk: Desk, run_id: UUID, upload_id: UUID) -> HttpResponse:  # noqa: ARG001
    """The file itself: pictures and PDFs open in the browser, others are saved under their name."""
    material = material_of_run(desk.by, desk.hall, run_of(desk.by, desk.hall, run_id), upload_id)
    if material.look == "pdf":
        return redirect_to(link_to(material.upload.key))
    return redirect_to(link_for_readers(material.upload, ""))


@at_part
@require_GET
def look_at_material(request: HttpRequest, desk: Desk, run_id: UUID, upload_id: UUID) -> HttpResponse:
    """Where the viewer gets a picture of it: of a PDF, that of the page which ``page`` names, from 1."""
    material = material_of_run(desk.by, desk.hall, run_of(desk.by, desk.hall, run_id), upload_id)
    try:
        if material.look != "pdf":
            return JsonResponse({"url": link_for_readers(material.upload, _WIDTH), "pages": 1})
        number = posted_number(request.GET.get("page", ""), otherwise=1)
        page = page_of_pdf(material.upload.key, number)
    except DomainError as refusal:
        return JsonResponse({"message": refusal.message}, status=refusal.status)
    return JsonResponse({"url": link_to(page.key), "pages": page.pages})
