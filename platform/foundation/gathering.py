"""Statements whose result nobody needs, sent together with the next one: they cost no round trip of their own.

Whatever reads, or names a savepoint, sends first what is gathered, so that nothing ever reads a row as it was before.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from django.db import connection as _django_connection
from django.db.models import Field, Model
from django.db.models.fields import NOT_PROVIDED

# what is gathered stands on the connection, which no two threads share
connection: Any = _django_connection


@contextmanager
def gathering() -> Iterator[None]:
    """Gather what is ``sent`` within, inside the caller's transaction; an exception drops what has not gone yet."""
    if getattr(connection, "gathered", None) is not None:
        yield
        return
    connection.gathered = []
    try:
        with connection.execute_wrapper(_with_gathered):
            yield
            if connection.gathered:
                _send_gathered()
    finally:
        connection.gathered = None


def send(sql: str, parameters: Sequence[Any]) -> None:
    """Execute a statement of which nobody needs the result: now, or inside ``gathering`` with the next one."""
    gathered = getattr(connection, "gathered", None)
    if gathered is not None:
        gathered.append((sql, parameters))
        return
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def insert_row(row: Model) -> None:
    """Insert a row; its id and whatever else the database gives by itself, nobody learns."""
    sql, fields = _insert_of(type(row))
    send(sql, _values(row, fields))


def update_row(row: Model, *names: str) -> None:
    """Write these fields of a row that is there."""
    sql, fields = _update_of(type(row), names)
    send(sql, [*_values(row, fields), row.pk])


def _values(row: Model, fields: "Sequence[Field[Any, Any]]") -> list[Any]:
    return [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]


@lru_cache
def _insert_of(model: type[Model]) -> "tuple[str, list[Field[Any, Any]]]":
    meta: Any = model._meta
    fields = [one for one in meta.concrete_fields if one.db_default is NOT_PROVIDED]
    columns, places = ", ".join(f'"{one.column}"' for one in fields), ", ".join(["%s"] * len(fields))
    return f'INSERT INTO "{meta.db_table}" ({columns}) VALUES ({places})', fields  # noqa: S608 - names of our own


@lru_cache
def _update_of(model: type[Model], names: tuple[str, ...]) -> "tuple[str, list[Field[Any, Any]]]":
    meta: Any = model._meta
    fields = [meta.get_field(one) for one in names]
    columns = ", ".join(f'"{one.column}" = %s' for one in fields)
    return f'UPDATE "{meta.db_table}" SET {columns} WHERE "{meta.pk.column}" = %s', fields  # noqa: S608 - as above


def _with_gathered(execute: Callable[..., Any], sql: str, given: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 - Django calls it so
    if not connection.gathered:
        return execute(sql, given, many, context)
    if many or not isinstance(given, list | tuple):
        _send_gathered()
        return execute(sql, given, many, context)
    before = _taken()
    text = "; ".join([*(one for one, _ in before), sql])
    return execute(text, [*(value for _, values in before for value in values), *given], many, context)


def _send_gathered() -> None:
    before = _taken()
    with connection.cursor() as cursor:
        cursor.execute("; ".join(one for one, _ in before), [value for _, values in before for value in values])


def _taken() -> list[tuple[str, Sequence[Any]]]:
    gathered: list[tuple[str, Sequence[Any]]] = connection.gathered
    connection.gathered = []
    return gathered
