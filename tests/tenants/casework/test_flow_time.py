"""While a case stands, so does the time of the steps that examine it; beyond what a special procedure may take it runs
again, with that of the case."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from foundation.events.models import DueTime
from foundation.events.operations import drain_events
from province.halls.models import Hall
from province.workdays.models import Clock
from province.workdays.operations.sweeping import sweep_clocks
from province.workdays.queries import calendar_of_hall
from standards.flows.nodes import StepLimit
from standards.workdays import ClockPause, Limit, due_of
from tenants.casework.models import Case, CaseSetup
from tenants.casework.operations.examining import (
    begin_special_procedure,
    end_special_procedure,
    resume_case,
    suspend_case,
)
from tenants.documents import tasks
from tenants.workflow.models import WorkItem
from tenants.workflow.operations.runs import resume_run, suspend_run
from tenants.workflow.queries.limits import due_at as due_at_of
from tests.conftest import person
from tests.factories.casework import accepted
from tests.factories.people import client_of
from tests.factories.runs import HANDLERS, free_step, item_at, row_of
from tests.factories.sites import inside

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("opened")]

NORTH = "north.yizhan.localhost"
LIMIT = StepLimit(amount=15)


@pytest.fixture
def at_north(north: Hall) -> Iterator[Hall]:
    with inside(north):
        yield north


@pytest.fixture
def case(at_north: Hall) -> Case:
    """With the handlers of its flow since twenty days ago."""
    setup = CaseSetup.objects.get()
    setup.flow = row_of(at_north, free_step("look", HANDLERS, limit={"amount": LIMIT.amount}), code="examine")
    setup.save()
    made = accepted(at_north, setup)
    began = timezone.now() - timedelta(days=20)
    Case.objects.filter(pk=made.pk).update(accepted_at=began)
    Clock.objects.filter(owner_id=made.pk, ended_on=None).update(
        began_on=timezone.localdate(began), limit="30wd", due_on=timezone.localdate() + timedelta(days=30)
    )
    WorkItem.objects.filter(run=made.run_id).update(created_at=began, due_at=due_at_of(at_north, LIMIT, began))
    return Case.objects.get(pk=made.pk)


def item_of(case: Case) -> WorkItem:
    assert case.run
    return item_at(case.run, "look")


def last_day(item: WorkItem) -> date:
    assert item.due_at
    return timezone.localdate(item.due_at) - timedelta(days=1)


def counted(hall: Hall, item: WorkItem, *pauses: ClockPause) -> date:
    began, limit = timezone.localdate(item.created_at), Limit(LIMIT.amount, "wd")
    return due_of(began, limit, calendar=calendar_of_hall(hall), pauses=pauses).due


def begin(hall: Hall, case: Case, limit: str, begins_on: date) -> dict[str, Any]:
    given: dict[str, Any] = {"by": person("tao"), "hall": hall, "case_id": case.pk}
    begin_special_procedure(**given, kind="experts", basis="第四十五条", limit=limit, begins_on=begins_on)
    return given


class TestSpecialProcedure:
    def test_takes_its_days_out_of_the_steps_time_as_out_of_the_cases(self, at_north: Hall, case: Case) -> None:
        since = timezone.localdate() - timedelta(days=7)
        given = begin(at_north, case, "60d", since)
        item = item_of(case)
        assert (item.due_at, item.is_standing) == (None, True)
        assert not DueTime.objects.filter(kind="workflow.item_due").exists()
        inbox = client_of("cao", NORTH).get("/desk/work/").text
        assert "停止计时" in inbox
        assert "停止计时" in client_of("cao", NORTH).get(f"/desk/runs/{case.run_id}/").text
        end_special_procedure(**given, result="通过")
        pause = ClockPause(since, timezone.localdate())
        assert last_day(item_of(case)) == counted(at_north, item, pause) > counted(at_north, item)
        assert DueTime.objects.get(kind="workflow.item_due").due_at == item_of(case).due_at

    def test_that_takes_too_long_lets_steps_run_again_with_the_case(
        self, at_north: Hall, case: Case, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # the papers' files need the store, and none is looked at here
        monkeypatch.setattr(tasks, "make_files", lambda **_: None)
        since = timezone.localdate() - timedelta(days=15)
        given = begin(at_north, case, "3d", since)
        while sweep_clocks():
            pass
        drain_events()
        item = item_of(case)
        allowed = ClockPause(since, None, most=Limit(3, "d"))
        assert last_day(item) == counted(at_north, item, allowed) > counted(at_north, item)
        # the procedure itself ends later, and changes nothing
        end_special_procedure(**given, result="通过")
        assert item_of(case).due_at == item.due_at


class TestAManagerWhoHoldsTheRunUp:
    """Nothing that the manager does lets the time of a case's steps run while the case itself stands."""

    def test_and_resumes_it_in_a_special_procedure_lets_no_time_run(self, at_north: Hall, case: Case) -> None:
        given = begin(at_north, case, "60d", timezone.localdate())
        run: dict[str, Any] = {"by": person("he"), "hall": at_north, "run_id": case.run_id}
        suspend_run(**run, opinion="等文件")
        resume_run(**run)
        item = item_of(case)
        assert (item.due_at, item.is_standing) == (None, True)
        assert not DueTime.objects.filter(kind="workflow.item_due").exists()
        end_special_procedure(**given, result="通过")
        assert item_of(case).due_at == DueTime.objects.get(kind="workflow.item_due").due_at

    def test_before_a_special_procedure_keeps_the_time_until_it_is_resumed(self, at_north: Hall, case: Case) -> None:
        run: dict[str, Any] = {"by": person("he"), "hall": at_north, "run_id": case.run_id}
        suspend_run(**run, opinion="等文件")
        end_special_procedure(**begin(at_north, case, "60d", timezone.localdate()), result="通过")
        assert item_of(case).is_standing
        resume_run(**run)
        assert item_of(case).due_at

    def test_of_a_suspended_case_lets_people_work_and_time_run_with_the_case(self, at_north: Hall, case: Case) -> None:
        given: dict[str, Any] = {"by": person("tao"), "hall": at_north, "case_id": case.pk}
        suspend_case(**given, reason="等待另案")
        resume_run(by=person("he"), hall=at_north, run_id=case.run_id)  # type: ignore[arg-type]
        assert item_of(case).is_standing
        resume_case(**given)
        assert item_of(case).due_at

    def test_after_the_procedure_has_taken_too_long_lets_time_run(self, at_north: Hall, case: Case) -> None:
        begin(at_north, case, "3d", timezone.localdate() - timedelta(days=10))
        run: dict[str, Any] = {"by": person("he"), "hall": at_north, "run_id": case.run_id}
        suspend_run(**run, opinion="等文件")
        resume_run(**run)
        assert item_of(case).due_at


class TestSuspension:
    def test_stops_the_steps_time_until_the_case_goes_on(self, at_north: Hall, case: Case) -> None:
        given: dict[str, Any] = {"by": person("tao"), "hall": at_north, "case_id": case.pk}
        before = item_of(case).due_at
        suspend_case(**given, reason="等待另案")
        assert item_of(case).is_standing
        resume_case(**given)
        assert (item_of(case).due_at, item_of(case).is_standing) == (before, False)
