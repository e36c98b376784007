"""The migrations of a kind of hall: which there are, how a schema gets them, what SQL they amount to."""

import hashlib
import inspect
from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from foundation import schemas
from foundation.errors import Conflict
from province.halls.models import HallKind

# "portal.0001_initial", in the order in which they are applied
type Names = tuple[str, ...]


def migrations_by_kind() -> dict[HallKind, list[Migration]]:
    """All migrations of each kind's apps, in order; they are read from the code, no schema is asked."""
    graph = MigrationLoader(None).graph
    found = {}
    for kind in HallKind:
        labels = {config.label for config in apps.get_app_configs() if config.name in settings.HALL_APPS[kind]}
        leaves = [key for key in graph.leaf_nodes() if key[0] in labels]
        ordered = dict.fromkeys(key for leaf in leaves for key in graph.forwards_plan(leaf))
        found[kind] = [graph.nodes[key] for key in ordered if key[0] in labels]
    return found


def kind_migrations(kind: HallKind) -> list[Migration]:
    return migrations_by_kind()[kind]


def names_of(migrations: Iterable[Migration]) -> Names:
    return tuple(f"{migration.app_label}.{migration.name}" for migration in migrations)


def digest_of(names: Iterable[str]) -> str:
    """What the ledger compares: the same whenever the same migrations were applied."""
    return hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()


def fingerprint_of(migrations: Iterable[Migration]) -> str:
    """Changes with the migrations' text, too, as it does before a first release."""
    texts = (inspect.getsource(inspect.getmodule(type(migration)) or type(migration)) for migration in migrations)
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def migrate_schema(schema_name: str, kind: HallKind, migrations: Sequence[Migration]) -> None:
    """Make the schema and apply these migrations to it, the kind's first ones. Which they were is recorded in the
    ledger alone (``HallSchema``): no hall has a table of migrations of its own."""
    _apply(schema_name, kind, migrations, recorded_from=len(migrations))


def render_upgrade(kind: HallKind, before: Sequence[str]) -> str:
    """The SQL that brings a schema of this kind from the migrations ``before`` to today's; table names are bare.

    It is written down while the migrations run in a scratch schema of this kind that is rolled back, so what a
    migration looks up in the catalogue is found. Under ``public`` the same would come out empty: the router keeps a
    hall's tables out of it. Raises Conflict where a migration cannot be said in SQL.
    """
    migrations = kind_migrations(kind)
    names = names_of(migrations)
    if unknown := sorted(set(before) - set(names)):
        message = f"有的服务厅做过当前程序没有的迁移（{unknown[0]}），请先更新程序。"
        raise Conflict(message)
    ordered = [one for one in migrations if names_of([one])[0] in before]
    ordered += (added := [one for one in migrations if names_of([one])[0] not in before])
    for migration in added:
        _require_sql(migration)
    scratch = f"rehearsal_{kind}"
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
        statements = _apply(scratch, kind, ordered, recorded_from=len(before))
        transaction.set_rollback(True)
    if not statements and any(one.operations for one in added):
        message = f"{names_of(added)[-1]} renders to nothing"
        raise RuntimeError(message)
    return ";\n".join(statements)


def _require_sql(migration: Migration) -> None:
    [name] = names_of([migration])
    if not migration.atomic:
        message = f"迁移 {name} 不在事务中执行，不能逐厅升级，请去掉 atomic = False。"
        raise Conflict(message)
    for operation in migration.operations:
        if not operation.reduces_to_sql:
            message = f"迁移 {name} 含有 Python 代码，不能渲染成 SQL，请改用 RunSQL。"
            raise Conflict(message)


def _apply(schema_name: str, kind: HallKind, migrations: Sequence[Migration], *, recorded_from: int) -> list[str]:
    """Run the migrations in a new schema; returns the statements of those from ``recorded_from`` on."""
    statements: list[str] = []
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE SCHEMA "{schema_name}"')
    with schemas.enter(schema_name, kind=kind):
        state = _state_before(migrations)
        for position, migration in enumerate(migrations):
            with _Recording(connection, atomic=migration.atomic) as editor:
                state = migration.apply(state, editor)
            if position >= recorded_from:
                statements += editor.statements
    return statements


def _state_before(migrations: Sequence[Migration]) -> ProjectState:
    """The models of other apps that these migrations build upon."""
    own = {migration.app_label for migration in migrations}
    needed = {key for one in migrations for key in one.dependencies if key[0] not in own}
    return MigrationLoader(None).project_state(list(needed)) if needed else ProjectState()


class _Recording(connection.SchemaEditorClass):  # type: ignore[misc,name-defined]  # known only at run time
    """Runs DDL and keeps it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.statements: list[str] = []

    def execute(self, sql: Any, params: Any = ()) -> None:
        super().execute(sql, params)
        self.statements.append(_literal(str(sql), params).rstrip("; \n"))


def _literal(sql: str, params: Any) -> str:
    """The statement with its parameters written into it, by the database's own driver."""
    if not params:
        return sql
    with connection.cursor() as cursor:
        written: bytes = cursor.mogrify(sql, params)
    return written.decode()
