"""A hall out of its archive, onto the server it came from or onto another. Other halls are not touched."""

import re
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core import serializers
from django.db import connection, transaction
from django.db.models import Max, Model

from foundation.errors import Conflict, Invalid
from foundation.files.credentials import open_folders
from foundation.files.store import FileInStore, put_back
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
from province.identity.models import Actor
from province.identity.queries.rights import require
from provisioning.archives import Manifest, reading
from provisioning.backup import REGISTRY, qualified
from provisioning.migrating import digest_of, kind_migrations, migrate_schema, names_of
from provisioning.models import HallSchema
from provisioning.templates import build_template, hall_script

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
        template = build_template(HallKind(manifest.kind))
        for part, (key, media_type) in manifest.files.items():
            put_back(FileInStore(key, media_type, archive.read(part)))
        open_folders([archived.folder])
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = 0")
                cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('plan halls', 0))")
            divisions = _restore_divisions(rows)
            hall = _restore_registry(rows, archived, divisions)
            if manifest.migrations == template.migrations:
                _replace_schema(hall, hall_script(template, hall.schema_name))
            else:
                _replace_schema(hall, "")
                _migrate_as_archived(hall, manifest)
            _restore_rows(hall, archive, manifest)
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


def _restore_divisions(rows: Iterable[Model]) -> dict[UUID, UUID]:
    """What is there stays; what lacks is added with its codes. Returns archived id -> id here."""
    ids: dict[UUID, UUID] = {}
    for row in rows:
        if isinstance(row, Division):
            here = Division.objects.filter(pk=row.pk) | Division.objects.filter(code=row.code, valid_to=None)
            found = here.first()
            ids[row.pk] = found.pk if found else row.pk
            if found is None:
                row.parent_id = ids[row.parent_id] if row.parent_id else None
                row.save(force_insert=True)
        elif isinstance(row, DivisionCode) and ids[row.division_id] == row.division_id:
            DivisionCode.objects.bulk_create([row], ignore_conflicts=True)
    return ids


def _restore_registry(rows: Iterable[Model], archived: Hall, divisions: dict[UUID, UUID]) -> Hall:
    present = Hall.objects.select_for_update().filter(pk=archived.pk).first()
    archived.division_id = divisions[archived.division_id]
    if archived.successor_id and not Hall.objects.filter(pk=archived.successor_id).exists():
        archived.successor_id = None
    if present:
        archived.number, archived.schema_name = present.number, present.schema_name
    elif Hall.objects.filter(number=archived.number).exists():
        archived.number = (Hall.objects.aggregate(last=Max("number"))["last"] or 0) + 1
        archived.schema_name = f"hall_{archived.number:06d}"
    domains = [row for row in rows if isinstance(row, HallDomain)]
    _refuse_taken(archived, domains)
    # Django's own: TenantMixin's save would look for a schema to make
    archived.save_base(force_insert=present is None, force_update=present is not None)
    HallDomain.objects.filter(tenant=archived).delete()
    HallDomain.objects.bulk_create(domains)
    for row in rows:
        if isinstance(row, HallFigures):
            row.save()
        elif isinstance(row, HallGeneration):
            _restore_generation(row)
    return Hall.objects.select_related("division").get(pk=archived.pk)


def _restore_generation(row: HallGeneration) -> None:
    """Later than any that a cached page may bear, here or in the archive."""
    present = HallGeneration.objects.filter(hall_id=row.hall_id).first()
    row.generation = max(row.generation, present.generation if present else 0) + 1
    row.save()


def _refuse_taken(archived: Hall, domains: Iterable[HallDomain]) -> None:
    others = Hall.objects.exclude(pk=archived.pk)
    if other := others.filter(division_id=archived.division_id).first():
        message = f"这个区划已有另一个服务厅“{other.name}”。"
        raise Conflict(message)
    if other := others.filter(slug=archived.slug).first():
        message = f"域名前缀“{archived.slug}”已由“{other.name}”使用。"
        raise Conflict(message)
    for domain in domains:
        taken = HallDomain.objects.exclude(tenant_id=archived.pk).filter(domain=domain.domain).first()
        if taken:
            message = f"域名“{domain.domain}”已由“{taken.tenant.name}”使用。"
            raise Conflict(message)


def _replace_schema(hall: Hall, script: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'DROP SCHEMA IF EXISTS "{hall.schema_name}" CASCADE')
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
