"""What anybody may read of a document of the entered hall."""

from uuid import UUID

from foundation.errors import Damaged
from province.document_templates.queries.kinds import document_kinds
from province.halls.models import Hall
from province.registries.states import DocumentState
from standards.documents.filling import said
from tenants.documents.models import IssuedDocument


def public_values(hall: Hall, document_id: UUID) -> list[tuple[str, str]]:
    """Label and text of the fields that the document's kind declares public; none of a document that holds no more."""
    document = IssuedDocument.objects.filter(pk=document_id, state=DocumentState.ISSUED).first()
    kind = next((one for one in document_kinds() if document and one.code == document.kind), None)
    if document is None or kind is None or not kind.public_fields:
        return []
    try:
        values = document.values.opened(hall.pk)
    except Damaged:
        return []
    pairs = ((field.label, said(field, values.get(field.name))) for field in kind.public_fields)
    return [(label, text.replace("\u2029", "\n")) for label, text in pairs if text]
