"""The audit as a file: a record a line in JSON, between a header and a signature over all that stands before it.

It can be checked where there is no database; wholly where AUDIT_KEY is the same, else its chain and its signatures.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from province.audit.queries.keys import audit_keys
from province.audit.queries.records import Record
from province.audit.queries.signed_lines import SignedLines, write_signed_lines
from province.audit.queries.verification import AuditFault, AuditReport, verify


def write_export(into: IO[bytes], records: Iterable[Record], *, chain_id: str = "", name: str = "") -> int:
    """Write the file; returns its number of records. ``chain_id`` and ``name``: of the one hall it is about."""
    return write_signed_lines(into, {"chain_id": chain_id, "name": name}, records)


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
        lines = SignedLines(file, what="审计导出文件", has="chain_id")
        header, own = lines.header, audit_keys()
        keys = own if header.get("key_id") == own.id else None
        trusted = public_key.lower() or (own.signing.public.hex() if keys else str(header.get("public_key", "")))
        report = verify(lines.records(), keys=keys, public_key=trusted, is_whole=not header.get("chain_id"))
        report.faults.extend(map(AuditFault, lines.faults(trusted)))
    return FileReport(
        report,
        str(header.get("name", "")),
        str(header.get("written_at", "")),
        trusted,
        is_key_known=bool(keys or public_key),
    )
