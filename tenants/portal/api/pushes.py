"""What was pushed to the hall, and what it decides about it."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from foundation.api import Page, PageParameters, idempotent, page_after
from province.content.queries.pushes import ListedPush, decided_pushes, offered_pushes
from tenants.portal.layouts import desk_of_request
from tenants.portal.operations import decisions
from tenants.portal.queries.decisions import shown_pushes
from tenants.portal.schemas import ColumnChoiceIn, DecidedPushOut, PushLineOut, ReasonIn

router = Router(tags=["pushes"])


@router.get("/offered", response=Page[PushLineOut])
def list_offered(request: HttpRequest, page: PageParameters) -> dict[str, Any]:
    """List what waits for the hall's decision, the newest first."""
    hall = desk_of_request(request).hall
    return page_after(lambda last, limit: offered_pushes(hall, after=last, limit=limit), page)


@router.get("/shown", response=list[PushLineOut])
def list_shown(request: HttpRequest, column: str = "") -> list[ListedPush]:
    """List what the site shows: the newest 40 of each column, or of one."""
    return shown_pushes(desk_of_request(request).hall, column=column)


@router.get("/decided", response=Page[DecidedPushOut])
def list_decided(request: HttpRequest, page: PageParameters) -> dict[str, Any]:
    """List the hall's decisions, the latest first."""
    hall = desk_of_request(request).hall
    return page_after(lambda last, limit: decided_pushes(hall, after=last, limit=limit), page)


@router.post("/{uuid:push_id}/adopt", response={204: None})
@idempotent
def adopt_push(request: HttpRequest, push_id: UUID, data: ColumnChoiceIn) -> tuple[int, None]:
    """Show an offered push in a column."""
    desk = desk_of_request(request)
    decisions.adopt_push(by=desk.by, hall=desk.hall, push_id=push_id, column=data.column)
    return 204, None


@router.post("/{uuid:push_id}/decline", response={204: None})
@idempotent
def decline_push(request: HttpRequest, push_id: UUID, data: ReasonIn) -> tuple[int, None]:
    """Do not show an offered push; the province reads the reason."""
    desk = desk_of_request(request)
    decisions.decline_push(by=desk.by, hall=desk.hall, push_id=push_id, reason=data.reason)
    return 204, None


@router.post("/{uuid:push_id}/move", response={204: None})
@idempotent
def move_push(request: HttpRequest, push_id: UUID, data: ColumnChoiceIn) -> tuple[int, None]:
    """Show the push in another column; its text cannot be altered."""
    desk = desk_of_request(request)
    decisions.move_push(by=desk.by, hall=desk.hall, push_id=push_id, column=data.column)
    return 204, None


@router.delete("/{uuid:push_id}/decision", response={204: None})
@idempotent
def undo_decision(request: HttpRequest, push_id: UUID) -> tuple[int, None]:
    """Undo the hall's decision about the push."""
    desk = desk_of_request(request)
    decisions.undo_decision(by=desk.by, hall=desk.hall, push_id=push_id)
    return 204, None
