"""What becomes of issued documents. The subject is the document."""

from typing import Final

from foundation.events.kinds import NoPayload, declare_event

# it has its number and its values; its files are to be made
DOCUMENT_ISSUED: Final = declare_event("documents.issued", NoPayload)
# its files are there; of the kinds in TOLD_WHEN_MADE alone
DOCUMENT_MADE: Final = declare_event("documents.made", NoPayload)
