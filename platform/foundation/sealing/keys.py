"""The key under which the values of one owner are sealed."""

import base64
import binascii
from collections import OrderedDict
from typing import Final
from uuid import UUID
from weakref import WeakKeyDictionary

from django.db import connection, transaction

from foundation.crypto.keyring import draw_key
from foundation.crypto.sm4 import KEY_BYTES
from foundation.errors import Damaged
from foundation.sealing.models import DataKey

# owners whose keys a connection knows: 200 bytes each
MOST_KNOWN: Final = 500
_GONE = "加密这份资料的密钥不在，暂时读不出来。请联系管理员。"

type _Keys = OrderedDict[tuple[UUID, UUID | None], tuple[UUID, bytes]]

# by the connection itself: a new one may be to a database that was restored meanwhile
_known: WeakKeyDictionary[object, _Keys] = WeakKeyDictionary()
# keys that it has written itself, and perhaps taken back: any other row that it sees has been committed
_written: WeakKeyDictionary[object, set[UUID]] = WeakKeyDictionary()


def current_key(owner_id: UUID) -> tuple[UUID, bytes]:
    """The id and the key under which this owner's values are sealed; made where there is none. Two who need the first
    one at once get the same: the second waits until the first has committed."""
    if known := _look_up(owner_id, None):
        return known
    found = DataKey.objects.filter(owner_id=owner_id, is_current=True).first()
    if found is None:
        made = DataKey(owner_id=owner_id, key=draw_key())
        DataKey.objects.bulk_create([made], ignore_conflicts=True)
        found = DataKey.objects.get(owner_id=owner_id, is_current=True)
        _note_written(found.pk)
    return _remember(owner_id, None, found)


def key_with_id(owner_id: UUID, key_id: UUID) -> bytes:
    """The key by which one of this owner's values is opened. Raises Damaged where there is none, or it is another
    owner's."""
    if known := _look_up(owner_id, key_id):
        return known[1]
    found = DataKey.objects.filter(pk=key_id, owner_id=owner_id).first()
    if found is None:
        raise Damaged(_GONE)
    return _remember(owner_id, key_id, found)[1]


def keys_of(owner_id: UUID) -> dict[UUID, bytes]:
    """All keys of an owner by their ids, to be kept with what they open."""
    return {found.pk: _plain(found) for found in DataKey.objects.filter(owner_id=owner_id)}


def put_keys_back(owner_id: UUID, keys: dict[UUID, bytes]) -> None:
    """Have these keys again, in the caller's transaction; those that are here already stay as they are. A key that is
    new here seals only where the owner has none."""
    here = DataKey.objects.select_for_update().filter(owner_id=owner_id)
    known = {found.pk for found in here}
    has_current = any(found.is_current for found in here)
    for key_id in sorted(keys.keys() - known, reverse=True):
        key = base64.b64encode(keys[key_id]).decode()
        DataKey.objects.create(pk=key_id, owner_id=owner_id, key=key, is_current=not has_current)
        _note_written(key_id)
        has_current = True


def _note_written(key_id: UUID) -> None:
    _written.setdefault(connection.connection, set()).add(key_id)


def _plain(found: DataKey) -> bytes:
    try:
        key = base64.b64decode(found.key.plain, validate=True)
    except binascii.Error as error:
        raise Damaged(_GONE) from error
    if len(key) != KEY_BYTES:
        raise Damaged(_GONE)
    return key


def _look_up(owner_id: UUID, key_id: UUID | None) -> tuple[UUID, bytes] | None:
    connection.ensure_connection()
    return _known.get(connection.connection, OrderedDict()).get((owner_id, key_id))


def _remember(owner_id: UUID, key_id: UUID | None, found: DataKey) -> tuple[UUID, bytes]:
    """One that this connection has written is known from the commit on: a key whose row is taken back must seal nothing
    more."""
    pair = (found.pk, _plain(found))
    raw = connection.connection
    written = _written.setdefault(raw, set())

    def keep() -> None:
        written.discard(found.pk)
        keys = _known.setdefault(raw, OrderedDict())
        keys[owner_id, key_id] = pair
        while len(keys) > MOST_KNOWN:
            keys.popitem(last=False)

    if found.pk in written:
        transaction.on_commit(keep)
    else:
        keep()
    return pair
