"""One template schema per kind of hall: migrated once, dumped once, written for each new hall as one script."""

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from foundation import schemas
from foundation.embedded_services.postgres import binaries
from foundation.errors import Conflict
from province.halls.models import HallKind
from provisioning.migrating import Names, digest_of, fingerprint_of, kind_migrations, migrate_schema, names_of
from provisioning.models import HallTemplate
from provisioning.script import fold_dump

_SCHEMA_NAME = re.compile(r"hall_[0-9]{6,}")
PLACEHOLDER = "hall_template_placeholder"


def template_schema(kind: HallKind) -> str:
    return f"template_{kind}"


def build_template(kind: HallKind) -> HallTemplate:
    """The kind's template as today's migrations have it; made anew where they changed. Must not run in a transaction.

    Killed half-way it starts over: the row that vouches for the schema is written last.
    """
    migrations = kind_migrations(kind)
    fingerprint = fingerprint_of(migrations)
    with _alone(kind):
        found = HallTemplate.objects.filter(kind=kind, fingerprint=fingerprint).first()
        if found:
            return found
        with transaction.atomic():
            HallTemplate.objects.filter(kind=kind).delete()
            with connection.cursor() as cursor:
                cursor.execute(f'DROP SCHEMA IF EXISTS "{template_schema(kind)}" CASCADE')
            # kinds with the same apps have the same tables: what was made of one kind's migrations makes the next
            alike = HallTemplate.objects.filter(fingerprint=fingerprint).first()
            if alike:
                with connection.cursor() as cursor:
                    cursor.execute(alike.script.replace(PLACEHOLDER, template_schema(kind)))
            else:
                migrate_schema(template_schema(kind), kind, migrations)
        script = alike.script if alike else render_script(kind)
        return HallTemplate.objects.create(
            kind=kind,
            digest=digest_of(names_of(migrations)),
            migrations=list(names_of(migrations)),
            fingerprint=fingerprint,
            script=script,
            tables=_tables_of(kind),
        )


def advance_template(template: HallTemplate, sql: str, names: Names) -> None:
    """Carry the template on by the SQL that its halls get, in the caller's transaction.

    A new dump would read the whole catalogue: half a minute a kind among three thousand halls.
    """
    kind = HallKind(template.kind)
    with connection.cursor() as cursor:
        cursor.execute(_inside(template_schema(kind), sql))
    template.script += _inside(PLACEHOLDER, sql)
    template.digest = digest_of(names)
    template.migrations = list(names)
    template.fingerprint = fingerprint_of(kind_migrations(kind))
    template.tables = _tables_of(kind)
    template.save()


def _inside(schema_name: str, sql: str) -> str:
    """A script with bare table names, made to run in one schema."""
    return f'SET LOCAL search_path = "{schema_name}", public;\n{sql};\nSET LOCAL search_path = public;\n'


def hall_template(kind: HallKind | str) -> HallTemplate:
    """The kind's template, for making halls from it: one query where it is there."""
    return HallTemplate.objects.filter(kind=kind).first() or build_template(HallKind(kind))


def hall_script(template: HallTemplate, schema_name: str) -> str:
    """What makes the schema of one hall."""
    return template.script.replace(PLACEHOLDER, checked_name(schema_name))


def checked_name(schema_name: str) -> str:
    """The name of a hall's schema, fit to stand in a script that the owner of all tables runs. Raises Conflict: the
    application's role may write the row that it stands in."""
    if not _SCHEMA_NAME.fullmatch(schema_name):
        message = f"服务厅登记的结构名“{schema_name[:40]}”不合规，没有执行任何操作。"
        raise Conflict(message)
    return schema_name


def render_script(kind: HallKind) -> str:
    """The DDL of a new hall of this kind; the schema's name is ``PLACEHOLDER``."""
    database = connection.settings_dict
    dumped = subprocess.run(
        [
            *(binaries() / "pg_dump", "--schema-only", "--no-owner", "--no-privileges"),
            f"--schema={template_schema(kind)}",
            *("-h", str(database["HOST"]), "-p", str(database["PORT"]), "-U", str(database["USER"])),
            *("-d", str(database["NAME"])),
        ],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | {"PGPASSWORD": str(database["PASSWORD"])},
    ).stdout
    script = fold_dump(dumped).replace(template_schema(kind), PLACEHOLDER)
    if "CREATE TABLE" not in script:
        message = f"the script of {kind} makes no table"
        raise RuntimeError(message)
    return script


def _tables_of(kind: HallKind) -> list[str]:
    with schemas.enter(template_schema(kind), kind=kind), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename")
        return [name for (name,) in cursor.fetchall()]


@contextmanager
def _alone(kind: HallKind) -> Iterator[None]:
    """Two builders of one template wait for each other; the lock ends with the connection at the latest."""
    key = f"hall template {kind}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [key])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [key])
