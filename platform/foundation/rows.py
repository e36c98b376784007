"""Base classes of all tables."""

import os
import time
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models.functions import Now


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


class Uuid7Minute(models.Func):
    """The first 32 bits of a UUIDv7: its time in steps of 65 seconds, in the order of the ids. An index that leads with
    an owner and goes on with this keeps both once for all rows of a step."""

    template = "substring(uuid_send(%(expressions)s), 1, 4)"
    arity = 1
    output_field = models.BinaryField()


def minute_of(id_: UUID) -> bytes:
    """As ``Uuid7Minute`` has it."""
    return id_.bytes[:4]


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
