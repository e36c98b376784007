"""Sign a PDF (PAdES, ECDSA on P-256) with a key that follows from a seed."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

_ORDER = 0xFFFFFFFF_00000000_FFFFFFFF_FFFFFFFF_BCE6FAAD_A7179E84_F3B9CAC2_FC632551
# a certificate says nothing here but whose key it is; the key is told by its fingerprint
_FROM, _UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2120, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=4)
def _key_of(seed: bytes) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(seed) % (_ORDER - 1) + 1, ec.SECP256R1())


def public_key_of(seed: bytes) -> str:
    """Of the key that always follows from these bytes (at least 32, as good as random), in hexadecimal digits."""
    return _key_of(seed).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint).hex()


def sign_paper(content: bytes, *, seed: bytes, signer: str, reason: str) -> bytes:
    """The PDF with one signature over all of it. ``signer``: whose name stands in the certificate."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415
    from pyhanko.sign.fields import SigSeedSubFilter  # noqa: PLC0415
    from pyhanko.sign.signers import PdfSignatureMetadata, sign_pdf  # noqa: PLC0415

    facts = PdfSignatureMetadata(
        field_name="Signature1", md_algorithm="sha256", reason=reason, name=signer, subfilter=SigSeedSubFilter.PADES
    )
    # the library runs an event loop of its own, which a thread that has one already refuses
    with ThreadPoolExecutor(1) as thread:
        writer = IncrementalPdfFileWriter(io.BytesIO(content))
        signed = thread.submit(sign_pdf, writer, facts, signer=_signer(seed, signer)).result()
    return bytes(signed.getvalue())


@lru_cache(maxsize=4)
def _signer(seed: bytes, name: str) -> Any:
    from asn1crypto.keys import PrivateKeyInfo  # noqa: PLC0415
    from asn1crypto.x509 import Certificate  # noqa: PLC0415
    from pyhanko.sign.signers import SimpleSigner  # noqa: PLC0415
    from pyhanko_certvalidator.registry import SimpleCertificateStore  # noqa: PLC0415

    key = _key_of(seed)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name[:64])])
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_FROM)
        .not_valid_after(_UNTIL)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    return SimpleSigner(
        signing_cert=Certificate.load(certificate.public_bytes(Encoding.DER)),
        signing_key=PrivateKeyInfo.load(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())),
        cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
    )
