"""The HTTP interface of licences: those of the hall for its staff, and one's own for a citizen's program."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from foundation.api import Page, PageParameters, idempotent, page_of
from province.citizens.access import citizen_as_caller
from tenants.licences.layouts import licences_desk_of_request
from tenants.licences.operations import ending
from tenants.licences.operations.searches import note_licence_search
from tenants.licences.queries.register import (
    licence_lines,
    licence_with_id,
    licences_at_desk,
    own_licence,
    own_licences,
)
from tenants.licences.schemas import LicenceEndIn, LicenceOut, OwnLicenceOut, licence_out, own_licence_out
from tenants.shell.layouts.citizen import citizen_of_caller
from tenants.shell.layouts.site import hall_of
from tenants.shell.slots import Desk

router = Router(tags=["licences"])
own = Router(tags=["own licences"], auth=citizen_as_caller)


def answer(at: Desk, licence_id: UUID) -> LicenceOut:
    """Show the licence as it is now."""
    (line,) = licence_lines(at.hall, [licence_with_id(licence_id)])
    return licence_out(line.licence, line.holder)


@router.get("", response=Page[LicenceOut])
def list_licences(
    request: HttpRequest, page: PageParameters, standing: str = "", words: str = "", item: str = ""
) -> dict[str, Any]:
    """List the hall's licences, the newest first. ``standing``: issued (it holds), near (thirty days at most are left),
    expired, or how it ended; ``words``: of its number or name, or a whole number of its holder; ``item``: words of the
    item's name."""
    at = licences_desk_of_request(request)
    if words:
        note_licence_search(by=at.by, hall=at.hall, words=words)
    found = page_of(licences_at_desk(at.hall, standing=standing, words=words, item=item), page)
    lines = licence_lines(at.hall, list(found["items"]))
    return found | {"items": [licence_out(one.licence, one.holder) for one in lines]}


@router.get("/{uuid:licence_id}", response=LicenceOut)
def show_licence(request: HttpRequest, licence_id: UUID) -> LicenceOut:
    return answer(licences_desk_of_request(request), licence_id)


@router.post("/{uuid:licence_id}/end", response=LicenceOut)
@idempotent
def end_licence(request: HttpRequest, licence_id: UUID, data: LicenceEndIn) -> tuple[int, LicenceOut]:
    """注销, 撤销, 撤回 or 吊销. 409 where it was ended already."""
    at = licences_desk_of_request(request)
    ending.end_licence(by=at.by, hall=at.hall, licence_id=licence_id, **data.model_dump())
    return 200, answer(at, licence_id)


@own.get("", response=Page[OwnLicenceOut])
def list_own_licences(request: HttpRequest, page: PageParameters) -> dict[str, Any]:
    """List the licences at this hall of who is signed in, and of their companies: none before somebody has checked who
    they are (实名)."""
    found = page_of(own_licences(hall_of(request), citizen_of_caller(request)), page)
    return found | {"items": [own_licence_out(one) for one in found["items"]]}


@own.get("/{uuid:licence_id}", response=OwnLicenceOut)
def show_own_licence(request: HttpRequest, licence_id: UUID) -> OwnLicenceOut:
    return own_licence_out(own_licence(hall_of(request), citizen_of_caller(request), licence_id))


router.add_router("/own", own)
