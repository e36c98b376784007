"""While a case stands, so does the time of the steps that examine it; beyond what a special procedure may take it runs
again, with that of the case."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from foundation.errors import Conflict
from foundation.events.models import DueTime
from foundation.events.operations import drain_events
from province.halls.models import Hall
from province.workdays.models import Clock, ClockRecount
from province.workdays.operations.recounts import carry_on_recount
from province.workdays.operations.sweeping import sweep_clocks
from province.workdays.queries import calendar_of_hall
from standards.flows.nodes import StepLimit
from standards.workdays import ClockPause, Limit, due_of
from tenants.casework.models import Case, CaseSetup
from tenants.casework.operations.examining import (
    begin_special_procedure,
    end_special_procedure,
    extend_case,
    resume_case,
    suspend_case,
    withdraw_case,
)
from tenants.documents import tasks
from tenants.workflow.models import Run, WorkItem
from tenants.workflow.operations.clock import note_item_late, start_called_run
from tenants.workflow.operations.items import finish_item
from tenants.workflow.operations.runs import resume_run, suspend_run
from tenants.workflow.operations.step_ends import recount_owned_steps
from tenants.workflow.queries.limits import due_at as due_at_of
from tenants.workflow.states import RunStatus
from tests.conftest import person
from tests.factories.casework import accepted
from tests.factories.people import client_of
from tests.factories.runs import HANDLERS, do, free_step, item_at, open_steps, row_of
from tests.factories.sites import inside
from tests.factories.workdays import make_calendar
from tests.province.workdays.test_recounts import closes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("opened")]

NORTH = "north.yizhan.localhost"
LIMIT = StepLimit(amount=15)


@pytest.fixture(scope="class")
def _case(opened: None, class_rows: None) -> UUID:
    """With the handlers of its flow since twenty days ago."""
    north = Hall.objects.get(slug="north")
    with inside(north):
        return make_case(north).pk


@pytest.fixture
def case(_case: UUID, at_north: Hall) -> Case:
    return Case.objects.get(pk=_case)


def make_case(at_north: Hall) -> Case:
    setup = CaseSetup.objects.get()
    setup.flow = row_of(at_north, free_step("look", HANDLERS, limit={"amount": LIMIT.amount}), code="examine")
    setup.save()
    made = accepted(at_north, setup)
    began = timezone.now() - timedelta(days=20)
    Case.objects.filter(pk=made.pk).update(accepted_at=began)
    Clock.objects.filter(owner_id=made.pk, ended_on=None).update(
        began_on=timezone.localdate(began), limit="30wd", due_on=timezone.localdate() + timedelta(days=30)
    )
    WorkItem.objects.filter(run=made.run_id).update(
        created_at=began, due_at=due_at_of(at_north, LIMIT, began), own_due_at=None
    )
    return Case.objects.get(pk=made.pk)


def item_of(case: Case) -> WorkItem:
    assert case.run
    return item_at(case.run, "look")


def last_day(item: WorkItem) -> date:
    assert item.due_at
    return timezone.localdate(item.due_at) - timedelta(days=1)


def case_ends_on(case: Case) -> date:
    ends = Clock.objects.filter(owner_id=case.pk, kind__in=("statutory", "promised"), ended_on=None)
    found = ends.order_by("due_on").values_list("due_on", flat=True).first()
    assert found
    return found


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

    @pytest.mark.usefixtures("no_papers")
    def test_that_takes_too_long_lets_steps_run_again_with_the_case(self, at_north: Hall, case: Case) -> None:
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


class TestAStep:
    """No step is due after the last day of its case."""

    def test_that_is_shorter_than_the_case_keeps_its_own_time(self, at_north: Hall, case: Case) -> None:
        item = item_of(case)
        assert item.own_due_at is None
        assert last_day(item) == counted(at_north, item)

    def test_follows_an_extension_of_the_case(self, at_north: Hall, case: Case) -> None:
        today = timezone.localdate()
        Clock.objects.filter(owner_id=case.pk, ended_on=None).update(limit="15wd", due_on=today)
        recount_owned_steps(hall=at_north, run_id=case.run_id)  # type: ignore[arg-type]
        assert last_day(item_of(case)) == case_ends_on(case)
        extend_case(by=person("tao"), hall=at_north, case_id=case.pk, workdays=10, reason="等专家")
        later = case_ends_on(case)
        assert later > today
        assert last_day(item_of(case)) == min(later, counted(at_north, item_of(case)))

    @pytest.mark.usefixtures("no_papers")
    def test_follows_a_corrected_calendar_and_the_case_that_moves_with_it(self, at_north: Hall, case: Case) -> None:
        # the case ends before its step
        began = timezone.localdate(item_of(case).created_at)
        ends_on = due_of(began, Limit(14, "wd"), calendar=calendar_of_hall(at_north)).due
        Clock.objects.filter(owner_id=case.pk, ended_on=None).update(limit="14wd", due_on=ends_on)
        recount_owned_steps(hall=at_north, run_id=case.run_id)  # type: ignore[arg-type]
        before = item_of(case)
        assert (last_day(before), before.own_due_at is not None) == (ends_on, True)
        closed = ends_on
        make_calendar(*closes(closed))
        drain_events()
        assert carry_on_recount(recount_id=ClockRecount.objects.latest("pk").pk)
        drain_events()
        after = item_of(case)
        assert last_day(after) == case_ends_on(case) > ends_on
        assert timezone.localdate(after.own_due_at) - timedelta(days=1) == counted(at_north, after)
        assert after.own_due_at > before.own_due_at  # type: ignore[operator]
        if after.due_at > timezone.now():  # type: ignore[operator]
            assert DueTime.objects.get(kind="workflow.item_due").due_at == after.due_at


class TestALongStep:
    """Without other cases at the hall."""

    def test_that_would_take_longer_than_the_case_is_due_with_it_and_says_why(self, at_north: Hall) -> None:
        setup = CaseSetup.objects.get()
        steps = [free_step(one, HANDLERS, limit={"amount": 90, "unit": "days"}) for one in ("look", "then")]
        setup.flow = row_of(at_north, *steps, code="examine")
        setup.save()
        case = accepted(at_north, setup)
        day = case_ends_on(case)
        item = item_of(case)
        assert last_day(item) == day < timezone.localdate(item.own_due_at) - timedelta(days=1)
        assert DueTime.objects.get(kind="workflow.item_due").due_at == item.due_at
        page = client_of("cao", NORTH).get(f"/desk/runs/{case.run_id}/").text
        assert item.cut_words in page
        assert "以整件的时限为准" in client_of("cao", NORTH).get("/desk/work/").text
        # the next one, too, and what is asked of the case's clocks there
        finish_item(by=person("cao"), hall=at_north, item_id=item.pk)
        assert case.run
        assert last_day(item_at(case.run, "then")) == day

    def test_keeps_what_it_says_for_its_limit_until_its_own_time_is_over(self, at_north: Hall) -> None:
        setup = CaseSetup.objects.get()
        looks = free_step("look", HANDLERS, limit={"amount": 90, "unit": "days"}, at_limit="pass")
        setup.flow = row_of(at_north, looks, free_step("then", HANDLERS), code="examine")
        setup.save()
        case = accepted(at_north, setup)
        item = item_of(case)
        past = timezone.now() - timedelta(minutes=1)
        WorkItem.objects.filter(pk=item.pk).update(due_at=past)
        given: dict[str, Any] = {"hall": at_north, "item_id": item.pk, "cause_id": item.pk}
        for _ in range(2):
            note_item_late(**given)
        item.refresh_from_db()
        assert (item.was_late, item.state) == (True, "claimed" if item.owner_id else "to_claim")
        assert DueTime.objects.get(kind="workflow.item_due").due_at == item.own_due_at
        WorkItem.objects.filter(pk=item.pk).update(own_due_at=past)
        note_item_late(**given)
        item.refresh_from_db()
        assert item.state == "done"


@pytest.fixture(scope="class")
def _called(opened: None, class_rows: None) -> None:
    """At the step ``reply``, of ninety days, of a flow that the called one calls."""
    north = Hall.objects.get(slug="north")
    with inside(north), pytest.MonkeyPatch.context() as patch:
        # the papers' files need the store, and none is looked at here
        patch.setattr(tasks, "make_files", lambda **_: None)
        asks = {"type": "call", "name": "ask", "label": "征求意见"}
        row_of(north, free_step("reply", HANDLERS, limit={"amount": 90, "unit": "days"}), code="lowest")
        row_of(north, asks | {"flow": "lowest"}, code="lower")
        setup = CaseSetup.objects.get()
        setup.flow = row_of(north, asks | {"flow": "lower"}, free_step("then", HANDLERS), code="examine")
        setup.save()
        accepted(north, setup)
        drain_events()


@pytest.fixture
def called(_called: None, at_north: Hall, no_papers: None) -> Run:
    return Run.objects.get(version__flow__code="lowest")


class TestACalledFlow:
    """A run that a case's flow has called ends, stands and goes on with the case as the flow itself does."""

    def test_has_no_step_that_is_due_after_the_case_and_follows_its_extension(
        self, at_north: Hall, called: Run
    ) -> None:
        case, item = Case.objects.get(), item_at(called, "reply")
        before = case_ends_on(case)
        assert last_day(item) == before < timezone.localdate(item.own_due_at) - timedelta(days=1)
        assert item.cut_words in client_of("cao", NORTH).get(f"/desk/runs/{called.pk}/").text
        extend_case(by=person("tao"), hall=at_north, case_id=case.pk, workdays=10, reason="等专家")
        assert last_day(item_at(called, "reply")) == case_ends_on(case) > before

    def test_follows_a_corrected_calendar(self, at_north: Hall, called: Run) -> None:
        before = last_day(item_at(called, "reply"))
        make_calendar(*closes(before))
        drain_events()
        assert carry_on_recount(recount_id=ClockRecount.objects.latest("pk").pk)
        drain_events()
        assert last_day(item_at(called, "reply")) == case_ends_on(Case.objects.get()) > before

    def test_stands_in_a_special_procedure_whoever_holds_it_up_meanwhile(self, at_north: Hall, called: Run) -> None:
        case, before = Case.objects.get(), item_at(called, "reply").due_at
        given = begin(at_north, case, "60d", timezone.localdate())
        run: dict[str, Any] = {"by": person("he"), "hall": at_north, "run_id": called.pk}
        suspend_run(**run, opinion="等文件")
        resume_run(**run)
        assert item_at(called, "reply").is_standing
        end_special_procedure(**given, result="通过")
        item = item_at(called, "reply")
        assert item.due_at == before == DueTime.objects.get(kind="workflow.item_due").due_at

    def test_that_is_called_in_a_special_procedure_stands_from_its_beginning(self, at_north: Hall, called: Run) -> None:
        caller, case = called.parent_item, Case.objects.get()
        assert caller
        called.delete()
        given = begin(at_north, case, "60d", timezone.localdate())
        start_called_run(hall=at_north, item_id=caller.pk)
        anew = Run.objects.get(parent_item=caller)
        assert item_at(anew, "reply").is_standing
        end_special_procedure(**given, result="通过")
        assert last_day(item_at(anew, "reply")) == case_ends_on(case)

    def test_is_held_while_the_case_is_suspended_and_goes_on_with_it(self, at_north: Hall, called: Run) -> None:
        case = Case.objects.get()
        given: dict[str, Any] = {"by": person("tao"), "hall": at_north, "case_id": case.pk}
        before = item_at(called, "reply").due_at
        suspend_case(**given, reason="等待另案")
        assert set(Run.objects.values_list("status", flat=True)) == {RunStatus.SUSPENDED}
        with pytest.raises(Conflict):
            do(at_north, called, "reply", "cao")
        resume_case(**given)
        assert set(Run.objects.values_list("status", flat=True)) == {RunStatus.RUNNING}
        assert item_at(called, "reply").due_at == before

    def test_ends_with_a_case_that_is_withdrawn_before_anybody_acts_in_it(self, at_north: Hall, called: Run) -> None:
        case = Case.objects.get()
        withdraw_case(by=person("tao"), hall=at_north, case_id=case.pk, reason="不办了")
        assert set(Run.objects.values_list("status", flat=True)) == {RunStatus.TERMINATED}
        assert open_steps(called) == []
        assert not DueTime.objects.filter(kind__startswith="workflow.item").exists()
        # what comes by the event finds nothing left to end
        acts = called.acts.count()
        drain_events()
        assert called.acts.count() == acts

    def test_that_has_ended_lets_the_case_be_decided(self, at_north: Hall, called: Run) -> None:
        do(at_north, called, "reply", "cao")
        drain_events()
        case = Case.objects.get()
        assert case.run
        assert open_steps(case.run) == ["then"]
