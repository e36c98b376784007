from typing import cast
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from foundation.api import Page, PageParameters, idempotent, page_of
from province.catalogue.models import PauseRequest
from province.catalogue.operations import confirm_pause, decline_pause, withdraw_pause
from province.catalogue.queries.desks import check_reader
from province.catalogue.queries.pause_requests import pause_request_with_id, pause_requests_in_sight
from province.catalogue.schemas.items import ItemReasonIn, PauseRequestOut
from province.console.access import require_fresh
from province.rights.actors import Actor

router = Router(tags=["items"])


def _actor(request: HttpRequest) -> Actor:
    return cast("Actor", request.auth)  # type: ignore[attr-defined]


@router.get("", response=Page[PauseRequestOut])
def list_pause_requests(request: HttpRequest, page: PageParameters, state: str = "") -> dict[str, object]:
    """List what was asked to be suspended or abolished, the latest first."""
    by = _actor(request)
    check_reader(by)
    return page_of(pause_requests_in_sight(by, state=state), page)


@router.get("/{uuid:request_id}", response=PauseRequestOut)
def show_pause_request(request: HttpRequest, request_id: UUID) -> PauseRequest:
    return pause_request_with_id(_actor(request), request_id)


@router.post("/{uuid:request_id}/confirm", response=PauseRequestOut)
@idempotent
def confirm(request: HttpRequest, request_id: UUID) -> tuple[int, PauseRequestOut]:
    """Carry it out. 403 for who has asked for it."""
    require_fresh(request)
    return 200, PauseRequestOut.from_orm(confirm_pause(by=_actor(request), request_id=request_id))


@router.post("/{uuid:request_id}/decline", response=PauseRequestOut)
@idempotent
def decline(request: HttpRequest, request_id: UUID, data: ItemReasonIn) -> tuple[int, PauseRequestOut]:
    """Leave the item as it is; one that was suspended in haste is shown again."""
    require_fresh(request)
    return 200, PauseRequestOut.from_orm(decline_pause(by=_actor(request), request_id=request_id, reason=data.reason))


@router.post("/{uuid:request_id}/withdraw", response=PauseRequestOut)
@idempotent
def withdraw(request: HttpRequest, request_id: UUID) -> tuple[int, PauseRequestOut]:
    """Take one's own back before anybody has decided."""
    require_fresh(request)
    return 200, PauseRequestOut.from_orm(withdraw_pause(by=_actor(request), request_id=request_id))
