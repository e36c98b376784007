"""Files that a page sends in pieces (upload.js), for staff and citizens: answers are JSON, refusals have a message."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from foundation.design.forms import posted_number
from foundation.errors import NotFound
from province.citizens.models import Citizen
from province.halls.models import Hall
from tenants.shell.layouts.citizen import for_citizen
from tenants.shell.layouts.pieces import piece_of_request, tell_uploader
from tenants.shell.layouts.site import hall_of
from tenants.shell.slots import Desk
from tenants.workflow.layouts import at_part
from tenants.workflow.operations.chunks import add_chunk, begin_chunks
from tenants.workflow.operations.run_forms import begin_run_form
from tenants.workflow.queries.filled import NO_FILLED, FormFiller, filler_of


@at_part
@require_POST
def begin_at_desk(request: HttpRequest, desk: Desk, filled_id: UUID) -> HttpResponse:
    """Begin a file for a draft, or for the form of a run at one's own step."""
    return tell_uploader(lambda: _begun(request, FormFiller(desk.by), desk.hall, filled_id, "desk-filling-chunk"))


@at_part
@require_POST
def begin_at_start(request: HttpRequest, desk: Desk, flow_id: UUID) -> HttpResponse:
    """Begin a file where a flow begins: from now on there is a draft."""

    def begin() -> dict[str, Any]:
        filled = begin_run_form(by=desk.by, hall=desk.hall, flow_id=flow_id)
        if filled is None:
            raise NotFound(NO_FILLED)
        return _begun(request, FormFiller(desk.by), desk.hall, filled.pk, "desk-filling-chunk")

    return tell_uploader(begin)


@at_part
@require_POST
def add_at_desk(request: HttpRequest, desk: Desk, filled_id: UUID, partial_id: UUID) -> HttpResponse:
    """One piece; ``offset`` of the address says where it begins."""
    return tell_uploader(lambda: _added(request, FormFiller(desk.by), desk.hall, filled_id, partial_id))


@for_citizen
@require_POST
def begin_at_site(request: HttpRequest, citizen: Citizen, filled_id: UUID) -> HttpResponse:
    who, hall = filler_of(citizen), hall_of(request)
    return tell_uploader(lambda: _begun(request, who, hall, filled_id, "site-filled-chunk"))


@for_citizen
@require_POST
def add_at_site(request: HttpRequest, citizen: Citizen, filled_id: UUID, partial_id: UUID) -> HttpResponse:
    return tell_uploader(lambda: _added(request, filler_of(citizen), hall_of(request), filled_id, partial_id))


def _begun(request: HttpRequest, who: FormFiller, hall: Hall, filled_id: UUID, route: str) -> dict[str, Any]:
    begun = begin_chunks(
        who=who,
        hall=hall,
        filled_id=filled_id,
        name=request.POST.get("name", ""),
        size=posted_number(request.POST.get("size", ""), otherwise=0),
        mark=request.POST.get("mark", ""),
    )
    return {"at": reverse(route, args=[filled_id, begun.pk]), "offset": begun.received}


def _added(request: HttpRequest, who: FormFiller, hall: Hall, filled_id: UUID, partial_id: UUID) -> dict[str, Any]:
    outcome = add_chunk(
        who=who,
        hall=hall,
        filled_id=filled_id,
        partial_id=partial_id,
        offset=posted_number(request.GET.get("offset", ""), otherwise=-1),
        content=piece_of_request(request),
        length=posted_number(request.META.get("CONTENT_LENGTH", ""), otherwise=0),
    )
    upload = outcome.file
    return {"offset": outcome.offset, "upload": {"id": str(upload.pk), "name": upload.name} if upload else None}
