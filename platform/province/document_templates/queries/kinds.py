"""The kinds of documents that halls issue."""

from foundation.errors import NotFound
from province.document_templates.slots import DOCUMENT_KINDS
from standards.documents.kinds import DocumentKind


def document_kinds() -> list[DocumentKind]:
    """In the order in which apps state them."""
    return DOCUMENT_KINDS.entries()


def document_kind(code: str) -> DocumentKind:
    """Raises NotFound for one that no app states."""
    found = next((kind for kind in document_kinds() if kind.code == code), None)
    if found is None:
        raise NotFound("没有这种文书。")
    return found


def ended_elsewhere(code: str) -> str:
    """Where documents of this kind end, in words, if that is another register; "" for all others."""
    return next((kind.ended_elsewhere for kind in document_kinds() if kind.code == code), "")
