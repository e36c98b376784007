"""The only door into a hall's schema.

django-tenants remembers the tenant on the connection; this module is the one place that tells it which, so that
entering and leaving can be tested once. PostgreSQL keeps a cache entry for every relation that a connection has ever
touched and never gives it back (0.2-0.9 MB a schema), so a connection that has seen many schemas is closed at the end
of the request or task.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.signals import request_finished
from django.db import connection as _django_connection
from django_tenants.utils import schema_exists as _schema_exists  # noqa: TID251 - the one place

PUBLIC = "public"

# django-tenants' database wrapper carries attributes that no type declares
connection: Any = _django_connection


def current_schema() -> str:
    """Name of the schema that unqualified table names mean now."""
    name: str = connection.schema_name
    return name


@contextmanager
def enter(schema_name: str, *, kind: str | None = None) -> Iterator[None]:
    """Work inside one schema; the one before is current again afterwards, whatever happens.

    ``kind`` is needed only where migrations run, because it decides which apps a schema carries.
    """
    before = connection.tenant
    connection.set_schema(schema_name, tenant_type=kind)
    _touched().add(schema_name)
    try:
        yield
    finally:
        connection.set_tenant(before)


@contextmanager
def reading_alone() -> Iterator[None]:
    """Transactions that begin meanwhile may change nothing."""
    if hasattr(connection, "reads_alone"):
        # behind a pool nothing is said to a connection for longer than a transaction
        connection.reads_alone = True
        try:
            yield
        finally:
            connection.reads_alone = False
        return
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET default_transaction_read_only = off")


def schema_exists(schema_name: str) -> bool:
    return bool(_schema_exists(schema_name))


def close_worn_connection(**_: Any) -> None:
    """Close a connection that has touched more schemas than it may; the next query opens a fresh one."""
    if connection.in_atomic_block:
        return
    if len(_touched()) > settings.SCHEMAS_PER_CONNECTION:
        connection.close()
        connection.touched_schemas = set()


def _touched() -> set[str]:
    if not hasattr(connection, "touched_schemas"):
        connection.touched_schemas = set()
    touched: set[str] = connection.touched_schemas
    return touched


request_finished.connect(close_worn_connection, dispatch_uid="foundation.schemas")
