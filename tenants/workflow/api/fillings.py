"""Forms that somebody of the hall's staff fills in by a program of theirs."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import File, Router, Status, UploadedFile

from foundation.api import Page, PageParameters, ProblemFault, idempotent, page_of
from foundation.design.forms import posted_number
from foundation.files.store import link_for_readers
from standards.forms.results import json_schema, seen_values
from tenants.shell.slots import Desk
from tenants.workflow.layouts import part_desk_of_request
from tenants.workflow.models import FilledForm, Form, FormUpload, PartialUpload
from tenants.workflow.operations.chunks import add_chunk, begin_chunks
from tenants.workflow.operations.filling import begin_filling, drop_filling, save_filling, send_filling
from tenants.workflow.operations.uploads import add_upload
from tenants.workflow.queries.filled import (
    FormFiller,
    own_filled,
    own_in_state,
    rights_at_beginning,
    rights_of,
    upload_of,
)
from tenants.workflow.queries.forms import definition_of, fillable_forms, newest_version
from tenants.workflow.queries.reading import read_filling
from tenants.workflow.queries.taken import untaken
from tenants.workflow.schemas.fillings import (
    PIECE,
    BeginIn,
    ChunkOut,
    FillableFormOut,
    FillingLineOut,
    FillingOut,
    FormSchemaOut,
    PartialIn,
    PartialOut,
    SaveFillingIn,
    SendFillingIn,
    UploadLinkOut,
    UploadOut,
)

router = Router(tags=["fillings"])


def line_of(filled: FilledForm) -> FillingLineOut:
    same = ("id", "form_id", "state", "revision", "page", "saved_at", "sent_at")
    facts = {name: getattr(filled, name) for name in same}
    return FillingLineOut(**facts, title=filled.form.title, version=filled.version.number)


def answer(desk: Desk, filled_id: UUID) -> FillingOut:
    """Show it as it is now, as far as this person sees it."""
    who = FormFiller(desk.by)
    filled = own_filled(who, filled_id)
    result, context = read_filling(who, desk.hall, filled, {})
    return FillingOut(
        **line_of(filled).model_dump(),
        values=seen_values(definition_of(filled.version), result.values, rights_of(who, filled), context),
        faults=[ProblemFault(where=fault.where, message=fault.message) for fault in result.faults],
        origins=filled.origins,
    )


@router.get("/forms", response=Page[FillableFormOut])
def list_fillable_forms(request: HttpRequest, page: PageParameters) -> dict[str, Any]:
    """List the forms that can be begun now."""
    part_desk_of_request(request)
    found: QuerySet[Form] = untaken(fillable_forms(is_citizen=False), "pk")
    return page_of(found, page)


@router.get("/forms/{uuid:form_id}/schema", response=FormSchemaOut, by_alias=True)
def show_form_schema(request: HttpRequest, form_id: UUID) -> FormSchemaOut:
    """Show what may be sent into the form, as JSON schema."""
    desk = part_desk_of_request(request)
    version = newest_version(form_id)
    definition = definition_of(version)
    described = json_schema(definition, rights_at_beginning(FormFiller(desk.by), definition))
    return FormSchemaOut(id=form_id, version=version.number, title=definition.title, values_schema=described)


@router.get("", response=Page[FillingLineOut])
def list_fillings(request: HttpRequest, page: PageParameters, state: str = "") -> dict[str, Any]:
    """List one's own, drafts with them. ``state``: draft, sent or kept."""
    found = page_of(own_in_state(FormFiller(part_desk_of_request(request).by), state), page)
    return found | {"items": [line_of(one) for one in found["items"]]}


@router.post("", response={201: FillingOut})
@idempotent
def begin_filled_form(request: HttpRequest, data: BeginIn) -> tuple[int, FillingOut]:
    """Begin a form, or go on with the draft that there is."""
    desk = part_desk_of_request(request)
    begun = begin_filling(who=FormFiller(desk.by), hall=desk.hall, form_id=data.form_id, is_another=data.is_another)
    return 201, answer(desk, begun.pk)


@router.get("/{uuid:filled_id}", response=FillingOut)
def show_filled_form(request: HttpRequest, filled_id: UUID) -> FillingOut:
    return answer(part_desk_of_request(request), filled_id)


@router.patch("/{uuid:filled_id}", response=FillingOut)
@idempotent
def save_filled_form(request: HttpRequest, filled_id: UUID, data: SaveFillingIn) -> tuple[int, FillingOut]:
    """Keep what is sent, right or wrong; ``faults`` of the answer say what is wrong. 409 where something else was saved
    since ``revision``."""
    desk = part_desk_of_request(request)
    save_filling(
        who=FormFiller(desk.by),
        hall=desk.hall,
        filled_id=filled_id,
        posted=data.values,
        revision=data.revision,
        page=data.page,
    )
    return 200, answer(desk, filled_id)


@router.delete("/{uuid:filled_id}", response={204: None})
@idempotent
def drop_filled_form(request: HttpRequest, filled_id: UUID) -> tuple[int, None]:
    """Delete a draft with its files."""
    desk = part_desk_of_request(request)
    drop_filling(who=FormFiller(desk.by), hall=desk.hall, filled_id=filled_id)
    return 204, None


@router.post("/{uuid:filled_id}/send", response=FillingOut)
@idempotent
def send_filled_form(request: HttpRequest, filled_id: UUID, data: SendFillingIn) -> tuple[int, FillingOut]:
    """Hand it in. 422 with a fault for every field that is wrong."""
    desk = part_desk_of_request(request)
    send_filling(who=FormFiller(desk.by), hall=desk.hall, filled_id=filled_id, revision=data.revision)
    return 200, answer(desk, filled_id)


@router.post("/{uuid:filled_id}/uploads", response={201: UploadOut})
def upload_for_form(request: HttpRequest, filled_id: UUID, file: File[UploadedFile]) -> Status[FormUpload]:
    """Upload a file for a draft; it is checked by its content. The same file once more is the same upload, so that no
    key is needed to send it again."""
    desk = part_desk_of_request(request)
    kept = add_upload(who=FormFiller(desk.by), hall=desk.hall, filled_id=filled_id, name=file.name or "", content=file)
    return Status(201, kept)


@router.post("/{uuid:filled_id}/chunks", response={201: PartialOut})
def begin_file_in_pieces(request: HttpRequest, filled_id: UUID, data: PartialIn) -> Status[PartialUpload]:
    """Begin a file that is sent in pieces, for a draft or for the form of a run at one's own step. The same file once
    more is the same one, and ``received`` says from where it goes on."""
    desk = part_desk_of_request(request)
    begun = begin_chunks(
        who=FormFiller(desk.by), hall=desk.hall, filled_id=filled_id, name=data.name, size=data.size, mark=data.mark
    )
    return Status(201, begun)


@router.put("/{uuid:filled_id}/chunks/{uuid:partial_id}", response=ChunkOut, openapi_extra=PIECE)
def add_piece(request: HttpRequest, filled_id: UUID, partial_id: UUID, offset: int) -> dict[str, Any]:
    """Send the piece that begins at ``offset``, 1 MB at most; with the last one the file is checked and kept. A piece
    that is there already changes nothing: the answer says where to go on."""
    desk = part_desk_of_request(request)
    outcome = add_chunk(
        who=FormFiller(desk.by),
        hall=desk.hall,
        filled_id=filled_id,
        partial_id=partial_id,
        offset=offset,
        content=request.body,
        length=posted_number(request.META.get("CONTENT_LENGTH", ""), otherwise=0),
    )
    return {"offset": outcome.offset, "upload": outcome.file}


@router.get("/{uuid:filled_id}/uploads/{uuid:upload_id}", response=UploadLinkOut)
def link_to_upload(request: HttpRequest, filled_id: UUID, upload_id: UUID) -> dict[str, str]:
    desk = part_desk_of_request(request)
    found: FilledForm = own_filled(FormFiller(desk.by), filled_id)
    return {"url": link_for_readers(upload_of(found, upload_id), "")}
