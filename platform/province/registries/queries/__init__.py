from province.registries.queries.documents import (
    CheckedDocument,
    address_with,
    document_with_code,
    document_with_digest,
    grouped,
    number_with_id,
    numbers_of_hall,
)

__all__ = [
    "CheckedDocument",
    "address_with",
    "document_with_code",
    "document_with_digest",
    "grouped",
    "number_with_id",
    "numbers_of_hall",
]
