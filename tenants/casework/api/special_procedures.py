"""Special procedures (听证, 检验, 专家评审 …) of cases, whose time does not count."""

from datetime import date
from uuid import UUID

from django.http import HttpRequest
from ninja import File, Form, Router, UploadedFile

from foundation.api import idempotent
from foundation.files.store import link_for_readers
from tenants.casework.api.cases import answer
from tenants.casework.layouts import cases_desk_of_request
from tenants.casework.operations import examining
from tenants.casework.operations.attached_papers import AttachedPaper
from tenants.casework.queries.access import case_of
from tenants.casework.queries.special_procedures import special_paper
from tenants.casework.schemas.cases import CaseOut, SpecialProcedureIn, SpecialResultIn
from tenants.casework.schemas.joint import AttachedPaperOut

router = Router(tags=["cases"])


@router.post("/{uuid:case_id}/special", response=CaseOut)
@idempotent
def special(request: HttpRequest, case_id: UUID, data: SpecialProcedureIn) -> tuple[int, CaseOut]:
    """特别程序: its time does not count."""
    desk = cases_desk_of_request(request)
    examining.begin_special_procedure(by=desk.by, hall=desk.hall, case_id=case_id, **data.model_dump())
    return 200, answer(desk, case_id)


@router.post("/{uuid:case_id}/special-end", response=CaseOut)
@idempotent
def special_end(request: HttpRequest, case_id: UUID, data: SpecialResultIn) -> tuple[int, CaseOut]:
    """The special procedure is over."""
    desk = cases_desk_of_request(request)
    examining.end_special_procedure(by=desk.by, hall=desk.hall, case_id=case_id, **data.model_dump())
    return 200, answer(desk, case_id)


@router.post("/{uuid:case_id}/special-end-with-papers", response=CaseOut)
def special_end_with_papers(
    request: HttpRequest,
    case_id: UUID,
    papers: File[list[UploadedFile]],
    result: Form[str],
    ends_on: Form[date | None] = None,
    revision: Form[int | None] = None,
) -> CaseOut:
    """As ``special-end``, with what was written of it (PDF, Word or pictures, at most five), which is looked into. Once
    more it is refused as ended already."""
    desk = cases_desk_of_request(request)
    kept = [AttachedPaper(one.name or "", one) for one in papers]
    examining.end_special_procedure(
        by=desk.by,
        hall=desk.hall,
        case_id=case_id,
        result=result,
        ends_on=ends_on,
        papers=kept,
        revision=revision,
    )
    return answer(desk, case_id)


@router.get("/{uuid:case_id}/special-papers/{uuid:file_id}", response=AttachedPaperOut)
def link_to_special_paper(request: HttpRequest, case_id: UUID, file_id: UUID) -> dict[str, str]:
    """Open a document that came with the result of a special procedure."""
    found = special_paper(case_of(cases_desk_of_request(request), case_id), file_id)
    return {"url": link_for_readers(found, "")}
