"""One hall into one file, and back: its registry rows, the rows of its schema and what opens them, its files."""

from collections.abc import Iterable
from pathlib import Path

from django.core import serializers
from django.db import connection, transaction
from django.db.models import Model

from foundation.errors import NotFound
from foundation.files.store import files_in
from foundation.sealing.keys import keys_of
from province.audit.operations import record_act
from province.halls.models import Division, DivisionCode, Hall, HallDomain, HallFigures, HallGeneration
from province.rights.actors import Actor
from province.rights.queries import require
from provisioning.archives import DATA_KEYS, ArchiveWriter, sealed_keys, write_manifest, writing
from provisioning.models import HallSchema

REGISTRY = "registry.json"


def backup_hall(*, by: Actor, hall: Hall, path: Path) -> None:
    """Write the archive; whatever is written to the hall meanwhile is in it wholly or not at all.

    Raises NotFound where the hall has no schema.
    """
    require(by, "halls.manage")
    ledger = HallSchema.objects.filter(hall=hall).first()
    if ledger is None:
        message = f"“{hall.name}”还没有开通，没有可以备份的内容。"
        raise NotFound(message)
    with writing(path) as writer:
        tables = _write_rows(writer, hall)
        files = _write_files(writer, hall)
        write_manifest(writer, kind=ledger.kind, migrations=ledger.migrations, tables=tables, files=files)
    record_act(by=by, act="halls.backup", object_type="hall", object_id=hall.id, hall_id=hall.id)


@transaction.atomic
def _write_rows(writer: ArchiveWriter, hall: Hall) -> dict[str, list[str]]:
    """Registry and tables as they stand at one moment. Returns table -> columns."""
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SET LOCAL statement_timeout = 0")
        with writer.part(REGISTRY) as file:
            file.write(serializers.serialize("json", _registry_rows(hall)).encode())
        with writer.part(DATA_KEYS) as file:
            file.write(sealed_keys(hall.pk, keys_of(hall.pk)))
        tables = _tables_of(hall.schema_name)
        for table, columns in tables.items():
            with writer.part(f"tables/{table}.copy") as file:
                cursor.copy_expert(f"COPY {qualified(hall.schema_name, table, columns)} TO STDOUT", file)
    return tables


def _registry_rows(hall: Hall) -> Iterable[Model]:
    """Each after those it points at: the divisions from the province down, their codes, the hall and what it owns."""
    divisions: list[Division] = []
    above: Division | None = hall.division
    while above:
        divisions.insert(0, above)
        above = above.parent
    yield from divisions
    yield from DivisionCode.objects.filter(division__in=divisions)
    yield Hall.objects.get(pk=hall.pk)
    for model in (HallDomain, HallGeneration, HallFigures):
        owner = "tenant" if model is HallDomain else "hall"
        yield from model.objects.filter(**{owner: hall})


def _tables_of(schema_name: str) -> dict[str, list[str]]:
    """Table -> its columns. Which migrations were applied the manifest says."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT relation.relname, array_agg(part.attname::text ORDER BY part.attnum)
            FROM pg_class AS relation JOIN pg_attribute AS part ON part.attrelid = relation.oid
            WHERE relation.relnamespace = %s::regnamespace AND relation.relkind = 'r'
              AND part.attnum > 0 AND NOT part.attisdropped AND part.attgenerated = ''
            GROUP BY relation.relname ORDER BY relation.relname
            """,
            [schema_name],
        )
        return dict(cursor.fetchall())


def qualified(schema_name: str, table: str, columns: Iterable[str]) -> str:
    """``"schema"."table" ("column", …)``"""
    quote = connection.ops.quote_name
    return f"{quote(schema_name)}.{quote(table)} ({', '.join(map(quote, columns))})"


def _write_files(writer: ArchiveWriter, hall: Hall) -> dict[str, list[str]]:
    """Part -> key and media type. Read after the rows: a file that a row names is never missing."""
    files = {}
    for number, file in enumerate(files_in(hall.folder)):
        part = f"files/{number}"
        with writer.part(part) as into:
            into.write(file.content)
        files[part] = [file.key, file.media_type]
    return files
