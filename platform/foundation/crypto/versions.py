"""Which key versions have encrypted something here."""

from weakref import WeakKeyDictionary

from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction

from foundation.crypto.keyring import fingerprint, keyring
from foundation.crypto.models import PersonalKey
from foundation.errors import Unavailable

# the key of blind indexes
INDEX_VERSION = 0

# by the connection itself: a new one may be to a database that was restored meanwhile
_noted: WeakKeyDictionary[object, set[tuple[int, str]]] = WeakKeyDictionary()
# rows that it has written itself, and perhaps taken back: any other row that it sees has been committed
_written: WeakKeyDictionary[object, set[tuple[int, str]]] = WeakKeyDictionary()


def note_key(version: int, key: bytes) -> None:
    """Remember that this version is in use. Raises Unavailable where the version once was another key: writing on would
    leave values that no one key opens."""
    mark = fingerprint(key)
    connection.ensure_connection()
    one = (version, mark)
    noted = _noted.setdefault(connection.connection, set())
    if one in noted:
        return
    written = _written.setdefault(connection.connection, set())
    found = PersonalKey.objects.filter(version=version).first()
    if found is None:
        written.add(one)
        PersonalKey.objects.bulk_create([PersonalKey(version=version, fingerprint=mark)], ignore_conflicts=True)
        found = PersonalKey.objects.get(version=version)
    if found.fingerprint != mark or found.dropped_at:
        raise Unavailable("个人信息密钥与数据库里记录的不一致，暂时不能写入。请联系管理员核对密钥设置。")
    if one in written:
        transaction.on_commit(lambda: noted.add(one))
    else:
        noted.add(one)


def key_faults() -> list[str]:
    """What stands in the way of reading what is kept, in plain Chinese and with the variable's name."""
    try:
        ring = keyring()
    except ImproperlyConfigured as error:
        return [f"个人信息密钥没有设置（{error}）"]
    have = {**ring.keys, INDEX_VERSION: ring.index_key}
    faults = []
    for kept in PersonalKey.objects.filter(dropped_at=None).order_by("version"):
        name = "PERSONAL_INDEX_KEY" if kept.version == INDEX_VERSION else f"PERSONAL_KEYS 的第 {kept.version} 版"
        if kept.version not in have:
            faults.append(f"缺少 {name}，数据库里还有用它加密的资料")
        elif fingerprint(have[kept.version]) != kept.fingerprint:
            faults.append(f"{name} 不是当初加密用的那一个")
    return faults
