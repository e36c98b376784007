from province.registries.queries.documents import (
    CheckedDocument,
    document_with_code,
    document_with_digest,
    numbers_of_hall,
)

__all__ = ["CheckedDocument", "document_with_code", "document_with_digest", "numbers_of_hall"]
