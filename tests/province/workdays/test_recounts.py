"""Open clocks are counted anew after a calendar was published or a hall's own days changed, and the sweep tells of each
what comes with the day: once, whatever is killed or moved."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.timezone import localdate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foundation.events.models import Event
from foundation.events.operations import drain_events
from foundation.rows import draw_id
from province.audit.models import AuditEntry
from province.halls.models import Hall
from province.workdays.models import Clock, ClockRecount
from province.workdays.operations import (
    DayLine,
    DaysWish,
    end_clocks,
    extend_clock,
    lift_hall_days,
    pause_clocks,
    publish_calendar,
    resume_clocks,
    set_hall_days,
)
from province.workdays.operations.recounts import carry_on_recount
from province.workdays.operations.sweeping import sweep_clocks
from province.workdays.queries import calendar_of_hall
from province.workdays.queries.clocks import days_left, moved_clocks, stories
from province.workdays.queries.effects import effects_of
from province.workdays.queries.recounts import abandoned_recounts
from province.workdays.states import ClockKind, HallDaysKind
from standards.workdays import Limit, due_of
from tests.conftest import person
from tests.factories.clocks import APPROVER, again, clocks_by_sql, known_owners, make_clock
from tests.factories.people import client_of, program_of
from tests.factories.workdays import lines_of, make_calendar, make_draft
from tests.forked import run_and_die

pytestmark = pytest.mark.usefixtures("_owners")


@pytest.fixture(name="_owners")
def _owners() -> Iterator[None]:
    with known_owners():
        yield


def ago(days: int) -> date:
    return localdate() - timedelta(days=days)


def workday(hall: Hall, number: int) -> date:
    return calendar_of_hall(hall).deadline_after(localdate(), number).last_day


def closes(day: date) -> tuple[int, list[DayLine]]:
    """The year of the day as it is in force, and this day off."""
    return day.year, [*lines_of(day.year), DayLine(day, is_off=True, name="放假")]


def recount() -> ClockRecount:
    """What the latest publication set off, done."""
    drain_events()
    found = ClockRecount.objects.latest("pk")
    assert carry_on_recount(recount_id=found.pk)
    found.refresh_from_db()
    return found


def told(kind: str) -> list[UUID | None]:
    return list(Event.objects.filter(kind=f"workdays.{kind}").order_by("pk").values_list("subject_id", flat=True))


def counted_anew(clock: Clock) -> date:
    return due_of(
        clock.began_on,
        Limit.read(clock.limit),
        calendar=calendar_of_hall(clock.hall),
        pauses=clock.closed_pauses,
        extensions=clock.extensions,
    ).due


@pytest.mark.django_db
class TestPublication:
    def test_moves_what_runs_says_so_before_and_tells_each_hall_its_own(self, north: Hall, south: Hall) -> None:
        case = draw_id()
        outer = make_clock(north, "5wd", owner_id=case)
        inner = make_clock(north, "9wd", kind=ClockKind.STEP, within_id=case)
        other, far = make_clock(south, "5wd"), make_clock(south, "1wd")
        ended, paused = make_clock(north, "5wd"), make_clock(north, "5wd")
        end_clocks(hall=north, owner_ids=[ended.owner_id])
        pause_clocks(hall=north, owner_ids=[paused.owner_id], why="听证", most=Limit(10, "wd"))
        draft = make_draft(*closes(workday(north, 3)))
        foreseen = next(one for one in effects_of(draft).kinds if one.label == "办件的期限")
        assert (foreseen.open, foreseen.moved, foreseen.overdue) == (2, 2, 0)
        publish_calendar(by=person("zhao"), calendar=draft, revision=draft.revision)
        drain_events()
        page = f"/console/workdays/?year={draft.year}"
        assert "正在按新的日历重算未办结的期限" in client_of("zhao").get(page).text
        done = recount()
        assert (done.clocks, done.counted, done.moved, done.halls, done.owners) == (3, 3, 3, 2, 3)
        assert "3 个的最后一日变了，0 个因此超期，涉及 2 个服务厅的 3 件" in client_of("zhao").get(page).text
        shown = program_of("zhao").get("/api/province/v1/workdays/recounts").json()["items"][-1]
        assert (shown["id"], shown["state"], shown["moved"]) == (str(done.pk), "done", 3)
        assert program_of("he").get("/api/province/v1/workdays/recounts").status_code == 403
        for one in (outer, inner, other):
            row = again(one)
            assert row.due_on == counted_anew(again(outer)) > (one.due_on or date.max)
            assert (row.moved_from, row.moved_by_id) == (one.due_on, done.pk)
        assert {again(one).due_on for one in (far, ended)} == {far.due_on, ended.due_on}
        assert "原为" in stories([again(outer)])[outer.pk]
        assert done.why in stories([again(outer)])[outer.pk]
        # its pause ends later, too: the sweep looks at it
        assert again(paused).wake_on == localdate()
        sweep_clocks()
        wake = calendar_of_hall(north).deadline_after(localdate(), 10).last_day + timedelta(days=2)
        assert again(paused).wake_on == wake > (paused.due_on or date.max)
        events = {one.hall_id: one.payload for one in Event.objects.filter(kind="workdays.clocks_moved")}
        assert {key: (one["clocks"], one["owners"]) for key, one in events.items()} == {
            north.pk: (2, 2),
            south.pk: (1, 1),
        }
        assert [one.pk for one in moved_clocks(done.pk, north.pk)] == [outer.pk, inner.pk]
        entry = AuditEntry.objects.get(act="workdays.recount_clocks")
        assert entry.changes["clocks_moved"] == [None, 3]
        # once more it finds nothing to do
        assert carry_on_recount(recount_id=done.pk)
        assert len(told("clocks_moved")) == 2
        # and back again
        make_calendar(localdate().year, [one for one in lines_of(localdate().year) if one.name != "放假"])
        recount()
        assert [again(one).due_on for one in (outer, inner, other)] == [one.due_on for one in (outer, inner, other)]

    def test_of_an_area_and_of_a_hall_touch_their_own_alone(self, north: Hall, south: Hall) -> None:
        here, there = make_clock(north, "5wd"), make_clock(south, "5wd")
        day = workday(north, 3)
        make_calendar(day.year, [DayLine(day, is_off=True, name="州庆")], prefix="420582")
        assert recount().moved == 1
        assert again(here).due_on > there.due_on == again(there).due_on
        wish = DaysWish(first_on=workday(north, 2), kind=HallDaysKind.OFF, note="赶集日")
        days = set_hall_days(by=person("he"), hall=north, wish=wish)
        recount()
        assert again(here).due_on == counted_anew(again(here))
        assert again(there).due_on == there.due_on
        # both kinds of places in one recount
        more = workday(south, 4)
        make_calendar(*closes(more))
        recount()
        assert [again(one).due_on for one in (here, there)] == [counted_anew(again(one)) for one in (here, there)]
        lift_hall_days(by=person("he"), hall=north, days=days)
        recount()
        assert again(here).due_on == counted_anew(again(here))

    def test_says_which_become_overdue(self, north: Hall) -> None:
        # three working days from so long ago that they end today, or on the last working day before
        calendar = calendar_of_hall(north)
        began = localdate()
        while calendar.deadline_after(began, 4).last_day > localdate():
            began -= timedelta(days=1)
        clock = make_clock(north, "4wd", began_on=began)
        if clock.due_on != localdate():
            pytest.skip("today nothing is due: people rest")
        saturday = next(
            (day for passed in range(1, 9) if (day := began + timedelta(days=passed)).isoweekday() > 5), localdate()
        )
        if not began < saturday < localdate() or calendar.is_workday(saturday) or saturday.year != localdate().year:
            pytest.skip("no weekend lies on the way")
        make_calendar(localdate().year, [*lines_of(localdate().year), DayLine(saturday, is_off=False)])
        done = recount()
        assert (done.moved, done.overdue) == (1, 1)

    def test_costs_the_same_for_one_hall_and_for_many(self, north: Hall, south: Hall) -> None:
        costs = []
        for halls in ([north.pk], [north.pk, south.pk]):
            clocks_by_sql(halls, 30)
            day = workday(north, len(costs) + 1)
            make_calendar(*closes(day))
            drain_events()
            with CaptureQueriesContext(connection) as asked:
                carry_on_recount(recount_id=ClockRecount.objects.latest("pk").pk)
            costs.append(len(asked))
        assert costs[0] == costs[1]
        assert {one.due_on == counted_anew(one) for one in Clock.objects.select_related("hall")} == {True}

    @given(
        acts=st.lists(
            st.tuples(
                st.sampled_from(["5wd", "20wd", "7d", "1m"]), st.integers(0, 25), st.integers(-1, 6), st.booleans()
            ),
            min_size=1,
            max_size=6,
        ),
        off=st.sets(st.integers(1, 30), min_size=1, max_size=4),
    )
    @settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_comes_to_what_counting_anew_comes_to(
        self, north: Hall, south: Hall, acts: list[tuple[str, int, int, bool]], off: set[int]
    ) -> None:
        with transaction.atomic():
            for limit, passed, paused, is_extended in acts:
                hall = south if is_extended else north
                clock = make_clock(hall, limit, began_on=ago(passed))
                given: dict[str, Any] = {"hall": hall, "owner_ids": [clock.owner_id]}
                if is_extended and clock.due_on >= localdate():
                    extend_clock(
                        hall=hall,
                        owner_id=clock.owner_id,
                        kind=ClockKind.STATUTORY,
                        extension=Limit(3, "wd"),
                        approved_by=APPROVER,
                    )
                if 0 <= paused <= passed and pause_clocks(**given, why="检验", on=ago(paused)):
                    resume_clocks(**given)
            days = {localdate() + timedelta(days=one) for one in off}
            this_year = [
                day for day in days if day.year == localdate().year and calendar_of_hall(north).is_workday(day)
            ]
            make_calendar(
                localdate().year,
                [*lines_of(localdate().year), *(DayLine(one, is_off=True, name="试") for one in this_year)],
            )
            if this_year:
                recount()
            rows = list(Clock.objects.select_related("hall__division"))
            assert [one.due_on for one in rows] == [counted_anew(one) for one in rows]
            transaction.set_rollback(True)


@pytest.mark.django_db
class TestSweep:
    def test_tells_once_that_it_is_near_and_once_that_it_has_run_out(self, north: Hall) -> None:
        clock = make_clock(north, "10wd")
        assert clock.near_on
        assert clock.due_on
        near, after = clock.near_on, clock.due_on + timedelta(days=1)
        assert days_left([clock], today=near) == {clock.pk: 2}
        for day, expected in (
            (near - timedelta(days=1), (0, 0)),
            (near, (1, 0)),
            # the server's clock is set back
            (near - timedelta(days=9), (1, 0)),
            (near, (1, 0)),
            (clock.due_on, (1, 0)),
            (after, (1, 1)),
            (near, (1, 1)),
            (after + timedelta(days=9), (1, 1)),
        ):
            while sweep_clocks(today=day):
                pass
            assert (len(told("clock_near")), len(told("clock_ran_out"))) == expected, day
        # its end moves on, and comes again
        make_calendar(*closes(workday(north, 3)))
        recount()
        assert again(clock).due_on > clock.due_on
        sweep_clocks(today=after + timedelta(days=9))
        assert (told("clock_near"), told("clock_ran_out")) == ([clock.pk], [clock.pk])
        facts = Event.objects.get(kind="workdays.clock_ran_out").payload
        assert facts == {"owner_kind": "case", "owner_id": str(clock.owner_id), "kind": "statutory"}

    def test_tells_of_many_with_as_many_statements_as_of_one_and_of_none_that_has_ended(self, north: Hall) -> None:
        ended, paused = make_clock(north, "1wd"), make_clock(north, "1wd")
        end_clocks(hall=north, owner_ids=[ended.owner_id])
        pause_clocks(hall=north, owner_ids=[paused.owner_id], why="听证")
        costs = []
        for number in (1, 20):
            clocks_by_sql([north.pk], number)
            with CaptureQueriesContext(connection) as asked:
                assert sweep_clocks(today=localdate() + timedelta(days=60)) == number
            costs.append(len(asked))
        assert costs[0] == costs[1]
        assert len(told("clock_ran_out")) == 21
        # who slept through the end is not told that it is near
        assert told("clock_near") == []

    def test_lets_a_clock_run_again_whose_pause_took_longer_than_it_may(self, north: Hall) -> None:
        clock = make_clock(north, "20wd", began_on=ago(60))
        given: dict[str, Any] = {"hall": north, "owner_ids": [clock.owner_id]}
        pause_clocks(**given, why="专家评审", on=ago(55), most=Limit(5, "d"))
        paused = again(clock)
        # who reads before the sweep has come finds it running
        story = stories([paused])[clock.pk]
        assert "专家评审超过允许的5日，之后照常计时" in story
        left = days_left([paused])[clock.pk]
        while sweep_clocks():
            pass
        row = again(clock)
        assert (row.state, row.pauses[0][1]) == ("running", None)
        assert row.due_on == counted_anew(row)
        assert stories([row])[clock.pk] == story
        assert days_left([row])[clock.pk] == left
        assert told("clock_runs_again") == [clock.pk]
        # the procedure itself ends later
        assert resume_clocks(**given) == []
        # another one is within its time: nothing is due of it
        within = make_clock(north, "20wd")
        pause_clocks(hall=north, owner_ids=[within.owner_id], why="听证", most=Limit(5, "d"))
        sweep_clocks()
        assert again(within).state == "paused"


_KILLED = """
import os, signal
from province.workdays.operations import recounts
from province.workdays.models import ClockRecount

recounts.PART = 10
count, parts = recounts._count_part, []

def die_in_the_second(*given):
    went_on = count(*given)
    parts.append(1)
    if len(parts) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return went_on

recounts._count_part = die_in_the_second
recounts.carry_on_recount(recount_id=ClockRecount.objects.get().pk)
"""


@pytest.mark.usefixtures("fresh_database")
class TestKilled:
    def test_recount_and_sweep_go_on_and_nothing_happens_twice(self, monkeypatch: pytest.MonkeyPatch) -> None:
        north = Hall.objects.select_related("division").get(slug="north")
        clocks_by_sql([north.pk], 45)
        held = make_clock(north, "5wd")
        monkeypatch.setattr("province.workdays.operations.recounts.PART", 10)
        make_calendar(*closes(workday(north, 3)))
        drain_events()
        run_and_die(_KILLED)
        done = ClockRecount.objects.get()
        assert (done.clocks, done.counted, done.moved) == (46, 10, 10)
        ClockRecount.objects.update(progress_at=timezone.now() - timedelta(minutes=1))
        assert abandoned_recounts() == [done.pk]
        # a hall holds one of its clocks: nobody waits, and it comes later
        monkeypatch.setattr("province.workdays.operations.recounts._WAIT", 0)
        with transaction.atomic():
            Clock.objects.select_for_update().get(pk=held.pk)
            assert elsewhere(done.pk) is False
        done.refresh_from_db()
        assert (done.counted, done.state, again(held).due_on) == (45, "counting", held.due_on)
        assert carry_on_recount(recount_id=done.pk)
        done.refresh_from_db()
        assert (done.counted, done.state) == (46, "done")
        assert done.moved == Clock.objects.filter(moved_by_id=done.pk).count()
        assert {one.due_on == counted_anew(one) for one in Clock.objects.select_related("hall__division")} == {True}
        assert len(told("clocks_moved")) == 1
        # the sweep dies between what it tells and what it keeps of that
        with monkeypatch.context() as broken:
            broken.setattr("province.workdays.operations.sweeping.CLOCK_RAN_OUT", None)
            with pytest.raises(AttributeError):
                sweep_clocks(today=date(2999, 1, 1))
        assert told("clock_ran_out") == told("clock_near") == []
        for _ in range(2):
            sweep_clocks(today=date(2999, 1, 1))
        assert len(told("clock_ran_out")) == len(set(told("clock_ran_out"))) == 46


def elsewhere(recount_id: UUID) -> Any:
    """Carried on by a connection of its own."""

    def run() -> bool:
        try:
            return carry_on_recount(recount_id=recount_id)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result(timeout=60)
