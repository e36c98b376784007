"""The audit as a file: a record a line in JSON, between a header and a signature over all that stands before it.

It can be checked where there is no database; wholly where AUDIT_KEY is the same, else its chain and its signatures.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from cryptography.hazmat.primitives import hashes
from django.utils import timezone

from foundation.crypto.sm2 import is_signed
from foundation.errors import Invalid
from province.audit.queries.keys import audit_keys
from province.audit.queries.records import Record
from province.audit.queries.verification import AuditFault, AuditReport, verify

FORMAT = 1
_LONGEST_LINE = 4 * 1024 * 1024


def write_export(into: IO[bytes], records: Iterable[Record], *, chain_id: str = "", name: str = "") -> int:
    """Write the file; returns its number of records. ``chain_id`` and ``name``: of the one hall it is about."""
    keys = audit_keys()
    digest = hashes.Hash(hashes.SM3())
    count = 0

    def write(kind: str, facts: dict[str, Any]) -> None:
        line = json.dumps({"kind": kind} | facts, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        digest.update(line)
        into.write(line)

    header = {"format": FORMAT, "chain_id": chain_id, "name": name, "written_at": timezone.now().isoformat()}
    write("header", header | {"key_id": keys.id, "public_key": keys.signing.public.hex()})
    for kind, facts in records:
        write(kind, facts)
        count += 1
    signature = keys.signing.sign(digest.finalize()).hex()
    into.write(json.dumps({"kind": "signature", "records": count, "signature": signature}).encode() + b"\n")
    return count


@dataclass(frozen=True, slots=True)
class FileReport:
    """What a file's check found. ``public_key``: whose signatures counted; ``is_key_known``: it is this machine's own,
    or was named by the person who asked."""

    report: AuditReport
    name: str
    written_at: str
    public_key: str
    is_key_known: bool


def verify_file(path: Path, *, public_key: str = "") -> FileReport:
    """Raises Invalid for what is no such file. ``public_key``: whose signatures count, where this machine has another
    AUDIT_KEY than the one that wrote the file; without it the key that the file names is taken."""
    with path.open("rb") as file:
        lines = _Lines(file)
        header = lines.header()
        own = audit_keys()
        keys = own if header.get("key_id") == own.id else None
        trusted = public_key.lower() or (own.signing.public.hex() if keys else str(header.get("public_key", "")))
        report = verify(lines.records(), keys=keys, public_key=trusted, is_whole=not header.get("chain_id"))
        report.faults.extend(lines.faults(trusted))
    return FileReport(
        report,
        str(header.get("name", "")),
        str(header.get("written_at", "")),
        trusted,
        is_key_known=bool(keys or public_key),
    )


class _Lines:
    """Reads on, and takes the digest of all lines but the last."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._digest = hashes.Hash(hashes.SM3())
        self._count = 0
        self._unread: list[AuditFault] = []
        self._signature: dict[str, Any] | None = None

    def header(self) -> dict[str, Any]:
        line = self._file.readline(_LONGEST_LINE)
        self._digest.update(line)
        header = _parsed(line)
        if header is None or header.get("kind") != "header":
            raise Invalid("这不是审计导出文件。")
        if header.get("format") != FORMAT:
            raise Invalid("审计导出文件的格式与当前程序不符，请用写出它的版本核对。")
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
                self._unread.append(AuditFault(f"第 {number} 行在签名之后：它是后来添加的"))
            self._digest.update(line)
            self._count += 1
            if record is None:
                self._unread.append(AuditFault(f"第 {number} 行读不出来：文件已损坏或被改动"))
            else:
                yield str(record.pop("kind", "")), record

    def faults(self, public_key: str) -> list[AuditFault]:
        """What is wrong with the file as such, once all has been read."""
        found = list(self._unread)
        signature = self._signature
        if signature is None:
            found.append(AuditFault("文件末尾没有签名：文件不完整"))
        elif signature.get("records") != self._count or not _is_signed(
            public_key, self._digest.finalize(), str(signature.get("signature"))
        ):
            found.append(AuditFault("文件的签名不对：文件在写出之后被改动，或不是由本平台写出的"))
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
