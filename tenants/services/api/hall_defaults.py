"""常用信息: what the hall says once for many items."""

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Router

from foundation.api import idempotent
from tenants.services.layouts import items_desk_of_request
from tenants.services.models import HallDefaults
from tenants.services.operations import hall_defaults
from tenants.services.queries.hall_defaults import hall_defaults_sets
from tenants.services.schemas import FilledOut, HallDefaultsIn, HallDefaultsOut

router = Router(tags=["hall defaults"])


@router.get("", response=list[HallDefaultsOut])
def list_answers(request: HttpRequest) -> QuerySet[HallDefaults]:
    """List the sets of answers, the one for all items first."""
    items_desk_of_request(request)
    return hall_defaults_sets()


@router.put("", response=HallDefaultsOut)
@idempotent
def save_answers(request: HttpRequest, data: HallDefaultsIn) -> tuple[int, HallDefaultsOut]:
    """Save a whole set of answers, for all items or for those of a department."""
    desk = items_desk_of_request(request)
    saved = hall_defaults.save_hall_defaults(
        by=desk.by, hall=desk.hall, department_id=data.department_id, values=data.values
    )
    return 200, HallDefaultsOut.from_orm(saved)


@router.post("/fill", response=FilledOut)
@idempotent
def fill_gaps(request: HttpRequest) -> tuple[int, FilledOut]:
    """Fill the answers into drafts that say nothing yet."""
    desk = items_desk_of_request(request)
    return 200, FilledOut(changed=hall_defaults.fill_gaps(by=desk.by, hall=desk.hall))
