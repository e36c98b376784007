"""Keys of the object store that open one folder and nothing else.

A folder's key is not kept anywhere on our side: it is derived from the program's own secret, so it can be said again
and cannot be lost with a row. The store learns of it as an identity file in its own file system (SeaweedFS:
``/etc/iam/identities``), which takes 0.3 ms; the IAM interface takes longer with every identity there is.
"""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from django.conf import settings

from foundation.errors import Unavailable
from foundation.files.store import make_bucket

# loaded by those alone who make a folder
if TYPE_CHECKING:
    from urllib3 import PoolManager

_TOKEN_SECONDS = 30
_ACTIONS = ("Read", "Write", "List", "Tagging")


@dataclass(frozen=True, slots=True)
class FolderKey:
    """What a client of the store signs with."""

    access_key: str
    secret_key: str


def folder_key(folder: str) -> FolderKey:
    """The key of one folder (``halls/0197…``)."""
    return FolderKey(_derive("access", folder, 20).upper(), _derive("secret", folder, 40))


def open_folders(folders: Iterable[str]) -> None:
    """Make the keys of these folders known to the store; again changes nothing. Raises Unavailable.

    Where the store is not ours (``S3_FILER_ENDPOINT`` is empty) its administrator decides who may do what.
    """
    if not settings.S3_FILER_ENDPOINT:
        return
    _make_bucket_once(settings.S3_BUCKET)
    for folder in folders:
        key = folder_key(folder)
        identity = {
            "name": _name(folder),
            "credentials": [{"access_key": key.access_key, "secret_key": key.secret_key, "status": "Active"}],
            "actions": [f"{action}:{settings.S3_BUCKET}/{folder}/*" for action in _ACTIONS],
        }
        _write(_name(folder), json.dumps(identity).encode())


def _name(folder: str) -> str:
    return folder.replace("/", "-")


def _derive(purpose: str, folder: str, length: int) -> str:
    text = f"{purpose}:{settings.S3_BUCKET}/{folder}".encode()
    digest = hmac.digest(settings.SECRET_KEY.encode(), text, hashlib.sha256)
    return base64.b32encode(digest).decode().lower()[:length]


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
def _make_bucket_once(_: str) -> None:
    """A folder's key may not make the bucket that it lies in."""
    make_bucket()


@cache
def _pool(_: str) -> "PoolManager":
    from urllib3 import PoolManager, Retry, Timeout  # noqa: PLC0415

    return PoolManager(timeout=Timeout(connect=2, read=20), retries=Retry(total=2))
