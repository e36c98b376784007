from typing import cast
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from foundation.api import Page, PageParameters, idempotent, page_of
from province.content.models import LibraryOffer
from province.content.operations.library import decline_offer, take_offer
from province.content.queries.library import OfferUse, check_library_reader, library_offer, library_offers, uses_of
from province.content.queries.manuscripts import manuscript_at_desk
from province.content.schemas.library import DeclineIn, OfferLineOut, OfferOut, TakeIn, UseOut
from province.content.schemas.manuscripts import ManuscriptOut
from province.content.states import OfferState
from province.rights.actors import Actor

router = Router(tags=["library"])


def _actor(request: HttpRequest) -> Actor:
    """The actor who asks, if the library is open to them."""
    actor = cast("Actor", request.auth)  # type: ignore[attr-defined]
    check_library_reader(actor)
    return actor


@router.get("", response=Page[OfferLineOut])
def list_offers(
    request: HttpRequest, page: PageParameters, state: OfferState | None = None, search: str = ""
) -> dict[str, object]:
    """What halls have offered upward, the oldest first."""
    _actor(request)
    return page_of(library_offers(search=search, state=state or ""), page)


@router.get("/{uuid:offer_id}", response=OfferOut)
def show_offer(request: HttpRequest, offer_id: UUID) -> LibraryOffer:
    _actor(request)
    return library_offer(offer_id)


@router.get("/{uuid:offer_id}/uses", response=list[UseOut])
def list_uses(request: HttpRequest, offer_id: UUID) -> list[OfferUse]:
    """List who has used the offer, the first one first."""
    _actor(request)
    return uses_of(library_offer(offer_id))


@router.post("/{uuid:offer_id}/take", response={201: ManuscriptOut})
@idempotent
def take(request: HttpRequest, offer_id: UUID, data: TakeIn) -> tuple[int, ManuscriptOut]:
    """Make a manuscript of the offer at one of your desks."""
    by = _actor(request)
    made = take_offer(by=by, offer=library_offer(offer_id), desk_prefix=data.desk_prefix)
    return 201, ManuscriptOut.from_orm(manuscript_at_desk(by, made.id))


@router.post("/{uuid:offer_id}/decline", response=OfferOut)
@idempotent
def decline(request: HttpRequest, offer_id: UUID, data: DeclineIn) -> tuple[int, OfferOut]:
    """Tell the hall that it is not used, and why."""
    by = _actor(request)
    decline_offer(by=by, offer=library_offer(offer_id), reason=data.reason)
    return 200, OfferOut.from_orm(library_offer(offer_id))
