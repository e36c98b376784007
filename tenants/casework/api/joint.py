"""联办: what departments are asked about others' cases, and what they answer."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from foundation.api import Page, PageParameters, idempotent, page_of
from tenants.casework.layouts import cases_desk_of_request
from tenants.casework.operations.joint import give_opinion
from tenants.casework.queries.joint import opinion_at_desk, opinions_at_desk
from tenants.casework.queries.opinions import opinion_view
from tenants.casework.schemas.joint import AskedOpinionOut, GivenOpinionIn, OpinionLineOut
from tenants.shell.slots import Desk

router = Router(tags=["cases"])


@router.get("", response=Page[OpinionLineOut])
def list_opinions(request: HttpRequest, page: PageParameters, state: str = "") -> dict[str, Any]:
    """List what one's department, or the hall, is asked. ``state``: waiting (the oldest first), given or ended; all if
    left out."""
    return page_of(opinions_at_desk(cases_desk_of_request(request), state=state), page)


@router.get("/{uuid:opinion_id}", response=AskedOpinionOut)
def show_opinion(request: HttpRequest, opinion_id: UUID) -> AskedOpinionOut:
    """Show one with the case's materials and form, which are there as long as the case is open."""
    return _answer(cases_desk_of_request(request), opinion_id)


@router.post("/{uuid:opinion_id}/give", response=AskedOpinionOut)
@idempotent
def give(request: HttpRequest, opinion_id: UUID, data: GivenOpinionIn) -> tuple[int, AskedOpinionOut]:
    """Agree or refuse, once. 409 where somebody of the department has answered otherwise."""
    desk = cases_desk_of_request(request)
    give_opinion(by=desk.by, hall=desk.hall, opinion_id=opinion_id, **data.model_dump())
    return 200, _answer(desk, opinion_id)


def _answer(desk: Desk, opinion_id: UUID) -> AskedOpinionOut:
    return AskedOpinionOut.of(opinion_view(desk, opinion_at_desk(desk, opinion_id)))
