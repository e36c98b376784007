"""What the application's role may do: read and write rows, and of some tables less.

The tables' owner gives these rights. They hold for tables to come as well, so making a hall costs no statement more.
"""

from django.conf import settings
from django.db import connection, transaction

from foundation.files.models import FolderKeyChange
from province.audit.models import ONLY_ADDED, AuditPack

# what the owner runs, or believes about schemas: who could write here would have the owner's rights
_ONLY_READ = (
    *("provisioning_halltemplate", "provisioning_hallschema", "provisioning_upgradescript"),
    "provisioning_backupstate",
    FolderKeyChange._meta.db_table,
    AuditPack._meta.db_table,
    "django_migrations",
)
_ROWS, _NUMBERS = "SELECT, INSERT, UPDATE, DELETE", "USAGE, SELECT"


def grant_to_application() -> None:
    """The application's role (of ``DATABASE_URL``) may do its work afterwards, and no more. Again changes nothing.

    Called by the owner, once the public schema's tables are there. Where both are one role nothing happens:
    ``yizhan doctor`` says that.
    """
    role = settings.APPLICATION_ROLE
    if role == connection.settings_dict["USER"]:
        return
    to = connection.ops.quote_name(role)
    with transaction.atomic(), connection.cursor() as cursor:
        for rights, what in ((_ROWS, "TABLES"), (_NUMBERS, "SEQUENCES"), ("USAGE", "SCHEMAS")):
            cursor.execute(f"ALTER DEFAULT PRIVILEGES GRANT {rights} ON {what} TO {to}")
        cursor.execute(_grants("public", to))
        cursor.execute(f"REVOKE INSERT, UPDATE, DELETE ON {', '.join(_ONLY_READ)} FROM {to}")
        cursor.execute(f"REVOKE UPDATE, DELETE ON {', '.join(ONLY_ADDED)} FROM {to}")
        # it deletes links where it has said the same in one row, and runs as their owner
        cursor.execute(f"GRANT EXECUTE ON FUNCTION public.pack_audit_links TO {to}")
    _open_former_schemas(role, to)


def _open_former_schemas(role: str, to: str) -> None:
    """Those made before there were two roles. Each in a transaction of its own: killed, the next call goes on."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nspname FROM pg_namespace WHERE nspowner = current_user::regrole"
            " AND NOT has_schema_privilege(%s, oid, 'USAGE') ORDER BY nspname",
            [role],
        )
        names = [name for (name,) in cursor.fetchall()]
        for name in names:
            cursor.execute(_grants(connection.ops.quote_name(name), to))


def _grants(schema: str, to: str) -> str:
    return (
        f"GRANT {_ROWS} ON ALL TABLES IN SCHEMA {schema} TO {to};"
        f" GRANT {_NUMBERS} ON ALL SEQUENCES IN SCHEMA {schema} TO {to};"
        f" GRANT USAGE ON SCHEMA {schema} TO {to}"
    )
