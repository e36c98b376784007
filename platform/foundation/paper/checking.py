"""Check a PDF that somebody brings: is it, whole and unchanged, what this platform signed?"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from foundation.confinement import MEGABYTE, Limits, confined

LARGEST = 5 * MEGABYTE
_LIMITS = Limits(seconds=5, answer=MEGABYTE)


@dataclass(frozen=True, slots=True)
class CheckedPaper:
    """``fault``: what is wrong, in Chinese ("": nothing). ``marks``: what programs read of it, as it was signed."""

    fault: str
    marks: str = ""


def check_paper(content: bytes, *, public_key: str) -> CheckedPaper:
    """Raises Invalid for a file that takes too much to read."""
    if len(content) > LARGEST:
        return CheckedPaper("文件太大，不是本平台开具的。")
    too_much = "这个文件读不出来，不是本平台开具的 PDF。"
    task = "foundation.paper.checking:check"
    with confined(task, content, limits=_LIMITS, too_much=too_much, public_key=public_key) as answer:
        return CheckedPaper(**json.loads(answer.read()))


def check(file: IO[bytes], *, public_key: str) -> Iterator[bytes]:
    """The work itself, in a process of its own."""
    fault, marks = _read(file, public_key)
    yield json.dumps({"fault": fault, "marks": "" if fault else marks}).encode()


def _read(file: IO[bytes], public_key: str) -> tuple[str, str]:
    from io import BytesIO  # noqa: PLC0415 - the process has just begun, and ends with this

    from cryptography import x509  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # noqa: PLC0415
    from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415
    from pyhanko.sign.general import UnacceptableSignerError  # noqa: PLC0415
    from pyhanko.sign.validation import validate_pdf_signature  # noqa: PLC0415
    from pyhanko.sign.validation.errors import SignatureValidationError  # noqa: PLC0415
    from pyhanko.sign.validation.status import SignatureCoverageLevel  # noqa: PLC0415
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415

    try:
        reader = PdfFileReader(BytesIO(file.read()))
        signatures = reader.embedded_signatures
        if len(signatures) != 1:
            return ("这份 PDF 没有签名。" if not signatures else "这份 PDF 有不止一个签名。"), ""
        certificate = x509.load_der_x509_certificate(signatures[0].signer_cert.dump())
        key = certificate.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint).hex()
        if key != public_key:
            return "不是本平台的签名：签名用的是别的密钥。", ""
        trust = ValidationContext(trust_roots=[signatures[0].signer_cert])
        status = validate_pdf_signature(signatures[0], signer_validation_context=trust)
        if not (status.intact and status.valid) or status.coverage != SignatureCoverageLevel.ENTIRE_FILE:
            return "内容在签名之后被改动。", ""
        return "", str(reader.trailer_view["/Info"].get("/Keywords", ""))
    except (PdfError, SignatureValidationError, UnacceptableSignerError, ValueError, KeyError, TypeError, IndexError):
        return "读不出完整的签名，文件被改动，或不是本平台开具的 PDF。", ""
