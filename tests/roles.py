"""The tests' connection is the application's, to the database; some things only the owner may do."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
from django.db import connection


@contextmanager
def as_owner() -> Iterator[None]:
    """Make and change tables, in this process and those that it starts; afterwards the role is the one before.

    Not for what the application does itself: then the test would not see what it may not do.
    """
    options = connection.settings_dict["OPTIONS"]
    role = options.pop("assume_role", None)
    former = os.environ.get("YIZHAN_AS_OWNER")
    os.environ["YIZHAN_AS_OWNER"] = "1"
    _say("RESET ROLE")
    try:
        yield
    finally:
        if former is None:
            del os.environ["YIZHAN_AS_OWNER"]
        if role:
            options["assume_role"] = role
            _say(f"SET ROLE {role}")


def _say(sql: str) -> None:
    """A connection that is opened later begins in the right role; a transaction that failed goes back to its own.

    To the driver itself: a test that asks nothing of the database may not, either.
    """
    raw = connection.connection
    if raw is None or raw.closed:
        return
    try:
        with raw.cursor() as cursor:
            cursor.execute(sql)
    except psycopg2.Error:
        if not connection.in_atomic_block:
            connection.close()
