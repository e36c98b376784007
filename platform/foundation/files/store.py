"""The object store (S3): files go in checked, and come out by links that soon end."""

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from datetime import timedelta
from io import BytesIO
from pathlib import PurePosixPath
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Any, BinaryIO, Protocol, cast
from urllib.parse import quote

from django.conf import settings

from foundation.errors import NotFound, Unavailable
from foundation.files.checks import Content, check_name, kind_of, refuse
from foundation.files.clients import (
    client_across,
    client_for,
    client_of_store,
    impatient_client,
    signing_across,
    signing_client,
    speaking,
)
from foundation.files.inspection import refuse_active
from foundation.files.scanning import refuse_infected
from foundation.files.told import tell_of_put

if TYPE_CHECKING:
    from minio import Minio

    from foundation.files.models import StoredFile

# endings that keys of pictures and PDFs have
_SHOWN = frozenset((".jpg", ".png", ".gif", ".webp", ".pdf"))
LINK_LASTS = timedelta(minutes=5)
# of an answer that leads to a link: less than the link lives
LINK_KEPT_SECONDS = 60
_IN_MEMORY = 2 * 1024 * 1024
_CHUNK = 1024 * 1024
_ANY_TYPE = "application/octet-stream"
_NOT_REMOVED = "文件存储没有删除这个文件，系统会自动再试。"


class Readable(Protocol):
    """An open file, or an upload: whatever gives its next bytes."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class StoredFacts:
    """What lies in the store now, field by field as a ``StoredFile`` keeps it."""

    key: str
    name: str
    media_type: str
    size: int
    sha256: str
    width: int | None = None
    height: int | None = None
    # width -> key of the smaller copy (keys of JSON are strings)
    renditions: dict[str, str] = field(default_factory=dict)


def store_file(*, folder: str, name: str, content: Readable) -> StoredFacts:
    """Check a file and put it into ``folder`` of the store, under a key made of its digest.

    Documents with anything active in them are refused, and whatever a virus scanner knows, where there is one.
    Pictures are turned upright, freed of metadata and kept in several widths. One file put twice into one folder
    gets one key. Raises Invalid where the file is refused, Unavailable where the store does not answer.
    """
    name = check_name(name)
    with _spooled(content) as file:
        kind = kind_of(file, name)
        ending = kind.endings[0]
        refuse_infected(file)
        if not kind.media_type.startswith("image/"):
            refuse_active(cast("IO[bytes]", file), ending)
            digest, size = _digest(file)
            key = key_of(folder, digest, ending)
            _put(key, file, size, kind.media_type)
            return StoredFacts(key, name, kind.media_type, size, digest)
        from foundation.files.images import make_pictures  # noqa: PLC0415 - only those load it who take a picture in

        pictures = make_pictures(file, kind)
    main = pictures.main
    digest = hashlib.sha256(main.content).hexdigest()
    key = key_of(folder, digest, ending)
    renditions = {str(width): key_of(folder, f"{digest}-{width}", "webp") for width in pictures.copies}
    for width, copy in pictures.copies.items():
        _put(renditions[str(width)], BytesIO(copy.content), len(copy.content), "image/webp")
    _put(key, BytesIO(main.content), len(main.content), kind.media_type)
    return StoredFacts(
        key, name, kind.media_type, len(main.content), digest, main.width, main.height, renditions=renditions
    )


def store_made(*, folder: str, name: str, media_type: str, content: bytes) -> StoredFacts:
    """Put a file that the platform itself has made into ``folder``, under a key made of its digest. Raises
    Unavailable."""
    name = check_name(name)
    digest = hashlib.sha256(content).hexdigest()
    key = key_of(folder, digest, PurePosixPath(name).suffix.lstrip("."))
    _put(key, BytesIO(content), len(content), media_type)
    return StoredFacts(key, name, media_type, len(content), digest)


def put_file(*, key: str, media_type: str, file: BinaryIO, size: int, metadata: dict[str, str] | None = None) -> None:
    """Put a file that the platform itself has written under this key, in place of what lies there. It is there whole or
    not at all. Raises Unavailable."""
    _put(key, file, size, media_type, metadata)


def link_to(key: str, *, download_as: str = "", is_offered: bool = False) -> str:
    """An address at which a browser gets the file for five minutes; to be saved under a name, if one is given. Only
    pictures and PDFs, which were looked into, are ever shown in the browser itself.

    It opens what the hall's key opens in whose schema this is called. ``is_offered``: the caller has made sure that the
    file was offered to others than its owner.
    """
    headers: dict[str, str | list[str] | tuple[str]] = {}
    if download_as:
        headers["response-content-disposition"] = f"attachment; filename*=UTF-8''{quote(download_as)}"
    elif PurePosixPath(key).suffix not in _SHOWN:
        headers["response-content-disposition"] = "attachment"
    client = signing_across() if is_offered else signing_client(key)
    return client.presigned_get_object(settings.S3_BUCKET, key, expires=LINK_LASTS, response_headers=headers or None)


def link_for_readers(file: "StoredFile", width: str, *, is_offered: bool = False) -> str:
    """As ``link_to``: a picture in the copy of that width, where there is one, other files to be saved under their
    name."""
    download_as = "" if file.media_type.startswith("image/") else file.name
    return link_to(file.renditions.get(width, file.key), download_as=download_as, is_offered=is_offered)


def read_file(key: str) -> bytes:
    """The whole file. Raises NotFound, Unavailable."""
    with speaking():
        response = client_for(key, writes=False).get_object(settings.S3_BUCKET, key)
        try:
            return response.data
        finally:
            response.close()
            response.release_conn()


def is_there(key: str) -> bool:
    """Whether the file lies in the store. Raises Unavailable."""
    try:
        with speaking():
            client_for(key, writes=False).stat_object(settings.S3_BUCKET, key)
    except NotFound:
        return False
    return True


def remove_file(key: str) -> None:
    """Take a file out of the store with all that was made of it (copies, pages). What is not there is gone already.
    That no row names it any more, the caller has made sure. Raises Unavailable."""
    stem = str(PurePosixPath(key).with_suffix(""))
    with speaking():
        client = client_for(key, writes=True)
        found = [str(one.object_name) for one in client.list_objects(settings.S3_BUCKET, prefix=stem)]
        # the same bytes under another ending are another file
        _remove(client, [one for one in found if one == key or one.startswith(f"{stem}-")])


def remove_folder(folder: str) -> None:
    """Take everything below a folder out of the store. Raises Unavailable."""
    with speaking():
        client = client_for(f"{folder}/", writes=True)
        found = client.list_objects(settings.S3_BUCKET, prefix=f"{folder}/", recursive=True)
        _remove(client, [str(one.object_name) for one in found])


def _remove(client: "Minio", keys: list[str]) -> None:
    from minio.deleteobjects import DeleteObject  # noqa: PLC0415 - loaded by those alone who speak to the store

    for error in client.remove_objects(settings.S3_BUCKET, [DeleteObject(one) for one in keys]):
        raise Unavailable(_NOT_REMOVED) from RuntimeError(f"{error.code} {error.message}")


def copy_file(key: str, folder: str) -> str:
    """Copy what is offered to others than its owner; returns the new key. No key opens both folders, so the file comes
    through this process, piece by piece. Raises NotFound, Unavailable."""
    new_key = key_of(folder, PurePosixPath(key).stem, PurePosixPath(key).suffix.lstrip("."))
    if new_key == key:
        return key
    with SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
        with speaking():
            response = client_across().get_object(settings.S3_BUCKET, key)
            try:
                for chunk in response.stream(_CHUNK):
                    file.write(chunk)
                media_type = response.headers.get("Content-Type", _ANY_TYPE)
            finally:
                response.close()
                response.release_conn()
        _put(new_key, cast("BinaryIO", file), file.tell(), media_type)
    return new_key


def copy_stored(facts: Mapping[str, Any], folder: str) -> StoredFacts:
    """Copy a file with all its widths to another folder. ``facts``: the fields of a ``StoredFile``, or more."""
    file = StoredFacts(**{one.name: facts[one.name] for one in fields(StoredFacts)})
    renditions = {width: copy_file(key, folder) for width, key in file.renditions.items()}
    return replace(file, key=copy_file(file.key, folder), renditions=renditions)


@dataclass(frozen=True, slots=True)
class FileInStore:
    """A file as it lies in the store."""

    key: str
    media_type: str
    content: bytes


def files_in(folder: str) -> Iterator[FileInStore]:
    """Every file below a folder, one after the other. Raises NotFound where there is no bucket, Unavailable."""
    with speaking():
        client = client_for(f"{folder}/", writes=False)
        for found in client.list_objects(settings.S3_BUCKET, prefix=f"{folder}/", recursive=True):
            response = client.get_object(settings.S3_BUCKET, str(found.object_name))
            try:
                media_type = response.headers.get("Content-Type", _ANY_TYPE)
                yield FileInStore(str(found.object_name), media_type, response.data)
            finally:
                response.close()
                response.release_conn()


def put_back(file: FileInStore) -> None:
    """A file that came out of a store, under the same key. Raises Unavailable."""
    _put(file.key, BytesIO(file.content), len(file.content), file.media_type)


def put_as_owner(file: FileInStore) -> None:
    """As ``put_back``, by who may write in the whole bucket, with this process's own key, and nobody is told: it came
    out of a backup. Raises Unavailable."""
    with speaking():
        content = BytesIO(file.content)
        client_of_store().put_object(
            settings.S3_BUCKET, file.key, content, len(file.content), content_type=file.media_type
        )


@contextmanager
def _spooled(content: Readable) -> Iterator[Content]:
    """The upload on disk (small ones in memory), refused as soon as it is longer than the limit."""
    with SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
        size = 0
        while chunk := content.read(_CHUNK):
            size += len(chunk)
            if size > settings.UPLOAD_LIMIT:
                message = f"文件过大，最多 {settings.UPLOAD_LIMIT // 1024 // 1024} MB。请压缩或拆分后再上传。"
                raise refuse(message)
            file.write(chunk)
        yield file


def _digest(file: Content) -> tuple[str, int]:
    file.seek(0)
    digest = hashlib.sha256()
    size = 0
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


def key_of(folder: str, stem: str, ending: str) -> str:
    """Where a file lies; ``stem``: its digest, or the digest with a width."""
    return f"{folder.strip('/')}/{stem[:2]}/{stem}.{ending}"


def _put(
    key: str, content: BinaryIO | Content, size: int, media_type: str, metadata: dict[str, str] | None = None
) -> None:
    def put() -> None:
        content.seek(0)
        client_for(key, writes=True).put_object(
            settings.S3_BUCKET,
            key,
            content,  # type: ignore[arg-type]
            size,
            content_type=media_type,
            metadata=metadata,  # type: ignore[arg-type]
        )

    with speaking():
        _with_bucket(put)
    # afterwards: who reads of it finds it there
    tell_of_put(key)


def _with_bucket(put: Callable[[], None]) -> None:
    """The first file of all finds no bucket."""
    from minio.error import S3Error  # noqa: PLC0415 - loaded by those alone who speak to the store

    try:
        put()
    except S3Error as error:
        if error.code != "NoSuchBucket":
            raise
        _make_bucket()
        put()


def make_bucket() -> None:
    """The bucket is there afterwards. Raises Unavailable."""
    with speaking():
        _make_bucket()


def _make_bucket() -> None:
    from minio.error import S3Error  # noqa: PLC0415 - see above

    try:
        client_of_store().make_bucket(settings.S3_BUCKET)
    except S3Error as error:
        if error.code not in {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}:
            raise


def seconds_to_answer() -> float:
    """How long the store takes for its smallest answer now. Raises Unavailable where it does not answer within two."""
    began_at = time.perf_counter()
    with speaking():
        prefix = f"{settings.STORE_FOLDERS[0]}/"
        next(iter(impatient_client().list_objects(settings.S3_BUCKET, prefix=prefix)), None)
    return time.perf_counter() - began_at


def has_bucket() -> bool:
    """Raises Unavailable where the store does not answer, or does not take this process's own key."""
    try:
        with speaking():
            # the application may ask for nothing but what lies in its own folders
            prefix = f"{settings.STORE_FOLDERS[0]}/"
            next(iter(client_of_store().list_objects(settings.S3_BUCKET, prefix=prefix)), None)
    except NotFound:
        return False
    return True
