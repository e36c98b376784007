"""Bring every hall's schema to today's migrations: planned once, rendered once, applied to one schema after another."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Exists, prefetch_related_objects

from province.halls.models import HallKind
from province.rights.actors import Actor
from province.rights.queries import require
from provisioning.migrating import digest_of, kind_migrations, migrations_by_kind, names_of, render_upgrade
from provisioning.models import HallSchema, HallTemplate, Rollout, RolloutStep, UpgradeScript
from provisioning.rollouts import Report, carries_out, join_rollout, run_rollout
from provisioning.states import RolloutState
from provisioning.templates import advance_template, checked_name

# how long one schema's change waits for readers, who wait behind it meanwhile
LOCK_TIMEOUT = "1s"
# schemas in one transaction: their locks are held for some 20 ms
BATCH = 20


@dataclass(frozen=True, slots=True)
class Behind:
    """Schemas of one kind that all bear the same migrations, and not today's."""

    kind: HallKind
    digest: str
    migrations: tuple[str, ...]
    schemas: int


def upgrade_halls(*, by: Actor, workers: int = 2, report: Report | None = None) -> Rollout | None:
    """Bring every hall's schema to today's migrations. Returns None where there is nothing to do: one query tells.

    A hall that fails is left whole, as it was. A repeat carries on what was killed.
    """
    require(by, "halls.manage")
    behind, is_running = _behind()
    if not behind and not is_running:
        return None
    return run_rollout(_plan(by, behind), workers=workers, report=report)


def schemas_behind() -> list[Behind]:
    """What ``upgrade_halls`` would do now."""
    return _behind()[0]


def _behind() -> tuple[list[Behind], bool]:
    """One query: schemas that want an upgrade, and whether an upgrade was begun and not ended."""
    today = {kind: digest_of(names_of(migrations)) for kind, migrations in migrations_by_kind().items()}
    running = Rollout.objects.filter(act=Rollout.Act.UPGRADE, state=RolloutState.RUNNING)
    groups = (
        HallSchema.objects.values("kind", "digest", "migrations")
        .annotate(schemas=Count("*"), is_running=Exists(running))
        .order_by("kind", "digest")
    )
    found = list(groups)
    behind = [
        Behind(HallKind(one["kind"]), one["digest"], tuple(one["migrations"]), one["schemas"])
        for one in found
        if one["digest"] != today[HallKind(one["kind"])]
    ]
    return behind, any(one["is_running"] for one in found)


@transaction.atomic
def _plan(by: Actor, behind: list[Behind]) -> Rollout:
    """The rollout with what was rendered, the templates brought on, and a step for every schema that is behind."""
    # kinds with the same apps get the same SQL
    known_sql: dict[tuple[str, str], str] = {}
    rendered = {(one.kind, one.digest): _rendered(one.kind, one.migrations, known_sql) for one in behind}
    for template in HallTemplate.objects.select_for_update().order_by("kind"):
        kind = HallKind(template.kind)
        known = rendered.get((kind, template.digest)) or _rendered(kind, template.migrations, known_sql)
        if known.digest != template.digest:
            advance_template(template, known.sql, tuple(known.migrations))
    rollout = join_rollout(by=by, act=Rollout.Act.UPGRADE)
    for (kind, before), script in rendered.items():
        UpgradeScript.objects.update_or_create(
            rollout=rollout,
            kind=kind,
            before=before,
            defaults={"sql": script.sql, "digest": script.digest, "migrations": script.migrations},
        )
    for one in behind:
        _add_steps(rollout, one)
    return rollout


def _rendered(kind: HallKind, before: Sequence[str], known_sql: dict[tuple[str, str], str]) -> UpgradeScript:
    """``known_sql``: what was rendered, by the digests of the migrations before and after; gets what it lacks."""
    names = names_of(kind_migrations(kind))
    key = digest_of(before), digest_of(names)
    if key not in known_sql:
        known_sql[key] = render_upgrade(kind, before) if key[0] != key[1] else ""
    return UpgradeScript(kind=kind, sql=known_sql[key], digest=key[1], migrations=list(names))


def _add_steps(rollout: Rollout, behind: Behind) -> None:
    """One statement for all schemas; a step that failed before in this rollout is tried again."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO provisioning_rolloutstep
                (rollout_id, division_id, hall_id, kind, number, slug, position, state, attempts, reason)
            SELECT %(rollout)s, hall.division_id, hall.id, hall.kind, hall.number, hall.slug, hall.number,
                   'waiting', 0, ''
            FROM provisioning_hallschema AS own JOIN halls_directory AS hall ON hall.id = own.hall_id
            WHERE own.kind = %(kind)s AND own.digest = %(digest)s
            ON CONFLICT (rollout_id, division_id) DO UPDATE SET state = 'waiting', attempts = 0, reason = ''
            """,
            {"rollout": rollout.pk, "kind": behind.kind, "digest": behind.digest},
        )


@carries_out(Rollout.Act.UPGRADE, at_once=BATCH)
def _upgrade_schemas(rollout: Rollout, steps: Sequence[RolloutStep]) -> None:
    """The changes, the ledger's lines and the steps: one message to the server."""
    # once a process
    prefetch_related_objects([rollout], "scripts")
    planned = {(one.kind, one.before): one for one in rollout.scripts.all()}
    script = [f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'", "SET LOCAL statement_timeout = 0"]
    with connection.cursor() as cursor:

        def said(sql: str, *values: Any) -> str:
            written: bytes = cursor.mogrify(sql, values)
            return written.decode()

        for hall in (step.hall for step in steps if step.hall):
            own = hall.schema_row
            # upgraded by another rollout meanwhile: nothing is planned for what it is now
            if wanted := planned.get((own.kind, own.digest)):
                script += [
                    f'SET LOCAL search_path = "{checked_name(hall.schema_name)}", public',
                    wanted.sql,
                    said(
                        "UPDATE public.provisioning_hallschema SET digest = %s, migrations = %s WHERE hall_id = %s",
                        *(wanted.digest, wanted.migrations, own.pk),
                    ),
                ]
        settled = [step.pk for step in steps]
        script.append(
            said(
                "UPDATE public.provisioning_rolloutstep SET state = 'done', reason = '', finished_at = now()"
                " WHERE id = ANY (%s::uuid[])",
                settled,
            )
        )
        cursor.execute(";\n".join(script))
