"""A corrected calendar moves the open steps of every hall for which it holds, of runs that are about nothing as well:
some runs at a time, and no other hall's."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from foundation.events.models import DueTime
from foundation.events.operations import drain_events
from province.halls.models import Hall
from province.workdays.queries import calendar_of_hall
from tenants.workflow.models import Run, WorkItem
from tenants.workflow.operations import step_ends
from tenants.workflow.operations.runs import resume_run, suspend_run
from tenants.workflow.operations.step_ends import recount_touched_steps
from tests.conftest import person
from tests.factories.runs import HANDLERS, begin_run, free_step, item_at, row_of
from tests.factories.workdays import make_calendar
from tests.province.workdays.test_recounts import closes, workday

pytestmark = pytest.mark.django_db


def runs(hall: Hall, number: int = 1) -> list[Run]:
    flow = row_of(hall, free_step("hand", HANDLERS, limit={"amount": 5}))
    return [begin_run(hall, flow) for _ in range(number)]


def last_day(run: Run) -> date:
    due_at = item_at(run, "hand").due_at
    assert due_at
    return timezone.localdate(due_at) - timedelta(days=1)


class TestACorrectedCalendar:
    def test_moves_open_steps_a_part_at_a_time(self, at_north: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(step_ends, "_PART", 2)
        made = runs(at_north, 3)
        before, then = last_day(made[0]), workday(at_north, 6)
        make_calendar(*closes(workday(at_north, 3)))
        drain_events()
        assert {last_day(one) for one in made} == {then}
        assert then > before
        items = WorkItem.objects.filter(run__in=made)
        due = DueTime.objects.filter(kind="workflow.item_due", subject_id__in=items.values("pk"))
        assert {one.due_at for one in due} == {one.due_at for one in items}
        # told again, it finds nothing to do
        recount_touched_steps(hall=at_north, cause_id=at_north.pk, after=None)
        assert due.count() == 3

    def test_moves_what_was_late_by_the_former_days_into_time(self, at_north: Hall) -> None:
        (run,) = runs(at_north)
        WorkItem.objects.filter(run=run).update(due_at=timezone.now() - timedelta(days=1), was_late=True)
        DueTime.objects.all().delete()
        make_calendar(*closes(workday(at_north, 3)))
        drain_events()
        item = item_at(run, "hand")
        assert (item.was_late, last_day(run)) == (False, workday(at_north, 5))
        assert DueTime.objects.get(kind="workflow.item_due").due_at == item.due_at

    def test_leaves_alone_what_stands_and_counts_it_when_it_goes_on(self, at_north: Hall) -> None:
        (run,) = runs(at_north)
        of = {"by": person("he"), "hall": at_north, "run_id": run.pk}
        suspend_run(**of, opinion="等文件")
        stood = item_at(run, "hand").stood_due_at
        make_calendar(*closes(workday(at_north, 3)))
        drain_events()
        assert (item_at(run, "hand").due_at, item_at(run, "hand").stood_due_at) == (None, stood)
        resume_run(**of)
        recount_touched_steps(hall=at_north, cause_id=at_north.pk, after=None)
        assert last_day(run) == workday(at_north, 5)

    def test_counts_out_what_stood_before(self, at_north: Hall) -> None:
        """A step that began two weeks ago and stood for one of them."""
        (run,) = runs(at_north)
        now = timezone.now()
        stood = [[(now - timedelta(days=days)).isoformat() for days in (8, 1)]]
        Run.objects.filter(pk=run.pk).update(stood=stood)
        WorkItem.objects.filter(run=run).update(created_at=now - timedelta(days=8))
        recount_touched_steps(hall=at_north, cause_id=at_north.pk, after=None)
        # all five days are left on the day on which it went on
        before_that = timezone.localdate() - timedelta(days=2)
        assert last_day(run) == calendar_of_hall(at_north).deadline_after(before_that, 5).last_day
