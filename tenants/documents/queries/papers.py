"""The files of an issued document, and the seal on the PDF."""

from dataclasses import dataclass
from typing import Final

from django.conf import settings

from foundation.paper.signing import public_key_of, sign_paper
from province.audit.queries.keys import audit_keys
from province.document_templates.queries.samples import fonts
from province.halls.models import Hall
from province.registries.queries import address_with, grouped
from standards.documents.filling import chinese_date, fill
from standards.documents.kinds import ADDRESS, CODE, ISSUED_ON, ISSUER, NUMBER, DocumentKind
from standards.documents.layout import DocumentLayout
from standards.documents.pdf import PaperFacts, write_pdf
from tenants.documents.models import IssuedDocument
from tenants.documents.slots import SEAL_SERVICE, SealOrder, SealPlace, SealService


@dataclass(frozen=True, slots=True)
class MadePapers:
    pdf: bytes
    word: bytes


def make_papers(document: IssuedDocument, hall: Hall, kind: DocumentKind, layout: DocumentLayout) -> MadePapers:
    """Both files, the PDF sealed. Raises Damaged for values that do not open, Unavailable where the seal's service does
    not answer."""
    from standards.documents.word import write_word  # noqa: PLC0415 - brings lxml

    given = given_of(document)
    filled = fill(layout, kind, document.values.opened(hall.pk), given)
    facts = PaperFacts(f"{document.title} {document.number}", given[ADDRESS], document.created_at)
    written = write_pdf(filled, facts, fonts())
    order = SealOrder(
        content=written.content,
        hall_code=hall.division.code,
        hall_name=document.issuer,
        title=document.title,
        number=document.number,
        place=SealPlace(*written.seal) if written.seal else None,
    )
    word = write_word(filled, title=facts.title, made_at=document.created_at, address=facts.address)
    return MadePapers(seal_service().seal(order), word)


def given_of(document: IssuedDocument) -> dict[str, str]:
    """What the platform says in every document, by its label in templates."""
    return {
        NUMBER: document.number,
        ISSUER: document.issuer,
        ISSUED_ON: chinese_date(document.issued_on),
        CODE: grouped(document.code),
        ADDRESS: address_with(document.code),
    }


def seal_service() -> SealService:
    """What an app has brought, or the platform's own certificate."""
    return next(iter(SEAL_SERVICE.entries()), _OWN)


def seal_key() -> str:
    """The public key of the platform's own certificate (P-256, uncompressed, hexadecimal digits)."""
    return public_key_of(audit_keys().documents)


def _seal(order: SealOrder) -> bytes:
    reason = f"{order.hall_name} {order.title} {order.number}"
    signer = f"{settings.PROVINCE_NAME} 一站"
    return sign_paper(order.content, seed=audit_keys().documents, signer=signer, reason=reason)


_OWN: Final = SealService("平台证书", _seal)
