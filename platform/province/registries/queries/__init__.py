from province.registries.queries.documents import (
    CheckedDocument,
    address_with,
    document_with_code,
    document_with_digest,
    grouped,
    numbers_of_hall,
)

__all__ = [
    "CheckedDocument",
    "address_with",
    "document_with_code",
    "document_with_digest",
    "grouped",
    "numbers_of_hall",
]
