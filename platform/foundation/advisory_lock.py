"""One at a time: by the name of what is done within a transaction, or at work that takes longer than one may."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg2
from django.conf import settings
from django.db import connection


def hold_name(name: str) -> None:
    """Wait until nobody else holds this name, and hold it until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def try_name(name: str) -> bool:
    """Hold this name until the transaction ends if nobody else holds it; returns whether it is held."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        return bool(cursor.fetchone()[0])


@contextmanager
def hold_alone(subject_id: UUID) -> Iterator[bool]:
    """Whether nobody else works on this subject; a killed process' lock goes with its connection."""
    key = int.from_bytes(subject_id.bytes[-8:], signed=True)
    with _held_connection() as cursor_of:
        with cursor_of() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
            is_alone = cursor.fetchone() == (True,)
        try:
            yield is_alone
        finally:
            if is_alone:
                with cursor_of() as cursor:
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


@contextmanager
def _held_connection() -> Iterator[Callable[[], Any]]:
    """What gives cursors of one and the same connection. Behind a pool, which hands on a connection after every
    transaction with the locks that it holds: one of its own, past the pool."""
    if not settings.DATABASE_DIRECT:
        yield connection.cursor
        return
    facts = {("dbname" if name == "name" else name): value for name, value in settings.DATABASE_DIRECT.items()}
    own = psycopg2.connect(**facts)
    own.autocommit = True
    try:
        yield own.cursor
    finally:
        own.close()
