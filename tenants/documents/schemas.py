"""Documents as the API carries them."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from ninja import Field, Schema

from foundation.masking import MaskedName
from province.registries.states import DocumentState
from tenants.documents.models import IssuedDocument
from tenants.documents.queries.templates import KindAtDesk
from tenants.documents.states import VersionOrigin


class DocumentColumnOut(Schema):
    name: str
    label: str


class DocumentFieldOut(Schema):
    """``label``: as templates name it."""

    name: str
    label: str
    type: str
    is_required: bool
    is_public: bool
    columns: list[DocumentColumnOut]


class GivenTemplateOut(Schema):
    """What the province has in force. ``is_newer``: the hall goes on by a template of its own that is older."""

    number: int
    since: datetime
    is_newer: bool


class DocumentKindOut(Schema):
    """``source``: whose template documents are issued by now; ``version``: of the hall's own, None where it uses none;
    ``last``: the last order that was given by the rule."""

    code: str
    name: str
    rule: str
    source: VersionOrigin
    version: int | None
    province: GivenTemplateOut | None
    last: int
    fields: list[DocumentFieldOut]


class TemplateVersionOut(Schema):
    id: UUID
    number: int
    origin: VersionOrigin
    province_number: int | None
    loaded_by_name: MaskedName
    created_at: datetime


class NumberRuleIn(Schema):
    """``rule``: with {seq} and {year}; "" is the kind's own again."""

    rule: str = Field(examples=["当政服受〔{year}〕{seq}号"])


class IssuedDocumentOut(Schema):
    """``sha256``: of the PDF, "" while it is being made."""

    id: UUID
    kind: str
    title: str
    number: str
    issuer: str
    state: DocumentState
    issued_on: date
    valid_until: date | None
    issued_by_name: MaskedName
    owner_kind: str
    owner_id: UUID
    code: str
    ended_on: date | None
    successor_id: UUID | None
    sha256: str

    @staticmethod
    def resolve_sha256(document: IssuedDocument) -> str:
        return document.pdf_sha256 or ""


class RevocationIn(Schema):
    reason: str


class DocumentOpeningIn(Schema):
    ending: Literal["pdf", "docx"] = "pdf"


class DocumentAddressOut(Schema):
    """Of the file, for five minutes."""

    address: str


def kind_out(found: KindAtDesk) -> DocumentKindOut:
    kind = found.kind
    fields = [
        DocumentFieldOut(
            name=one.name,
            label=one.label,
            type=one.type.value,
            is_required=one.is_required,
            is_public=one.is_public,
            columns=[DocumentColumnOut(name=column.name, label=column.label) for column in one.columns],
        )
        for one in kind.fields
    ]
    province = None
    if given := found.given:
        province = GivenTemplateOut(number=given.number, since=given.since, is_newer=found.is_given_newer)
    return DocumentKindOut(
        code=kind.code,
        name=kind.name,
        rule=found.rule,
        source=found.source,
        version=found.version.number if found.version else None,
        province=province,
        last=found.last,
        fields=fields,
    )
