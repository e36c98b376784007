"""Processes killed with -9 between the rows: nothing is lost, nothing is done twice."""

import pytest

from foundation.events.models import Event, EventDelivery
from foundation.events.operations import drain_events, emit_event
from tests.forked import run_and_die
from tests.foundation.events.kinds import DIES, SAID, Said, notes

_RELAY = f"""
import os
from foundation.events.operations import drain_events
from tests.foundation.events import kinds
os.environ["{DIES}"] = "1"
drain_events()
"""
_EMIT = """
import os, signal
from django.db import transaction
from foundation.events.operations import emit_event
from tests.foundation.events.kinds import SAID, Said
with transaction.atomic():
    emit_event(kind=SAID, payload=Said(words="一"))
    if given[0] == "before":
        os.kill(os.getpid(), signal.SIGKILL)
os.kill(os.getpid(), signal.SIGKILL)
"""


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
        run_and_die(_RELAY)
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
