"""Files of JSON, a record a line, between a header and a signature of this platform over all that stands before it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any, Final

from cryptography.hazmat.primitives import hashes
from django.utils import timezone

from foundation.crypto.sm2 import is_signed
from foundation.errors import Invalid
from province.audit.queries.keys import audit_keys
from province.audit.queries.records import Record

FORMAT: Final = 1
_LONGEST_LINE: Final = 4 * 1024 * 1024


def write_signed_lines(into: IO[bytes], header: Mapping[str, Any], records: Iterable[Record]) -> int:
    """Write the file; returns its number of records. ``header``: what it is about."""
    keys = audit_keys()
    digest = hashes.Hash(hashes.SM3())
    count = 0

    def write(kind: str, facts: Mapping[str, Any]) -> None:
        line = json.dumps({"kind": kind, **facts}, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        digest.update(line)
        into.write(line)

    written = {"format": FORMAT, **header, "written_at": timezone.now().isoformat()}
    write("header", written | {"key_id": keys.id, "public_key": keys.signing.public.hex()})
    for kind, facts in records:
        write(kind, facts)
        count += 1
    signature = keys.signing.sign(digest.finalize()).hex()
    into.write(json.dumps({"kind": "signature", "records": count, "signature": signature}).encode() + b"\n")
    return count


class SignedLines:
    """Such a file, open to be read: first its header, then its records, at last what is wrong with it as a file.

    ``what``: what people call it; ``has``: what only its header has. Raises Invalid for another kind of file.
    """

    def __init__(self, file: IO[bytes], *, what: str, has: str) -> None:
        self._file = file
        self._digest = hashes.Hash(hashes.SM3())
        self._count = 0
        self._unread: list[str] = []
        self._signature: dict[str, Any] | None = None
        self.header: Mapping[str, Any] = self._header(what, has)

    def _header(self, what: str, has: str) -> Mapping[str, Any]:
        line = self._file.readline(_LONGEST_LINE)
        self._digest.update(line)
        header = _parsed(line)
        if header is None or header.get("kind") != "header" or has not in header:
            message = f"这不是{what}。"
            raise Invalid(message)
        if header.get("format") != FORMAT:
            message = f"{what}的格式与当前程序不符，请用写出它的版本核对。"
            raise Invalid(message)
        return header

    def records(self) -> Iterator[Record]:
        number = 1
        while line := self._file.readline(_LONGEST_LINE):
            number += 1
            record = _parsed(line)
            if record is not None and record.get("kind") == "signature" and self._signature is None:
                self._signature = record
                continue
            if self._signature is not None:
                self._unread.append(f"第 {number} 行在签名之后：它是后来添加的")
            self._digest.update(line)
            self._count += 1
            if record is None:
                self._unread.append(f"第 {number} 行读不出来：文件已损坏或被改动")
            else:
                yield str(record.pop("kind", "")), record

    def faults(self, public_key: str) -> list[str]:
        """What is wrong with the file as such, once all has been read."""
        found = list(self._unread)
        signature = self._signature
        if signature is None:
            found.append("文件末尾没有签名：文件不完整")
        elif signature.get("records") != self._count or not _is_signed(
            public_key, self._digest.finalize(), str(signature.get("signature"))
        ):
            found.append("文件的签名不对：文件在写出之后被改动，或不是由本平台写出的")
        return found


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _is_signed(public_key: str, content: bytes, signature: str) -> bool:
    try:
        return is_signed(bytes.fromhex(public_key), content, bytes.fromhex(signature))
    except ValueError:
        return False
