"""A hall made from the template is what Django's migrations would have made."""

import os
import re
import subprocess

import pytest
from django.db import connection

from foundation.embedded_services.postgres import binaries
from province.halls.models import HallKind
from provisioning.migrating import Names, kind_migrations, migrate_schema, names_of, render_upgrade
from provisioning.script import fold_dump
from provisioning.templates import build_template, hall_script, template_schema
from tenants.portal.operations.columns import starting_script


def dump_of(schema_name: str) -> list[str]:
    """The schema's own definition by pg_dump, under a neutral name, without comments."""
    database = connection.settings_dict
    dumped = subprocess.run(
        [
            *(binaries() / "pg_dump", "--schema-only", "--no-owner", "--no-privileges", f"--schema={schema_name}"),
            *("-h", str(database["HOST"]), "-p", str(database["PORT"]), "-U", str(database["USER"])),
            *("-d", str(database["NAME"])),
        ],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | {"PGPASSWORD": str(database["PASSWORD"])},
    ).stdout
    lines = re.sub(rf"\b{schema_name}\b", "the_schema", dumped).splitlines()
    return [line for line in lines if line and not line.startswith(("--", "\\"))]


_dumps: dict[Names, list[str]] = {}


def _migrated(kind: HallKind) -> list[str]:
    """What the kind's migrations make; those of kinds with the same apps run once."""
    migrations = kind_migrations(kind)
    names = names_of(migrations)
    if names not in _dumps:
        migrate_schema("hall_900002", kind, migrations)
        _dumps[names] = dump_of("hall_900002")
    return _dumps[names]


@pytest.mark.usefixtures("fresh_database")
class TestHallScript:
    @pytest.mark.parametrize("kind", HallKind)
    def test_makes_the_schema_that_migrations_make(self, kind: HallKind) -> None:
        template = build_template(kind)
        with connection.cursor() as cursor:
            cursor.execute(hall_script(template, "hall_900001"))
            cursor.execute(starting_script(kind, "hall_900001"))
        assert dump_of("hall_900001") == _migrated(kind) == dump_of(template_schema(kind))

    def test_says_in_the_ledger_alone_which_migrations_there_are(self) -> None:
        template = build_template(HallKind.VILLAGE)
        assert template.migrations == list(names_of(kind_migrations(HallKind.VILLAGE)))
        assert "django_migrations" not in template.script


@pytest.mark.usefixtures("fresh_database")
class TestBuildTemplate:
    def test_does_nothing_where_the_migrations_are_the_same(self) -> None:
        assert build_template(HallKind.COUNTY).pk == build_template(HallKind.COUNTY).pk

    def test_makes_a_half_made_template_anew(self) -> None:
        before = build_template(HallKind.COUNTY)
        before.delete()
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE template_county.portal_article CASCADE")
        assert "CREATE TABLE hall_template_placeholder.portal_article " in build_template(HallKind.COUNTY).script


@pytest.mark.django_db
class TestRenderUpgrade:
    def test_renders_nothing_for_a_schema_that_is_up_to_date(self) -> None:
        names = build_template(HallKind.VILLAGE).migrations
        assert render_upgrade(HallKind.VILLAGE, names) == ""

    def test_renders_tables_for_an_empty_schema_under_the_halls_kind(self) -> None:
        sql = render_upgrade(HallKind.VILLAGE, [])
        assert 'CREATE TABLE "portal_article"' in sql


class TestFoldDump:
    def test_makes_tables_and_indexes_part_of_the_schema_and_each_table_after_those_it_names(self) -> None:
        dump = (
            "-- a comment\n\\restrict x\nSET a = b;\nCREATE SCHEMA s;\n"
            "CREATE TABLE s.a (\n    id integer NOT NULL,\n    b integer\n);\n\n"
            "CREATE TABLE s.b (\n    id integer NOT NULL\n);\n\n"
            "ALTER TABLE ONLY s.a\n    ADD CONSTRAINT a_pkey PRIMARY KEY (id);\n"
            "CREATE INDEX a_b_idx ON s.a USING btree (b);\n"
            "CREATE TRIGGER stays BEFORE UPDATE ON s.a;\n"
            "ALTER TABLE ONLY s.a\n    ADD CONSTRAINT a_b FOREIGN KEY (b) REFERENCES s.b(id);\n"
        )
        assert fold_dump(dump) == (
            "CREATE SCHEMA s\n"
            'CREATE TABLE s.b (\n    id integer CONSTRAINT "b_id_not_null" NOT NULL\n)\n'
            'CREATE TABLE s.a (\n    id integer CONSTRAINT "a_id_not_null" NOT NULL,\n    b integer,\n'
            "    CONSTRAINT a_pkey PRIMARY KEY (id),\n"
            "    CONSTRAINT a_b FOREIGN KEY (b) REFERENCES s.b(id)\n)\n"
            "CREATE INDEX a_b_idx ON s.a USING btree (b);\n"
            "CREATE TRIGGER stays BEFORE UPDATE ON s.a;\n"
        )

    def test_leaves_a_key_of_tables_that_name_each_other_for_last(self) -> None:
        dump = (
            "CREATE SCHEMA s;\nCREATE TABLE s.a (\n    b integer,\n    a integer\n);\n"
            "CREATE TABLE s.b (\n    a integer\n);\n"
            "ALTER TABLE ONLY s.a\n    ADD CONSTRAINT a_b FOREIGN KEY (b) REFERENCES s.b(id);\n"
            "ALTER TABLE ONLY s.a\n    ADD CONSTRAINT a_a FOREIGN KEY (a) REFERENCES s.a(id);\n"
            "ALTER TABLE ONLY s.b\n    ADD CONSTRAINT b_a FOREIGN KEY (a) REFERENCES s.a(id);\n"
        )
        assert fold_dump(dump) == (
            "CREATE SCHEMA s\n"
            "CREATE TABLE s.b (\n    a integer\n)\n"
            "CREATE TABLE s.a (\n    b integer,\n    a integer,\n"
            "    CONSTRAINT a_b FOREIGN KEY (b) REFERENCES s.b(id),\n"
            "    CONSTRAINT a_a FOREIGN KEY (a) REFERENCES s.a(id)\n);\n"
            "ALTER TABLE ONLY s.b ADD CONSTRAINT b_a FOREIGN KEY (a) REFERENCES s.a(id);\n"
        )

    def test_names_what_may_not_be_null_as_postgresql_would(self) -> None:
        dump = (
            "CREATE SCHEMA s;\n"
            'CREATE TABLE s.a (\n    id uuid DEFAULT uuidv7() NOT NULL,\n    "values" jsonb NOT NULL,\n'
            "    other integer CONSTRAINT its_own_name NOT NULL,\n    may integer,\n"
            "    CONSTRAINT either CHECK (((other IS NOT NULL) OR\n    may IS NOT NULL))\n);\n"
        )
        assert fold_dump(dump) == (
            "CREATE SCHEMA s\n"
            'CREATE TABLE s.a (\n    id uuid DEFAULT uuidv7() CONSTRAINT "a_id_not_null" NOT NULL,\n'
            '    "values" jsonb CONSTRAINT "a_values_not_null" NOT NULL,\n'
            "    other integer CONSTRAINT its_own_name NOT NULL,\n    may integer,\n"
            "    CONSTRAINT either CHECK (((other IS NOT NULL) OR\n    may IS NOT NULL))\n);\n"
        )
