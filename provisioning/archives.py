"""The file that one hall is kept in: a ZIP whose manifest names every part with its size and SHA-256, and is signed:
rows of an archive go into the database as they are, so that only what this platform wrote may be restored.
"""

import base64
import binascii
import hashlib
import hmac
import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.conf import settings

from foundation.crypto import sm4
from foundation.crypto.sm3 import hmac_sm3
from foundation.errors import Invalid
from foundation.zip_faults import ZIP_FAULTS

FORMAT = 2
# what opens the sealed values of its rows; archives of older programs have none
DATA_KEYS = "data_keys.json"
_MANIFEST, _SIGNATURE = "manifest.json", "manifest.hmac-sm3"
_CHUNK = 1024 * 1024
_LONGEST_MANIFEST = 64 * 1024 * 1024


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
    """The last part of all, and its signature."""
    content = json.dumps({"format": FORMAT, **facts, "parts": writer.parts}, ensure_ascii=False, indent=1).encode()
    writer.archive.writestr(_MANIFEST, content)
    writer.archive.writestr(_SIGNATURE, signature_of(content))


def signature_of(manifest: bytes) -> str:
    """HMAC-SM3 (GB/T 15852.2) under a key that follows from BACKUP_KEY, in hexadecimal."""
    key = hmac_sm3(settings.BACKUP_KEY.encode(), b"yizhan archive of a hall")
    return hmac_sm3(key, manifest).hex()


def sealed_keys(hall_id: UUID, keys: dict[UUID, bytes]) -> bytes:
    """A hall's data keys as an archive keeps them: under a key that follows from BACKUP_KEY, so that a server that may
    read the archive can read its values, whatever its own keys are."""
    wrapping = _wrapping_key()
    sealed = {key_id: sm4.seal(wrapping, key, _place(hall_id, key_id)) for key_id, key in keys.items()}
    return json.dumps({key_id.hex: base64.b64encode(one).decode() for key_id, one in sealed.items()}).encode()


def opened_keys(hall_id: UUID, content: bytes) -> dict[UUID, bytes]:
    """The data keys of an archive. Raises Invalid."""
    wrapping = _wrapping_key()
    try:
        sealed = {UUID(hex=name): base64.b64decode(text, validate=True) for name, text in json.loads(content).items()}
        return {key_id: sm4.unseal(wrapping, one, _place(hall_id, key_id)) for key_id, one in sealed.items()}
    except (sm4.Forged, binascii.Error, AttributeError, TypeError, ValueError) as error:
        raise Invalid("备份文件中的数据密钥读不出来，没有恢复任何内容。") from error


def _wrapping_key() -> bytes:
    return hmac_sm3(settings.BACKUP_KEY.encode(), b"yizhan data keys of a hall")[: sm4.KEY_BYTES]


def _place(hall_id: UUID, key_id: UUID) -> bytes:
    return f"data key {key_id} of {hall_id}".encode()


@contextmanager
def reading(path: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """An archive of this platform whose every part was found to be what its manifest says. Raises Invalid otherwise."""
    try:
        archive = zipfile.ZipFile(path)
    except OSError as error:
        message = f"读不到备份文件：{error.strerror or error}。"
        raise Invalid(message) from error
    except ZIP_FAULTS as error:
        raise _damaged() from error
    with archive:
        manifest = _read_manifest(archive)
        for name, facts in manifest.parts.items():
            _check(archive, name, facts)
        yield archive, manifest


def _read_manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        written = _read_short(archive, _MANIFEST)
        if not hmac.compare_digest(_read_short(archive, _SIGNATURE), signature_of(written).encode()):
            raise Invalid(
                "备份文件不是这个平台写的，或者被改动过，没有恢复任何内容。"
                "来自另一台服务器的备份，请先把那台服务器的 BACKUP_KEY 设到这里。"
            )
        content = json.loads(written)
        if content.pop("format") != FORMAT:
            raise Invalid("备份文件的格式与当前程序不符。")
        return Manifest(**content)
    except (KeyError, TypeError) as error:
        raise Invalid("这不是一站服务厅的备份文件。") from error
    except ZIP_FAULTS as error:
        raise _damaged() from error


def _read_short(archive: zipfile.ZipFile, name: str) -> bytes:
    """A part before anything is known of it: no longer than a manifest of many thousand files."""
    with archive.open(name) as part:
        content = part.read(_LONGEST_MANIFEST + 1)
    if len(content) > _LONGEST_MANIFEST:
        raise _damaged()
    return content


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
    except (KeyError, *ZIP_FAULTS) as error:
        raise _damaged() from error
    if digest.hexdigest() != facts["sha256"]:
        raise _damaged()


def _damaged() -> Invalid:
    return Invalid("备份文件已损坏或被改动，校验和不一致，没有恢复任何内容。")
