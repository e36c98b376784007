"""Moments that can be brought back, each with a signed record of what it stands on: the WAL and the list of files, by
digest. A writer of the folder can neither change nor exchange any of it without being named.

``moments/<base id>.jsonl``: the moments since that backup of the database, a line each: signature, then the record,
which has the digest of the line before it.
"""

import hashlib
import hmac
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from foundation.backups.database import first_segment
from foundation.backups.folder import Base, Sign, appending, sha256_of, whole_lines
from foundation.errors import Invalid

_CHUNK: Final = 1024 * 1024
_NAME: Final = 24


@dataclass(frozen=True, slots=True)
class Moment:
    """What was in the folder at that moment (ISO 8601).

    ``segment``, ``offset``, ``sha256``: the WAL that was being written, and the digest of its first ``offset`` bytes.
    ``finished``: digests of segments that were finished since the record before, the last of all of them being
    ``finished_to``; ``histories``: of all files that say whence a timeline comes. ``files_size``, ``files_sha256``: of
    the list of files; the digest is made of the one before it and the bytes since. ``before``: digest of the line
    before, or "".
    """

    at: str
    segment: str
    offset: int
    sha256: str
    finished: dict[str, str]
    finished_to: str
    histories: dict[str, str]
    files_size: int
    files_sha256: str
    before: str
    # where the record of the WAL ends that was written for this moment; "" where it was noted by an earlier release
    lsn: str = ""

    @property
    def time(self) -> datetime:
        return datetime.fromisoformat(self.at)


class WalPosition(NamedTuple):
    """Where a record of the WAL ends: by PostgreSQL's own number, and as a byte of a segment."""

    lsn: str
    segment: str
    offset: int


class Moments:
    """Those of a folder with this WAL and this list of files. ``sign``: as of the folder."""

    def __init__(self, path: Path, sign: Sign, *, wal: Path, index: Path) -> None:
        self._path, self._sign, self._wal, self._index = path, sign, wal, index

    def add(self, base: Base, base_path: Path, at: datetime, position: WalPosition) -> None:
        """Sign that everything up to ``at`` is here: the WAL up to ``position``, and the files that are listed by now.
        ``base``: the newest backup. Raises Invalid for a changed record."""
        self._path.mkdir(mode=0o700, exist_ok=True)
        file = self._path / f"{base.id}.jsonl"
        line, last = self._newest() or ("", None)
        since = list(self._read(file))
        if last:
            self._check_newest(last, files=not since)
        lsn, segment, offset = position
        # the first of a backup lists all that the backup needs: what came before may be forgotten
        first = "" if since else first_segment(base_path)
        signed = {} if since else self._signed()
        known = last.finished_to if last else ""
        there = sorted(one.name for one in self._wal.iterdir() if len(one.name) == _NAME)
        finished = [name for name in there if name > known or (first and name >= first)]
        size = self._index.stat().st_size if self._index.exists() else 0
        record = Moment(
            at.isoformat(),
            segment,
            offset,
            self._digest_of_wal(segment, end=offset),
            {name: signed.get(name) or sha256_of(self._wal / name) for name in finished},
            max([known, *finished]),
            {one.name: sha256_of(one) for one in sorted(self._wal.glob("*.history"))},
            size,
            self._digest_of_files(since[-1][1] if since else None, size),
            hashlib.sha256(line.encode()).hexdigest() if line else "",
            lsn,
        )
        content = json.dumps(asdict(record))
        with appending(file) as out:
            out.write(f"{self._sign(content.encode())} {content}\n".encode())

    def newest(self) -> Moment | None:
        """The one that was noted last. Raises Invalid for a changed record."""
        found = self._newest()
        return found[1] if found else None

    def times(self) -> list[datetime]:
        """The oldest first. Raises Invalid where a record was changed or taken out."""
        return [one.time for one in self._all()]

    def needed(self, at: datetime) -> Moment:
        """The first one that everything up to ``at`` stands on; there must be one."""
        return next(one for one in self._all() if one.time >= at)

    def check(self, base_path: Path, at: datetime) -> None:
        """The WAL from that backup up to the moment, and the list of files, are what was signed. Raises Invalid, which
        names what is missing, changed or exchanged."""
        for _ in self._wanted(base_path, at):
            pass
        self._check_files(at)

    def put_wal(self, base_path: Path, at: datetime, into: Path) -> None:
        """Copy what ``check`` looks at, and nothing else of what lies there, into a folder. Raises Invalid."""
        for name, end, sha256 in self._wanted(base_path, at):
            copy = into / name
            with self._opened(name) as source, copy.open("wb") as out:
                size = os.fstat(source.fileno()).st_size
                left = size if end is None else end
                while left and (chunk := source.read(min(_CHUNK, left))):
                    out.write(chunk)
                    left -= len(chunk)
                # the server takes whole segments alone; what was written after the moment stays behind
                out.truncate(size)
            with copy.open("rb") as file:
                if _digest(file, end=end) != sha256:
                    raise _changed(name)

    def forget_before(self, base: Base) -> None:
        """Remove the records that belong to backups before this one."""
        for file in self._path.glob("*.jsonl"):
            if file.stem < base.id:
                file.unlink()

    def _wanted(self, base_path: Path, at: datetime) -> Iterator[tuple[str, int | None, str]]:
        """Each file's name, how much of it is meant (None: all) and its digest. Raises Invalid for one that differs."""
        first, last = first_segment(base_path), self.needed(at)
        wanted: list[tuple[str, int | None, str]] = [
            (name, None, sha256)
            for name, sha256 in sorted((self._signed() | last.histories).items())
            if name in last.histories or first <= name < last.segment
        ]
        wanted.append((last.segment, last.offset, last.sha256))
        for name, end, sha256 in wanted:
            try:
                is_signed = self._digest_of_wal(name, end=end) == sha256
            except FileNotFoundError:
                is_signed = False
            if not is_signed:
                raise _changed(name)
            yield name, end, sha256

    def _check_newest(self, last: Moment, *, files: bool) -> None:
        """What was signed last is still as it was: nothing changed is signed anew. Raises Invalid."""
        with suppress(FileNotFoundError):
            if self._digest_of_wal(last.segment, end=last.offset) != last.sha256:
                raise _changed(last.segment)
        if files:
            self._check_files(last.time)

    def _check_files(self, at: datetime) -> None:
        """The list of files is the one that the records of that moment's backup tell of. Raises Invalid."""
        wanted = self.needed(at)
        for file in self._files():
            before: Moment | None = None
            for _, one in self._read(file):
                if self._digest_of_files(before, one.files_size) != one.files_sha256:
                    message = f"备份的文件清单 {self._index.name} 被改动过，没有恢复任何内容。"
                    raise Invalid(message)
                before = one
                if one == wanted:
                    return

    def _signed(self) -> dict[str, str]:
        """Digests of all finished segments, as each was signed first."""
        signed: dict[str, str] = {}
        for one in self._all():
            signed = one.finished | signed
        return signed

    def _digest_of_files(self, before: Moment | None, size: int) -> str:
        """Of the list's first ``size`` bytes: its own, or made of that of the moment before and what came since."""
        begin, after = (before.files_size, before.files_sha256) if before else (0, "")
        if begin == size:
            return after
        with self._index.open("rb") as file:
            return _digest(file, begin=begin, end=size, after=after)

    def _digest_of_wal(self, name: str, *, end: int | None) -> str:
        """Raises FileNotFoundError."""
        with self._opened(name) as file:
            return _digest(file, end=end)

    def _opened(self, name: str) -> BinaryIO:
        """A file of the WAL, finished or being written. Raises FileNotFoundError."""
        for one in (name, f"{name}.partial"):
            with suppress(FileNotFoundError):
                return (self._wal / one).open("rb")
        # it was finished, and so renamed, between the two looks
        return (self._wal / name).open("rb")

    def _files(self) -> list[Path]:
        return sorted(self._path.glob("*.jsonl"))

    def _newest(self) -> tuple[str, Moment] | None:
        files = self._files()
        found = list(self._read(files[-1])) if files else []
        return found[-1] if found else None

    def _all(self) -> Iterator[Moment]:
        """Each signed, and each after the very one that was before it when it was written."""
        before = ""
        for file in self._files():
            for line, one in self._read(file):
                if before and one.before != hashlib.sha256(before.encode()).hexdigest():
                    message = f"备份时刻 {one.at} 之前的记录被改动或删去了（{file.name}）。"
                    raise Invalid(message)
                before = line
                yield one

    def _read(self, file: Path) -> Iterator[tuple[str, Moment]]:
        for number, line in enumerate(whole_lines(file), 1):
            signature, _, content = line.partition(" ")
            if not hmac.compare_digest(signature, self._sign(content.encode())):
                message = f"备份时刻的记录 {file.name} 第 {number} 行不是这个平台写的，或者被改动过。"
                raise Invalid(message)
            yield line, Moment(**json.loads(content))


def _digest(file: BinaryIO, *, begin: int = 0, end: int | None = None, after: str = "") -> str:
    """SHA-256 of ``after`` and these bytes of the file, in hexadecimal."""
    digest = hashlib.sha256(after.encode())
    file.seek(begin)
    left = (os.fstat(file.fileno()).st_size if end is None else end) - begin
    while left > 0 and (chunk := file.read(min(_CHUNK, left))):
        digest.update(chunk)
        left -= len(chunk)
    return digest.hexdigest()


def _changed(name: str) -> Invalid:
    return Invalid(f"预写日志 {name} 缺失，或者被改动、换过，没有恢复任何内容。")
