"""The keys of the audit chain. All follow from AUDIT_KEY, which the database does not hold."""

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

from foundation.crypto.sm2 import SigningKey
from foundation.crypto.sm3 import hmac_sm3


@dataclass(frozen=True, slots=True, repr=False)
class AuditKeys:
    """``id`` tells keys apart and says nothing about them: an exported file names the keys it was written with."""

    id: str
    entries: bytes
    links: bytes
    heads: bytes
    seals: bytes
    signing: SigningKey
    # seed of the key that signs receipts as PDF, which readers of PDF know how to check
    receipts: bytes
    # likewise of the key that signs documents which halls issue
    documents: bytes


def audit_keys() -> AuditKeys:
    return _derived(settings.AUDIT_KEY)


@lru_cache(maxsize=4)
def _derived(secret: str) -> AuditKeys:
    entries, links, heads, seals, signing, number, receipts, documents = (
        hmac_sm3(secret.encode(), f"yizhan audit {use}".encode())
        for use in ("entry", "link", "head", "seal", "sign", "id", "receipt", "document")
    )
    signer = SigningKey.from_seed(signing)
    return AuditKeys(number.hex()[:16], entries, links, heads, seals, signer, receipts, documents)
