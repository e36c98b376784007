"""Rows by statements that are put together once: for the acts that many people do at the same time, putting Django's
together anew takes longer than the database's answer."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import Field, Model, QuerySet

type Given = UUID | date | Sequence[UUID]

# a page asks for any number of ids up to its length, and each length has a text of its own, of some 3 KB
_MOST_TEXTS: Final = 500


def read_rows(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """What a statement that is written out gives."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


@lru_cache
def columns_of(model: type[Model], alias: str, *without: str) -> str:
    """The columns of a model for a SELECT, as ``row_from`` takes them, but for those of the fields ``without``."""
    return ", ".join(f'"{alias}"."{one.column}"' for one in _fields(model, *without))


def row_from[M: Model](model: type[M], values: Sequence[Any], *without: str) -> M:
    """A row out of what ``columns_of`` has read. Who asks it for a field that was not read has it read then."""
    names, makers = _read_as(model, *without)
    read = [
        value if made is None else made(value, None, connection) for made, value in zip(makers, values, strict=True)
    ]
    return model.from_db(connection.alias, names, read)


def rows_once(ask: Callable[..., "QuerySet[Any, Any]"], *given: Given) -> list[tuple[Any, ...]]:
    """The rows of ``ask(*given)``, a query of values or of what ``row_from`` takes, by the text of ``text_once``."""
    return read_rows(*text_once(ask, *given))


def models_once[M: Model](model: type[M], ask: Callable[..., "QuerySet[M]"], *given: Given) -> list[M]:
    """As ``rows_once``, rows of a model, all of whose columns are asked for."""
    return [row_from(model, row) for row in rows_once(ask, *given)]


def text_once(ask: Callable[..., "QuerySet[Any, Any]"], *given: Given) -> tuple[str, list[Any]]:
    """The statement of ``ask(*given)``, a query that is made of ids, days and lists of ids alone, and its parameters.
    Django puts it together once for each length of the lists, none of which may be empty."""
    shape = tuple(type(one) if isinstance(one, (UUID, date)) else len(one) for one in given)
    sql, places = _text_of(ask, shape)
    flat = [one for part in given for one in ([part] if isinstance(part, (UUID, date)) else part)]
    return sql, [flat[place] if isinstance(place, int) else place[0] for place in places]


@lru_cache(_MOST_TEXTS)
def _text_of(ask: Callable[..., "QuerySet[Any, Any]"], shape: tuple[type | int, ...]) -> tuple[str, list[Any]]:
    """The statement, and of each of its parameters the place of its id or day, or the value that it always has as a
    tuple."""
    marks: dict[UUID | date, int] = {}

    def mark(kind: type) -> UUID | date:
        # days that nothing else speaks of
        made = uuid4() if kind is UUID else date.min + timedelta(days=len(marks))
        marks[made] = len(marks)
        return made

    asked = ask(*([mark(UUID) for _ in range(one)] if isinstance(one, int) else mark(one) for one in shape))
    sql, parameters = asked.query.sql_with_params()
    places = [marks[one] if isinstance(one, (UUID, date)) and one in marks else (one,) for one in parameters]
    if lost := set(range(len(marks))) - {one for one in places if isinstance(one, int)}:
        message = f"of {len(marks)} ids and days those at {sorted(lost)} are not asked for as they are"
        raise LookupError(message)
    return sql, places


@lru_cache
def _read_as(model: type[Model], *without: str) -> tuple[list[str], list[Callable[..., Any] | None]]:
    """Of each column what a row calls it, and what makes its value of what is read, None where it is that."""
    fields = _fields(model, *without)
    return [one.attname for one in fields], [getattr(one, "from_db_value", None) for one in fields]


@lru_cache
def _fields(model: type[Model], *without: str) -> "Sequence[Field[Any, Any]]":
    meta: Any = model._meta
    fields: Sequence[Field[Any, Any]] = meta.concrete_fields
    return [one for one in fields if one.name not in without]
