"""Processes killed with -9 between the rows: nothing is lost, nothing is done twice."""

import os
import signal
import subprocess
import sys

import pytest

from foundation.events.models import Event, EventDelivery
from foundation.events.operations import drain_events, emit_event
from tests.foundation.events.kinds import DIES, SAID, Said, notes
from tests.servers import ROOT

_BEGIN = "import django; django.setup(); from tests.foundation.events.kinds import *\n"
_RELAY = f"{_BEGIN}from foundation.events.operations import drain_events; drain_events()"
_EMIT = f"""{_BEGIN}
import sys
from django.db import transaction
from foundation.events.operations import emit_event
with transaction.atomic():
    emit_event(kind=SAID, payload=Said(words="一"))
    if sys.argv[1] == "before":
        os.kill(os.getpid(), signal.SIGKILL)
os.kill(os.getpid(), signal.SIGKILL)
"""


def run_and_die(code: str, *given: str, **environment: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", code, *given],
        check=False,
        cwd=ROOT,
        env=os.environ
        | {"PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}", "DJANGO_SETTINGS_MODULE": "config.settings"}
        | environment,
    )
    assert done.returncode == -signal.SIGKILL


@pytest.mark.usefixtures("fresh_database")
class TestKilled:
    def test_before_its_commit_an_emission_leaves_nothing(self) -> None:
        run_and_die(_EMIT, "before")
        assert not Event.objects.exists()
        assert not EventDelivery.objects.exists()

    def test_after_its_commit_an_emission_reaches_every_subscriber(self) -> None:
        run_and_die(_EMIT, "after")
        drain_events()
        assert (notes(by="first"), notes(by="second")) == (["一"], ["一"])

    def test_between_two_deliveries_a_relay_is_followed_by_one_that_goes_on(self) -> None:
        """The first subscriber is done; the second is killed after it has written."""
        for words in "一二":
            emit_event(kind=SAID, payload=Said(words=words))
        run_and_die(_RELAY, **{DIES: "1"})
        assert (notes(by="first"), notes(by="second")) == (["一"], [])
        states = EventDelivery.objects.order_by("available_at", "id").values_list("subscriber", "state", "attempts")
        assert list(states) == [
            ("tests.first", "done", 1),
            ("tests.second", "waiting", 0),
            ("tests.first", "waiting", 0),
            ("tests.second", "waiting", 0),
        ]
        assert drain_events() == 3
        assert notes(by="first") == notes(by="second") == ["一", "二"]
