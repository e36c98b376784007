"""Somebody at the desk opens what was issued: it says whom it is about, so that it is told."""

from uuid import UUID

from django.db import transaction

from province.audit.operations import record_act
from province.halls.models import Hall
from province.rights.actors import Actor
from tenants.documents.queries.access import READ
from tenants.documents.queries.documents import PDF, WORD, document_with_id, link_to_document
from tenants.portal.operations.figures import require_in_hall


@transaction.atomic
def open_document(*, by: Actor, hall: Hall, document_id: UUID, ending: str) -> str:
    """A short-lived address of the file; ``ending``: pdf, which the browser shows, or docx.

    Raises NotFound, Unavailable while the files are being made."""
    require_in_hall(by, READ, hall)
    document = document_with_id(document_id)
    address = link_to_document(hall, document, WORD if ending == WORD else PDF, is_shown=True)
    record_act(
        by=by,
        act="documents.open_document",
        object_type="document",
        object_id=document.pk,
        hall_id=hall.pk,
        changes={"number": [None, document.number]},
    )
    return address
