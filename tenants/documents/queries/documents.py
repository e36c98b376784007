"""Documents that the entered hall has issued."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from foundation.errors import NotFound, Unavailable
from foundation.files.store import key_of, link_to
from province.halls.models import Hall
from province.registries.states import DocumentState
from tenants.documents.models import IssuedDocument

# the two files of each
PDF: Final = "pdf"
WORD: Final = "docx"
NO_DOCUMENT: Final = "没有这份文书，或者属于其他服务厅。"
_NOT_YET: Final = "文件正在生成，请几秒钟后再打开。"


def documents_of(owner_kind: str, owner_ids: Collection[UUID]) -> dict[UUID, list[IssuedDocument]]:
    """Owner → its documents, the oldest first: one query. Values stay sealed."""
    found: dict[UUID, list[IssuedDocument]] = {}
    rows = IssuedDocument.objects.select_related("successor")
    for row in rows.filter(owner_kind=owner_kind, owner_id__in=owner_ids).order_by("id"):
        found.setdefault(row.owner_id, []).append(row)
    return found


def document_with_id(document_id: UUID) -> IssuedDocument:
    """Raises NotFound, also for another hall's."""
    rows = IssuedDocument.objects.select_related("successor", "version", "series")
    found = rows.filter(pk=document_id).first()
    if found is None:
        raise NotFound(NO_DOCUMENT)
    return found


def link_to_document(hall: Hall, document: IssuedDocument, ending: str, *, is_shown: bool = False) -> str:
    """A short-lived address of the file; ``ending``: PDF or WORD; ``is_shown``: by the browser itself. The caller has
    made sure that the reader may have it. Raises Unavailable while the files are being made."""
    name = "" if is_shown and ending == PDF else name_of_file(document, ending)
    return link_to(key_of_file(hall, document, ending), download_as=name)


def key_of_file(hall: Hall, document: IssuedDocument, ending: str) -> str:
    """Where one of the two files lies. Raises Unavailable while they are being made."""
    digest = document.pdf_sha256 if ending == PDF else document.word_sha256
    if digest is None:
        raise Unavailable(_NOT_YET)
    return key_of(hall.folder, digest, ending)


def name_of_file(document: IssuedDocument, ending: str) -> str:
    return f"{document.title} {document.number}.{ending}"


def issued_documents(*, kind: str = "", state: str = "", number: str = "") -> QuerySet[IssuedDocument]:
    """The newest first."""
    found = IssuedDocument.objects.order_by("-id")
    if kind:
        found = found.filter(kind=kind)
    if state in DocumentState:
        found = found.filter(state=state)
    if number:
        found = found.filter(number__contains=number)
    return found


@dataclass(frozen=True, slots=True)
class SaidValue:
    """What one field of a document says: text, or rows of text under headings."""

    label: str
    text: str
    headings: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
