"""A due time becomes an event when its moment has come, once."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from foundation.events.models import DueTime, Event, EventDelivery
from foundation.events.operations import clear_due_time, drain_events, raise_due_events, set_due_time
from foundation.events.queries import undeclared_due_times
from foundation.rows import draw_id
from tests.foundation.events.kinds import DUE, notes
from tests.races import at_once

SOON = timedelta(seconds=-1)
LATER = timedelta(hours=1)


def set_due(*, after: timedelta, subject_id: UUID | None = None, hall_id: UUID | None = None) -> UUID:
    subject = subject_id or draw_id()
    set_due_time(kind=DUE, subject_id=subject, due_at=timezone.now() + after, hall_id=hall_id)
    return subject


@pytest.mark.django_db
class TestDueTime:
    def test_waits_for_its_moment(self) -> None:
        subject, hall = draw_id(), draw_id()
        set_due(after=LATER, subject_id=subject, hall_id=hall)
        assert (raise_due_events(), drain_events()) == (0, 0)
        DueTime.objects.update(due_at=timezone.now())
        assert raise_due_events() == 1
        event = Event.objects.get()
        assert (event.kind, event.subject_id, event.hall_id, event.payload) == (DUE.name, subject, hall, {})
        drain_events()
        assert notes() == [str(subject)]
        assert not DueTime.objects.exists()

    def test_comes_due_once(self) -> None:
        set_due(after=SOON)
        assert (raise_due_events(), raise_due_events()) == (1, 0)
        assert EventDelivery.objects.count() == 1

    def test_is_moved_by_being_set_again(self) -> None:
        subject = set_due(after=SOON)
        set_due(after=LATER, subject_id=subject)
        assert raise_due_events() == 0
        set_due(after=SOON, subject_id=subject)
        assert raise_due_events() == 1

    def test_is_cleared(self) -> None:
        kept, cleared = set_due(after=SOON), set_due(after=SOON)
        clear_due_time(kind=DUE, subject_id=cleared)
        drain_events()
        assert notes() == [str(kept)]

    def test_of_the_earliest_comes_first(self) -> None:
        subjects = [set_due(after=timedelta(minutes=-minutes)) for minutes in (1, 3, 2)]
        assert raise_due_events(most=1) == 1
        assert Event.objects.get().subject_id == subjects[1]

    def test_of_a_kind_that_is_not_declared_stays_and_is_named(self) -> None:
        DueTime.objects.create(kind="tests.of_tomorrow", subject_id=draw_id(), due_at=timezone.now() + SOON)
        set_due(after=SOON)
        assert raise_due_events() == 1
        assert [one.kind for one in undeclared_due_times()] == ["tests.of_tomorrow"]

    def test_of_ten_thousand_is_raised_in_one_statement_a_batch(self) -> None:
        due_at = timezone.now() + SOON
        DueTime.objects.bulk_create(DueTime(kind=DUE.name, subject_id=draw_id(), due_at=due_at) for _ in range(10_000))
        with CaptureQueriesContext(connection) as queries:
            assert raise_due_events() == 200
        assert len(queries) == 1
        assert raise_due_events(most=10_000) == 9_800
        assert EventDelivery.objects.count() == 10_000


@pytest.mark.usefixtures("fresh_database")
class TestTwoRelays:
    def test_never_raise_the_same_due_time(self) -> None:
        for _ in range(60):
            set_due(after=SOON)
        assert sum(at_once(*[lambda: raise_due_events(most=40)] * 3)) == 60
        assert Event.objects.values("subject_id").distinct().count() == Event.objects.count() == 60
