"""代办: what is taken in for people, filled in, photographed and handed over."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import File, Router, Status, UploadedFile

from foundation.api import Page, PageParameters, ProblemFault, idempotent, page_of
from foundation.design.forms import posted_number
from foundation.files.store import link_for_readers
from province.cases.queries.referrals import offers_above
from tenants.assistance.layouts import assistance_desk_of_request
from tenants.assistance.models import AssistanceFile
from tenants.assistance.operations.bringing import hand_over_rest, save_rest
from tenants.assistance.operations.files import add_assistance_file, add_piece_of_file, begin_assistance_file
from tenants.assistance.operations.handing_over import end_consent, hand_over, take_back_assistance
from tenants.assistance.operations.searches import note_assistance_search
from tenants.assistance.operations.taking_in import (
    AssistedPerson,
    begin_assistance,
    drop_assistance,
    save_assistance,
)
from tenants.assistance.queries.asked import AskedHere, asked_of, seen_rest
from tenants.assistance.queries.assistances import (
    AssistanceLine,
    assistance_here,
    assistance_lines,
    assistances_here,
    file_of_assistance,
)
from tenants.assistance.queries.filling import seen_of
from tenants.assistance.schemas import (
    PIECE,
    AssistanceFileOut,
    AssistanceHandOverIn,
    AssistanceIn,
    AssistanceLineOut,
    AssistanceOut,
    CaseOfferOut,
    FileLinkOut,
    GoneToOut,
    PartIn,
    PartOut,
    PieceOut,
    RestHandOverIn,
    SaveAssistanceIn,
    SaveRestIn,
)
from tenants.shell.slots import Desk

router = Router(tags=["assistance"])


def line_of(line: AssistanceLine) -> dict[str, Any]:
    one = line.assistance
    same = (
        *("id", "number", "item_name", "hall_name", "clerk_name", "consent", "state", "revision"),
        *("created_at", "handed_at", "ended_at"),
    )
    return {
        **{name: getattr(one, name) for name in same},
        "applicant": line.applicant.shown_name if line.applicant else "",
        "waits": line.waits_words,
        "went": [GoneToOut.of(step) for step in line.steps],
    }


def answer(desk: Desk, assistance_id: UUID) -> dict[str, Any]:
    """Show it as it is now."""
    found = assistance_here(assistance_id)
    (line,) = assistance_lines(desk.hall, [found])
    asked = asked_of(found)
    values, faults = seen_rest(desk.by, desk.hall, found, asked) if asked else seen_of(desk.by, desk.hall, found)
    said = [ProblemFault(where=fault.where, message=fault.message) for fault in faults]
    return line_of(line) | {"values": values, "faults": said, "asked": asked and _asked(asked)}


def _asked(asked: AskedHere) -> dict[str, Any]:
    same = ("asking_id", "lines", "until", "is_until_assumed", "is_promised")
    fields = list(asked.definition.named_fields) if asked.definition else []
    return {name: getattr(asked, name) for name in same} | {"is_brought": bool(asked.handed_at), "fields": fields}


@router.get("", response=Page[AssistanceLineOut])
def list_assistances(request: HttpRequest, page: PageParameters, state: str = "", words: str = "") -> dict[str, Any]:
    """List what was taken in here for people, the oldest first. ``state``: draft, sent or ended; ``words``: of the
    item, an end of a number, a name, or a whole identity number."""
    desk = assistance_desk_of_request(request)
    if words:
        note_assistance_search(by=desk.by, hall=desk.hall, words=words)
    found = page_of(assistances_here(desk.hall, state=state, words=words), page)
    return found | {"items": [line_of(one) for one in assistance_lines(desk.hall, list(found["items"]))]}


@router.get("/offers", response=Page[CaseOfferOut])
def list_offers(request: HttpRequest, page: PageParameters) -> dict[str, Any]:
    """List what can be applied for at halls above, by the items' names."""
    return page_of(offers_above(assistance_desk_of_request(request).hall), page)


@router.post("", response={201: AssistanceOut})
@idempotent
def begin(request: HttpRequest, data: AssistanceIn) -> tuple[int, dict[str, Any]]:
    """Begin an application for somebody."""
    desk = assistance_desk_of_request(request)
    made = begin_assistance(
        by=desk.by,
        hall=desk.hall,
        offer_id=data.offer_id,
        person=AssistedPerson(name=data.name, number=data.number, phone=data.phone),
        consent=data.consent,
        note=data.note,
    )
    return 201, answer(desk, made.pk)


@router.get("/{uuid:assistance_id}", response=AssistanceOut)
def show_assistance(request: HttpRequest, assistance_id: UUID) -> dict[str, Any]:
    return answer(assistance_desk_of_request(request), assistance_id)


@router.patch("/{uuid:assistance_id}", response=AssistanceOut)
@idempotent
def save(request: HttpRequest, assistance_id: UUID, data: SaveAssistanceIn) -> tuple[int, dict[str, Any]]:
    """Keep what is sent, right or wrong; ``faults`` of the answer say what is wrong. 409 where something else was saved
    since ``revision``."""
    desk = assistance_desk_of_request(request)
    save_assistance(
        by=desk.by,
        hall=desk.hall,
        assistance_id=assistance_id,
        posted=data.values,
        revision=data.revision,
        papers=None if data.papers is None else tuple(data.papers),
    )
    return 200, answer(desk, assistance_id)


@router.delete("/{uuid:assistance_id}", response={204: None})
@idempotent
def drop(request: HttpRequest, assistance_id: UUID) -> tuple[int, None]:
    """Delete what was not handed over, with its files."""
    desk = assistance_desk_of_request(request)
    drop_assistance(by=desk.by, hall=desk.hall, assistance_id=assistance_id)
    return 204, None


@router.post("/{uuid:assistance_id}/hand-over", response=AssistanceOut)
@idempotent
def send(request: HttpRequest, assistance_id: UUID, data: AssistanceHandOverIn) -> tuple[int, dict[str, Any]]:
    """交办 to the hall that does it. 422 with a fault for every field that is wrong."""
    desk = assistance_desk_of_request(request)
    hand_over(by=desk.by, hall=desk.hall, assistance_id=assistance_id, **data.model_dump())
    return 200, answer(desk, assistance_id)


@router.patch("/{uuid:assistance_id}/rest", response=AssistanceOut)
@idempotent
def keep_rest(request: HttpRequest, assistance_id: UUID, data: SaveRestIn) -> tuple[int, dict[str, Any]]:
    """Keep what is sent of what the other hall asks for (补正, 容缺补交), right or wrong. 409 where something else is
    asked for, or something else was saved since ``revision``."""
    desk = assistance_desk_of_request(request)
    save_rest(
        by=desk.by,
        hall=desk.hall,
        assistance_id=assistance_id,
        asking_id=data.asking_id,
        posted=data.values,
        revision=data.revision,
    )
    return 200, answer(desk, assistance_id)


@router.post("/{uuid:assistance_id}/rest/hand-over", response=AssistanceOut)
@idempotent
def send_rest(request: HttpRequest, assistance_id: UUID, data: RestHandOverIn) -> tuple[int, dict[str, Any]]:
    """Hand over what was asked for, once for each asking. 422 with a fault for every field that is wrong."""
    desk = assistance_desk_of_request(request)
    hand_over_rest(by=desk.by, hall=desk.hall, assistance_id=assistance_id, **data.model_dump())
    return 200, answer(desk, assistance_id)


@router.post("/{uuid:assistance_id}/take-back", response=AssistanceOut)
@idempotent
def take_back(request: HttpRequest, assistance_id: UUID) -> tuple[int, dict[str, Any]]:
    """取回, before it is taken up there."""
    desk = assistance_desk_of_request(request)
    take_back_assistance(by=desk.by, hall=desk.hall, assistance_id=assistance_id)
    return 200, answer(desk, assistance_id)


@router.post("/{uuid:assistance_id}/end-consent", response={204: None})
@idempotent
def withdraw(request: HttpRequest, assistance_id: UUID) -> tuple[int, None]:
    """The person does not want it any more: a draft is deleted, what was handed over is withdrawn there, too."""
    desk = assistance_desk_of_request(request)
    end_consent(by=desk.by, hall=desk.hall, assistance_id=assistance_id)
    return 204, None


@router.post("/{uuid:assistance_id}/files", response={201: AssistanceFileOut})
def upload(request: HttpRequest, assistance_id: UUID, file: File[UploadedFile]) -> Status[AssistanceFile]:
    """Upload a picture or a paper; it is checked by its content. The same file once more is the same row, so that no
    key is needed to send it again."""
    desk = assistance_desk_of_request(request)
    kept = add_assistance_file(
        by=desk.by, hall=desk.hall, assistance_id=assistance_id, name=file.name or "", content=file
    )
    return Status(201, kept)


@router.post("/{uuid:assistance_id}/chunks", response={201: PartOut})
def begin_in_pieces(request: HttpRequest, assistance_id: UUID, data: PartIn) -> Status[AssistanceFile]:
    """Begin a file that is sent in pieces. The same file once more is the same one, and ``received`` says from where it
    goes on."""
    desk = assistance_desk_of_request(request)
    begun = begin_assistance_file(by=desk.by, hall=desk.hall, assistance_id=assistance_id, **data.model_dump())
    return Status(201, begun)


@router.put("/{uuid:assistance_id}/chunks/{uuid:file_id}", response=PieceOut, openapi_extra=PIECE)
def add_piece(request: HttpRequest, assistance_id: UUID, file_id: UUID, offset: int) -> dict[str, Any]:
    """Send the piece that begins at ``offset``, 1 MB at most; with the last one the file is checked and kept."""
    desk = assistance_desk_of_request(request)
    outcome = add_piece_of_file(
        by=desk.by,
        hall=desk.hall,
        assistance_id=assistance_id,
        file_id=file_id,
        offset=offset,
        content=request.body,
        length=posted_number(request.META.get("CONTENT_LENGTH", ""), otherwise=0),
    )
    return {"offset": outcome.offset, "file": outcome.file}


@router.get("/{uuid:assistance_id}/files/{uuid:file_id}", response=FileLinkOut)
def link_to_file(request: HttpRequest, assistance_id: UUID, file_id: UUID) -> dict[str, str]:
    assistance_desk_of_request(request)
    return {"url": link_for_readers(file_of_assistance(assistance_here(assistance_id), file_id), "")}
