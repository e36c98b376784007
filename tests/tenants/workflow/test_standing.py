"""The time of steps that stood for a while: what was left of it then is left afterwards."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foundation.events.models import DueTime
from province.halls.models import Hall
from province.workdays.queries import calendar_of_hall
from standards.flows.nodes import StepLimit, TimeUnit
from standards.workdays import ClockPause, Limit, due_of
from tenants.workflow.models import WorkItem
from tenants.workflow.operations.clock import note_item_late
from tenants.workflow.operations.items import finish_item
from tenants.workflow.operations.owned import resume_owned_time, stop_owned_time
from tenants.workflow.operations.runs import resume_run, suspend_run
from tenants.workflow.queries.limits import due_at, moved_end
from tests.conftest import person
from tests.factories.runs import HANDLERS, LEADERS, begin_run, free_step, item_at, row_of

pytestmark = pytest.mark.django_db

days = st.dates(date(2025, 1, 1), date(2026, 10, 1))


def moment(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))


def at_nine(day: date) -> datetime:
    return moment(f"{day} 09:00")


class TestMovedEnd:
    @given(began=days, number=st.integers(1, 20), after=st.integers(0, 30), length=st.integers(0, 30))
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_of_working_days_is_that_of_a_clock_with_the_same_pause(
        self, north: Hall, began: date, number: int, after: int, length: int
    ) -> None:
        since, limit = began + timedelta(days=after), StepLimit(amount=number)
        until, ends_at = since + timedelta(days=length), due_at(north, limit, at_nine(began))
        if at_nine(since) >= ends_at:
            return
        found = moved_end(north, limit, ends_at, began_at=at_nine(began), since=at_nine(since), until=at_nine(until))
        pauses = [ClockPause(since, until)] if length else []
        due = due_of(began, Limit(number, "wd"), calendar=calendar_of_hall(north), pauses=pauses).due
        assert timezone.localdate(found) - timedelta(days=1) == due

    @pytest.mark.parametrize(
        ("limit", "began", "since", "until", "expected"),
        [
            ({"amount": 5, "unit": "days"}, "2026-11-02 10:00", "2026-11-04 10:00", "2026-11-07 10:00", "2026-11-11"),
            (
                {"amount": 48, "unit": "hours"},
                *("2026-11-02 10:00", "2026-11-03 10:00", "2026-11-03 16:00", "2026-11-04 16:00"),
            ),
            # half an hour of the four was used on Friday
            (
                {"amount": 4, "unit": "working_hours"},
                *("2026-11-06 16:00", "2026-11-06 16:30", "2026-11-10 10:00", "2026-11-10 13:30"),
            ),
            # nothing stood
            ({"amount": 5}, "2026-11-02 10:00", "2026-11-04 10:00", "2026-11-04 15:00", "2026-11-10"),
        ],
    )
    def test_goes_by_the_unit_of_the_limit(
        self, north: Hall, limit: dict[str, Any], began: str, since: str, until: str, expected: str
    ) -> None:
        wanted = StepLimit.model_validate(limit)
        ends_at = due_at(north, wanted, moment(began))
        found = moved_end(north, wanted, ends_at, began_at=moment(began), since=moment(since), until=moment(until))
        assert found == moment(expected)
        assert TimeUnit(wanted.unit)


class TestStanding:
    def test_lets_no_step_run_out_and_those_that_begin_meanwhile_neither(self, at_north: Hall) -> None:
        limit = {"amount": 2}
        flow = row_of(at_north, free_step("hand", HANDLERS, limit=limit), free_step("ok", LEADERS, limit=limit))
        run = begin_run(at_north, flow)
        item = item_at(run, "hand")
        ends_at, of = item.due_at, {"by": person("he"), "hall": at_north, "run_id": run.pk}
        assert ends_at
        for _ in range(2):
            stop_owned_time(**of, since=timezone.now())
        item = item_at(run, "hand")
        assert (item.due_at, item.stood_due_at, item.is_standing) == (None, ends_at, True)
        assert not DueTime.objects.filter(kind__startswith="workflow.item").exists()
        note_item_late(hall=at_north, item_id=item.pk, cause_id=item.pk)
        finish_item(by=person("cao"), hall=at_north, item_id=item.pk)
        following = item_at(run, "ok")
        assert following.due_at is None
        assert following.stood_due_at
        for _ in range(2):
            resume_owned_time(**of, until=timezone.now())
        assert item_at(run, "ok").due_at == following.stood_due_at
        assert DueTime.objects.filter(kind="workflow.item_due").count() == 1
        assert not WorkItem.objects.filter(was_late=True).exists()
        acts = list(run.acts.order_by("pk").values_list("act", flat=True))
        assert acts == ["start", "stop_time", "finish", "resume_time"]

    def test_gives_back_what_was_left_after_it_was_held_up(self, at_north: Hall) -> None:
        run = begin_run(at_north, row_of(at_north, free_step("hand", HANDLERS, limit={"amount": 6, "unit": "hours"})))
        of = {"by": person("he"), "hall": at_north, "run_id": run.pk}
        suspend_run(**of, opinion="等文件")
        # it was held up for a day
        day = timedelta(days=1)
        run.refresh_from_db()
        item = item_at(run, "hand")
        run.stands_since = run.stands_since - day  # type: ignore[operator]
        run.save()
        WorkItem.objects.filter(pk=item.pk).update(
            created_at=item.created_at - day,
            stood_due_at=item.stood_due_at - day,  # type: ignore[operator]
        )
        resume_run(**of)
        left = item_at(run, "hand").due_at - timezone.now()  # type: ignore[operator]
        assert timedelta(hours=5, minutes=55) < left < timedelta(hours=6, minutes=5)

    def test_leaves_late_what_was_late_before(self, at_north: Hall) -> None:
        run = begin_run(at_north, row_of(at_north, free_step("hand", HANDLERS, limit={"amount": 1})))
        late = timezone.now() - timedelta(days=1)
        WorkItem.objects.filter(run=run).update(due_at=late)
        stop_owned_time(by=person("he"), hall=at_north, run_id=run.pk, since=timezone.now())
        assert item_at(run, "hand").due_at == late
