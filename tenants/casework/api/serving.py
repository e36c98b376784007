"""送达: how documents shall reach an applicant, and that they did."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from foundation.api import idempotent
from tenants.casework.api.cases import answer
from tenants.casework.layouts import cases_desk_of_request
from tenants.casework.operations import closing, serving
from tenants.casework.schemas.cases import CaseOut, OtherServiceIn, ReceiptIn, ServiceChoiceIn, ServiceIn

router = Router(tags=["cases"])


@router.post("/{uuid:case_id}/serve", response=CaseOut)
@idempotent
def serve(request: HttpRequest, case_id: UUID, data: ServiceIn) -> tuple[int, CaseOut]:
    """送达: the case is done. Electronically it arrives now in the applicant's own pages; 409 without consent."""
    desk = cases_desk_of_request(request)
    closing.serve_decision(by=desk.by, hall=desk.hall, case_id=case_id, **data.model_dump())
    return 200, answer(desk, case_id)


@router.post("/{uuid:case_id}/receipt", response=CaseOut)
@idempotent
def make_receipt(request: HttpRequest, case_id: UUID, data: ReceiptIn) -> tuple[int, CaseOut]:
    """送达回证: the paper that who receives the decision signs; electronically, when it arrived and was opened."""
    desk = cases_desk_of_request(request)
    closing.make_receipt(by=desk.by, hall=desk.hall, case_id=case_id, **data.model_dump())
    return 200, answer(desk, case_id)


@router.post("/{uuid:case_id}/service-choice", response=CaseOut)
@idempotent
def note_service(request: HttpRequest, case_id: UUID, data: ServiceChoiceIn) -> tuple[int, CaseOut]:
    """Write down how documents shall reach the applicant, as they have confirmed on paper."""
    desk = cases_desk_of_request(request)
    serving.note_service_choice(by=desk.by, hall=desk.hall, case_id=case_id, **data.model_dump())
    return 200, answer(desk, case_id)


@router.post("/{uuid:case_id}/serve-otherwise", response=CaseOut)
@idempotent
def serve_otherwise(request: HttpRequest, case_id: UUID, data: OtherServiceIn) -> tuple[int, CaseOut]:
    """Serve on paper what was served electronically: it was not opened, or paper is wanted."""
    desk = cases_desk_of_request(request)
    serving.serve_otherwise(by=desk.by, hall=desk.hall, case_id=case_id, **data.model_dump())
    return 200, answer(desk, case_id)
