"""SM4 in Galois/Counter Mode: GB/T 32907-2016 under GB/T 36624-2018, as RFC 8998 uses it.

A sealed value is nonce (12 bytes), ciphertext, tag (16 bytes), in this order.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

KEY_BYTES = 16
NONCE_BYTES = 12
TAG_BYTES = 16


class Forged(Exception):
    """The value, its place or the key is not that with which it was sealed."""


def seal(key: bytes, plain: bytes, place: bytes) -> bytes:
    """Encrypt under a fresh random nonce. ``place`` (associated data) is not kept: ``unseal`` needs it again."""
    nonce = os.urandom(NONCE_BYTES)
    encryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(place)
    return nonce + encryptor.update(plain) + encryptor.finalize() + encryptor.tag


def unseal(key: bytes, sealed: bytes, place: bytes) -> bytes:
    """The plain text. Raises Forged where one bit, the place or the key differs."""
    if len(sealed) < NONCE_BYTES + TAG_BYTES:
        raise Forged
    nonce, body, tag = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:-TAG_BYTES], sealed[-TAG_BYTES:]
    decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
    decryptor.authenticate_additional_data(place)
    try:
        return decryptor.update(body) + decryptor.finalize()
    except InvalidTag as error:
        raise Forged from error
