"""The shared library (云稿库) as the hall sees it."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from foundation.api import Page, PageParameters, idempotent, page_of
from province.content.models import LibraryOffer
from province.content.queries import OfferUse, library_offer, library_offers, uses_of
from tenants.portal.layouts import desk_of_request
from tenants.portal.operations.library import pick_offer as pick
from tenants.portal.queries.desk import article_at_desk
from tenants.portal.schemas import ArticleOut, ColumnChoiceIn, LibraryOfferOut, OfferDetailOut, OfferUseOut

router = Router(tags=["library"])


@router.get("", response=Page[LibraryOfferOut])
def list_offers(request: HttpRequest, page: PageParameters, search: str = "") -> dict[str, Any]:
    desk_of_request(request)
    return page_of(library_offers(search=search), page)


@router.get("/{uuid:offer_id}", response=OfferDetailOut)
def show_offer(request: HttpRequest, offer_id: UUID) -> LibraryOffer:
    desk_of_request(request)
    return library_offer(offer_id)


@router.get("/{uuid:offer_id}/uses", response=list[OfferUseOut])
def list_uses(request: HttpRequest, offer_id: UUID) -> list[OfferUse]:
    """List which desks and halls used the offer."""
    desk_of_request(request)
    return uses_of(library_offer(offer_id))


@router.post("/{uuid:offer_id}/pick", response={201: ArticleOut})
@idempotent
def pick_offer(request: HttpRequest, offer_id: UUID, data: ColumnChoiceIn) -> tuple[int, ArticleOut]:
    """Make a draft of the hall's own from the offer, with copies of its files."""
    desk = desk_of_request(request)
    article = pick(by=desk.by, hall=desk.hall, offer=library_offer(offer_id), column=data.column)
    return 201, ArticleOut.from_orm(article_at_desk(desk, article.id))
