"""The HTTP interface of documents: what was issued, and the templates and numbers by which it is."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import File, Router, Status, UploadedFile

from foundation.api import Page, PageParameters, idempotent, page_of
from tenants.documents.layouts import documents_desk_of_request, templates_desk_of_request
from tenants.documents.models import IssuedDocument, TemplateVersion
from tenants.documents.operations import ending, numbers, opening, templates
from tenants.documents.queries.documents import document_with_id, issued_documents
from tenants.documents.queries.templates import kind_at_desk, kinds_at_desk, versions_of_kind
from tenants.documents.schemas import (
    DocumentAddressOut,
    DocumentKindOut,
    DocumentOpeningIn,
    IssuedDocumentOut,
    NumberRuleIn,
    RevocationIn,
    TemplateVersionOut,
    kind_out,
)

router = Router(tags=["documents"])


@router.get("/kinds", response=list[DocumentKindOut])
def list_document_kinds(request: HttpRequest) -> list[DocumentKindOut]:
    """List the kinds of documents that the hall issues, each with its fields, its template and its rule of numbers."""
    templates_desk_of_request(request)
    return [kind_out(one) for one in kinds_at_desk()]


@router.get("/kinds/{slug:kind}", response=DocumentKindOut)
def show_document_kind(request: HttpRequest, kind: str) -> DocumentKindOut:
    templates_desk_of_request(request)
    return kind_out(kind_at_desk(kind))


@router.post("/kinds/{slug:kind}/rule", response=DocumentKindOut)
@idempotent
def set_number_rule(request: HttpRequest, kind: str, data: NumberRuleIn) -> tuple[int, DocumentKindOut]:
    """Number the kind's documents by another rule from now on."""
    desk = templates_desk_of_request(request)
    numbers.set_number_rule(by=desk.by, hall=desk.hall, kind=kind, rule=data.rule)
    return 200, kind_out(kind_at_desk(kind))


@router.get("/kinds/{slug:kind}/templates", response=list[TemplateVersionOut])
def list_templates(request: HttpRequest, kind: str) -> QuerySet[TemplateVersion]:
    """List the versions of a kind's template, the newest first."""
    templates_desk_of_request(request)
    return versions_of_kind(kind_at_desk(kind).kind.code)


@router.post("/kinds/{slug:kind}/templates", response={201: TemplateVersionOut})
def load_template(request: HttpRequest, kind: str, file: File[UploadedFile]) -> Status[TemplateVersion]:
    """Load a Word file (.docx) as a new version, which is not in use yet. 422 with every fault and its place. The same
    file once more is the same version, so that no key is needed to send it again."""
    desk = templates_desk_of_request(request)
    version = templates.load_template(by=desk.by, hall=desk.hall, kind=kind, name=file.name or "", content=file.read())
    return Status(201, version)


@router.post("/kinds/{slug:kind}/templates/{uuid:version_id}/publish", response=DocumentKindOut)
@idempotent
def publish_template(request: HttpRequest, kind: str, version_id: UUID) -> tuple[int, DocumentKindOut]:
    """Issue the kind's documents by this version from now on; an older one goes back to it."""
    desk = templates_desk_of_request(request)
    templates.publish_template(by=desk.by, hall=desk.hall, kind=kind, version_id=version_id)
    return 200, kind_out(kind_at_desk(kind))


@router.post("/kinds/{slug:kind}/own-template/publish", response=DocumentKindOut)
@idempotent
def publish_own_template(request: HttpRequest, kind: str) -> tuple[int, DocumentKindOut]:
    """Use no template of the hall's own any more: the province's holds, or the platform's where there is none."""
    desk = templates_desk_of_request(request)
    templates.publish_template(by=desk.by, hall=desk.hall, kind=kind, version_id=None)
    return 200, kind_out(kind_at_desk(kind))


@router.get("/issued", response=Page[IssuedDocumentOut])
def list_documents(
    request: HttpRequest, page: PageParameters, kind: str = "", state: str = "", number: str = ""
) -> dict[str, Any]:
    """List what was issued. ``state``: issued, revoked or replaced; ``number``: a part of it."""
    documents_desk_of_request(request)
    return page_of(issued_documents(kind=kind, state=state, number=number), page)


@router.get("/issued/{uuid:document_id}", response=IssuedDocumentOut)
def show_document(request: HttpRequest, document_id: UUID) -> IssuedDocument:
    documents_desk_of_request(request)
    return document_with_id(document_id)


@router.post("/issued/{uuid:document_id}/open", response=DocumentAddressOut)
@idempotent
def open_document(request: HttpRequest, document_id: UUID, data: DocumentOpeningIn) -> tuple[int, DocumentAddressOut]:
    """Lead to the PDF or the Word file for five minutes; that it was opened is told. 503 while it is being made."""
    desk = documents_desk_of_request(request)
    address = opening.open_document(by=desk.by, hall=desk.hall, document_id=document_id, ending=data.ending)
    return 200, DocumentAddressOut(address=address)


@router.post("/issued/{uuid:document_id}/revoke", response=IssuedDocumentOut)
@idempotent
def revoke_document(request: HttpRequest, document_id: UUID, data: RevocationIn) -> tuple[int, IssuedDocumentOut]:
    """Have the document hold no more. 409 where it does not already."""
    desk = documents_desk_of_request(request)
    ending.revoke_document(by=desk.by, hall=desk.hall, document_id=document_id, reason=data.reason)
    return 200, IssuedDocumentOut.from_orm(document_with_id(document_id))
