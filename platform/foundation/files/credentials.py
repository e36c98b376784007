"""Make the keys of folders known to the object store.

The store learns of a key as an identity file in its own file system (SeaweedFS: ``/etc/iam/identities``), which takes
0.3 ms; the IAM interface takes longer with every identity there is.
"""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

from django.conf import settings

from foundation.errors import Unavailable
from foundation.files.clients import knows_key
from foundation.files.keys import FolderKey, folder_key, reading_key
from foundation.files.store import make_bucket

# loaded by those alone who make a folder
if TYPE_CHECKING:
    from urllib3 import PoolManager

_TOKEN_SECONDS = 30
_ACTIONS = ("Read", "Write", "List", "Tagging")
_READING: Final = "reading"
# what the store takes to hear of a key is some ten milliseconds
_PATIENCE: Final = 10.0


def prepare_store() -> None:
    """The bucket is there afterwards, and the store knows the key that reads across folders; again changes nothing.
    Raises Unavailable."""
    make_bucket()
    if settings.S3_FILER_ENDPOINT:
        _tell(_name(_READING), [reading_key()], [f"Read:{settings.S3_BUCKET}"])


def open_folders(folders: Iterable[str], *, generations: Mapping[str, Collection[int]] | None = None) -> None:
    """Make the keys of these folders known to the store, and no other keys of theirs; again changes nothing.
    ``generations``: of folders whose key was changed, which of their keys are good. Raises Unavailable.

    Where the store is not ours (``S3_FILER_ENDPOINT`` is empty) its administrator decides who may do what.
    """
    if not settings.S3_FILER_ENDPOINT:
        return
    _prepare_once(settings.S3_BUCKET)
    for folder in folders:
        keys = [folder_key(folder, one) for one in (generations or {}).get(folder, (1,))]
        _tell(_name(folder), keys, [f"{action}:{settings.S3_BUCKET}/{folder}/*" for action in _ACTIONS])


def await_key(folder: str, key: FolderKey) -> None:
    """Return when the store takes this key in the folder. Raises Unavailable where it does not in ten seconds."""
    end = time.monotonic() + _PATIENCE
    while not knows_key(folder, key):
        if time.monotonic() > end:
            raise Unavailable("文件存储一直不认识新的访问密钥，请运行 yizhan doctor 查看原因。")
        time.sleep(0.05)


def _tell(name: str, keys: Iterable[FolderKey], actions: list[str]) -> None:
    credentials = [{"access_key": key.access_key, "secret_key": key.secret_key, "status": "Active"} for key in keys]
    _write(name, json.dumps({"name": name, "credentials": credentials, "actions": actions}).encode())


def _name(folder: str) -> str:
    """Of the identity; two installations may share a store, each with its bucket."""
    return f"{settings.S3_BUCKET}-{folder}".replace("/", "-")


def _write(name: str, content: bytes) -> None:
    from urllib3.exceptions import HTTPError  # noqa: PLC0415

    # saveInside: the store reads identities only where their text lies in the entry itself
    address = f"{settings.S3_FILER_ENDPOINT}/etc/iam/identities/{quote(name)}.json?saveInside=true"
    try:
        answer = _pool(urlsplit(settings.S3_FILER_ENDPOINT).netloc).request(
            "POST",
            address,
            fields={"file": (f"{name}.json", content, "application/json")},
            headers={"Authorization": f"Bearer {_token()}"} if settings.S3_FILER_KEY else {},
        )
    except HTTPError as error:
        raise Unavailable("文件存储暂时连接不上，系统会自动恢复，请稍后再试。") from error
    if answer.status >= 300:  # noqa: PLR2004 - the filer answers 201
        message = f"文件存储没有接受新的访问密钥（状态 {answer.status}），请检查 S3_FILER_ENDPOINT。"
        raise Unavailable(message)


def _token() -> str:
    """What the filer takes from who knows its key (a JWT); for some seconds."""
    head, claims = (
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=")
        for part in ({"alg": "HS256", "typ": "JWT"}, {"exp": int(time.time()) + _TOKEN_SECONDS})
    )
    signature = hmac.digest(settings.S3_FILER_KEY.encode(), head + b"." + claims, hashlib.sha256)
    return b".".join((head, claims, base64.urlsafe_b64encode(signature).rstrip(b"="))).decode()


@cache
def _prepare_once(_: str) -> None:
    """A folder's key may not make the bucket that it lies in."""
    prepare_store()


@cache
def _pool(_: str) -> "PoolManager":
    from urllib3 import PoolManager, Retry, Timeout  # noqa: PLC0415

    return PoolManager(timeout=Timeout(connect=2, read=20), retries=Retry(total=2))
