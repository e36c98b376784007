"""What requests did to the rows of halls.

PostgreSQL counts what a transaction writes, table by table, also where a savepoint takes it back. So a case asks for
these counts, and compares only the tables that were written: to read all rows of three halls for each of a thousand
addresses takes longer than to answer the addresses.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from foundation import schemas
from province.halls.models import Hall
from tests.isolation.markers import HALL_MODELS, PUBLIC_MODELS, models_of, path_to_hall, rows_of

_WRITTEN = """
SELECT n.nspname, c.relname, w.rows
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace,
     LATERAL (SELECT pg_stat_get_xact_tuples_inserted(c.oid) + pg_stat_get_xact_tuples_updated(c.oid)
                     + pg_stat_get_xact_tuples_deleted(c.oid) AS rows) AS w
WHERE c.relkind = 'r' AND w.rows > 0
"""
type _Table = tuple[str, str]


class HallRows:
    """The rows of one hall, in its schema and in public, as they were when this was made, inside a transaction."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self._questions = {model._meta.label: _question(hall, model) for model in _models(hall)}
        self._labels: dict[_Table, set[str]] = defaultdict(set)
        for model in _models(hall):
            for table in _tables_behind(hall, model):
                self._labels[table].add(model._meta.label)
        self._before = self._digests(self._questions)

    def changed(self, written: Iterable[_Table] | None = None) -> list[str]:
        """Labels of the models of which rows are other ones now; asked are only tables that were ``written``, where
        they are known."""
        labels = (
            set(self._questions) if written is None else set().union(*(self._labels.get(one, ()) for one in written))
        )
        found = self._digests(labels) if labels else {}
        return sorted(label for label, digest in found.items() if digest != self._before[label])

    def _digests(self, labels: Iterable[str]) -> dict[str, str]:
        chosen = [(label, *self._questions[label]) for label in labels]
        pieces = [
            f"SELECT %s, md5(string_agg(t::text, '|' ORDER BY t::text)) FROM ({sql}) AS t"  # noqa: S608 - Django's own
            for _, sql, _ in chosen
        ]
        values = [value for label, _, parameters in chosen for value in (label, *parameters)]
        with schemas.enter(self.hall.schema_name), connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(pieces), values)
            return dict(cursor.fetchall())


@contextmanager
def undone(*watched: HallRows) -> Iterator[list[str]]:
    """Take back what is done inside, once it is known which rows of these halls it changed: the list that is given
    holds them afterwards, as "slug: label"."""
    before = _written() if watched else {}
    changed: list[str] = []
    with transaction.atomic():
        yield changed
        if watched:
            tables = [table for table, count in _written().items() if count != before.get(table)]
            changed += [f"{rows.hall.slug}: {label}" for rows in watched for label in rows.changed(tables)]
        transaction.set_rollback(True)


def _models(hall: Hall) -> list[Any]:
    public = [model for model in PUBLIC_MODELS if rows_of(hall, model) is not None]
    return [*models_of(hall), *public]


def _tables_behind(hall: Hall, model: Any) -> Iterator[_Table]:
    """The model's own, and those that say whose its rows are."""
    if model in HALL_MODELS:
        yield hall.schema_name, model._meta.db_table
        return
    yield "public", model._meta.db_table
    for name in path_to_hall(model).split("__")[:-1]:
        model = model._meta.get_field(name).related_model
        yield "public", model._meta.db_table


def _question(hall: Hall, model: Any) -> tuple[str, list[Any]]:
    rows = model.objects.all() if model in HALL_MODELS else rows_of(hall, model)
    sql, parameters = rows.query.sql_with_params()
    return sql, list(parameters)


def _written() -> dict[_Table, int]:
    with connection.cursor() as cursor:
        cursor.execute(_WRITTEN)
        return {(schema, table): count for schema, table, count in cursor.fetchall()}
