"""Further processes that work on a rollout."""

import os

import psutil
import pytest

from province.halls.models import HallKind
from provisioning.create import BATCH, provision_halls
from provisioning.queries import RolloutProgress, rollout_progress
from provisioning.states import RolloutState
from tests.conftest import person
from tests.provisioning.conftest import MakeVillages
from tests.servers import wait_until


def helpers_at_work() -> list[psutil.Process]:
    """Of this process, those that have not ended."""
    return [
        one
        for one in psutil.Process(os.getpid()).children()
        if one.status() != psutil.STATUS_ZOMBIE and "provisioning.worker" in one.cmdline()
    ]


@pytest.mark.usefixtures("fresh_database")
class TestRollout:
    def test_has_one_for_each_further_batch_and_ends_with_them(self, make_villages: MakeVillages) -> None:
        make_villages(BATCH + 2)
        seen: list[int] = []

        def look(progress: RolloutProgress) -> None:
            seen.append(len(helpers_at_work()))
            # what the first batch has left is the other's work
            wait_until(lambda: _has_nothing_left(progress), what="the helper's work")

        for kind, number in ((HallKind.TOWNSHIP, 0), (HallKind.VILLAGE, 1)):
            seen.clear()
            rollout = provision_halls(by=person("zhao"), under="420582001", kinds=[kind], workers=4, report=look)
            assert (seen[0], rollout.state) == (number, RolloutState.DONE)
            assert helpers_at_work() == []


def _has_nothing_left(progress: RolloutProgress) -> bool:
    now = rollout_progress(progress.rollout_id)
    return now.done == now.total
