"""Clients of the object store, each with the key that ``keys`` chooses, and how its errors are told."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache, lru_cache
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import redis
import structlog
from django.conf import settings
from django.core.cache import cache as shared

from foundation.errors import DomainError, NotFound, Unavailable
from foundation.files.keys import FolderKey, key_across, key_for, own_key
from foundation.schemas import PUBLIC, current_schema

# the client is loaded by those alone who speak to the store: it brings ciphers and a web client of its own
if TYPE_CHECKING:
    from minio import Minio
    from minio.error import S3Error
    from urllib3 import PoolManager

# seconds that a call waits for its turn
_PATIENCE = 2
_MOST_CLIENTS: Final = 512
_UNKNOWN_KEY: Final = {"InvalidAccessKeyId", "SignatureDoesNotMatch"}
# S3 answers a forbidden HEAD without a body, which the client calls by its status
_DENIED: Final = {"AccessDenied", "Forbidden"}
_NOTED: Final = "files.unknown_keys"
_MOST_NOTED, _NOTED_SECONDS = 50, 24 * 3600

log = structlog.get_logger(__name__)


def client_of_store() -> "Minio":
    """With this process's own key."""
    return _connect(settings.S3_ENDPOINT, own_key())


def client_for(path: str, *, writes: bool) -> "Minio":
    """With the key that opens this path of the bucket to who works now (``keys.key_for``)."""
    return _connect(settings.S3_ENDPOINT, key_for(path, writes=writes))


def client_across() -> "Minio":
    """Reads what is offered to others than its owner, and can do nothing else."""
    return _connect(settings.S3_ENDPOINT, key_across())


def signing_client(path: str) -> "Minio":
    """As ``client_for``, to sign links for the address that browsers use. It knows the region, and so never speaks to
    the store."""
    return _connect(settings.S3_PUBLIC_ENDPOINT, key_for(path, writes=False))


def signing_across() -> "Minio":
    """As ``signing_client``, for what is offered to others than its owner."""
    return _connect(settings.S3_PUBLIC_ENDPOINT, key_across())


def knows_key(folder: str, key: FolderKey) -> bool:
    """Whether the store lets somebody with this key into the folder. Raises Unavailable where it does not answer."""
    from minio.error import S3Error  # noqa: PLC0415 - see above

    with speaking():
        try:
            listed = _connect(settings.S3_ENDPOINT, key).list_objects(settings.S3_BUCKET, prefix=f"{folder}/")
            next(iter(listed), None)
        except S3Error as error:
            if error.code in _UNKNOWN_KEY | _DENIED:
                return False
            raise
    return True


def knows_reading_key() -> bool:
    """Whether the store takes the key that reads what is offered across folders. Raises Unavailable."""
    from minio.error import S3Error  # noqa: PLC0415 - see above

    with speaking():
        try:
            return client_across().bucket_exists(settings.S3_BUCKET)
        except S3Error as error:
            if error.code in _UNKNOWN_KEY | _DENIED:
                return False
            raise


def schemas_with_unknown_keys() -> list[str]:
    """Schemas for which the store refused the key within the last day; it may take it by now."""
    with suppress(redis.RedisError):
        return list(shared.get(_NOTED, []))
    return []


@contextmanager
def speaking() -> Iterator[None]:
    """Turns the store's own errors into ours. A few at once speak to it: one that hangs must not hold every thread."""
    from minio.error import MinioException, S3Error  # noqa: PLC0415 - see above
    from urllib3.exceptions import HTTPError  # noqa: PLC0415 - see above

    calls = _calls()
    if not calls.acquire(timeout=_PATIENCE):
        raise _unavailable(TimeoutError("all calls wait for the store"))
    try:
        yield
    except S3Error as error:
        raise _refused(error) from error
    except (MinioException, HTTPError, OSError) as error:
        raise _unavailable(error) from error
    finally:
        calls.release()


@cache
def _calls() -> BoundedSemaphore:
    return BoundedSemaphore(settings.STORE_CALLS_AT_ONCE)


def _refused(error: "S3Error") -> DomainError:
    if error.code in {"NoSuchKey", "NoSuchBucket", "ResourceNotFound"}:
        return NotFound("文件已不在存储中。")
    schema = current_schema()
    if schema != PUBLIC and error.code in _DENIED:
        # a hall's key for what is not the hall's: a fault of ours, which the store has stopped
        log.error("store_refused", schema=schema, resource=error.resource)
        return NotFound("没有找到这个文件。")
    if schema != PUBLIC and error.code in _UNKNOWN_KEY:
        log.error("store_key_unknown", schema=schema)
        _note(schema)
        return Unavailable(
            "文件存储不认识本厅的访问密钥，现在不能上传或读取文件。请联系系统管理员，用 yizhan doctor 查看怎样恢复。"
        )
    return _unavailable(error)


def _note(schema: str) -> None:
    with suppress(redis.RedisError):
        shared.set(_NOTED, sorted({*schemas_with_unknown_keys(), schema})[:_MOST_NOTED], _NOTED_SECONDS)


def _unavailable(error: Exception) -> Unavailable:
    log.warning("store_unreachable", error=str(error))
    return Unavailable("文件存储暂时连接不上，系统会自动恢复，请稍后再试。")


def impatient_client() -> "Minio":
    """With this process's own key; gives up after some seconds, and tries once."""
    return _connect(settings.S3_ENDPOINT, own_key(), is_impatient=True)


@lru_cache(maxsize=_MOST_CLIENTS)
def _connect(address: str, key: FolderKey, *, is_impatient: bool = False) -> "Minio":
    from minio import Minio  # noqa: PLC0415 - see above

    parts = urlsplit(address)
    return Minio(
        parts.netloc,
        access_key=key.access_key,
        secret_key=key.secret_key,
        secure=parts.scheme == "https",
        region=settings.S3_REGION,
        http_client=_pool(address, is_impatient=is_impatient),
    )


@cache
def _pool(_: str, *, is_impatient: bool) -> "PoolManager":
    """One for all keys of an address: the store does not ask who holds a connection."""
    import urllib3  # noqa: PLC0415 - see above

    if is_impatient:
        timeout = urllib3.Timeout(connect=_PATIENCE, read=_PATIENCE)
        return urllib3.PoolManager(timeout=timeout, retries=urllib3.Retry(total=0))
    return urllib3.PoolManager(
        timeout=urllib3.Timeout(connect=2, read=20), maxsize=10, retries=urllib3.Retry(total=1, backoff_factor=0.2)
    )
