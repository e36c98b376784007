"""Base classes of all tables."""

import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, override
from uuid import UUID

from django.core.checks import CheckMessage
from django.db import models
from django.db.models.functions import Coalesce, Now


class Direction(StrEnum):
    """Which way a public row travels between the province's database and the cells (docs/architecture.md)."""

    DOWN = "down"
    UP = "up"
    LOCAL = "local"


class Uuid7(models.Func):
    """PostgreSQL 18's own uuidv7(): ordered by time, made by the database, no sequence to collide between cells."""

    function = "uuidv7"
    arity = 0
    output_field = models.UUIDField()


def draw_id() -> UUID:
    """A UUIDv7 (RFC 9562, the fraction of the millisecond in rand_a, as PostgreSQL's own has it): for rows to whose key
    something is bound before the database has them."""
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    number = milliseconds << 80 | 7 << 76 | rest * 4096 // 1_000_000 << 64
    return UUID(int=number | 0b10 << 62 | int.from_bytes(os.urandom(8)) >> 2)


def first_id_at(seconds: float) -> UUID:
    """The smallest UUIDv7 that can be drawn so many seconds after the epoch; days before it have none."""
    return UUID(int=int(max(seconds, 0) * 1000) << 80 | 7 << 76 | 0b10 << 62)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment_of(id_: UUID) -> datetime:
    """When a UUIDv7 was drawn, to the millisecond."""
    return _EPOCH + timedelta(milliseconds=id_.int >> 80)


class DrawnAtField(models.GeneratedField):
    """As ``moment_of`` has it, of a row's id: worked out when it is read, and kept nowhere. The epoch for what is no
    UUIDv7."""

    def __init__(self) -> None:
        drawn = models.Func("id", function="uuid_extract_timestamp", output_field=models.DateTimeField())
        super().__init__(
            expression=Coalesce(drawn, models.Value(_EPOCH)), output_field=models.DateTimeField(), db_persist=False
        )

    @override
    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, _ = super().deconstruct()
        return name, path, args, {}

    @override
    def check(self, **kwargs: Any) -> list[CheckMessage]:
        """PostgreSQL 18 has such columns; Django would open a connection to ask for its version."""
        return super().check(**kwargs | {"databases": []})


class Uuid7Step(models.Func):
    """The first 28 bits of a UUIDv7: its time in steps of 17 minutes, in the order of the ids. An index that leads with
    an owner and goes on with this keeps both once for all rows of a step."""

    template = "set_byte(substring(uuid_send(%(expressions)s), 1, 4), 3, get_byte(uuid_send(%(expressions)s), 3) & 240)"
    arity = 1
    output_field = models.BinaryField()


def step_of(id_: UUID) -> bytes:
    """As ``Uuid7Step`` has it."""
    return id_.bytes[:3] + bytes([id_.bytes[3] & 0xF0])


class Row(models.Model):
    """A row with a UUIDv7 key and the time it was made."""

    id = models.UUIDField(primary_key=True, db_default=Uuid7(), editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        abstract = True


class PublicRow(Row):
    """A row of the public schema. Every table says which way its rows travel."""

    direction: ClassVar[Direction]

    class Meta:
        abstract = True


class HallRow(Row):
    """A row of a hall's own schema. No foreign key leaves that schema: keep the id and check it in the operation."""

    class Meta:
        abstract = True
