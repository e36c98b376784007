"""The folder in which backups lie, and what may be believed of it.

base/<id>/        the database's files, as pg_basebackup writes them: whole, or what changed since another one
base/<id>.json    what it is (``Base``); base/<id>.sig: its signature
wal/              what the database has written since, as pg_receivewal writes it
wal.gap           there while some of it is missing since the newest backup
files/            the object store's files by digest (foundation/backups/copies.py)
keys/<id>.cms     the keys, sealed (foundation/backups/sealing.py)
moments/          moments that can be brought back, signed (foundation/backups/moments.py)
origin.json       of which database all of this is
"""

import fcntl
import hashlib
import hmac
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from foundation.errors import Conflict, Invalid

type Sign = Callable[[bytes], str]

_TAIL = 4096


@dataclass(frozen=True, slots=True)
class Base:
    """One backup of the database's files. ``parent``: the one that it says the changes since, or "" for a whole one;
    times as ISO 8601; ``manifest_sha256``: of PostgreSQL's own manifest, which has the digest of every file;
    ``keys_sha256``: of the sealed keys, and ``keys_mark`` a keyed digest of what is in them."""

    id: str
    parent: str
    began_at: str
    ended_at: str
    manifest_sha256: str
    keys_sha256: str = ""
    keys_mark: str = ""


class BackupFolder:
    """``sign``: the signature of some bytes, under a key that a writer of the folder does not have."""

    def __init__(self, path: Path, sign: Sign) -> None:
        self.path, self.sign = path, sign
        self.wal, self.files = path / "wal", path / "files"

    def prepare(self, origin: str) -> None:
        """The folder is there and belongs to this database afterwards; closed to others. Raises Conflict where it is
        another one's, or that of this database before it was brought back from a backup."""
        for one in (self.path, self.path / "base", self.path / "keys", self.wal, self.files):
            one.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = self.path / "origin.json"
        if not file.exists():
            write_whole(file, json.dumps({"origin": origin}).encode())
        elif json.loads(file.read_bytes())["origin"] != origin:
            message = f"备份目录 {self.path} 属于另一个数据库，或者是这个数据库恢复之前的备份。请换一个空目录。"
            raise Conflict(message)

    @contextmanager
    def alone(self, what: str, *, waits: bool = False) -> Iterator[None]:
        """Of two at once the second waits, or is refused with Conflict; the lock ends with its process."""
        with (self.path / f"{what}.lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX if waits else fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Conflict("另一个备份正在进行，请等它结束。") from error
            yield

    # -- WAL that never came
    @property
    def has_gap(self) -> bool:
        """Whether the WAL since the newest backup of the database is not all here, and never will be."""
        return self._gap.exists()

    def note_gap(self) -> None:
        write_whole(self._gap, b"")

    def forget_gap(self) -> None:
        self._gap.unlink(missing_ok=True)

    @property
    def _gap(self) -> Path:
        return self.path / "wal.gap"

    # -- the database's files
    def base_path(self, base_id: str) -> Path:
        return self.path / "base" / base_id

    def keys_path(self, base_id: str) -> Path:
        return self.path / "keys" / f"{base_id}.cms"

    def bases(self) -> list[Base]:
        """Every finished one, the oldest first. Raises Invalid for one that another hand wrote or changed."""
        found = []
        for file in sorted((self.path / "base").glob("*.json")):
            content = file.read_bytes()
            signature = file.with_suffix(".sig")
            if not signature.exists() or not hmac.compare_digest(signature.read_text(), self.sign(content)):
                message = f"备份记录 {file.name} 不是这个平台写的，或者被改动过。来自另一台服务器的备份需要那里的密钥。"
                raise Invalid(message)
            found.append(Base(**json.loads(content)))
        return found

    def chain_of(self, base: Base) -> list[Base]:
        """The whole one that it goes back to, and each that follows, with itself at the end. Raises Invalid where one
        is missing."""
        known = {one.id: one for one in self.bases()}
        chain = [base]
        while parent := chain[0].parent:
            if parent not in known:
                message = f"增量备份 {base.id} 缺少它所依据的 {parent}。"
                raise Invalid(message)
            chain.insert(0, known[parent])
        return chain

    def add_base(self, base: Base) -> None:
        """From now on it counts. The signature is written first: killed between, there is no base yet."""
        content = json.dumps(asdict(base)).encode()
        file = self.path / "base" / f"{base.id}.json"
        write_whole(file.with_suffix(".sig"), self.sign(content).encode())
        write_whole(file, content)

    def remove_base(self, base: Base) -> None:
        (self.path / "base" / f"{base.id}.json").unlink()
        (self.path / "base" / f"{base.id}.sig").unlink(missing_ok=True)
        self.keys_path(base.id).unlink(missing_ok=True)
        shutil.rmtree(self.base_path(base.id))

    def remove_drafts(self) -> None:
        """What was being written when its writer was killed."""
        known = {one.id for one in self.bases()}
        for one in (self.path / "base").iterdir():
            if one.is_dir() and one.name not in known:
                shutil.rmtree(one)


def write_whole(path: Path, content: bytes) -> None:
    """The file is there whole, on the disk, or not at all; closed to others."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def appending(path: Path) -> Iterator[IO[bytes]]:
    """A file to append lines to; they are on the disk at the end. Of a line that a killed writer had begun nothing
    stays."""
    if path.exists():
        _cut_off_half_a_line(path)
    with path.open("ab") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def _cut_off_half_a_line(path: Path) -> None:
    """It reads the end alone: a list of files may have a gigabyte."""
    end = size = path.stat().st_size
    with path.open("rb") as file:
        while end:
            begin = max(0, end - _TAIL)
            file.seek(begin)
            newline = file.read(end - begin).rfind(b"\n")
            if newline >= 0:
                end = begin + newline + 1
                break
            end = begin
    if end < size:
        os.truncate(path, end)


def whole_lines(path: Path) -> Iterator[str]:
    """Every line that was written to its end."""
    if path.exists():
        with path.open(encoding="utf-8") as file:
            for line in file:
                if line.endswith("\n"):
                    yield line.rstrip("\n")
