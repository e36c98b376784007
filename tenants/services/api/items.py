"""The hall's items: adopted, followed, stopped."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Router

from foundation.api import OutcomeOut, Page, PageParameters, idempotent, page_of
from foundation.editing.schemas import AuditLineOut
from foundation.errors import NotFound
from province.audit.models import AuditEntry
from province.catalogue.queries.items import names_of_items
from province.people.queries.units import unit_paths
from tenants.services.layouts import items_desk_of_request
from tenants.services.operations import adoptions, versions
from tenants.services.queries.access import of_units
from tenants.services.queries.desk import adoption_at_desk, adoptions_at_desk, history_of
from tenants.services.queries.offers import offered_items
from tenants.services.queries.overviews import adoption_overview, coming_of
from tenants.services.schemas import (
    AdoptedOut,
    AdoptIn,
    AdoptionLineOut,
    AdoptionOut,
    AdoptionReasonIn,
    ComingOut,
    ContradictionOut,
    ItemOfferOut,
)
from tenants.shell.slots import Desk

router = Router(tags=["items"])


def answer(desk: Desk, adoption_id: UUID) -> AdoptionOut:
    """Show the item as it is now."""
    overview = adoption_overview(desk, adoption_at_desk(adoption_id))
    line = AdoptionLineOut.from_orm(overview.adoption)
    return AdoptionOut(
        **line.model_dump(by_alias=True),
        draft_number=overview.adoption.draft_number,
        revision=overview.adoption.revision,
        values=overview.adoption.values,
        missing=list(overview.lacks),
        province_missing=list(overview.province_lacks),
        contradictions=[ContradictionOut(**asdict(one)) for one in overview.contradictions],
    )


@router.get("", response=Page[AdoptionLineOut])
def list_items(
    request: HttpRequest,
    page: PageParameters,
    state: str = "",
    words: str = "",
    family: str = "",
    department: str = "",
    unit: str = "",
) -> dict[str, Any]:
    """List the hall's items in the order in which they were adopted. ``state``: filling, review, returned, shown,
    newer, stopped or ending; ``department``: its name; ``unit``: the id of a department of the hall, "none", or "all";
    without it, those of one's own department, or all for who works for the whole hall."""
    desk = items_desk_of_request(request)
    among = of_units(desk.by, desk.hall, unit, unit_paths(desk.hall.pk))
    rows = adoptions_at_desk(words=words, state=state, family=family, department=department, among=among)
    return page_of(rows, page)


@router.get("/offered", response=Page[ItemOfferOut])
def list_offered(
    request: HttpRequest,
    page: PageParameters,
    choice: str = "",
    words: str = "",
    family: str = "",
    department: str = "",
) -> dict[str, Any]:
    """List what the hall could adopt. ``choice``: ready (for its level), or handed (down from above)."""
    hall = items_desk_of_request(request).hall
    return page_of(offered_items(hall, words=words, choice=choice, family=family, department=department), page)


@router.post("", response={201: AdoptedOut})
@idempotent
def adopt_items(request: HttpRequest, data: AdoptIn) -> tuple[int, AdoptedOut]:
    """Adopt items that are in force, all of them or none. What the hall has already stays as it is: ``outcomes`` says
    of each item what came of it."""
    desk = items_desk_of_request(request)
    done = adoptions.adopt_items(by=desk.by, hall=desk.hall, item_ids=data.item_ids, reason=data.reason)
    names = names_of_items(data.item_ids)
    outcomes = [
        OutcomeOut(
            id=str(one),
            name=names.get(one, ""),
            is_done=one in done.added_ids,
            reason="" if one in done.added_ids else "本厅已经认领过，没有改动。",
        )
        for one in dict.fromkeys(data.item_ids)
    ]
    return 201, AdoptedOut(added=done.added, complete=done.complete, known=done.known, outcomes=outcomes)


@router.get("/{uuid:adoption_id}", response=AdoptionOut)
def show_item(request: HttpRequest, adoption_id: UUID) -> AdoptionOut:
    return answer(items_desk_of_request(request), adoption_id)


@router.delete("/{uuid:adoption_id}", response={204: None})
@idempotent
def drop_item(request: HttpRequest, adoption_id: UUID) -> tuple[int, None]:
    """Undo the adoption of an item that citizens have never seen here."""
    desk = items_desk_of_request(request)
    adoptions.drop_adoption(by=desk.by, hall=desk.hall, adoption_id=adoption_id)
    return 204, None


@router.get("/{uuid:adoption_id}/newest", response=ComingOut)
def show_newest(request: HttpRequest, adoption_id: UUID) -> ComingOut:
    """Show what the newest version would change. 404 where the hall has accepted it."""
    overview = adoption_overview(items_desk_of_request(request), adoption_at_desk(adoption_id))
    if overview.newer is None:
        raise NotFound("本厅已接受最新一版。")
    return ComingOut.from_orm(coming_of(overview, overview.newer))


@router.post("/{uuid:adoption_id}/versions/{int:number}/accept", response=AdoptionOut)
@idempotent
def accept_version(request: HttpRequest, adoption_id: UUID, number: int) -> tuple[int, AdoptionOut]:
    """Accept that version of the item: it is shown as soon as it is in force. 409, with what to change, where the
    hall's guide does not go with it."""
    desk = items_desk_of_request(request)
    versions.accept_version(by=desk.by, hall=desk.hall, adoption_id=adoption_id, number=number)
    return 200, answer(desk, adoption_id)


@router.post("/{uuid:adoption_id}/stop", response=AdoptionOut)
@idempotent
def stop_item(request: HttpRequest, adoption_id: UUID, data: AdoptionReasonIn) -> tuple[int, AdoptionOut]:
    """Stop the item: citizens no longer find it at this hall."""
    desk = items_desk_of_request(request)
    adoptions.stop_adoption(by=desk.by, hall=desk.hall, adoption_id=adoption_id, reason=data.reason)
    return 200, answer(desk, adoption_id)


@router.post("/{uuid:adoption_id}/resume", response=AdoptionOut)
@idempotent
def resume_item(request: HttpRequest, adoption_id: UUID) -> tuple[int, AdoptionOut]:
    desk = items_desk_of_request(request)
    adoptions.resume_adoption(by=desk.by, hall=desk.hall, adoption_id=adoption_id)
    return 200, answer(desk, adoption_id)


@router.get("/{uuid:adoption_id}/history", response=list[AuditLineOut])
def show_history(request: HttpRequest, adoption_id: UUID) -> QuerySet[AuditEntry]:
    """Show who did what to the item here, the latest act first."""
    desk = items_desk_of_request(request)
    return history_of(desk.hall, adoption_at_desk(adoption_id))
