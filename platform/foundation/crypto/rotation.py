"""The move of all values to the newest key, and the end of an old one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models, transaction
from django.utils import timezone

from foundation.crypto.fields import EncryptedTextField, Sealed
from foundation.crypto.keyring import keyring
from foundation.crypto.models import PersonalKey
from foundation.crypto.versions import INDEX_VERSION
from foundation.errors import Conflict, Damaged, Invalid

# rows of one transaction
_BATCH = 500


@dataclass(frozen=True, slots=True)
class EncryptedColumn:
    """An encrypted column, and how many of its values stand under which key version."""

    model: type[models.Model]
    field: EncryptedTextField

    @property
    def label(self) -> str:
        return f"{self.model._meta.verbose_name}·{self.field.verbose_name}"

    def values_by_version(self) -> dict[int, int]:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT split_part({self._column}, ':', 1), count(*) FROM {self._table} "  # noqa: S608 - quoted names
                f"WHERE {self._column} <> '' GROUP BY 1"
            )
            return {int(version) if version.isdigit() else -1: count for version, count in cursor.fetchall()}

    def next_below(self, version: int, after: UUID) -> list[tuple[UUID, str]]:
        """Rows that stand under another version, in the order of their ids, locked until the transaction ends."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id, {self._column} FROM {self._table} WHERE id > %s AND {self._column} <> '' "  # noqa: S608
                f"AND NOT starts_with({self._column}, %s) ORDER BY id LIMIT %s FOR NO KEY UPDATE",
                [after, f"{version}:", _BATCH],
            )
            return list(cursor.fetchall())

    def write(self, values: list[tuple[UUID, str]]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {self._table} AS kept SET {self._column} = moved.value "  # noqa: S608
                "FROM unnest(%s::uuid[], %s::text[]) AS moved (id, value) WHERE kept.id = moved.id",
                [[key for key, _ in values], [value for _, value in values]],
            )

    @property
    def _table(self) -> str:
        return connection.ops.quote_name(self.model._meta.db_table)

    @property
    def _column(self) -> str:
        return connection.ops.quote_name(str(self.field.column))


@dataclass(slots=True)
class Rotation:
    """How far a rotation is; ``faults``: rows whose value cannot be read, as "label id"."""

    version: int
    total: int
    done: int
    faults: list[str]


def encrypted_columns() -> list[EncryptedColumn]:
    """All of them, found by the class of the field."""
    return [
        EncryptedColumn(model, field)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, EncryptedTextField) and field.model is model
    ]


def rotate_keys(*, report: Callable[[Rotation], object] = lambda _: None) -> Rotation:
    """Encrypt every value anew under the highest version.

    Which values are left is read from the values themselves, so it can be killed at any point and goes on when called
    again. Rows are locked in batches: who writes meanwhile waits a moment, and nothing written is lost. Rows that
    cannot be read are left as they are and named.
    """
    version = keyring().current
    columns = encrypted_columns()
    rotation = Rotation(version, sum(_others(column, version) for column in columns), 0, [])
    for column in columns:
        # a process that still has the former key may have written below the place where we were
        while True:
            moved = 0
            for step in _rotate_column(column, rotation):
                moved += step
                report(rotation)
            if not moved:
                break
    return rotation


def _others(column: EncryptedColumn, version: int) -> int:
    return sum(count for one, count in column.values_by_version().items() if one != version)


def _rotate_column(column: EncryptedColumn, rotation: Rotation) -> Iterator[int]:
    """One pass; yields how many values each batch moved."""
    after = UUID(int=0)
    while True:
        with transaction.atomic():
            rows = column.next_below(rotation.version, after)
            if not rows:
                return
            moved = [(key, sealed) for key, value in rows if (sealed := _anew(column, key, value, rotation))]
            column.write(moved)
            after = rows[-1][0]
        rotation.done += len(moved)
        yield len(moved)


def _anew(column: EncryptedColumn, key: UUID, value: str, rotation: Rotation) -> str:
    place = column.field.place_of(key)
    try:
        return Sealed.of(Sealed(value).opened(place), place)
    except Damaged:
        fault = f"{column.label} {key}"
        if fault not in rotation.faults:
            rotation.faults.append(fault)
        return ""


def key_versions() -> list[dict[str, Any]]:
    """Each version that the settings or the database know: whether it encrypts, and how many values need it."""
    ring = keyring()
    counts: dict[int, int] = {}
    for column in encrypted_columns():
        for version, count in column.values_by_version().items():
            counts[version] = counts.get(version, 0) + count
    dropped = set(
        PersonalKey.objects.exclude(dropped_at=None).exclude(version=INDEX_VERSION).values_list("version", flat=True)
    )
    return [
        {
            "version": version,
            "is_current": version == ring.current,
            "is_here": version in ring.keys,
            "is_dropped": version in dropped,
            "values": counts.get(version, 0),
        }
        for version in sorted(set(ring.keys) | set(counts) | dropped)
    ]


@transaction.atomic
def drop_key(*, version: int) -> bool:
    """Let this version be taken out of the settings from now on, and return whether that is new. A repeat changes
    nothing. Raises Conflict while it encrypts or anything needs it, Invalid for one that nobody knows."""
    if version == keyring().current:
        raise Conflict("正在使用的最新密钥不能停用。请先用 yizhan keys add 增加一个新版本，再执行 yizhan keys rotate。")
    kept = PersonalKey.objects.select_for_update().filter(version=version).first()
    if version == INDEX_VERSION or (kept is None and version not in keyring().keys):
        message = f"没有第 {version} 版密钥。"
        raise Invalid(message)
    needed = sum(column.values_by_version().get(version, 0) for column in encrypted_columns())
    if needed:
        message = f"还有 {needed:,} 项资料用第 {version} 版密钥加密，请先执行 yizhan keys rotate。"
        raise Conflict(message)
    if kept is None or kept.dropped_at:
        return False
    kept.dropped_at = timezone.now()
    kept.save(update_fields=["dropped_at"])
    return True
