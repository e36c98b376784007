"""A process that dies between two statements."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.db import connection

_NO_WORK: Final = ("SAVEPOINT", "RELEASE", "ROLLBACK", "SET")


class Killed(BaseException):
    """The process dies before this statement; its transaction is rolled back."""


@contextmanager
def killed_at(statement: int) -> Iterator[None]:
    """Die before the so-manieth statement; 0: never."""
    left = statement

    def count(execute: Any, sql: str, *given: Any) -> Any:
        nonlocal left
        if not sql.startswith(_NO_WORK):
            left -= 1
            if left == 0:
                raise Killed
        return execute(sql, *given)

    with connection.execute_wrapper(count):
        yield
