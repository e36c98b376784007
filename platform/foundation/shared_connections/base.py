"""Each connection remembers every relation of every hall that it has touched (foundation.schemas), so thirty threads
with one each hold the catalogue thirty times. The one that was left last is taken first: the others age and are
closed."""

import time
from threading import Lock
from typing import Any, ClassVar, NamedTuple

import psycopg2
from django.conf import settings
from django_tenants.postgresql_backend.base import DatabaseWrapper as OneConnection
from psycopg2.extensions import TRANSACTION_STATUS_IDLE

# seconds after which one that nobody took is closed
_MOST_IDLE = 30.0


class _Left(NamedTuple):
    connection: Any
    touched: set[str]
    left_at: float


class LeftConnections:
    """Of one process, the one left last at the end."""

    def __init__(self) -> None:
        self._left: list[_Left] = []
        self._lock = Lock()

    def leave(self, connection: Any, touched: set[str]) -> None:
        """For the next thread that needs one. What was left for too long is closed."""
        now = time.monotonic()
        with self._lock:
            old = [one for one in self._left if now - one.left_at > _MOST_IDLE]
            self._left = [*self._left[len(old) :], _Left(connection, touched, now)]
        for one in old:
            one.connection.close()

    def take(self) -> tuple[Any, set[str]] | None:
        """A connection that answers, with the schemas that it has touched; None where none is left. One whose server is
        gone is thrown away, and costs nobody a failure."""
        while True:
            with self._lock:
                if not self._left:
                    return None
                one = self._left.pop()
            try:
                with one.connection.cursor() as cursor:
                    cursor.execute("SELECT 1")
            except psycopg2.Error:
                one.connection.close()
            else:
                return one.connection, one.touched

    def __len__(self) -> int:
        return len(self._left)


class DatabaseWrapper(OneConnection):  # type: ignore[misc]  # django-tenants is untyped
    """django-tenants' connection; ``left`` is None where a process keeps one for each of its threads."""

    left: ClassVar[LeftConnections | None] = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """One that another thread has left, or a new one. Its search path is set anew when a schema is entered."""
        taken = self.left.take() if self.left is not None else None
        connection, self.touched_schemas = taken or (super().get_new_connection(conn_params), set())
        return connection

    def close_if_unusable_or_obsolete(self) -> None:
        """At the end of a request: where connections are shared none is kept by its thread."""
        if self.left is None or self.in_atomic_block:
            super().close_if_unusable_or_obsolete()
        elif self.connection is not None:
            self.close()

    def _close(self) -> None:
        touched: set[str] = getattr(self, "touched_schemas", set())
        if self.left is not None and self._is_clean() and len(touched) <= settings.SCHEMAS_PER_CONNECTION:
            self.left.leave(self.connection, touched)
        else:
            super()._close()

    def _is_clean(self) -> bool:
        connection = self.connection
        return bool(
            connection is not None
            and not connection.closed
            and connection.autocommit
            and not self.errors_occurred
            and connection.info.transaction_status == TRANSACTION_STATUS_IDLE
        )
