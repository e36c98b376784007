"""The file that one hall is kept in: a ZIP whose manifest names every part with its size and SHA-256."""

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from foundation.errors import Invalid

FORMAT = 1
_MANIFEST = "manifest.json"
_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Manifest:
    """``migrations``: what the tables look like. ``parts``: name -> {"sha256", "size"}."""

    kind: str
    migrations: list[str]
    # table -> its columns in the order of the rows
    tables: dict[str, list[str]]
    # part -> key and media type in the object store
    files: dict[str, list[str]]
    parts: dict[str, dict[str, Any]]


@dataclass(slots=True)
class ArchiveWriter:
    archive: zipfile.ZipFile
    parts: dict[str, dict[str, Any]] = field(default_factory=dict)

    @contextmanager
    def part(self, name: str) -> Iterator["DigestingFile"]:
        """A part to write into; its checksum is taken on the way."""
        with self.archive.open(name, "w", force_zip64=True) as file:
            digesting = DigestingFile(file)
            yield digesting
        self.parts[name] = {"sha256": digesting.sha256.hexdigest(), "size": digesting.size}


class DigestingFile:
    """Passes on what is written, and remembers its digest."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.sha256 = hashlib.sha256()
        self.size = 0

    def write(self, content: bytes) -> int:
        self.sha256.update(content)
        self.size += len(content)
        return self._file.write(content)


@contextmanager
def writing(path: Path) -> Iterator[ArchiveWriter]:
    """A new archive at ``path``: whole, or not there at all."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with draft.open("wb") as file:
            draft.chmod(0o600)
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
                yield ArchiveWriter(archive)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def write_manifest(writer: ArchiveWriter, **facts: Any) -> None:
    """The last part of all."""
    content = {"format": FORMAT, **facts, "parts": writer.parts}
    writer.archive.writestr(_MANIFEST, json.dumps(content, ensure_ascii=False, indent=1))


@contextmanager
def reading(path: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """An archive whose every part was found to be what the manifest says. Raises Invalid otherwise."""
    try:
        archive = zipfile.ZipFile(path)
    except OSError as error:
        message = f"读不到备份文件：{error.strerror or error}。"
        raise Invalid(message) from error
    except zipfile.BadZipFile as error:
        raise _damaged() from error
    with archive:
        manifest = _read_manifest(archive)
        for name, facts in manifest.parts.items():
            _check(archive, name, facts)
        yield archive, manifest


def _read_manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        content = json.loads(archive.read(_MANIFEST))
        if content.pop("format") != FORMAT:
            raise Invalid("备份文件的格式与当前程序不符。")
        return Manifest(**content)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise _damaged() from error
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid("这不是一站服务厅的备份文件。") from error


def _check(archive: zipfile.ZipFile, name: str, facts: dict[str, Any]) -> None:
    digest = hashlib.sha256()
    size = 0
    try:
        with archive.open(name) as part:
            # no further than the manifest says: what is longer is not read into memory or onto the disk
            while chunk := part.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
                if size > facts["size"]:
                    raise _damaged()
    except (KeyError, zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise _damaged() from error
    if digest.hexdigest() != facts["sha256"]:
        raise _damaged()


def _damaged() -> Invalid:
    return Invalid("备份文件已损坏或被改动，校验和不一致，没有恢复任何内容。")
