"""Seal what must not lie beside the data in plain text: anybody may seal, only the holder of the private key opens.

The format is CMS EnvelopedData (RFC 5652), so that a sealed file can be opened without this program:
``openssl cms -decrypt -inform DER -in FILE -inkey PRIVATE.pem``.
"""

from datetime import UTC, datetime, timedelta
from typing import Final, cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

from foundation.errors import Invalid

_BITS: Final = 3072
_YEARS: Final = timedelta(days=36_500)


def draw_recipient(passphrase: str) -> tuple[bytes, bytes]:
    """A private key under the passphrase, followed by its certificate; and the certificate alone (both PEM). The first
    opens what was sealed for the second."""
    private = rsa.generate_private_key(public_exponent=65_537, key_size=_BITS)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "yizhan backup")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _YEARS)
        .sign(private, hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
    )
    closed = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase.encode()),
    )
    return closed + certificate, certificate


def seal(content: bytes, certificate: bytes) -> bytes:
    """The content for the holder of the certificate's private key alone. Raises Invalid where it is no certificate."""
    try:
        recipient = x509.load_pem_x509_certificate(certificate)
    except ValueError as error:
        raise Invalid("BACKUP_RECIPIENT 指向的文件不是证书。请用 yizhan backup key 生成。") from error
    return (
        pkcs7.PKCS7EnvelopeBuilder()
        .set_data(content)
        .set_content_encryption_algorithm(algorithms.AES256)
        .add_recipient(recipient)
        .encrypt(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])
    )


def open_sealed(sealed: bytes, identity: bytes, passphrase: str) -> bytes:
    """What was sealed. ``identity``: the private key with its certificate. Raises Invalid where they do not fit, or the
    passphrase is wrong."""
    try:
        private = cast("rsa.RSAPrivateKey", serialization.load_pem_private_key(identity, passphrase.encode()))
        # TypeError where it is a key of another kind
        return pkcs7.pkcs7_decrypt_der(sealed, x509.load_pem_x509_certificate(identity), private, [])
    except (ValueError, TypeError) as error:
        raise Invalid("密钥备份打不开：私钥文件或口令不对，或者备份不是为这把私钥封存的。") from error
