"""A hall out of its archive, onto the server it came from or onto another. Other halls are not touched."""

import re
import zipfile
from pathlib import Path
from typing import Any

from django.core import serializers
from django.db import connection, transaction
from django.db.models import Model

from foundation.advisory_lock import hold_name
from foundation.errors import Conflict, Invalid
from foundation.files.store import FileInStore, put_back
from foundation.sealing.keys import put_keys_back
from province.audit.operations import record_act
from province.halls.models import (
    Division,
    DivisionCode,
    Hall,
    HallDomain,
    HallFigures,
    HallGeneration,
    HallKind,
)
from province.halls.operations.archived_halls import restore_hall_rows
from province.rights.actors import Actor
from province.rights.queries import require
from provisioning.archives import DATA_KEYS, Manifest, opened_keys, reading
from provisioning.backup import REGISTRY, qualified
from provisioning.migrating import digest_of, kind_migrations, migrate_schema, names_of
from provisioning.models import HallSchema
from provisioning.store_keys import open_store
from provisioning.templates import build_template, checked_name, hall_script

_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}\Z")


def restore_hall(*, by: Actor, path: Path) -> Hall:
    """The hall as it was when the archive was written; what it has now is replaced.

    The archive is checked whole before anything happens. Raises Invalid for a damaged file, Conflict where another
    hall has this one's division, name or domain.
    """
    require(by, "halls.manage")
    with reading(path) as (archive, manifest):
        rows = _registry_rows(archive)
        [archived] = [row for row in rows if isinstance(row, Hall)]
        _check_names(manifest, archived)
        keys = opened_keys(archived.pk, archive.read(DATA_KEYS)) if DATA_KEYS in manifest.parts else {}
        template = build_template(HallKind(manifest.kind))
        open_store([archived])
        for part, (key, media_type) in manifest.files.items():
            put_back(FileInStore(key, media_type, archive.read(part)))
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = 0")
            hold_name("plan halls")
            hall = restore_hall_rows(rows)
            if manifest.migrations == template.migrations:
                _replace_schema(hall, hall_script(template, hall.schema_name))
            else:
                _replace_schema(hall, "")
                _migrate_as_archived(hall, manifest)
            _restore_rows(hall, archive, manifest)
            put_keys_back(hall.pk, keys)
            HallSchema.objects.update_or_create(
                hall=hall,
                defaults={
                    "kind": manifest.kind,
                    "digest": digest_of(manifest.migrations),
                    "migrations": manifest.migrations,
                },
            )
            record_act(by=by, act="halls.restore", object_type="hall", object_id=hall.id, hall_id=hall.id)
    return hall


def _registry_rows(archive: zipfile.ZipFile) -> list[Model]:
    try:
        rows = [found.object for found in serializers.deserialize("json", archive.read(REGISTRY))]
    except (serializers.base.DeserializationError, KeyError) as error:
        raise Invalid("备份文件中的登记资料读不出来，没有恢复任何内容。") from error
    known = (Division, DivisionCode, Hall, HallDomain, HallGeneration, HallFigures)
    if sum(isinstance(row, Hall) for row in rows) != 1 or not all(isinstance(row, known) for row in rows):
        raise Invalid("备份文件中的登记资料不完整，没有恢复任何内容。")
    return rows


def _check_names(manifest: Manifest, archived: Hall) -> None:
    """Names become SQL and keys: an archive may have been written by anybody."""
    names = [*manifest.tables, *(column for columns in manifest.tables.values() for column in columns)]
    if not all(_NAME.match(name) for name in names) or manifest.kind not in HallKind.values:
        raise Invalid("备份文件中的表名不合规，没有恢复任何内容。")
    if not all(key.startswith(f"{archived.folder}/") and ".." not in key for key, _ in manifest.files.values()):
        raise Invalid("备份文件含有不属于这个服务厅的文件，没有恢复任何内容。")


def _replace_schema(hall: Hall, script: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'DROP SCHEMA IF EXISTS "{checked_name(hall.schema_name)}" CASCADE')
        if script:
            cursor.execute(script)


def _migrate_as_archived(hall: Hall, manifest: Manifest) -> None:
    """The archive is older than the program: make its state, and let the next upgrade do the rest."""
    kind = HallKind(manifest.kind)
    migrations = [one for one in kind_migrations(kind) if names_of([one])[0] in manifest.migrations]
    if len(migrations) != len(manifest.migrations):
        raise Conflict("备份来自更新的程序版本，请先更新程序再恢复。")
    migrate_schema(hall.schema_name, kind, migrations)


def _restore_rows(hall: Hall, archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Foreign keys are checked at commit, so the order of tables does not matter."""
    tables: dict[str, Any] = manifest.tables
    with connection.cursor() as cursor:
        # a migration may have asked for their check at once
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        if tables:
            names = ", ".join(f'"{hall.schema_name}"."{table}"' for table in tables)
            # what a migration put there is in the archive, too
            cursor.execute(f"TRUNCATE {names}")
        for table, columns in tables.items():
            with archive.open(f"tables/{table}.copy") as part:
                cursor.copy_expert(f"COPY {qualified(hall.schema_name, table, columns)} FROM STDIN", part)
