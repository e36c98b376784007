"""What citizens search for without success."""

from typing import cast

from django.http import HttpRequest
from ninja import Router

from foundation.api import idempotent
from province.catalogue.operations.searches import settle_search
from province.catalogue.queries.desks import check_reader
from province.catalogue.queries.searches import MissedText, missed_texts
from province.catalogue.schemas.searches import MissedTextOut, SettleSearchIn
from province.rights.actors import Actor

router = Router(tags=["search words"])


def _actor(request: HttpRequest) -> Actor:
    actor = cast("Actor", request.auth)  # type: ignore[attr-defined]
    check_reader(actor)
    return actor


@router.get("/searches", response=list[MissedTextOut])
def list_searches(request: HttpRequest) -> list[MissedText]:
    """List what people searched for in the last 30 days without a hit or without opening one, as far as nobody has
    settled it, at most 200. What was asked seldom is not listed."""
    _actor(request)
    return missed_texts()


@router.post("/searches/settle", response={204: None})
@idempotent
def settle(request: HttpRequest, data: SettleSearchIn) -> tuple[int, None]:
    """Say for the whole province that a text is nothing that is applied for (not_ours), or was seen to (done)."""
    settle_search(by=_actor(request), words=data.words, verdict=data.verdict)
    return 204, None
