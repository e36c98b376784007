"""A citizen's own cases, for the program of the citizen: by the session of the hall's host, never by a token."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import File, Router, Status, UploadedFile

from foundation.api import Page, PageParameters, idempotent, page_of
from province.cases.models import CaseReport
from province.cases.queries.own import cases_of_citizen, waits_words_of
from province.cases.states import CaseOutcome, CaseState
from province.citizens.access import citizen_as_caller
from province.halls.models import Hall
from tenants.casework.operations.complaints import CaseComplaint, complain_about_own_case
from tenants.casework.operations.own import hand_in_rest, withdraw_own_case
from tenants.casework.operations.serving import (
    ServiceWish,
    ask_for_paper,
    choose_service,
    open_own_case,
    open_own_document,
)
from tenants.casework.queries.own_cases import own_case, own_case_view, own_decision
from tenants.casework.queries.papers import documents_of_case
from tenants.casework.queries.serving import own_service
from tenants.casework.schemas.own import (
    CorrectionChangesIn,
    ExaminedStepOut,
    OwnCaseLineOut,
    OwnCaseOut,
    OwnComplaintIn,
    OwnComplaintOut,
    OwnDecisionOut,
    OwnDocumentAddressOut,
    OwnDocumentOut,
    OwnJointPartOut,
    OwnReasonIn,
    OwnSaidIn,
    OwnStepOut,
    OwnUploadOut,
    ToldOut,
)
from tenants.casework.schemas.serving import OwnServiceOut, OwnServiceWishIn
from tenants.casework.states import ServedPaper
from tenants.engagement.queries.complaints import complaints_about
from tenants.shell.layouts.citizen import citizen_of_caller
from tenants.shell.layouts.site import hall_of
from tenants.workflow.models import FormUpload
from tenants.workflow.operations.filling import save_filling
from tenants.workflow.operations.uploads import add_upload
from tenants.workflow.queries.filled import FormFiller, filler_of
from tenants.workflow.queries.taken import reopened_fields

router = Router(tags=["own cases"], auth=citizen_as_caller)


def _applicant(request: HttpRequest) -> FormFiller:
    return filler_of(citizen_of_caller(request))


def answer(who: FormFiller, hall: Hall, case_id: UUID) -> OwnCaseOut:
    """Show one's own case as it is now; what of it was served electronically is opened by that."""
    assert who.citizen  # noqa: S101 - as ``_applicant`` gives it
    case = open_own_case(who, hall, own_case(who.citizen, case_id), ServedPaper)
    view = own_case_view(case)
    decided = own_decision(case) if view.is_decided else None
    return OwnCaseOut(
        id=case.pk,
        number=case.number,
        item_name=case.item_name,
        state=CaseState(case.state),
        outcome=case.outcome,
        received_at=case.received_at,
        sentence=view.sentence,
        coming=view.coming,
        story=view.story,
        asked=list(view.asked),
        until=view.until,
        is_until_assumed=view.is_until_assumed,
        is_promised=view.is_promised,
        can_withdraw=view.can_withdraw,
        filled_id=case.filled_id,
        filled_revision=case.filled.revision,
        open_fields=sorted(reopened_fields(case.filled)),
        steps=[OwnStepOut(label=one.label, state=one.state, at=one.at) for one in view.steps],
        examined=[ExaminedStepOut.from_orm(one) for one in view.examined],
        joint=[OwnJointPartOut.from_orm(one) for one in view.joint],
        told=[ToldOut(at=one.at, label=one.label, said=one.said, is_own=one.is_own) for one in view.told],
        decision=OwnDecisionOut(
            outcome=CaseOutcome(decided.decision.outcome),
            reasons=decided.decision.reasons,
            decided_at=decided.decision.created_at,
            remedies=list(decided.remedies),
        )
        if decided
        else None,
        documents=[OwnDocumentOut.from_orm(one) for one in documents_of_case(case)],
        service=OwnServiceOut.of(own_service(hall, case)),
        complaints=[OwnComplaintOut.from_orm(one) for one in complaints_about(case.pk, who.citizen.pk)],
    )


def line_of(report: CaseReport) -> OwnCaseLineOut:
    return OwnCaseLineOut(
        id=report.pk,
        number=report.number,
        item_name=report.item_name,
        hall=report.hall.name,
        state=CaseState(report.state),
        outcome=report.outcome,
        received_on=report.received_on,
        owed_fen=report.owed_fen,
        waits=waits_words_of(report),
    )


@router.get("", response=Page[OwnCaseLineOut])
def list_own_cases(request: HttpRequest, page: PageParameters) -> dict[str, Any]:
    """List one's cases at all halls."""
    who = _applicant(request)
    assert who.citizen  # noqa: S101 - as ``_applicant`` gives it
    found = page_of(cases_of_citizen(who.citizen.pk), page)
    return found | {"items": [line_of(one) for one in found["items"]]}


@router.get("/{uuid:case_id}", response=OwnCaseOut)
def show_own_case(request: HttpRequest, case_id: UUID) -> OwnCaseOut:
    """Show one of them, at the hall that has it."""
    return answer(_applicant(request), hall_of(request), case_id)


@router.patch("/{uuid:case_id}/form", response=OwnCaseOut)
@idempotent
def change_own_form(request: HttpRequest, case_id: UUID, data: CorrectionChangesIn) -> tuple[int, OwnCaseOut]:
    """Change what is asked for (``open_fields``), right or wrong. 409 where nothing is, or something else was saved
    since ``revision``."""
    who = _applicant(request)
    filled_id = answer(who, hall_of(request), case_id).filled_id
    save_filling(who=who, hall=hall_of(request), filled_id=filled_id, posted=data.values, revision=data.revision)
    return 200, answer(who, hall_of(request), case_id)


@router.post("/{uuid:case_id}/uploads", response={201: OwnUploadOut})
def upload_for_own_case(request: HttpRequest, case_id: UUID, file: File[UploadedFile]) -> Status[FormUpload]:
    """Upload a file that is asked for; it is checked by its content. Its id then stands in the value of the field. The
    same file once more is the same upload, so that no key is needed to send it again."""
    who = _applicant(request)
    filled_id = answer(who, hall_of(request), case_id).filled_id
    kept = add_upload(who=who, hall=hall_of(request), filled_id=filled_id, name=file.name or "", content=file)
    return Status(201, kept)


@router.post("/{uuid:case_id}/brought", response=OwnCaseOut)
@idempotent
def bring_own_rest(request: HttpRequest, case_id: UUID, data: OwnSaidIn) -> tuple[int, OwnCaseOut]:
    """Hand in what was asked for (补正), or promised (容缺后补). 422 with a fault for every field that is wrong, 409
    where nothing is asked."""
    who = _applicant(request)
    hand_in_rest(who=who, hall=hall_of(request), case_id=case_id, said=data.said)
    return 200, answer(who, hall_of(request), case_id)


@router.post("/{uuid:case_id}/withdraw", response=OwnCaseOut)
@idempotent
def withdraw_own_application(request: HttpRequest, case_id: UUID, data: OwnReasonIn) -> tuple[int, OwnCaseOut]:
    """Take the application back before it is decided (撤回). 409 once it was."""
    who = _applicant(request)
    withdraw_own_case(who=who, hall=hall_of(request), case_id=case_id, reason=data.reason)
    return 200, answer(who, hall_of(request), case_id)


@router.post("/{uuid:case_id}/documents/{uuid:document_id}/open", response=OwnDocumentAddressOut)
@idempotent
def open_document_of_own_case(
    request: HttpRequest, case_id: UUID, document_id: UUID
) -> tuple[int, OwnDocumentAddressOut]:
    """Lead to the PDF of one of its documents for five minutes; what was served electronically is opened by that. 404
    while it is being made."""
    who = _applicant(request)
    address = open_own_document(who=who, hall=hall_of(request), case_id=case_id, document_id=document_id)
    return 200, OwnDocumentAddressOut(address=address)


@router.post("/{uuid:case_id}/service", response=OwnCaseOut)
@idempotent
def choose_own_service(request: HttpRequest, case_id: UUID, data: OwnServiceWishIn) -> tuple[int, OwnCaseOut]:
    """Say how documents shall reach one (送达方式确认), or say it anew: it holds for what is served from now on. 422
    without consent to the text that is in force, 409 once the case has ended."""
    who = _applicant(request)
    said = data.model_dump()
    channel = said.pop("channel")
    choose_service(who=who, hall=hall_of(request), case_id=case_id, wish=ServiceWish(**said), channel=channel)
    return 200, answer(who, hall_of(request), case_id)


@router.post("/{uuid:case_id}/paper", response=OwnCaseOut)
@idempotent
def ask_for_own_paper(request: HttpRequest, case_id: UUID) -> tuple[int, OwnCaseOut]:
    """Ask for paper of what was served electronically. 409 where nothing was."""
    who = _applicant(request)
    ask_for_paper(who=who, hall=hall_of(request), case_id=case_id)
    return 200, answer(who, hall_of(request), case_id)


@router.post("/{uuid:case_id}/complaints", response={201: OwnCaseOut})
@idempotent
def complain(request: HttpRequest, case_id: UUID, data: OwnComplaintIn) -> tuple[int, OwnCaseOut]:
    """Complain about how the case is handled (投诉): the hall's administrators answer, and nobody who has handled it
    reads it. 409 while an earlier complaint about it waits."""
    who = _applicant(request)
    assert who.citizen  # noqa: S101 - as ``_applicant`` gives it
    complaint = CaseComplaint(**data.model_dump())
    complain_about_own_case(hall=hall_of(request), citizen=who.citizen, case_id=case_id, complaint=complaint)
    return 201, answer(who, hall_of(request), case_id)
