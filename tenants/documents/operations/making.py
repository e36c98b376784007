"""The files of an issued document: made from its values after the commit, once."""

from typing import Final
from uuid import UUID

from django.db import transaction

from foundation.events.operations import emit_event
from foundation.files.store import store_made
from province.document_templates.queries.kinds import document_kind
from province.document_templates.queries.layouts import layout_of
from province.halls.models import Hall
from tenants.documents.events import DOCUMENT_MADE
from tenants.documents.models import IssuedDocument
from tenants.documents.operations.issuing import tell_registry
from tenants.documents.queries.documents import PDF, WORD, document_with_id, name_of_file
from tenants.documents.queries.papers import make_papers
from tenants.documents.slots import TOLD_WHEN_MADE
from tenants.portal.operations.figures import check_inside

_WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def make_files(*, hall: Hall, document_id: UUID) -> IssuedDocument:
    """Make both files where they are not there yet. Killed anywhere, the event comes again; of two at once those count
    that are noted first, and the others' are named by no row.

    Raises NotFound, Damaged, Unavailable.
    """
    check_inside(hall)
    document = document_with_id(document_id)
    if document.is_made:
        return document
    papers = make_papers(document, hall, document_kind(document.kind), layout_of(document.version))
    name = name_of_file(document, PDF)
    pdf = store_made(folder=hall.folder, name=name, media_type="application/pdf", content=papers.pdf)
    name = name_of_file(document, WORD)
    word = store_made(folder=hall.folder, name=name, media_type=_WORD, content=papers.word)
    with transaction.atomic():
        rows = IssuedDocument.objects.select_for_update(of=("self",)).select_related("successor")
        document = rows.get(pk=document_id)
        if not document.is_made:
            document.pdf_sha256, document.word_sha256 = pdf.sha256, word.sha256
            document.save(update_fields=["pdf_sha256", "word_sha256"])
            tell_registry(hall, document)
            if document.kind in TOLD_WHEN_MADE.entries():
                emit_event(kind=DOCUMENT_MADE, subject_id=document.pk, hall_id=hall.pk)
    return document
