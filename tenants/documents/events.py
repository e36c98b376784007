"""What becomes of issued documents. The subject is the document."""

from typing import Final

from foundation.events.kinds import NoPayload, declare_event

# it has its number and its values; its files are to be made
DOCUMENT_ISSUED: Final = declare_event("documents.issued", NoPayload)
