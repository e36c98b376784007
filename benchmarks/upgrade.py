"""Upgrading every hall: nothing to do, and one AddField, against django-tenants' migrate_schemas."""

from typing import Any

from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings

from benchmarks.measuring import line, milliseconds, timed
from benchmarks.world import Profile, build
from province.halls.models import HallKind
from province.rights.queries import system_actor
from provisioning.migrating import digest_of, migrations_by_kind, names_of
from provisioning.models import HallSchema
from provisioning.queries import rollout_progress
from provisioning.upgrade import schemas_behind, upgrade_halls

# the portal's migrations and one more: AddField
_AHEAD = {"portal": "benchmarks.next_release.migrations"}
_RIVAL_SCHEMAS = {"small": 5, "full": 50}


def run(profile: Profile) -> list[dict[str, Any]]:
    build(profile)
    lines = [_nothing_to_do()]
    with override_settings(MIGRATION_MODULES=_AHEAD):
        rival = _migrate_schemas(_RIVAL_SCHEMAS[profile.name])
        lines += _one_field(profile, rival)
    return lines


def _nothing_to_do() -> dict[str, Any]:
    with CaptureQueriesContext(connection) as queries, timed() as taken:
        rollout = upgrade_halls(by=system_actor())
    return line(
        "upgrade with nothing to do",
        measured=milliseconds(taken.seconds) / 1000,
        bound="one query, <= 1 s",
        holds=rollout is None and len(queries) == 1 and taken.seconds <= 1,
        queries=len(queries),
        halls=HallSchema.objects.count(),
    )


def _migrate_schemas(count: int) -> float:
    """Seconds a schema. These schemas are then up to date, and the ledger is told so."""
    chosen = list(HallSchema.objects.filter(kind=HallKind.VILLAGE).select_related("hall")[:count])
    for one in chosen:
        _record_migrations(one)
    with timed() as taken:
        for one in chosen:
            call_command("migrate_schemas", schema_name=one.hall.schema_name, verbosity=0)
    names = names_of(migrations_by_kind()[HallKind.VILLAGE])
    HallSchema.objects.filter(pk__in=[one.pk for one in chosen]).update(digest=digest_of(names), migrations=list(names))
    return taken.seconds / count


def _record_migrations(of: HallSchema) -> None:
    """In the schema itself, where ``migrate_schemas`` looks for them; with us the ledger alone has them."""
    table = f'"{of.hall.schema_name}".django_migrations'
    records = [name.partition(".") for name in of.migrations]
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {table} (LIKE public.django_migrations INCLUDING ALL)")
        cursor.executemany(
            f"INSERT INTO {table} (app, name, applied) VALUES (%s, %s, now())",  # noqa: S608 - a schema's name of ours
            [(app, name) for app, _, name in records],
        )


def _one_field(profile: Profile, rival: float) -> list[dict[str, Any]]:
    schemas = sum(one.schemas for one in schemas_behind())
    with timed() as taken:
        rollout = upgrade_halls(by=system_actor(), workers=2)
    if rollout is None:
        message = "there was nothing to upgrade"
        raise RuntimeError(message)
    progress = rollout_progress(rollout.id)
    ours = taken.seconds / schemas
    return [
        line(
            "upgrade by one AddField",
            measured=round(taken.seconds, 2),
            bound="<= 30 s for the 3,190 of 宁夏",
            holds=progress.done == schemas and taken.seconds <= 30,
            halls=schemas,
            failed=progress.failed,
        ),
        line(
            "one AddField, a schema, against migrate_schemas",
            measured=round(rival / ours),
            bound=">= 300",
            # the plan, made once, weighs more on few schemas
            # rendering once weighs on few halls
            holds=rival / ours >= 300 if profile.is_full else None,
            ours_milliseconds=milliseconds(ours),
            migrate_schemas_milliseconds=milliseconds(rival),
        ),
    ]
