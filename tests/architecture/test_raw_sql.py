"""SQL by hand names the tables of its own app, or a view that another app has declared for it."""

import re

import pytest
from django.apps import apps
from django.db import connection

from tests.architecture.sources import sources


def owners() -> dict[str, str]:
    """table → the app whose rows stand in it."""
    return {model._meta.db_table: model._meta.app_config.name for model in apps.get_models()}


class TestRawSql:
    def test_names_tables_of_its_own_app_alone(self) -> None:
        owner = owners()
        strays = [
            f"{source.module}:{line} {name}"
            for source in sources()
            for line, text in source.texts
            for name in set(re.findall(r"\w+", text)) & owner.keys()
            if not f"{source.module}.".startswith(f"{owner[name]}.")
        ]
        assert strays == []


@pytest.mark.django_db
class TestDeclaredView:
    def test_is_named_for_the_app_that_declares_it(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT viewname, definition FROM pg_views WHERE schemaname = 'public'")
            found = dict(cursor.fetchall())
        labels = {config.label for config in apps.get_app_configs()}
        assert [name for name in found if not name.startswith(tuple(f"{label}_" for label in labels))] == []

    def test_reads_tables_of_that_app_alone(self) -> None:
        owner = {table: name.rpartition(".")[2] for table, name in owners().items()}
        with connection.cursor() as cursor:
            cursor.execute("SELECT viewname, definition FROM pg_views WHERE schemaname = 'public'")
            strays = [
                (name, table)
                for name, definition in cursor.fetchall()
                for table in set(re.findall(r"\b\w+\b", definition)) & owner.keys()
                if not name.startswith(f"{owner[table]}_")
            ]
        assert strays == []
