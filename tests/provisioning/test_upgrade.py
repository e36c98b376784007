from collections.abc import Iterator
from threading import Event, Thread

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext, override_settings

from foundation import schemas
from foundation.errors import Conflict, NotAllowed
from province.halls.models import Hall
from provisioning import migrating
from provisioning.create import provision_halls
from provisioning.models import HallSchema, HallTemplate, Rollout, RolloutStep
from provisioning.queries import rollout_progress
from provisioning.states import RolloutState
from provisioning.upgrade import schemas_behind, upgrade_halls
from provisioning.verify import verify_halls
from tenants.portal.models import Column
from tests.conftest import person
from tests.provisioning.carry_out import AHEAD, NOTE, TODAY
from tests.provisioning.conftest import MakeVillages
from tests.provisioning.test_templates import dump_of


@pytest.fixture
def upgraded_program(fresh_database: None) -> Iterator[None]:
    """The program is one migration ahead of every hall."""
    with override_settings(MIGRATION_MODULES=AHEAD):
        yield


def has_note(schema_name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM information_schema.columns WHERE table_schema = %s AND table_name = 'portal_column'"
            " AND column_name = 'note'",
            [schema_name],
        )
        return cursor.fetchone() is not None


class TestUpgradeHallsWithNothingToDo:
    @pytest.mark.django_db
    def test_asks_one_query_and_leaves_no_trace(self) -> None:
        actor = person("zhao")
        with CaptureQueriesContext(connection) as queries:
            assert upgrade_halls(by=actor, workers=1) is None
        assert len(queries) == 1
        assert not Rollout.objects.exists()

    @pytest.mark.django_db
    def test_asks_as_little_with_many_halls(self, make_villages: MakeVillages) -> None:
        make_villages(40)
        provision_halls(by=person("zhao"), under="420582", workers=1)
        actor = person("zhao")
        with CaptureQueriesContext(connection) as queries:
            assert upgrade_halls(by=actor, workers=1) is None
        assert len(queries) == 1

    @pytest.mark.django_db
    def test_is_refused_to_a_halls_editor(self) -> None:
        with pytest.raises(NotAllowed):
            upgrade_halls(by=person("sun"), workers=1)


@pytest.mark.usefixtures("upgraded_program")
class TestUpgradeHalls:
    def test_brings_every_schema_and_template_to_todays_migrations(self, north: Hall) -> None:
        assert sum(one.schemas for one in schemas_behind()) == 3
        rollout = upgrade_halls(by=person("zhao"), workers=1)
        assert rollout is not None
        assert rollout.state == RolloutState.DONE
        assert schemas_behind() == []
        assert has_note(north.schema_name)
        # a hall that was upgraded is like one that is made today
        assert dump_of(north.schema_name) == dump_of("template_county")
        assert verify_halls(by=person("zhao")).drifts == ()

    def test_makes_later_halls_as_they_are_today(self, north: Hall, make_villages: MakeVillages) -> None:
        make_villages(2)
        upgrade_halls(by=person("zhao"), workers=1)
        provision_halls(by=person("zhao"), under="420582001", workers=1)
        made = Hall.objects.get(division__code="420582001200")
        migrating.migrate_schema("migrated", made.kind, migrating.kind_migrations(made.kind))
        assert dump_of(made.schema_name) == dump_of("migrated")
        assert schemas_behind() == []
        assert verify_halls(by=person("zhao")).drifts == ()

    def test_records_the_migration_in_the_ledger(self, north: Hall) -> None:
        upgrade_halls(by=person("zhao"), workers=1)
        assert sorted(HallSchema.objects.get(hall=north).migrations) == sorted([*TODAY, NOTE])

    def test_leaves_a_hall_that_fails_whole_and_goes_on(self, north: Hall, south: Hall) -> None:
        # somebody altered it by hand: the new index has its name already
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE INDEX portal_column_note ON {north.schema_name}.portal_column (name)")
        rollout = upgrade_halls(by=person("zhao"), workers=1)
        assert rollout is not None
        assert rollout.state == RolloutState.PARTLY_DONE
        [failure] = rollout_progress(rollout.id).failures
        assert failure.name == "当阳市"
        assert "portal_column_note" in failure.reason
        assert not has_note(north.schema_name)
        assert has_note(south.schema_name)
        assert [one.schemas for one in schemas_behind()] == [1]
        # mended, the same call does the rest
        with connection.cursor() as cursor:
            cursor.execute(f"DROP INDEX {north.schema_name}.portal_column_note")
        again = upgrade_halls(by=person("zhao"), workers=1)
        assert again is not None
        assert again.steps.count() == 1
        assert has_note(north.schema_name)

    def test_lets_readers_go_on_and_waits_for_a_busy_hall(self, north: Hall) -> None:
        errors: list[DatabaseError] = []
        reads = 0
        is_busy, was_met, is_over = Event(), Event(), Event()

        def read_on() -> None:
            nonlocal reads
            try:
                while not is_over.is_set():
                    for name in ("hall_000001", "hall_000002", "hall_000003"):
                        with schemas.enter(name):
                            list(Column.objects.all())
                        reads += 1
            except DatabaseError as error:
                errors.append(error)
            finally:
                connection.close()

        def stay_busy() -> None:
            try:
                with transaction.atomic(), schemas.enter(north.schema_name):
                    list(Column.objects.all())
                    is_busy.set()
                    was_met.wait(30)
            finally:
                connection.close()

        def look(_: object) -> None:
            if RolloutStep.objects.filter(attempts__gt=0).exists():
                was_met.set()

        threads = [Thread(target=read_on), Thread(target=stay_busy)]
        for thread in threads:
            thread.start()
        is_busy.wait(5)
        rollout = upgrade_halls(by=person("zhao"), workers=1, report=look)
        is_over.set()
        for thread in threads:
            thread.join()
        assert rollout is not None
        assert rollout.state == RolloutState.DONE
        assert rollout.steps.get(hall=north).attempts > 0
        assert errors == []
        assert reads > 0

    def test_shared_by_two_at_once_does_every_hall_once(self, make_villages: MakeVillages) -> None:
        with override_settings(MIGRATION_MODULES={}):
            make_villages(30)
            provision_halls(by=person("zhao"), under="420582001", workers=1)
        actor = person("zhao")
        found: list[Rollout | None] = []

        def upgrade() -> None:
            try:
                found.append(upgrade_halls(by=actor, workers=1))
            finally:
                connection.close()

        threads = [Thread(target=upgrade) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(found) == 2
        assert RolloutStep.objects.filter(rollout__act="upgrade").count() == Hall.objects.count() == 34
        assert schemas_behind() == []
        assert verify_halls(by=actor).drifts == ()


@pytest.mark.usefixtures("fresh_database")
class TestRenderUpgrade:
    def test_says_what_the_migrations_say_and_no_more(self) -> None:
        before = HallTemplate.objects.get(kind="county").migrations
        with override_settings(MIGRATION_MODULES=AHEAD):
            sql = migrating.render_upgrade(migrating.HallKind.COUNTY, before)
        assert [line.split()[0] for line in sql.splitlines()] == ["ALTER", "CREATE"]
        assert "hall_" not in sql
        assert "rehearsal" not in sql

    def test_refuses_halls_that_are_ahead_of_the_program(self) -> None:
        with pytest.raises(Conflict):
            migrating.render_upgrade(migrating.HallKind.COUNTY, ["portal.0001_initial", "portal.0009_future"])

    def test_leaves_nothing_behind(self) -> None:
        with override_settings(MIGRATION_MODULES=AHEAD):
            migrating.render_upgrade(migrating.HallKind.COUNTY, [])
        with pytest.raises(ProgrammingError), connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM rehearsal_county.portal_column")
