"""A copy of the whole object store in a folder, by digest, and back.

Nothing is removed from the copy, and a copy that is newer than the rows lacks no file that they name.
``objects/ab/<sha256>`` are contents, ``index.jsonl`` has a line for each key, and a further one when what lies under it
has changed.
"""

import hashlib
import json
import os
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from foundation.backups.folder import appending, sha256_of, whole_lines
from foundation.errors import Invalid, NotFound
from foundation.files.clients import client_of_store, speaking
from foundation.files.store import FileInStore, make_bucket, put_as_owner

_CHUNK = 1024 * 1024
# lines between two writes to the disk
_AT_ONCE = 200
# files that go into the store at once: for each the store works longer than we do
_PUT_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class CopiedFile:
    """What lay under a key at a moment (ISO 8601), by the store's own mark (``etag``) and by digest."""

    key: str
    etag: str
    size: int
    media_type: str
    sha256: str
    at: str


@dataclass(frozen=True, slots=True)
class CopyFigures:
    """How many files the store has, and how many of them came anew."""

    files: int
    copied: int


class ListedFile(NamedTuple):
    """A file of the store, with the store's own mark of what it is."""

    key: str
    etag: str
    size: int


class StoreCopy:
    """By a process that may read the whole bucket."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._index = folder / "index.jsonl"

    def copied(self, *, until: datetime | None = None) -> dict[str, CopiedFile]:
        """By key, the newest that was copied by then."""
        found = {}
        for line in whole_lines(self._index):
            one = CopiedFile(**json.loads(line))
            if until is None or datetime.fromisoformat(one.at) <= until:
                found[one.key] = one
        return found

    def copy_all(self, at: datetime) -> CopyFigures:
        """Every file that was in the store at that moment is in the copy afterwards. It takes as long as the store is
        large. Killed, the next call goes on where it was. Raises Unavailable, NotFound where there is no bucket."""
        known = self._marks()
        fresh = [one.key for one in _listed() if not _is_in(known, one)]
        self.copy_these(fresh, at)
        return CopyFigures(len(known) + sum(_mark(key) not in known for key in fresh), len(fresh))

    def copy_these(self, keys: Sequence[str], at: datetime) -> int:
        """What lies under these keys now is in the copy afterwards, and nothing else is asked for; returns how many
        files came. What was removed since is left out. Killed, the next call goes on. Raises Unavailable."""
        copied = 0
        for first in range(0, len(keys), _AT_ONCE):
            with appending(self._index) as index:
                for key in keys[first : first + _AT_ONCE]:
                    with suppress(NotFound):
                        line = CopiedFile(*self._fetch(key), at.isoformat())
                        index.write(f"{json.dumps(asdict(line), ensure_ascii=False)}\n".encode())
                        copied += 1
        return copied

    def missing(self) -> list[ListedFile]:
        """Every file of the store that is not in the copy as it lies there. Beside others who add to the copy: some of
        them may be in it by the time that this ends (``still_missing``). Raises Unavailable, NotFound."""
        known = self._marks()
        return [one for one in _listed() if not _is_in(known, one)]

    def still_missing(self, files: Sequence[ListedFile]) -> list[ListedFile]:
        """Those of these files that are not in the copy now."""
        if not files:
            return []
        known = self._marks()
        return [one for one in files if not _is_in(known, one)]

    def put_all(self, *, until: datetime) -> CopyFigures:
        """Every file of the copy is in the store afterwards, as it was by then; what is there already stays. Killed,
        the next call goes on. Raises Invalid for a file whose content is not what it was, Unavailable."""
        make_bucket()
        there = {one.key: (one.etag, one.size) for one in _listed()}
        files = self.copied(until=until)
        wanted = [one for one in files.values() if there.get(one.key) != (one.etag, one.size)]
        with ThreadPoolExecutor(_PUT_AT_ONCE) as threads:
            for first in range(0, len(wanted), _AT_ONCE):
                for _ in threads.map(self._put, wanted[first : first + _AT_ONCE]):
                    pass
        return CopyFigures(len(files), len(wanted))

    def damaged(self, keys: Collection[str] | None = None) -> list[str]:
        """Of these keys, or of all, those whose content is missing in the copy or not what it was."""
        files = self.copied()
        wanted = files if keys is None else keys
        return [key for key in wanted if key not in files or not self._is_right(files[key])]

    def _marks(self) -> dict[bytes, bytes]:
        """What is known of each key that was copied, by digests: a province has millions of files, and this is made
        whenever the store is listed."""
        found = {}
        for line in whole_lines(self._index):
            one = json.loads(line)
            found[_mark(one["key"])] = _mark(one["etag"], one["size"])
        return found

    def _is_right(self, file: CopiedFile) -> bool:
        path = self._path(file.sha256)
        return path.exists() and sha256_of(path) == file.sha256

    def _put(self, file: CopiedFile) -> None:
        put_as_owner(FileInStore(file.key, file.media_type, self._content(file)))

    def _content(self, file: CopiedFile) -> bytes:
        path = self._path(file.sha256)
        content = path.read_bytes() if path.exists() else b""
        if hashlib.sha256(content).hexdigest() != file.sha256:
            message = f"备份中的文件 {file.key} 缺失或已损坏，恢复停在这里。"
            raise Invalid(message)
        return content

    def _path(self, sha256: str) -> Path:
        return self._folder / "objects" / sha256[:2] / sha256

    def _fetch(self, key: str) -> tuple[str, str, int, str, str]:
        """Key, the store's mark, size, media type and digest."""
        draft = self._folder / f"draft.{os.getpid()}"
        digest = hashlib.sha256()
        with speaking():
            response = client_of_store().get_object(settings.S3_BUCKET, key)
            try:
                with draft.open("wb") as file:
                    for chunk in response.stream(_CHUNK):
                        digest.update(chunk)
                        file.write(chunk)
                    file.flush()
                    os.fsync(file.fileno())
                    size = file.tell()
                media_type = response.headers.get("Content-Type", "application/octet-stream")
                etag = response.headers.get("ETag", "").strip('"')
            finally:
                response.close()
                response.release_conn()
        path = self._path(digest.hexdigest())
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.replace(path)
        return key, etag, size, media_type, digest.hexdigest()


def _listed() -> Iterator[ListedFile]:
    with speaking():
        for one in client_of_store().list_objects(settings.S3_BUCKET, recursive=True):
            yield ListedFile(str(one.object_name), str(one.etag), int(one.size or 0))


def _is_in(known: dict[bytes, bytes], file: ListedFile) -> bool:
    return known.get(_mark(file.key)) == _mark(file.etag, file.size)


def _mark(*facts: object) -> bytes:
    return hashlib.blake2b("\n".join(map(str, facts)).encode(), digest_size=16).digest()
