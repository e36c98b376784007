"""SM3 digests (GB/T 32905-2016) and HMAC-SM3 (GB/T 15852.2), 32 bytes each, through OpenSSL."""

from cryptography.hazmat.primitives import hashes, hmac

_SM3 = hashes.SM3()


def sm3(content: bytes) -> bytes:
    digest = hashes.Hash(_SM3)
    digest.update(content)
    return digest.finalize()


def hmac_sm3(key: bytes, content: bytes) -> bytes:
    mac = hmac.HMAC(key, _SM3)
    mac.update(content)
    return mac.finalize()
