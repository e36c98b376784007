"""A process that is killed with -9 in the middle of a push: all of it is there, or nothing."""

import pytest

from foundation.events.models import Event, EventDelivery
from foundation.events.operations import drain_events
from province.audit.models import AuditEntry
from province.content.models import Push, PushProof, PushScope, ScopeGeneration
from tests.factories.manuscripts import make_approved_version
from tests.forked import run_and_die

_PUSH = """
import os, signal
from django.db import transaction
from province.content.models import ManuscriptVersion
from province.content.operations.pushes import push_version
from province.content.queries.audiences import Audience, Scope
from province.rights.queries import system_actor

def die():
    os.kill(os.getpid(), signal.SIGKILL)

with transaction.atomic():
    version = ManuscriptVersion.objects.get(pk=given[0])
    push_version(by=system_actor(), version=version, audience=Audience((Scope("42"),)), column="news")
    if given[1] == "before":
        die()
die()
"""


def _push_and_die(moment: str) -> None:
    run_and_die(_PUSH, make_approved_version().pk, moment)


@pytest.mark.usefixtures("fresh_database")
class TestPushKilled:
    def test_before_its_commit_leaves_nothing(self) -> None:
        _push_and_die("before")
        for model in (Push, PushScope, ScopeGeneration, Event, EventDelivery, AuditEntry):
            assert not model.objects.exists()  # type: ignore[attr-defined]

    def test_between_its_commit_and_its_events_loses_none_of_them(self) -> None:
        _push_and_die("after")
        assert Push.objects.get().state == "live"
        drain_events()
        drain_events()
        assert set(EventDelivery.objects.values_list("state", flat=True)) == {"done"}
        assert PushProof.objects.count() == 1
