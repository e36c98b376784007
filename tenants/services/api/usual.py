"""常用信息: what the hall says once."""

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Router

from foundation.api import PROBLEMS, idempotent
from tenants.services.layouts import items_desk_of_request
from tenants.services.models import UsualAnswers
from tenants.services.operations import usual
from tenants.services.queries.usual_desk import usual_sets
from tenants.services.schemas import FilledOut, UsualIn, UsualOut

router = Router(tags=["usual answers"])


@router.get("", response={200: list[UsualOut], **PROBLEMS})
def list_answers(request: HttpRequest) -> QuerySet[UsualAnswers]:
    """Those for all items first."""
    items_desk_of_request(request)
    return usual_sets()


@router.put("", response={200: UsualOut, **PROBLEMS})
@idempotent
def save_answers(request: HttpRequest, data: UsualIn) -> tuple[int, UsualOut]:
    """The whole set anew, for all items or for those of a department."""
    desk = items_desk_of_request(request)
    saved = usual.save_usual_answers(by=desk.by, hall=desk.hall, department_id=data.department_id, values=data.values)
    return 200, UsualOut.from_orm(saved)


@router.post("/fill", response={200: FilledOut, **PROBLEMS})
@idempotent
def fill_gaps(request: HttpRequest) -> tuple[int, FilledOut]:
    """Put the answers where drafts say nothing yet."""
    desk = items_desk_of_request(request)
    return 200, FilledOut(changed=usual.fill_gaps(by=desk.by, hall=desk.hall))
