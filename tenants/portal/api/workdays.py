"""The days that the hall arranges for itself."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from foundation.api import Page, PageParameters, idempotent, page_of
from province.workdays.operations import DaysWish, foresee_hall_days, lift_hall_days, set_hall_days
from province.workdays.queries.hall_days import hall_days_table, hall_days_with_id
from tenants.portal.layouts import calendar_desk_of_request
from tenants.portal.schemas import OwnDaysEffectsOut, OwnDaysIn, OwnDaysOut

router = Router(tags=["working days"])


@router.get("", response=Page[OwnDaysOut])
def list_days(request: HttpRequest, page: PageParameters) -> dict[str, Any]:
    """All of them, the latest first; lifted ones too."""
    return page_of(hall_days_table(calendar_desk_of_request(request).hall), page)


@router.post("", response={201: OwnDaysOut})
@idempotent
def set_days(request: HttpRequest, data: OwnDaysIn) -> tuple[int, OwnDaysOut]:
    """Arrange days of the hall's own; open limits that they move are counted anew soon after."""
    desk = calendar_desk_of_request(request)
    return 201, OwnDaysOut.from_orm(set_hall_days(by=desk.by, hall=desk.hall, wish=DaysWish(**data.dict())))


@router.post("/effects", response=OwnDaysEffectsOut)
def foresee(request: HttpRequest, data: OwnDaysIn) -> dict[str, Any]:
    """What such days would do now to limits that are open; nothing is kept."""
    desk = calendar_desk_of_request(request)
    effects = foresee_hall_days(by=desk.by, hall=desk.hall, wish=DaysWish(**data.dict()))
    changed = [{"day": day, "is_workday": is_workday} for day, is_workday in effects.changed]
    return {"changed": changed, "kinds": effects.kinds}


@router.post("/{uuid:days_id}/lift", response=OwnDaysOut)
@idempotent
def lift(request: HttpRequest, days_id: UUID) -> tuple[int, OwnDaysOut]:
    """Take back what was arranged."""
    desk = calendar_desk_of_request(request)
    lifted = lift_hall_days(by=desk.by, hall=desk.hall, days=hall_days_with_id(desk.hall, days_id))
    return 200, OwnDaysOut.from_orm(lifted)
