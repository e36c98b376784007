"""Columns that never change once written, refused by the database itself."""

from collections.abc import Sequence
from typing import Any, override

from django.db import models

# made by who comes first: halls are upgraded several at once, and would replace it under one another
_REFUSE = """
DO $made$ BEGIN
    IF to_regproc('public.refuse_change') IS NULL THEN
        CREATE FUNCTION public.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'the row of %.% is written once and never changed', TG_TABLE_SCHEMA, TG_TABLE_NAME
                USING ERRCODE = 'restrict_violation';
        END $$;
    END IF;
END $made$"""


class FrozenFields(models.BaseConstraint):
    """A trigger that refuses an UPDATE of these fields. Django raises IntegrityError for it. ``once``: fields
    besides that are NULL until they are written."""

    def __init__(self, *, fields: list[str], name: str, once: Sequence[str] = ()) -> None:
        super().__init__(name=name)
        self.fields = tuple(fields)
        self.once = tuple(once)

    # Django hands a model and a schema editor to each of these; its stubs allow None for both
    @override
    def create_sql(self, model: Any, schema_editor: Any) -> str:
        quote = schema_editor.quote_name

        def column(name: str) -> str:
            return str(quote(model._meta.get_field(name).column))

        # as pg_dump writes it, so that a hall made from a dump has the same
        differ = [f"OLD.{column(name)} IS DISTINCT FROM NEW.{column(name)}" for name in self.fields]
        differ += [
            f"(OLD.{column(name)} IS NOT NULL AND OLD.{column(name)} IS DISTINCT FROM NEW.{column(name)})"
            for name in self.once
        ]
        changed = " OR ".join(differ)
        return (
            f"{_REFUSE};\nCREATE TRIGGER {quote(self.name)} BEFORE UPDATE ON {quote(model._meta.db_table)} "
            f"FOR EACH ROW WHEN ({changed}) EXECUTE FUNCTION public.refuse_change()"
        )

    @override
    def constraint_sql(self, model: Any, schema_editor: Any) -> str:
        """A trigger is no part of CREATE TABLE: it follows it."""
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))
        return ""

    @override
    def remove_sql(self, model: Any, schema_editor: Any) -> str:
        quote = schema_editor.quote_name
        return f"DROP TRIGGER IF EXISTS {quote(self.name)} ON {quote(model._meta.db_table)}"

    @override
    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Nothing to say of one row before it is written."""

    @override
    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, args, kwargs | {"fields": list(self.fields)} | ({"once": list(self.once)} if self.once else {})

    def __eq__(self, other: object) -> bool:
        if isinstance(other, FrozenFields):
            return (self.name, self.fields, self.once) == (other.name, other.fields, other.once)
        return NotImplemented

    def __hash__(self) -> int:
        return hash((self.name, self.fields, self.once))
