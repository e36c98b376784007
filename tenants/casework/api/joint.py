"""联办: what departments are asked about others' cases, also by other halls, and what they answer; whom else who has a
case asks."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import File, Form, Router, UploadedFile

from foundation.api import Page, PageParameters, idempotent, page_of
from foundation.files.store import link_for_readers
from province.cases.queries.opinions import offered_units, opinion_givers
from province.halls.models import Hall
from tenants.casework.api.cases import answer
from tenants.casework.layouts import cases_desk_of_request, setups_desk_of_request
from tenants.casework.operations.attached_papers import AttachedPaper
from tenants.casework.operations.joint import give_opinion
from tenants.casework.operations.joint_asked import send_back_request
from tenants.casework.operations.joint_elsewhere import ask_another, enter_opinion
from tenants.casework.operations.opinion_offers import offer_opinions
from tenants.casework.queries.joint import opinion_at_desk, opinion_paper, opinions_at_desk
from tenants.casework.queries.joint_requests import asked_case
from tenants.casework.queries.opinions import opinion_view
from tenants.casework.schemas.cases import CaseOut
from tenants.casework.schemas.joint import (
    AskAnotherIn,
    AskedOpinionOut,
    AttachedPaperOut,
    EnteredOpinionIn,
    GivenOpinionIn,
    GivenResult,
    OpinionBackIn,
    OpinionGiverOut,
    OpinionLineOut,
    OpinionOffersIn,
    OpinionOffersOut,
)
from tenants.shell.slots import Desk

router = Router(tags=["cases"])


@router.get("", response=Page[OpinionLineOut])
def list_opinions(request: HttpRequest, page: PageParameters, state: str = "") -> dict[str, Any]:
    """List what one's department, or the hall, is asked. ``state``: waiting (the oldest first), given or ended; all if
    left out."""
    return page_of(opinions_at_desk(cases_desk_of_request(request), state=state), page)


@router.get("/offers", response=OpinionOffersOut)
def list_offers(request: HttpRequest) -> OpinionOffersOut:
    """List which departments here other halls may ask, and which of theirs this one may ask."""
    return _offers(setups_desk_of_request(request).hall)


@router.put("/offers", response=OpinionOffersOut)
@idempotent
def offer(request: HttpRequest, data: OpinionOffersIn) -> tuple[int, OpinionOffersOut]:
    """Say which departments halls of the same county, above and below may ask."""
    desk = setups_desk_of_request(request)
    offer_opinions(by=desk.by, hall=desk.hall, **data.model_dump())
    return 200, _offers(desk.hall)


@router.get("/{uuid:opinion_id}", response=AskedOpinionOut)
def show_opinion(request: HttpRequest, opinion_id: UUID) -> AskedOpinionOut:
    """Show one with the case's materials and form, which are there as long as the case is open."""
    return _answer(cases_desk_of_request(request), opinion_id)


@router.post("/{uuid:opinion_id}/give", response=AskedOpinionOut)
@idempotent
def give(request: HttpRequest, opinion_id: UUID, data: GivenOpinionIn) -> tuple[int, AskedOpinionOut]:
    """Agree or refuse, once. 409 where somebody of the department has answered otherwise."""
    desk = cases_desk_of_request(request)
    give_opinion(by=desk.by, hall=desk.hall, opinion_id=opinion_id, **data.model_dump())
    return 200, _answer(desk, opinion_id)


@router.post("/{uuid:opinion_id}/give-with-paper", response=AskedOpinionOut)
def give_with_paper(
    request: HttpRequest,
    opinion_id: UUID,
    paper: File[UploadedFile],
    result: Form[GivenResult],
    reasons: Form[str] = "",
) -> AskedOpinionOut:
    """As ``give``, with the document that the department has written (PDF, Word or a picture), which is looked into.
    The same once more changes nothing, so that no key is needed to send it again."""
    desk = cases_desk_of_request(request)
    kept = AttachedPaper(paper.name or "", paper)
    give_opinion(by=desk.by, hall=desk.hall, opinion_id=opinion_id, result=result, reasons=reasons, paper=kept)
    return _answer(desk, opinion_id)


@router.get("/{uuid:opinion_id}/paper", response=AttachedPaperOut)
def link_to_paper(request: HttpRequest, opinion_id: UUID) -> dict[str, str]:
    """Open the document that came with an opinion, for who has the case and who gave it."""
    return {"url": link_for_readers(opinion_paper(cases_desk_of_request(request), opinion_id), "")}


@router.post("/{uuid:opinion_id}/send-back", response=AskedOpinionOut)
@idempotent
def send_back(request: HttpRequest, opinion_id: UUID, data: OpinionBackIn) -> tuple[int, AskedOpinionOut]:
    """退回 to the hall that has asked, which asks somebody else. 409 where one's own hall has asked."""
    desk = cases_desk_of_request(request)
    send_back_request(by=desk.by, hall=desk.hall, opinion_id=opinion_id, **data.model_dump())
    return 200, _answer(desk, opinion_id)


@router.post("/{uuid:opinion_id}/ask-another", response=CaseOut)
@idempotent
def ask_somebody_else(request: HttpRequest, opinion_id: UUID, data: AskAnotherIn) -> tuple[int, CaseOut]:
    """Ask another department, or another hall, for an opinion on one's case that nobody has given yet."""
    desk = cases_desk_of_request(request)
    case = ask_another(by=desk.by, hall=desk.hall, opinion_id=opinion_id, **data.model_dump())
    return 200, answer(desk, case.pk)


@router.post("/{uuid:opinion_id}/enter-with-paper", response=CaseOut)
def enter_with_paper(
    request: HttpRequest,
    opinion_id: UUID,
    paper: File[UploadedFile],
    result: Form[GivenResult],
    reasons: Form[str] = "",
    revision: Form[int | None] = None,
) -> CaseOut:
    """As ``enter``, with what was written. Once more it is refused as entered already."""
    desk = cases_desk_of_request(request)
    kept = AttachedPaper(paper.name or "", paper)
    case = enter_opinion(
        by=desk.by,
        hall=desk.hall,
        opinion_id=opinion_id,
        result=result,
        reasons=reasons,
        paper=kept,
        revision=revision,
    )
    return answer(desk, case.pk)


@router.post("/{uuid:opinion_id}/enter", response=CaseOut)
@idempotent
def enter(request: HttpRequest, opinion_id: UUID, data: EnteredOpinionIn) -> tuple[int, CaseOut]:
    """Write down what another hall has answered on paper about one's case."""
    desk = cases_desk_of_request(request)
    case = enter_opinion(by=desk.by, hall=desk.hall, opinion_id=opinion_id, **data.model_dump())
    return 200, answer(desk, case.pk)


def _answer(desk: Desk, opinion_id: UUID) -> AskedOpinionOut:
    found = opinion_at_desk(desk, opinion_id)
    if found.case_id is None:
        return AskedOpinionOut.of_other_hall(asked_case(desk, found))
    return AskedOpinionOut.of(opinion_view(desk, found))


def _offers(hall: Hall) -> OpinionOffersOut:
    givers = [OpinionGiverOut(hall_id=one.hall.pk, unit_id=one.unit_id, name=one.name) for one in opinion_givers(hall)]
    return OpinionOffersOut(unit_ids=offered_units(hall), givers=givers)
