"""Cases: taken in, accepted, examined, decided, served and archived."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from foundation.api import OutcomeOut, Page, PageParameters, idempotent, page_of
from province.workdays.states import ClockKind, ClockState
from tenants.casework.layouts import cases_desk_of_request
from tenants.casework.operations import acceptance, closing, deciding, examining, lacking, work
from tenants.casework.operations.batches import accept_cases
from tenants.casework.operations.intake import begin_application
from tenants.casework.operations.searches import note_case_search
from tenants.casework.operations.serving import ServiceWish
from tenants.casework.queries.access import case_of
from tenants.casework.queries.desk import cases_at_desk
from tenants.casework.queries.shown import case_view
from tenants.casework.queries.special_procedures import ProcedureLine
from tenants.casework.schemas.cases import (
    AcceptanceIn,
    ApplicantOut,
    ArchivedOut,
    AtOnceIn,
    BegunApplicationOut,
    BringingIn,
    CaseActIn,
    CaseActOut,
    CaseClockOut,
    CaseDecisionIn,
    CaseDecisionOut,
    CaseLineOut,
    CaseMaterialOut,
    CaseOut,
    CaseReasonIn,
    CasesIn,
    CaseTransferIn,
    CaseWithdrawalIn,
    CorrectionIn,
    DecisionCorrectionIn,
    DecliningIn,
    ExtensionIn,
    IntakeIn,
    JointPartOut,
    JointSaidOut,
    LackingIn,
    MaterialStatesIn,
    SpecialPaperOut,
    SpecialProcedureOut,
    UsedLicenceOut,
)
from tenants.casework.schemas.serving import ServiceOut
from tenants.casework.states import HolderConsent, ServiceTask
from tenants.licences.states import LicenceStanding
from tenants.shell.slots import Desk
from tenants.workflow.queries.filled import FormFiller

router = Router(tags=["cases"])


def answer(desk: Desk, case_id: UUID) -> CaseOut:
    """Show the case as it is now."""
    case = case_of(desk, case_id)
    view = case_view(desk, case)
    return CaseOut(
        **CaseLineOut.from_orm(case).model_dump(),
        applicant=ApplicantOut.from_orm(view.applicant) if view.applicant else None,
        unit=view.unit_name,
        run_id=case.run_id,
        is_deemed_accepted=case.is_deemed_accepted,
        asked=view.correction.asked if view.correction else [],
        materials=[CaseMaterialOut.of(one, files) for one, files in view.materials],
        used_licences=[
            UsedLicenceOut(
                licence_id=one.used.licence_id,
                number=one.used.licence.number,
                name=one.used.licence.name,
                material=one.material,
                consent=HolderConsent(one.used.consent),
                used_at=one.used.created_at,
                standing_then=LicenceStanding(one.used.standing),
                standing=one.used.licence.standing,
            )
            for one in view.used_licences
        ],
        licence_ids=[one.pk for one in view.licences],
        clocks=[
            CaseClockOut(
                kind=ClockKind(one.clock.kind),
                state=ClockState(one.clock.state),
                began_on=one.clock.began_on,
                limit=one.clock.limit,
                due_on=one.clock.due_on,
                is_assumed=one.clock.is_assumed,
                ended_on=one.clock.ended_on,
                left=one.left,
                story=one.story,
            )
            for one in view.clocks
        ],
        acts=[CaseActOut.from_orm(one) for one, _ in view.acts],
        decisions=[CaseDecisionOut.from_orm(one) for one in view.decisions],
        joint=[
            JointPartOut(
                **JointSaidOut.from_orm(one.opinion).model_dump(),
                number=one.number,
                unit=one.unit_name,
                due_on=one.clock.due_on if one.clock else None,
                is_assumed=bool(one.clock and one.clock.is_assumed),
                left=one.left,
                is_late=one.is_late,
            )
            for one in view.joint.lines
        ],
        special_procedures=[special_procedure_out(one) for one in view.special_procedures],
        service=ServiceOut.of(view.service),
        related=[CaseLineOut.from_orm(one) for one in view.related],
        service_task=ServiceTask(case.service_task) if case.service_task else None,
        archived_at=view.archive_sheet.created_at if view.archive_sheet else None,
    )


def special_procedure_out(line: ProcedureLine) -> SpecialProcedureOut:
    names = ("kind", "basis", "limit", "begins_on", "ends_on", "result")
    papers = [SpecialPaperOut.from_orm(one) for one in line.papers]
    return SpecialProcedureOut(**{name: getattr(line.made, name) for name in names}, papers=papers)


@router.get("", response=Page[CaseLineOut])
def list_cases(
    request: HttpRequest, page: PageParameters, state: str = "", words: str = "", unit_id: UUID | None = None
) -> dict[str, Any]:
    """List the cases of one's department, or of the hall. ``state``: open, mine, late, soon, to-decide (no flow
    examines it), joint (an opinion of some department is waited for), joint-late or a state; ``words``: the end of a
    number, a 联办编号, words of the item's name, or of who applied or came for them a whole name, a whole number, a
    phone or its last four digits."""
    desk = cases_desk_of_request(request)
    if words:
        note_case_search(by=desk.by, hall=desk.hall, words=words)
    return page_of(cases_at_desk(desk, state=state, words=words, unit=str(unit_id or "")), page)


@router.post("", response={201: BegunApplicationOut})
@idempotent
def take_in(request: HttpRequest, data: IntakeIn) -> tuple[int, BegunApplicationOut]:
    """Begin an application that came to the window, by telephone or out of another system. ``channel``: window, phone
    or system."""
    desk = cases_desk_of_request(request)
    who, given = FormFiller(desk.by), data.model_dump()
    wish = given.pop("service")
    service = ServiceWish(**wish) if wish else None
    begun = begin_application(who=who, hall=desk.hall, is_another=True, service=service, **given)
    return 201, BegunApplicationOut(filled_id=begun.pk, revision=begun.revision)


@router.post("/accept", response=list[OutcomeOut])
@idempotent
def accept_many(request: HttpRequest, data: CasesIn) -> tuple[int, list[OutcomeOut]]:
    """受理: accept several cases; what is refused for one does not stop the others."""
    desk = cases_desk_of_request(request)
    outcomes = accept_cases(by=desk.by, hall=desk.hall, case_ids=data.ids)
    return 200, [OutcomeOut.model_validate(one) for one in outcomes]


@router.get("/{uuid:case_id}", response=CaseOut)
def show_case(request: HttpRequest, case_id: UUID) -> CaseOut:
    return answer(cases_desk_of_request(request), case_id)


@router.post("/{uuid:case_id}/take", response=CaseOut)
@idempotent
def take(request: HttpRequest, case_id: UUID) -> tuple[int, CaseOut]:
    """Take a case that nobody has. 409 with who has it."""
    desk = cases_desk_of_request(request)
    work.take_case(by=desk.by, hall=desk.hall, case_id=case_id)
    return 200, answer(desk, case_id)


@router.post("/{uuid:case_id}/put-back", response=CaseOut)
@idempotent
def put_back(request: HttpRequest, case_id: UUID) -> tuple[int, CaseOut]:
    """Leave it to the others of the department."""
    desk = cases_desk_of_request(request)
    work.put_back_case(by=desk.by, hall=desk.hall, case_id=case_id)
    return 200, answer(desk, case_id)


@router.post("/{uuid:case_id}/materials", response=CaseOut)
@idempotent
def materials(request: HttpRequest, case_id: UUID, data: MaterialStatesIn) -> tuple[int, CaseOut]:
    """Write down which materials are there."""
    desk = cases_desk_of_request(request)
    acceptance.note_materials(by=desk.by, hall=desk.hall, case_id=case_id, **data.model_dump())
    return 200, answer(desk, case_id)


@router.post("/{uuid:case_id}/accept", response=CaseOut)
@idempotent
def accept(request: HttpRequest, case_id: UUID, data: AcceptanceIn) -> tuple[int, CaseOut]:
    """受理: its clocks begin, and so does its flow."""
    desk = cases_desk_of_request(request)
    acceptance.accept_case(by=desk.by, hall=desk.hall, case_id=case_id, **data.model_dump())
    return 200, answer(desk, case_id)


@router.post("/{uuid:case_id}/accept-lacking", response=CaseOut)
@idempotent
def accept_lacking(request: HttpRequest, case_id: UUID, data: LackingIn) -> tuple[int, CaseOut]:
    """容缺受理: accept it with materials missing that the guide lets come later, promised by a day."""
    desk = cases_desk_of_request(request)
    lacking.accept_lacking(by=desk.by, hall=desk.hall, case_id=case_id, **data.model_dump())
    return 200, answer(desk, case_id)


@router.post("/{uuid:case_id}/confirm-lacking", response=CaseOut)
@idempotent
def confirm_lacking(request: HttpRequest, case_id: UUID, data: CaseActIn) -> tuple[int, CaseOut]:
    """All that was promised is in and as it should be: the case can be decided."""
    desk = cases_desk_of_request(request)
    lacking.confirm_lacking(by=desk.by, hall=desk.hall, case_id=case_id, **data.model_dump())
    return 200, answer(desk, case_id)


@router.post("/{uuid:case_id}/return-lacking", response=CaseOut)
@idempotent
def return_lacking(request: HttpRequest, case_id: UUID, data: DecliningIn) -> tuple[int, CaseOut]:
    """What was brought is not as it should be: it is owed again."""
    desk = cases_desk_of_request(request)
    lacking.return_lacking(by=desk.by, hall=desk.hall, case_id=case_id, **data.model_dump())
    return 200, answer(desk, case_id)


@router.post("/{uuid:case_id}/decline", response=CaseOut)
@idempotent
def decline(request: HttpRequest, case_id: UUID, data: DecliningIn) -> tuple[int, CaseOut]:
    """不予受理, with the reason."""
    desk = cases_desk_of_request(request)
    acceptance.decline_case(by=desk.by, hall=desk.hall, case_id=case_id, **data.model_dump())
    return 200, answer(desk, case_id)


@router.post("/{uuid:case_id}/correct", response=CaseOut)
@idempotent
def correct(request: HttpRequest, case_id: UUID, data: CorrectionIn) -> tuple[int, CaseOut]:
    """补正告知: once, and all at once."""
    desk = cases_desk_of_request(request)
    acceptance.ask_for_correction(by=desk.by, hall=desk.hall, case_id=case_id, **data.model_dump())
    return 200, answer(desk, case_id)


@router.post("/{uuid:case_id}/bring", response=CaseOut)
@idempotent
def bring(request: HttpRequest, case_id: UUID, data: BringingIn) -> tuple[int, CaseOut]:
    """The full set is in."""
    desk = cases_desk_of_request(request)
    acceptance.bring_the_rest(by=desk.by, hall=desk.hall, case_id=case_id, **data.model_dump())
    return 200, answer(desk, case_id)


@router.post("/{uuid:case_id}/extend", response=CaseOut)
@idempotent
def extend(request: HttpRequest, case_id: UUID, data: ExtensionIn) -> tuple[int, CaseOut]:
    """延期: once."""
    desk = cases_desk_of_request(request)
    examining.extend_case(by=desk.by, hall=desk.hall, case_id=case_id, **data.model_dump())
    return 200, answer(desk, case_id)


@router.post("/{uuid:case_id}/suspend", response=CaseOut)
@idempotent
def suspend(request: HttpRequest, case_id: UUID, data: CaseReasonIn) -> tuple[int, CaseOut]:
    """中止审查."""
    desk = cases_desk_of_request(request)
    examining.suspend_case(by=desk.by, hall=desk.hall, case_id=case_id, **data.model_dump())
    return 200, answer(desk, case_id)


@router.post("/{uuid:case_id}/resume", response=CaseOut)
@idempotent
def resume(request: HttpRequest, case_id: UUID, data: CaseReasonIn) -> tuple[int, CaseOut]:
    """恢复审查."""
    desk = cases_desk_of_request(request)
    examining.resume_case(by=desk.by, hall=desk.hall, case_id=case_id, **data.model_dump())
    return 200, answer(desk, case_id)


@router.post("/{uuid:case_id}/withdraw", response=CaseOut)
@idempotent
def withdraw(request: HttpRequest, case_id: UUID, data: CaseWithdrawalIn) -> tuple[int, CaseOut]:
    """Write down that the applicant takes it back."""
    desk = cases_desk_of_request(request)
    examining.withdraw_case(by=desk.by, hall=desk.hall, case_id=case_id, **data.model_dump())
    return 200, answer(desk, case_id)


@router.post("/{uuid:case_id}/terminate", response=CaseOut)
@idempotent
def terminate(request: HttpRequest, case_id: UUID, data: CaseReasonIn) -> tuple[int, CaseOut]:
    """终止办理."""
    desk = cases_desk_of_request(request)
    examining.terminate_case(by=desk.by, hall=desk.hall, case_id=case_id, **data.model_dump())
    return 200, answer(desk, case_id)


@router.post("/{uuid:case_id}/transfer", response=CaseOut)
@idempotent
def transfer(request: HttpRequest, case_id: UUID, data: CaseTransferIn) -> tuple[int, CaseOut]:
    """移送: another organ is competent."""
    desk = cases_desk_of_request(request)
    examining.transfer_case(by=desk.by, hall=desk.hall, case_id=case_id, **data.model_dump())
    return 200, answer(desk, case_id)


@router.post("/{uuid:case_id}/decide", response=CaseOut)
@idempotent
def decide(request: HttpRequest, case_id: UUID, data: CaseDecisionIn) -> tuple[int, CaseOut]:
    """Grant or refuse."""
    desk = cases_desk_of_request(request)
    deciding.decide_case(by=desk.by, hall=desk.hall, case_id=case_id, **data.model_dump())
    return 200, answer(desk, case_id)


@router.post("/{uuid:case_id}/correct-decision", response=CaseOut)
@idempotent
def correct_decision(request: HttpRequest, case_id: UUID, data: DecisionCorrectionIn) -> tuple[int, CaseOut]:
    """Put a wrong decision right by another one."""
    desk = cases_desk_of_request(request)
    deciding.correct_decision(by=desk.by, hall=desk.hall, case_id=case_id, **data.model_dump())
    return 200, answer(desk, case_id)


@router.post("/{uuid:case_id}/at-once", response=CaseOut)
@idempotent
def at_once(request: HttpRequest, case_id: UUID, data: AtOnceIn) -> tuple[int, CaseOut]:
    """即办件: accept, decide and hand over at once."""
    desk = cases_desk_of_request(request)
    closing.finish_at_once(by=desk.by, hall=desk.hall, case_id=case_id, **data.model_dump())
    return 200, answer(desk, case_id)


@router.post("/{uuid:case_id}/archive", response=ArchivedOut)
@idempotent
def archive(request: HttpRequest, case_id: UUID) -> tuple[int, ArchivedOut]:
    """归档: list what the closed case holds, sealed by a digest."""
    desk = cases_desk_of_request(request)
    return 200, ArchivedOut.from_orm(closing.archive_case(by=desk.by, hall=desk.hall, case_id=case_id))
