"""What a migration does to tables that the release before goes on using (decision 36): it adds, and takes nothing."""

import re
from collections.abc import Callable, Iterator, Sequence

from django.apps import apps
from django.contrib.postgres.operations import CreateExtension
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.models.functions import Now

_OURS = ("foundation.", "province.", "tenants.", "provisioning")
# what writes of the release before do not meet, and its reads do not miss
_HARMLESS = (
    migrations.CreateModel,
    migrations.AddIndex,
    migrations.RemoveIndex,
    migrations.RemoveConstraint,
    migrations.AlterModelOptions,
    migrations.AlterModelManagers,
    migrations.RunPython,
    CreateExtension,
)
# in SQL written by hand
_TAKES = re.compile(
    r"\b(?:DROP\s+(?:TABLE|COLUMN|VIEW|FUNCTION)|RENAME|SET\s+NOT\s+NULL|ADD\s+CONSTRAINT"
    r"|ALTER\s+(?:COLUMN\s+)?\w+\s+(?:SET\s+DATA\s+)?TYPE)\b",
    re.IGNORECASE,
)
# (model, field) → as it was before
type Former = Callable[[str, str], models.Field]


def takings(operations: Sequence[Operation], former: Former) -> Iterator[str]:
    """What the release before would meet. Tables that the operations make themselves are the new release's alone."""
    own = {one.name_lower for one in operations if isinstance(one, migrations.CreateModel)}
    for one in operations:
        if isinstance(one, migrations.SeparateDatabaseAndState):
            yield from takings(one.database_operations, former)
        elif getattr(one, "model_name_lower", "") not in own and not _only_adds(one, former):
            yield one.describe()


def _only_adds(one: Operation, former: Former) -> bool:
    if isinstance(one, migrations.AddField):
        field = one.field
        return bool(field.many_to_many or field.null or field.has_db_default() or field.generated)
    if isinstance(one, migrations.AlterField):
        return _holds_as_much(former(one.model_name_lower, one.name_lower), one.field)
    if isinstance(one, migrations.RunSQL):
        return not any(_TAKES.search(text) for text in _texts_of(one.sql))
    return isinstance(one, _HARMLESS)


def _holds_as_much(old: models.Field, new: models.Field) -> bool:
    """Whether the database takes and gives for the new field whatever it did for the old one: choices and labels are
    the program's alone, and a longer text takes a shorter one."""
    (_, old_kind, old_words, was), (_, new_kind, new_words, now) = old.deconstruct(), new.deconstruct()
    old_length, new_length = (one.pop("max_length", None) for one in (was, now))
    is_longer = old_length == new_length or (old_length is not None and (new_length or old_length) >= old_length)
    was, now = ({name: said for name, said in one.items() if name not in new.non_db_attrs} for one in (was, now))
    return is_longer and (old_kind, old_words, was) == (new_kind, new_words, now)


def _texts_of(sql: object) -> Iterator[str]:
    for one in [sql] if isinstance(sql, str) else sql:  # type: ignore[attr-defined]
        yield one if isinstance(one, str) else one[0]


def _ours() -> Iterator[migrations.Migration]:
    """A migration that takes something away says since which release nobody has used it (``unused_since``)."""
    labels = {one.label for one in apps.get_app_configs() if f"{one.name}.".startswith(_OURS)}
    for (label, _), migration in MigrationLoader(None).disk_migrations.items():
        if label in labels and not getattr(migration, "unused_since", ""):
            yield migration


def _former_of(migration: migrations.Migration) -> Former:
    def former(model: str, field: str) -> models.Field:
        state = MigrationLoader(None).project_state((migration.app_label, migration.name), at_end=False)
        found: models.Field = state.models[migration.app_label, model].fields[field]
        return found

    return former


_NOTE = models.CharField(max_length=40, default="")
_TAKEN = [
    migrations.AddField("column", "note", _NOTE),
    migrations.RemoveField("column", "note"),
    migrations.RenameField("column", "note", "word"),
    migrations.AlterField("column", "note", models.CharField(max_length=20)),
    migrations.AlterField("column", "note", models.CharField(max_length=40, unique=True)),
    migrations.AlterField("column", "note", models.IntegerField()),
    migrations.DeleteModel("column"),
    migrations.RenameModel("column", "heading"),
    migrations.AlterModelTable("column", "headings"),
    migrations.AddConstraint("column", models.CheckConstraint(condition=models.Q(note=""), name="no_note")),
    migrations.RunSQL("ALTER TABLE portal_column ALTER note SET NOT NULL"),
    migrations.RunSQL("ALTER TABLE portal_column ALTER COLUMN note TYPE int USING 0"),
    migrations.RunSQL(["SELECT 1", ("ALTER TABLE portal_column DROP COLUMN note", [])]),
    migrations.SeparateDatabaseAndState([migrations.RemoveField("column", "note")]),
]
_ADDED = [
    migrations.AddField("column", "note", models.CharField(max_length=40, null=True)),
    migrations.AddField("column", "note", models.CharField(max_length=40, db_default="")),
    migrations.AddField("column", "at", models.DateTimeField(db_default=Now())),
    migrations.AddField("column", "more", models.ManyToManyField("portal.Article")),
    migrations.AlterField("column", "note", models.CharField(max_length=40, choices=[("a", "甲")], help_text="乙")),
    migrations.AlterField("column", "note", models.CharField(max_length=80)),
    migrations.AddIndex("column", models.Index(fields=["note"], name="column_note")),
    migrations.RunSQL("ALTER TABLE portal_column ADD COLUMN vector tsvector", "DROP TABLE portal_column"),
    migrations.SeparateDatabaseAndState([], [migrations.RemoveField("column", "note")]),
]


def _as_it_was(_: str, __: str) -> models.Field:
    return models.CharField(max_length=40)


class TestMigration:
    def test_takes_nothing_that_the_release_before_uses(self) -> None:
        found = list(_ours())
        assert len(found) > 30
        taken = {f"{one.app_label}.{one.name}": list(takings(one.operations, _former_of(one))) for one in found}
        assert {name: said for name, said in taken.items() if said} == {}

    def test_that_takes_something_is_found(self) -> None:
        made = migrations.CreateModel("Column", [("id", models.AutoField(primary_key=True))])
        for one in _TAKEN:
            assert len(list(takings([one], _as_it_was))) == 1, one
            # from a table that it makes itself it may
            if hasattr(one, "model_name_lower"):
                assert list(takings([made, one], _as_it_was)) == [], one

    def test_that_adds_is_let_through(self) -> None:
        assert [one for one in _ADDED if list(takings([one], _as_it_was))] == []
