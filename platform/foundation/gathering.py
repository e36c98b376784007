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

from foundation.written import read_rows

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


def insert_rows(rows: Sequence[Model], **worked_out: tuple[str, Sequence[Any]]) -> None:
    """Insert rows of one model in one statement, and learn what the database gives by itself (id, time) or works out.
    ``worked_out``: by field, an expression in SQL and its parameters, the same for all rows."""
    if not rows:
        return
    meta: Any = type(rows[0])._meta
    fields = [one for one in meta.concrete_fields if one.db_default is NOT_PROVIDED]
    learnt = [one for one in meta.concrete_fields if one.db_default is not NOT_PROVIDED or one.name in worked_out]
    places = ", ".join(worked_out[one.name][0] if one.name in worked_out else "%s" for one in fields)
    parameters: list[Any] = []
    for row in rows:
        for one in fields:
            if one.name in worked_out:
                parameters += worked_out[one.name][1]
            else:
                parameters.append(one.get_db_prep_save(getattr(row, one.attname), connection))
    sql = (
        f'INSERT INTO "{meta.db_table}" ({", ".join(_quoted(fields))}) '  # noqa: S608 - names of our own
        f"VALUES {', '.join([f'({places})'] * len(rows))} RETURNING {', '.join(_quoted(learnt))}"
    )
    for row, values in zip(rows, read_rows(sql, parameters), strict=True):
        # as Django's own do
        row._state.adding, row._state.db = False, connection.alias  # noqa: SLF001
        for one, value in zip(learnt, values, strict=True):
            setattr(row, one.attname, value)


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


def _quoted(fields: "Sequence[Field[Any, Any]]") -> list[str]:
    return [f'"{one.column}"' for one in fields]


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
