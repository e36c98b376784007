"""Every statement brings its schema along, in one message with it and for this transaction alone; nothing is ever set
on a connection, so nothing of it is left for another hall, whatever fails or is killed in between."""

import re
from typing import Any

from django_tenants.postgresql_backend.base import DatabaseWrapper as OneConnection
from psycopg2.extensions import TRANSACTION_STATUS_INTRANS, cursor

# what a failed transaction must still be told; it reads no table
_BARE = re.compile(r"\s*(?:SAVEPOINT|RELEASE|ROLLBACK)\b", re.IGNORECASE)


class _BringingCursor(cursor):  # type: ignore[misc]  # the stubs do not say what it is
    wrapper: "DatabaseWrapper"

    def execute(self, query: Any, vars: Any = None) -> None:  # noqa: A002 - the driver's own name
        text = query if isinstance(query, str) else query.as_string(self)
        super().execute(text if _BARE.match(text) else f"{self.wrapper.brought()};{text}", vars)

    def executemany(self, query: Any, vars_list: Any) -> None:
        for one in vars_list:
            self.execute(query, one)

    def copy_expert(self, sql: Any, file: Any, size: int = 8192) -> None:
        """Raises RuntimeError outside of a transaction: COPY takes no other statement along."""
        if self.connection.autocommit and self.connection.info.transaction_status != TRANSACTION_STATUS_INTRANS:
            message = "COPY stands in a transaction behind a pool"
            raise RuntimeError(message)
        super().execute(self.wrapper.brought())
        super().copy_expert(sql, file, size)

    def callproc(self, *_: Any) -> Any:
        """Raises NotImplementedError: a procedure would run in whichever schema is left."""
        raise NotImplementedError


class DatabaseWrapper(OneConnection):  # type: ignore[misc]  # django-tenants is untyped
    """django-tenants' connection, which sets no search path on it."""

    # while it is, no statement may change anything (foundation.schemas)
    reads_alone = False

    def brought(self) -> str:
        """What each statement has before it."""
        # names of schemas: checked by django-tenants, and quoted
        path = ", ".join(f'"{name}"' for name in self._get_cursor_search_paths())
        reads = "; SET LOCAL transaction_read_only = on" if self.reads_alone else ""
        return f"SET LOCAL search_path = {path}{reads}"

    def create_cursor(self, name: str | None = None) -> Any:
        """Raises RuntimeError for a cursor that is kept in the server: its connection is not."""
        if name:
            message = "a pool has no server-side cursors (DISABLE_SERVER_SIDE_CURSORS)"
            raise RuntimeError(message)
        made = self.connection.cursor(cursor_factory=_BringingCursor)
        made.tzinfo_factory = self.tzinfo_factory
        made.wrapper = self
        return made

    def _handle_search_path(self, cursor: Any = None) -> None:
        """Nothing is set: each statement brings it."""
