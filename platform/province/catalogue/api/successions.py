"""事项合并、拆分: who takes over from whom, asked for by one person and confirmed by another one."""

from typing import cast
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router

from foundation.api import Page, PageParameters, idempotent, page_of
from province.catalogue.models import Succession
from province.catalogue.operations.successions import (
    confirm_succession,
    decline_succession,
    propose_succession,
    withdraw_succession,
)
from province.catalogue.queries.desks import item_at_desk, require_over
from province.catalogue.queries.successions import (
    SuccessionPreview,
    items_with_codes,
    succession_preview,
    succession_with_id,
    successions_in_sight,
)
from province.catalogue.schemas.items import ItemReasonIn
from province.catalogue.schemas.successions import (
    SuccessionIn,
    SuccessionOut,
    SuccessionPreviewOut,
    SuccessionQuery,
)
from province.catalogue.states import SuccessionKind
from province.console.access import require_fresh
from province.rights.actors import Actor

router = Router(tags=["items"])


def _actor(request: HttpRequest) -> Actor:
    return cast("Actor", request.auth)  # type: ignore[attr-defined]


@router.get("/items/{uuid:item_id}/succession-preview", response=SuccessionPreviewOut)
def preview(request: HttpRequest, item_id: UUID, asked: Query[SuccessionQuery]) -> SuccessionPreview:
    """Say what a merger into this item, or a split of it, would touch; nothing is written."""
    by = _actor(request)
    item = item_at_desk(by, item_id)
    require_over(by, "catalogue.submit", item)
    parts = items_with_codes(by, " ".join(asked.codes))
    goes_on = asked.goes_on or asked.kind is SuccessionKind.MERGER
    return succession_preview(asked.kind, item, parts, goes_on=goes_on, begins_at=asked.begins_at)


@router.post("/items/{uuid:item_id}/successions", response={201: SuccessionOut})
@idempotent
def ask(request: HttpRequest, item_id: UUID, data: SuccessionIn) -> tuple[int, SuccessionOut]:
    """Ask that other items be merged into this one, or that this one be split into others: somebody else confirms it.
    409, saying why, where that cannot be."""
    by = _actor(request)
    made = propose_succession(
        by=by,
        kind=data.kind,
        item=item_at_desk(by, item_id),
        parts=items_with_codes(by, " ".join(data.codes)),
        goes_on=data.goes_on,
        begins_at=data.begins_at,
        reason=data.reason,
    )
    return 201, SuccessionOut.from_orm(made)


@router.get("/successions", response=Page[SuccessionOut])
def list_successions(request: HttpRequest, page: PageParameters, state: str = "") -> dict[str, object]:
    """List mergers and splits, the latest first."""
    return page_of(successions_in_sight(_actor(request), state=state), page)


@router.get("/successions/{uuid:succession_id}", response=SuccessionOut)
def show_succession(request: HttpRequest, succession_id: UUID) -> Succession:
    return succession_with_id(_actor(request), succession_id)


@router.post("/successions/{uuid:succession_id}/confirm", response=SuccessionOut)
@idempotent
def confirm(request: HttpRequest, succession_id: UUID) -> tuple[int, SuccessionOut]:
    """Let it happen on its day, or at once where it names none. 403 for who has asked for it."""
    require_fresh(request)
    return 200, SuccessionOut.from_orm(confirm_succession(by=_actor(request), succession_id=succession_id))


@router.post("/successions/{uuid:succession_id}/decline", response=SuccessionOut)
@idempotent
def decline(request: HttpRequest, succession_id: UUID, data: ItemReasonIn) -> tuple[int, SuccessionOut]:
    require_fresh(request)
    return 200, SuccessionOut.from_orm(
        decline_succession(by=_actor(request), succession_id=succession_id, reason=data.reason)
    )


@router.post("/successions/{uuid:succession_id}/withdraw", response=SuccessionOut)
@idempotent
def withdraw(request: HttpRequest, succession_id: UUID) -> tuple[int, SuccessionOut]:
    """Take it back before its day. 409 once it is carried out."""
    require_fresh(request)
    return 200, SuccessionOut.from_orm(withdraw_succession(by=_actor(request), succession_id=succession_id))
