"""Which database a process works on, and as whom: out of the environment, or the embedded one."""

from typing import Any, NamedTuple

from config import environment
from foundation.embedded_services import postgres
from foundation.embedded_services.secrets import KeeperSecrets, PartSecrets

# hall pages are short; what is long (provisioning, backup) sets its own
_OPTIONS = {
    "connect_timeout": 5,
    "options": "-c statement_timeout=30000 -c idle_in_transaction_session_timeout=60000",
}


class Databases(NamedTuple):
    """``default``: Django's own entry; ``application_role``: whom the owner lets read and write; ``direct``: how
    psycopg2 reaches the server itself where a pool stands before it, else empty; ``backup``: a role that may read the
    server's files and its WAL (REPLICATION), for the owner's processes alone, else empty."""

    default: dict[str, Any]
    application_role: str
    direct: dict[str, object]
    backup: dict[str, str | int]


def chosen_databases(port: int, kept: PartSecrets | None, keeper: KeeperSecrets | None, *, as_owner: bool) -> Databases:
    """Read DATABASE_URL and DATABASE_POOL_URL; for the owner also DATABASE_OWNER_URL and DATABASE_BACKUP_URL. ``port``:
    of the embedded server, whose passwords ``kept`` and ``keeper`` have."""
    embedded = f"127.0.0.1:{port}/yizhan"
    ordinary = f"postgresql://{postgres.ROLE}:{kept.database_password if kept else ''}@{embedded}"
    database = environment.database("DATABASE_URL", ordinary)
    application_role = str(database["USER"])
    backup: dict[str, str | int] = {}
    if as_owner:
        own = f"postgresql://{postgres.OWNER}:{keeper.owner_password if keeper else ''}@{embedded}"
        database = environment.database("DATABASE_OWNER_URL", environment.text("DATABASE_URL", own))
        backing = f"postgresql://{postgres.BACKUP}:{keeper.backup_password if keeper else ''}@{embedded}"
        backup = environment.database("DATABASE_BACKUP_URL", backing)
    default = {
        "ENGINE": "foundation.shared_connections",
        **database,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": _OPTIONS,
    }
    if as_owner or not environment.text("DATABASE_POOL_URL", ""):
        return Databases(default, application_role, {}, backup)
    pooled = {
        **environment.database("DATABASE_POOL_URL", ""),
        "ENGINE": "foundation.pooled_database",
        "DISABLE_SERVER_SIDE_CURSORS": True,
        # limits are the role's own there: a pool takes none with a connection
        "OPTIONS": {"connect_timeout": 5},
    }
    direct = {name.lower(): value for name, value in database.items()} | _OPTIONS
    return Databases(default | pooled, application_role, direct, backup)
