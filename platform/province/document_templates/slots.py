"""What apps state of documents: the kinds that they issue."""

from foundation.contributions import Slot
from standards.documents.kinds import DocumentKind

# the kinds that halls issue, each by the app that issues it
DOCUMENT_KINDS = Slot[DocumentKind](
    "document_templates.kinds", keys=lambda kind: [("code", kind.code), ("name", kind.name)]
)
