"""Writes at home: an app's rows are written by its own operations alone, restore and templates included."""

import ast
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps

from tests.architecture.sources import ROOT, Source, sources
from tests.architecture.writes import (
    Known,
    Write,
    functions_of,
    is_at_home,
    owner_of,
    relations_of,
    strays_of,
    writes_of,
)

# (module, call) → why it may write what is not its own
ALLOWED = {
    ("foundation.bulk_copy", "SQL"): "the tool behind copy_rows, which is looked at where it is called",
    (
        "foundation.gathering",
        "SQL",
    ): "behind insert_row, insert_rows and update_row, looked at where they are called",
    ("foundation.crypto.rotation", "SQL"): "a new key seals every app's encrypted values anew; what they say stays",
    ("provisioning.restore", "SQL"): "a hall's schema comes back whole out of its archive, whatever apps it has",
}


@cache
def known() -> Known:
    tables = {model._meta.db_table: model._meta.app_config.name for model in apps.get_models()}
    ours = {table: name for table, name in tables.items() if owner_of(name)}
    return Known(ours, relations_of(sources()), functions_of(sources()))


@cache
def written() -> tuple[tuple[Source, Write], ...]:
    """Every write of the program: to read them takes as long as all tests that ask for them."""
    return tuple((source, write) for source in sources() for write in writes_of(source, known()))


def found() -> set[tuple[str, Write]]:
    return {(source.module, write) for source, write in written() if not is_at_home(source, write)}


def planted(module: str, text: str) -> list[Write]:
    """What would be found astray if this text stood in that module."""
    parts = module.split(".")
    length = 2 if parts[0] in {"province", "tenants"} else 1
    folder = ROOT / "platform" if parts[0] in {"province", "foundation"} else ROOT
    path = Path(folder, *parts).with_suffix(".py")
    source = Source(path, module, ".".join(parts[:length]), "".join(parts[length : length + 1]), ast.parse(text))
    return strays_of(source, known())


class TestWrite:
    def test_is_made_by_an_operation_of_the_app_that_owns_the_row(self) -> None:
        strays = [
            f"{module}:{write.line} {write.call} of {write.owner or 'an unknown app'}"
            for module, write in sorted(found(), key=lambda one: (one[0], one[1].line))
            if (module, write.call) not in ALLOWED
        ]
        assert strays == [], "move the write into an operation of the app that owns the row, and call that"

    def test_is_excused_only_where_it_needs_to_be(self) -> None:
        assert sorted(ALLOWED.keys() - {(module, write.call) for module, write in found()}) == []

    def test_is_found_in_every_app_that_has_rows(self) -> None:
        seen = {write.owner for _, write in written()}
        assert sorted(set(known().tables.values()) - seen) == []

    def test_is_named_by_its_app_nearly_everywhere(self) -> None:
        """Where the source does not say whose row it is, only the kind of module is looked at: let those stay few."""
        writes = [write for _, write in written()]
        assert len(writes) > 250
        assert sum(not write.owner for write in writes) < len(writes) / 5


_HALL = "from province.halls.models import Hall\n"
_ASSET = "from province.content.models import Asset\n"


class TestPlanted:
    """The reader turns red where it should, and only there."""

    @pytest.mark.parametrize(
        ("module", "text"),
        [
            # another app's rows, by manager, chain, instance, variable and what a query hands out
            ("province.content.operations.pushes", f"{_HALL}Hall.objects.create(name='x')"),
            ("province.content.operations.pushes", f"{_HALL}Hall.objects.filter(pk=1).exclude(pk=2).update(name='x')"),
            ("province.content.operations.pushes", f"{_HALL}Hall.objects.select_for_update().get(pk=1).delete()"),
            ("province.content.operations.pushes", f"{_HALL}Hall(name='x').save()"),
            ("province.content.operations.pushes", f"{_HALL}def f(found: Hall | None): found.save()"),
            ("province.content.operations.pushes", f"{_HALL}def f(rows: list[Hall]):\n for row in rows: row.save()"),
            ("province.content.operations.pushes", f"{_HALL}def f(rows: list[Hall]): insert_rows(rows)"),
            ("province.content.operations.pushes", f"{_HALL}row, _ = Hall.objects.get_or_create(pk=1)\nrow.save()"),
            ("province.content.operations.pushes", f"{_HALL}async def f(): await Hall.objects.acreate(name='x')"),
            (
                "province.content.operations.pushes",
                "from province.halls.queries import hall_with_code\nfound = hall_with_code('1')\nfound.save()",
            ),
            ("province.content.operations.pushes", "def f(division): division.codes.all().delete()"),
            # … by COPY and SQL
            ("province.content.operations.pushes", "copy_rows('halls_division', ['id'], [])"),
            ("province.content.operations.pushes", f"{_HALL}copy_rows(Hall._meta.db_table, ['id'], [])"),
            ("province.content.operations.pushes", "SQL = 'WITH a AS (SELECT 1) INSERT INTO halls_hall (id) SELECT 1'"),
            ("province.content.operations.pushes", "SQL = 'UPDATE public.halls_hall AS own SET name = 1'"),
            ("province.content.operations.pushes", "SQL = f'DELETE FROM \"halls_hall\" WHERE id = {1}'"),
            (
                "province.content.operations.pushes",
                "from province.halls.models import Hall\nSQL = f'DELETE FROM {Hall._meta.db_table}'",
            ),
            # upward: a restore, a template, a command
            ("provisioning.restore", f"{_HALL}Hall.objects.bulk_create([])"),
            ("provisioning.restore", "def f(row): row.save()"),
            ("provisioning.templates", "def f(table): return f'INSERT INTO {table} VALUES (1)'"),
            ("config.demo.halls", f"{_HALL}Hall.objects.update(name='x')"),
            # its own rows, in a place that only asks or only shows
            ("province.content.queries.assets", f"{_ASSET}Asset.objects.update(alt='')"),
            ("province.content.queries.assets", "SQL = 'UPDATE content_asset SET alt = 1'"),
            ("province.content.views.library", "def f(x): x.save()"),
            ("province.content.views.library", "def f(x): x.save(update_fields=['alt'])"),
            ("province.content.api.assets", "def f(x): x.delete()"),
            ("province.content.tasks.pushes", "def f(x): x.update(state='done')"),
            ("province.content.subscribers", "def f(x): x.bulk_create([1])"),
            ("provisioning.queries", "from provisioning.models import Rollout\nRollout.objects.all().delete()"),
            ("foundation.events.queries", "from foundation.events.models import Event\nEvent.objects.all().delete()"),
            ("foundation.api", "from foundation.idempotency.models import IdempotencyKey\nIdempotencyKey().save()"),
            ("foundation.api", "def f(row): row.save()"),
        ],
    )
    def test_stray_is_found(self, module: str, text: str) -> None:
        assert planted(module, text) != []

    @pytest.mark.parametrize(
        ("module", "text"),
        [
            ("province.halls.operations.halls", f"{_HALL}Hall.objects.filter(pk=1).update(name='x')"),
            ("province.halls.models.halls", "class Hall:\n def f(self): self.save()"),
            ("province.halls.operations.halls", "SQL = 'UPDATE halls_hall SET name = 1'"),
            ("province.content.operations.pushes", "def f(x): x.save()"),
            ("province.content.operations.pushes", "copy_rows('content_imported_account', ['id'], [])"),
            ("province.content.operations.pushes", "SQL = 'SELECT 1 FROM halls_hall FOR UPDATE SKIP LOCKED'"),
            ("province.content.operations.pushes", "SQL = 'ON CONFLICT (id) DO UPDATE SET name = 1'"),
            ("province.content.operations.pushes", '"""It will INSERT INTO halls_hall."""'),
            ("province.content.queries.assets", "def f(words): words.update({1: 2})"),
            ("province.content.views.library", "def f(request): request.session.save()"),
            ("province.content.views.library", "def f(form): form.save()"),
            ("province.content.views.library", "def f(image, out): image.save(out, 'PNG', quality=80)"),
            ("province.content.api.assets", "@router.delete('/{id}', response={204: None})\ndef f(): ..."),
            ("provisioning.create", "from provisioning.models import Rollout\ndef f(found: Rollout): found.save()"),
            ("foundation.idempotency.operations", "from foundation.idempotency.models import A\nA.objects.create(b=1)"),
            ("foundation.editing.drafts", "def f(draft): draft.save(update_fields=[])"),
        ],
    )
    def test_what_is_at_home_is_not(self, module: str, text: str) -> None:
        assert planted(module, text) == []
