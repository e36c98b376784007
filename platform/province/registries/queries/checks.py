"""What the pages answer on which anybody checks a document."""

import hashlib
from dataclasses import dataclass
from typing import Final

from foundation.files.store import Readable
from province.registries.queries.documents import CheckedDocument, document_with_code, document_with_digest

LARGEST: Final = 30 * 1024 * 1024
_CHUNK: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class DocumentCheck:
    """``document``: None where there is none; ``is_by_file``: whether the file itself was brought; ``fault``: why
    nothing can be said of it."""

    document: CheckedDocument | None
    is_by_file: bool
    fault: str = ""


def check_code(code: str) -> DocumentCheck:
    """By what stands on the paper."""
    return DocumentCheck(document_with_code(code), is_by_file=False)


def check_file(file: Readable | None) -> DocumentCheck:
    """By the PDF itself: its digest is compared, nothing of it is read or kept."""
    if file is None:
        return DocumentCheck(None, is_by_file=True, fault="请先选择一份 PDF 文书。")
    digest, size = hashlib.sha256(), 0
    while chunk := file.read(_CHUNK):
        size += len(chunk)
        if size > LARGEST:
            return DocumentCheck(None, is_by_file=True, fault="文件太大，不是本平台制发的文书。")
        digest.update(chunk)
    return DocumentCheck(document_with_digest(digest.hexdigest()), is_by_file=True)
