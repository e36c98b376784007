"""One template schema per kind of hall: migrated once, dumped once, written for each new hall as one script."""

import os
import subprocess

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from foundation import schemas
from foundation.parts.postgres import binaries
from province.halls.models import HallKind

PLACEHOLDER = "hall_template_placeholder"


def template_schema(kind: HallKind) -> str:
    return f"template_{kind}"


def build_template(kind: HallKind) -> None:
    """Migrate the kind's template schema up to the newest migration, making it first if it lacks."""
    name = template_schema(kind)
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE SCHEMA IF NOT EXISTS "{name}"')
    with schemas.enter(name, kind=kind):
        executor = MigrationExecutor(connection)
        executor.migrate([key for key in executor.loader.graph.leaf_nodes() if _belongs(key[0], kind)])


def _belongs(app_label: str, kind: HallKind) -> bool:
    return any(app.rpartition(".")[2] == app_label for app in settings.HALL_APPS[kind])


def render_script(kind: HallKind) -> str:
    """The DDL and the migration ledger of a new hall of this kind; the schema's name is ``PLACEHOLDER``."""
    database = settings.DATABASES["default"]
    dumped = subprocess.run(
        [
            *(binaries() / "pg_dump", "--no-owner", "--no-privileges", f"--schema={template_schema(kind)}"),
            *("-h", str(database["HOST"]), "-p", str(database["PORT"]), "-U", str(database["USER"])),
            *("--inserts", "-d", connection.settings_dict["NAME"]),
        ],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | {"PGPASSWORD": str(database["PASSWORD"])},
    ).stdout
    kept = [
        line
        for line in dumped.splitlines()
        if line and not line.startswith(("--", "SET ", "\\", "SELECT pg_catalog.set"))
    ]
    return "\n".join(kept).replace(template_schema(kind), PLACEHOLDER)
