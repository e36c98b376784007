"""What is put into the store is told in the database's own log (WAL), so that a backup need not list the store."""

from typing import Final

from django.db import connection

# by which a reader of the WAL knows our messages
PUT: Final = "yizhan.put"


def tell_of_put(key: str) -> None:
    """Say in the WAL that a file lies under this key now. It stands there whether or not the caller's transaction is
    committed, and before whatever the caller writes afterwards: a log that has the row has this, too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_logical_emit_message(false, %s, %s)", [PUT, key])
