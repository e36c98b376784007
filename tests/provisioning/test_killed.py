"""Killed with -9 at any moment, provisioning and upgrade go on where they were and leave no hall half made."""

import signal
import time
from collections.abc import Callable
from random import SystemRandom

import pytest
from django.db import connection
from django.test.utils import override_settings

from config.health import pending_migrations
from config.machine.release import RELEASE_STEPS
from foundation import schemas
from province.halls.models import Hall, HallDomain, HallFigures, HallGeneration, HallKind
from province.halls.states import HallState
from province.rights.queries import system_actor
from provisioning.models import HallSchema, HallTemplate, RolloutStep
from provisioning.states import StepState
from provisioning.upgrade import schemas_behind
from provisioning.verify import verify_halls
from tenants.portal.models import Column
from tests.forked import process
from tests.provisioning.carry_out import AHEAD, RELEASE_AHEAD, provision, release, upgrade
from tests.provisioning.conftest import MakeVillages
from tests.soak import SOAK

KILLS, VILLAGES = (20, 300) if SOAK else (6, 120)
_CHANCE = SystemRandom()


def run_and_kill(act: Callable[..., None], *args: str, within: float) -> bool:
    """Two processes share the act and are killed at a moment within so many seconds; whether they were at work."""
    workers = [process(act, *args) for _ in range(2)]
    for worker in workers:
        worker.start()
    time.sleep(_CHANCE.uniform(0.02, within))
    was_at_work = all(worker.is_alive() for worker in workers)
    for worker in workers:
        worker.kill()
        worker.join()
    return was_at_work


def made_halls() -> set[str]:
    """Schema names of the halls that are there; every one of them must be whole."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname ~ '^hall_'")
        present = {name for (name,) in cursor.fetchall()}
    halls = list(Hall.objects.filter(number__gt=3))
    ids = {hall.pk for hall in halls}
    assert present == set(Hall.objects.values_list("schema_name", flat=True))
    for model, owner in ((HallSchema, "hall"), (HallDomain, "tenant"), (HallGeneration, "hall"), (HallFigures, "hall")):
        assert set(model.objects.filter(**{f"{owner}__in": ids}).values_list(owner, flat=True)) == ids
    assert {hall.state for hall in halls} <= {HallState.TRIAL}
    settled = RolloutStep.objects.filter(state=StepState.DONE, rollout__act="provision")
    assert set(settled.values_list("hall_id", flat=True)) == ids
    return {hall.schema_name for hall in halls}


@pytest.mark.usefixtures("fresh_database")
class TestKilledAtRandom:
    @pytest.mark.soak
    def test_leaves_every_hall_whole_and_goes_on(self, make_villages: MakeVillages) -> None:
        """Provisioning, then the upgrade of the halls that it made."""
        make_villages(VILLAGES)
        _kill_provisioning()
        _kill_upgrade()


@pytest.mark.usefixtures("fresh_database", "store")
class TestReleaseKilledAtEachStep:
    def test_leaves_the_old_release_at_work_and_is_carried_on(self) -> None:
        """At some moment within each of its steps."""
        for step in range(1, RELEASE_STEPS + 1):
            assert _released(step, _CHANCE.uniform(0, 0.5)) in {-signal.SIGKILL, 0}
            # each hall is old or new, and readers of both go on
            names = Hall.objects.values_list("schema_name", flat=True)
            new = HallSchema.objects.filter(migrations__contains=["portal.9999_column_note"])
            assert set(new.values_list("hall__schema_name", flat=True)) == schemas_with_note() & set(names)
            for name in names:
                with schemas.enter(name):
                    assert Column.objects.count() >= 0
            connection.close()
        assert _released(0, 0) == 0
        assert set(Hall.objects.values_list("schema_name", flat=True)) <= schemas_with_note()
        with override_settings(MIGRATION_MODULES=RELEASE_AHEAD):
            assert pending_migrations() == []
            assert schemas_behind() == []
            assert verify_halls(by=system_actor()).drifts == ()
            assert HallTemplate.objects.count() == len(HallKind)


def _released(killed_in: int, seconds: float) -> int | None:
    """Exit code of the job; it is negative where it was killed."""
    job = process(release, killed_in, seconds)
    job.start()
    job.join()
    connection.close()
    return job.exitcode


def _kill_provisioning() -> None:
    kills = 0
    while kills < KILLS:
        kills += run_and_kill(provision, "420582001", within=0.5)
        assert len(made_halls()) < VILLAGES + 1, "too few halls to be killed so often"
        connection.close()
    provision("420582001")
    names = made_halls()
    assert len(names) == VILLAGES + 1
    assert not RolloutStep.objects.exclude(state=StepState.DONE).exists()
    assert verify_halls(by=system_actor()).drifts == ()
    for name in _CHANCE.sample(sorted(names), 20):
        with schemas.enter(name):
            assert Column.objects.count() in {4, 5}
    connection.close()


def _kill_upgrade() -> None:
    """Each hall is either old or new at every moment."""
    kills = 0
    while kills < KILLS:
        kills += run_and_kill(upgrade, within=0.5)
        ahead = HallSchema.objects.filter(migrations__contains=["portal.9999_column_note"])
        assert set(ahead.values_list("hall__schema_name", flat=True)) == schemas_with_note()
        connection.close()
    upgrade()
    assert len(schemas_with_note()) == VILLAGES + 4
    with override_settings(MIGRATION_MODULES=AHEAD):
        assert schemas_behind() == []
        assert verify_halls(by=system_actor()).drifts == ()


def schemas_with_note() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_schema FROM information_schema.columns"
            " WHERE table_schema ~ '^hall_' AND table_name = 'portal_column' AND column_name = 'note'"
        )
        return {name for (name,) in cursor.fetchall()}
