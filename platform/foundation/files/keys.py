"""Keys of the object store that open one folder and nothing else: which there are, and which is in use.

A folder's key is not kept anywhere on our side: it is derived from the program's own secret, so it can be said again
and cannot be lost with a row. A row (``FolderKeyChange``) is there only for folders whose key was changed.
"""

import base64
import hashlib
import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from uuid import UUID

from django.conf import settings

from foundation.files.models import FolderKeyChange
from foundation.schemas import PUBLIC, current_schema

# where the folders of halls lie, each named by the hall's id
HALLS: Final = "halls"
# seconds for which a process goes on with a key that it knows; for longer the former one stays good
KEPT: Final = 30
_MOST_KEPT: Final = 1024


# each finds whose schema one is, by its name
_finders: list[Callable[[str], UUID | None]] = []


def finds_owner(find: Callable[[str], UUID | None]) -> None:
    """Ask this function whose folder belongs to a schema: the app that owns the schemas states it once, at start."""
    if find not in _finders:
        _finders.append(find)


@dataclass(frozen=True, slots=True)
class FolderKey:
    """What a client of the store signs with."""

    access_key: str
    secret_key: str


def folder_key(folder: str, generation: int = 1) -> FolderKey:
    """The key of one folder (``halls/0197…``); ``generation`` counts its changes, from 1."""
    return _derived(folder if generation == 1 else f"{folder}#{generation}")


def reading_key() -> FolderKey:
    """The province's key that reads every file and can do nothing else: for what is offered across folders."""
    return _derived("#reading")


def key_for(path: str, *, writes: bool) -> FolderKey:
    """The key to sign with for what lies at this path of the bucket.

    Inside a hall's schema: that hall's, whatever the path names, so that the store itself refuses another hall's
    folder; the province's files are read by the key that only reads. Outside: the key of the folder that the path lies
    in, and this process's own for what is the province's. Where the store is not ours (``S3_FILER_ENDPOINT`` is empty)
    it knows this process's own alone.
    """
    if not settings.S3_FILER_ENDPOINT:
        return own_key()
    owner = _owner_of(path)
    if current_schema() == PUBLIC:
        return _key_of_owner(owner, _now()) if owner else own_key()
    if not owner and not writes:
        return reading_key()
    return _key_of_schema(current_schema(), _now())


def key_across() -> FolderKey:
    """The key to read what is offered to others than its owner."""
    return reading_key() if settings.S3_FILER_ENDPOINT else own_key()


def own_key() -> FolderKey:
    """This process's own: the application's, or the root's where halls are made."""
    return FolderKey(settings.S3_ACCESS_KEY, settings.S3_SECRET_KEY)


def forget_keys() -> None:
    """Ask for the keys in use anew: those who have just changed one."""
    _key_of_schema.cache_clear()
    _key_of_owner.cache_clear()


def _owner_of(path: str) -> str:
    """Whose folder the path lies in; "" for the province's."""
    top, _, rest = path.partition("/")
    return rest.partition("/")[0] if top == HALLS else ""


def _now() -> int:
    return int(time.monotonic() / KEPT)


@lru_cache(maxsize=_MOST_KEPT)
def _key_of_schema(schema_name: str, now: int) -> FolderKey:
    """One that opens nothing where no hall has this schema."""
    owner_id = next((found for find in _finders if (found := find(schema_name))), None)
    return _key_of_owner(str(owner_id or ""), now)


@lru_cache(maxsize=_MOST_KEPT)
def _key_of_owner(owner: str, now: int) -> FolderKey:  # noqa: ARG001 - another moment is another answer
    try:
        changed = FolderKeyChange.objects.filter(owner_id=UUID(owner))
    except ValueError:
        return folder_key(f"{HALLS}/{owner}")
    return folder_key(f"{HALLS}/{owner}", changed.values_list("generation", flat=True).first() or 1)


def _derived(name: str) -> FolderKey:
    return FolderKey(_digits("access", name, 20).upper(), _digits("secret", name, 40))


def _digits(purpose: str, name: str, length: int) -> str:
    text = f"{purpose}:{settings.S3_BUCKET}/{name}".encode()
    digest = hmac.digest(settings.SECRET_KEY.encode(), text, hashlib.sha256)
    return base64.b32encode(digest).decode().lower()[:length]
