"""Kinds are declared once, heard by somebody, and say what their payload says."""

import os
import subprocess
import sys

import pytest
from pydantic import ValidationError

from foundation.events.kinds import EventKind, EventRegistry, NoPayload, declare_event, subscribes
from foundation.events.models import DueTime, Event, EventDelivery
from foundation.events.operations import drain_events, emit_event, emit_events, set_due_time
from foundation.rows import draw_id
from tests.foundation.events.kinds import NOTED, SAID, Note, Said, notes
from tests.servers import ROOT


def ignore(_: object) -> None:
    """What a subscriber does here is no matter."""


class TestDeclaration:
    def test_is_refused_a_second_time(self) -> None:
        with pytest.raises(RuntimeError, match=r"tests\.said is declared twice"):
            declare_event("tests.said", NoPayload)

    def test_of_a_kind_that_nobody_hears_is_refused(self) -> None:
        registry = EventRegistry()
        registry.declare("a.heard", NoPayload, without_subscribers="for other systems")
        registry.check_subscribers()
        registry.declare("a.unheard", NoPayload)
        with pytest.raises(RuntimeError, match=r"nobody subscribes to a\.unheard"):
            registry.check_subscribers()

    def test_that_says_wrongly_that_nobody_hears_is_refused(self) -> None:
        registry = EventRegistry()
        kind = registry.declare("a.heard", NoPayload, without_subscribers="for other systems")
        registry.subscribe(kind, "b.hear")(ignore)
        with pytest.raises(RuntimeError, match=r"declared to have no subscribers, but b\.hear is one"):
            registry.check_subscribers()

    def test_that_nobody_hears_stops_the_program_at_its_start(self) -> None:
        code = (
            "import django; from django.conf import settings;"
            "settings.INSTALLED_APPS.append('tests.foundation.events.unheard'); django.setup()"
        )
        environment = os.environ | {
            "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        started = subprocess.run(
            [sys.executable, "-c", code], check=False, cwd=ROOT, env=environment, capture_output=True, text=True
        )
        assert started.returncode != 0
        assert "nobody subscribes to unheard.happened" in started.stderr


class TestSubscription:
    def test_of_a_name_that_is_taken_is_refused_for_any_kind(self) -> None:
        registry = EventRegistry()
        one, other = registry.declare("a.one", NoPayload), registry.declare("a.other", NoPayload)
        registry.subscribe(one, "b.hear")(ignore)
        for kind in (one, other):
            with pytest.raises(RuntimeError, match=r"two subscribers are called b\.hear"):
                registry.subscribe(kind, "b.hear")(ignore)

    @pytest.mark.django_db
    def test_of_who_acts_only_where_something_is_set_up_costs_nothing_elsewhere(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        is_set_up = [False]
        monkeypatch.setitem(SAID.conditions, next(iter(SAID.subscribers)), lambda: is_set_up[0])
        emit_event(kind=SAID, payload=Said(words="无人听"))
        told = set(EventDelivery.objects.values_list("subscriber", flat=True))
        assert told == set(SAID.subscribers) - SAID.conditions.keys()
        is_set_up[0] = True
        emit_event(kind=SAID, payload=Said(words="听得到"))
        assert set(EventDelivery.objects.values_list("subscriber", flat=True)) == set(SAID.subscribers)

    def test_to_what_is_not_declared_is_refused(self) -> None:
        with pytest.raises(RuntimeError, match="not declared"):
            subscribes(EventKind("tests.said", NoPayload), "tests.third")


@pytest.mark.django_db
class TestEmission:
    def test_of_what_is_not_declared_is_refused(self) -> None:
        for kind in (EventKind("tests.unknown", NoPayload), EventKind("tests.said", NoPayload)):
            with pytest.raises(RuntimeError, match="not declared"):
                emit_event(kind=kind)
            with pytest.raises(RuntimeError, match="not declared"):
                emit_events(kind=kind, subject_id=draw_id(), hall_ids=[draw_id()])
            with pytest.raises(RuntimeError, match="not declared"):
                set_due_time(kind=kind, subject_id=draw_id(), due_at=Event().created_at)
        assert not Event.objects.exists()
        assert not DueTime.objects.exists()

    def test_takes_the_kinds_own_payload_alone(self) -> None:
        with pytest.raises(TypeError, match=r"tests\.said says Said, not Note"):
            emit_event(kind=SAID, payload=Note(by="x", words="y"))  # type: ignore[misc]
        with pytest.raises(TypeError, match=r"tests\.said says Said, not NoPayload"):
            emit_event(kind=SAID)
        with pytest.raises(ValidationError):
            Said(words="y", number="many")  # type: ignore[arg-type]
        assert not Event.objects.exists()

    def test_of_what_nobody_hears_leaves_the_event_alone(self) -> None:
        emit_event(kind=NOTED, payload=Note(by="x", words="y"))
        assert Event.objects.get().payload == {"by": "x", "words": "y"}
        assert not EventDelivery.objects.exists()


@pytest.mark.django_db
class TestPayload:
    def test_of_another_release_is_read_without_what_is_not_known(self) -> None:
        emit_event(kind=SAID, payload=Said(words="新版", number=3))
        Event.objects.update(payload={"words": "旧版", "since_the_next_release": True})
        drain_events()
        assert notes() == ["旧版", "旧版"]

    def test_that_cannot_be_read_is_never_handed_over(self) -> None:
        emit_event(kind=SAID, payload=Said(words="好"))
        Event.objects.update(payload={"number": "many"})
        drain_events()
        assert notes() == []
        assert all("ValidationError" in one.last_error for one in EventDelivery.objects.all())
