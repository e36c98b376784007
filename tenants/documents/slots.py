"""What an app brings for documents: the service that seals them, and of which it wants to hear that they are made."""

from collections.abc import Callable
from dataclasses import dataclass

from foundation.contributions import Slot


@dataclass(frozen=True, slots=True)
class SealPlace:
    """Where the seal belongs on the PDF: the page from 0 on; left, top, width and height in millimetres from its upper
    left corner."""

    page: int
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class SealOrder:
    """A PDF to be sealed for a hall. ``place``: None where the template has none."""

    content: bytes
    hall_code: str
    hall_name: str
    title: str
    number: str
    place: SealPlace | None


@dataclass(frozen=True, slots=True)
class SealService:
    """``seal`` gives the PDF back with a signature over all of it (PAdES). It may be asked again for the same document,
    and raises Unavailable where it does not answer now."""

    name: str
    seal: Callable[[SealOrder], bytes]


# kinds of documents of which others want to hear that the files are there (DOCUMENT_MADE)
TOLD_WHEN_MADE = Slot[str]("documents.told_when_made", keys=lambda code: [code])
# in place of the platform's own certificate; one at most
SEAL_SERVICE = Slot[SealService]("documents.seal_service", keys=lambda _: ["one"])
