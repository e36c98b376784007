"""One at a time: by the name of what is done within a transaction, or at work that takes longer than one may."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection


def hold_name(name: str) -> None:
    """Wait until nobody else holds this name, and hold it until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


@contextmanager
def hold_alone(subject_id: UUID) -> Iterator[bool]:
    """Whether nobody else works on this subject; a killed process' lock goes with its connection."""
    key = int.from_bytes(subject_id.bytes[-8:], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        is_alone = cursor.fetchone() == (True,)
    try:
        yield is_alone
    finally:
        if is_alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
