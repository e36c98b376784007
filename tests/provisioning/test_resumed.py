"""What the builder was handed and nobody does: a broker that lost its data, a builder that was killed for good."""

from datetime import timedelta

import pytest
from django.utils import timezone

from config.celery import app as celery_app
from config.queues import BUILDING
from foundation.files.models import FolderKeyChange
from province.halls.models import Hall
from provisioning import tasks
from provisioning.create import carry_out, start_rollout
from provisioning.models import Rollout, RolloutStep
from provisioning.queries import abandoned_rollouts
from provisioning.states import RolloutState
from provisioning.store_keys import FORMER_LASTS, halls_with_former_keys
from tests.conftest import person
from tests.provisioning.conftest import MakeVillages

LONG_AGO = timedelta(minutes=10)


def age(rollout: Rollout) -> None:
    Rollout.objects.filter(pk=rollout.pk).update(created_at=timezone.now() - LONG_AGO)


class TestSchedule:
    def test_never_wakes_the_builder(self) -> None:
        timed = {one["task"] for one in celery_app.conf.beat_schedule.values()}
        queues = {task: celery_app.amqp.router.route({}, task)["queue"].name for task in timed}
        assert "provisioning.resume_building" in timed
        assert [task for task, queue in queues.items() if queue == BUILDING] == []
        assert celery_app.amqp.router.route({}, tasks.carry_out_rollout.name)["queue"].name == BUILDING


@pytest.mark.usefixtures("fresh_database")
class TestRollout:
    def test_that_nobody_carries_out_is_found_and_done(
        self, make_villages: MakeVillages, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make_villages(3)
        rollout = start_rollout(by=person("zhao"), under="420582001")
        assert abandoned_rollouts() == [], "it was asked for just now"
        age(rollout)
        assert abandoned_rollouts() == [rollout.pk]
        RolloutStep.objects.filter(pk=rollout.steps.latest("position").pk).update(finished_at=timezone.now())
        assert abandoned_rollouts() == [], "the builder is at work"
        RolloutStep.objects.update(finished_at=None)
        monkeypatch.setattr(tasks.carry_out_rollout, "delay", tasks.carry_out_rollout)
        tasks.resume_building()
        rollout.refresh_from_db()
        assert rollout.state == RolloutState.DONE
        assert Hall.objects.filter(division__code__startswith="420582001").count() == 4
        assert abandoned_rollouts() == []

    def test_that_another_one_keeps_waiting_is_left(self, make_villages: MakeVillages) -> None:
        make_villages(3)
        first = start_rollout(by=person("zhao"), under="420582001")
        second = start_rollout(by=person("zhao"), under="420582")
        carry_out(first.pk)
        age(second)
        assert abandoned_rollouts() == [], "the first has just been done"
        RolloutStep.objects.update(finished_at=timezone.now() - LONG_AGO)
        assert abandoned_rollouts() == [second.pk]

    def test_that_upgrades_is_who_calls_for_its(self) -> None:
        rollout = Rollout.objects.create(act=Rollout.Act.UPGRADE, started_by_name="赵")
        age(rollout)
        assert abandoned_rollouts() == []


@pytest.mark.django_db
class TestFormerKey:
    def test_that_should_have_gone_is_handed_over_again(self, north: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
        handed: list[str] = []
        monkeypatch.setattr(tasks.retire_store_key, "delay", handed.append)
        change = FolderKeyChange.objects.create(owner_id=north.pk, generation=2, former=1, changed_at=timezone.now())
        for since, expected in ((FORMER_LASTS, []), (FORMER_LASTS + LONG_AGO, [str(north.pk)])):
            FolderKeyChange.objects.update(changed_at=timezone.now() - since)
            tasks.resume_building()
            assert handed == expected
        change.former = None
        change.save(update_fields=["former"])
        assert halls_with_former_keys() == []
