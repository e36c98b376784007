"""Two runs over the same divisions at the same time make every hall once."""

from threading import Thread

import pytest
from django.db import connection

from province.halls.models import Hall
from province.rights.actors import Actor
from provisioning.create import provision_halls
from provisioning.models import Rollout, RolloutStep
from provisioning.states import RolloutState, StepState
from provisioning.verify import verify_halls
from tests.conftest import person
from tests.provisioning.conftest import MakeVillages

pytestmark = pytest.mark.usefixtures("fresh_database")


def provision_at_once(by: Actor, *codes: str) -> list[Rollout]:
    found = []

    def provision(code: str) -> None:
        try:
            found.append(provision_halls(by=by, under=code, workers=1))
        finally:
            connection.close()

    threads = [Thread(target=provision, args=[code]) for code in codes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


class TestTwoRunsAtOnce:
    def test_over_one_division_share_one_rollout(self, make_villages: MakeVillages) -> None:
        make_villages(40)
        rollouts = provision_at_once(person("zhao"), "420582001", "420582001")
        assert {rollout.state for rollout in rollouts} == {RolloutState.DONE}
        assert Hall.objects.filter(division__code__startswith="420582001").count() == 41
        assert RolloutStep.objects.count() == 41
        assert verify_halls(by=person("zhao")).drifts == ()

    def test_over_a_county_and_a_township_in_it_double_nothing(self, make_villages: MakeVillages) -> None:
        make_villages(40)
        rollouts = provision_at_once(person("zhao"), "420582", "420582001")
        assert {rollout.state for rollout in rollouts} == {RolloutState.DONE}
        # 河溶镇 besides
        assert Hall.objects.count() == 3 + 42
        assert not RolloutStep.objects.exclude(state=StepState.DONE).exists()
        assert verify_halls(by=person("zhao")).drifts == ()
