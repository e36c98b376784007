"""What citizens search for at this hall without success."""

from django.http import HttpRequest
from ninja import Router

from foundation.api import idempotent
from province.catalogue.operations.searches import settle_hall_search
from province.catalogue.queries.searches import MissedText, missed_texts
from province.rights.queries import require
from tenants.services.layouts import items_desk_of_request
from tenants.services.schemas import MissedSearchOut, SettleHallSearchIn
from tenants.shell.slots import Desk

router = Router(tags=["search words"])


def _desk(request: HttpRequest) -> Desk:
    desk = items_desk_of_request(request)
    require(desk.by, "services.adopt", hall_id=desk.hall.pk)
    return desk


@router.get("", response=list[MissedSearchOut])
def list_searches(request: HttpRequest) -> list[MissedText]:
    """List what people searched for at this hall in the last 30 days without a hit or without opening one, as far as
    nobody has settled it, at most 200. What was asked seldom is not listed."""
    return missed_texts(_desk(request).hall.pk)


@router.post("/settle", response={204: None})
@idempotent
def settle(request: HttpRequest, data: SettleHallSearchIn) -> tuple[int, None]:
    """Say that a text is nothing that is applied for (not_ours), was seen to (done), or that the province is asked to
    see to it (reported)."""
    desk = _desk(request)
    settle_hall_search(by=desk.by, hall_id=desk.hall.pk, words=data.words, verdict=data.verdict)
    return 204, None
