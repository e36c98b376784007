"""What halls report of the documents that they issue. A hall's operations call it in their transactions."""

from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from province.registries.models import DocumentEntry
from province.registries.states import DocumentState


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """How a document stands: the fields of ``DocumentEntry``."""

    code: str
    title: str
    issuer: str
    number: str
    issued_on: date
    state: DocumentState
    valid_until: date | None = None
    ended_on: date | None = None
    successor: str = ""
    sha256: str = ""


def report_document(*, hall_id: UUID, document_id: UUID, facts: DocumentFacts) -> None:
    """Write how the document stands now. The caller holds the document's row: of two at once the later one counts."""
    DocumentEntry.objects.update_or_create(pk=document_id, defaults={"hall_id": hall_id, **asdict(facts)})
