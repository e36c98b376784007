"""代收: applications that are taken in here for halls above. The form is filled in by the interface of forms."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from foundation.api import Page, PageParameters, idempotent, page_of
from tenants.casework.layouts import cases_desk_of_request
from tenants.casework.operations.collecting import begin_collecting
from tenants.casework.queries.collections import (
    collection_here,
    collection_lines,
    collections_here,
    offers_to_collect,
)
from tenants.casework.schemas.referrals import CaseOfferOut, CollectionIn, CollectionLineOut, CollectionOut

router = Router(tags=["cases"])


@router.get("", response=Page[CollectionLineOut])
def list_collections(request: HttpRequest, page: PageParameters) -> dict[str, Any]:
    """List what was taken in here for halls above, the newest first."""
    cases_desk_of_request(request)
    return page_of(collections_here(), page)


@router.get("/offers", response=Page[CaseOfferOut])
def list_offers(request: HttpRequest, page: PageParameters) -> dict[str, Any]:
    """List what can be applied for at halls above, by the items' names."""
    return page_of(offers_to_collect(cases_desk_of_request(request).hall), page)


@router.post("", response={201: CollectionLineOut})
@idempotent
def begin(request: HttpRequest, data: CollectionIn) -> tuple[int, CollectionLineOut]:
    """Begin an application for somebody; once its form is sent, it is handed over."""
    desk = cases_desk_of_request(request)
    made = begin_collecting(by=desk.by, hall=desk.hall, **data.model_dump())
    return 201, CollectionLineOut.from_orm(made)


@router.get("/{uuid:collection_id}", response=CollectionOut)
def show_collection(request: HttpRequest, collection_id: UUID) -> dict[str, Any]:
    cases_desk_of_request(request)
    found = collection_here(collection_id)
    (line,) = collection_lines([found])
    return {"collection": found, "went": line.steps}
