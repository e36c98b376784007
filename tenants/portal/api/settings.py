"""How the hall's site works, what it says of the hall, and how it fares."""

from typing import Any

from django.http import HttpRequest
from ninja import File, Router, Status, UploadedFile

from foundation.api import idempotent
from province.content.queries.pushes import offered_pushes
from province.halls.models import Hall
from province.halls.operations import set_emblem, update_hall
from province.halls.queries import hall_with_id, site_checks
from tenants.portal.layouts import desk_of_request
from tenants.portal.operations.settings import set_review_steps
from tenants.portal.queries.desk import desk_counts
from tenants.portal.queries.settings import review_steps
from tenants.portal.schemas import FactsIn, OverviewOut, ReviewStepsIn, SettingsOut

router = Router(tags=["settings"])


def _answer(hall: Hall) -> dict[str, Any]:
    """As they stand now."""
    current = hall_with_id(hall.id)
    facts = {name: getattr(current, name) for name in SettingsOut.model_fields if name != "review_steps"}
    return facts | {"review_steps": [step.value for step in review_steps(hall)]}


@router.get("", response=SettingsOut)
def show_settings(request: HttpRequest) -> dict[str, Any]:
    return _answer(desk_of_request(request).hall)


@router.patch("", response=SettingsOut)
@idempotent
def change_facts(request: HttpRequest, data: FactsIn) -> tuple[int, dict[str, Any]]:
    desk = desk_of_request(request)
    update_hall(by=desk.by, hall=desk.hall, **data.model_dump(exclude_unset=True))
    return 200, _answer(desk.hall)


@router.put("/review-steps", response=SettingsOut)
@idempotent
def change_review_steps(request: HttpRequest, data: ReviewStepsIn) -> tuple[int, dict[str, Any]]:
    """Set which reviews an article passes; none: it is published when submitted."""
    desk = desk_of_request(request)
    set_review_steps(by=desk.by, hall=desk.hall, steps=data.steps)
    return 200, _answer(desk.hall)


@router.post("/emblem", response={204: None})
def upload_emblem(request: HttpRequest, file: File[UploadedFile]) -> Status[None]:
    """Upload the hall's emblem. A repeat changes nothing."""
    desk = desk_of_request(request)
    set_emblem(by=desk.by, hall=desk.hall, name=file.name or "", content=file)
    return Status(204, None)


@router.get("/overview", response=OverviewOut)
def show_overview(request: HttpRequest) -> dict[str, Any]:
    """What waits at the desk, and the lights of the site checks."""
    desk = desk_of_request(request)
    return {
        "counts": desk_counts(desk),
        "offered": len(offered_pushes(desk.hall)),
        "checks": site_checks(desk.hall),
    }
