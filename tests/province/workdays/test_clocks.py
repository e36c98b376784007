"""Clocks as rows: started, paused, resumed, extended and ended by a hall, counted as the law's own examples are."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foundation.errors import Conflict, Invalid, NotFound
from foundation.rows import draw_id
from province.halls.models import Hall
from province.workdays.models import Clock
from province.workdays.operations import (
    ClockWish,
    drop_clocks,
    end_clocks,
    extend_clock,
    pause_clocks,
    resume_clocks,
    start_clocks,
)
from province.workdays.queries import calendar_of_hall
from province.workdays.queries.clocks import ClockCounts, clocks_of, counts_by_hall, days_left, hall_counts, stories
from province.workdays.states import ClockKind, ClockState
from standards.workdays import ClockPause, Limit, due_of
from tests.factories.clocks import APPROVER, again, arrange, examples, known_owners, make_clock, run_through

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_owners")]


@pytest.fixture(name="_owners")
def _owners() -> Any:
    with known_owners():
        yield


def ago(days: int) -> date:
    return localdate() - timedelta(days=days)


class TestExamples:
    def test_end_on_the_day_that_another_program_found_as_a_value_and_as_a_row(self, north: Hall) -> None:
        found = examples()
        strays = []
        for one in found:
            with transaction.atomic():
                arrange(north, one)
                calendar = calendar_of_hall(north)
                value = due_of(one.began_on, one.limit, calendar=calendar, pauses=one.pauses, extensions=one.extensions)
                row = run_through(north, one)
                story = stories([row])[row.pk]
                if not value.due == row.due_on == one.due_on or value.is_assumed != row.is_assumed:
                    strays.append((one.what, value.due, row.due_on, one.due_on))
                if story != value.story or one.words not in story:
                    strays.append((one.what, story, value.story, one.words))
                transaction.set_rollback(True)
        assert strays == []
        assert len(found) >= 60


class TestStart:
    def test_writes_several_side_by_side_in_one_statement(self, north: Hall) -> None:
        case = draw_id()
        kinds = {ClockKind.STATUTORY: "20wd", ClockKind.PROMISED: "5wd", ClockKind.ACCEPTANCE: "3d"}
        wishes = [
            ClockWish(owner_kind="case", owner_id=case, kind=kind, limit=Limit.read(limit), began_on=localdate())
            for kind, limit in kinds.items()
        ]
        with CaptureQueriesContext(connection) as asked:
            start_clocks(hall=north, wishes=wishes)
        assert sum("INSERT" in one["sql"] for one in asked) == 1
        assert {one.kind: one.limit for one in clocks_of("case", [case])[case]} == kinds

    def test_refuses_a_second_one_of_a_kind_until_the_first_has_ended(self, north: Hall) -> None:
        clock = make_clock(north)
        with pytest.raises(Conflict, match="已经在计时"):
            make_clock(north, owner_id=clock.owner_id)
        for _ in range(2):
            end_clocks(hall=north, owner_ids=[clock.owner_id])
            clock = make_clock(north, owner_id=clock.owner_id)
        assert len(clocks_of("case", [clock.owner_id])[clock.owner_id]) == 3

    def test_refuses_a_day_to_come_and_owners_that_nobody_has_declared(self, north: Hall) -> None:
        with pytest.raises(Invalid, match="不能晚于今天"):
            make_clock(north, began_on=localdate() + timedelta(days=1))
        wish = ClockWish(
            owner_kind="cat", owner_id=draw_id(), kind=ClockKind.STEP, limit=Limit(1, "d"), began_on=localdate()
        )
        with pytest.raises(LookupError, match="cat"):
            start_clocks(hall=north, wishes=[wish])

    def test_leaves_another_halls_alone(self, north: Hall, south: Hall) -> None:
        clock = make_clock(north)
        for act in (end_clocks, drop_clocks, resume_clocks):
            assert act(hall=south, owner_ids=[clock.owner_id]) == []
        assert pause_clocks(hall=south, owner_ids=[clock.owner_id], why="听证") == []
        with pytest.raises(NotFound):
            extend(south, clock)
        assert again(clock).state == ClockState.RUNNING


def extend(hall: Hall, clock: Clock, by: str = "10wd", **facts: Any) -> Clock:
    kind = ClockKind(clock.kind)
    extension = Limit.read(by)
    return extend_clock(
        hall=hall, owner_id=clock.owner_id, kind=kind, extension=extension, approved_by=APPROVER, **facts
    )


class TestPause:
    def test_takes_the_last_day_away_until_work_resumes(self, north: Hall) -> None:
        clock = make_clock(north, began_on=ago(6))
        assert [one.pk for one in pause_clocks(hall=north, owner_ids=[clock.owner_id], why="听证", on=ago(3))] == [
            clock.pk
        ]
        paused = again(clock)
        assert (paused.state, paused.due_on, paused.wake_on) == (ClockState.PAUSED, None, None)
        assert days_left([paused]) == {clock.pk: None}
        told = stories([paused])[clock.pk]
        assert told.startswith("已暂停：自")
        assert "起因听证暂停，恢复后接着计算。" in told
        # what is paused already is left as it is
        assert pause_clocks(hall=north, owner_ids=[clock.owner_id], why="又一次") == []
        resume_clocks(hall=north, owner_ids=[clock.owner_id])
        calendar = calendar_of_hall(north)
        due = due_of(ago(6), Limit(10, "wd"), calendar=calendar, pauses=[ClockPause(ago(3), localdate(), "听证")])
        assert again(clock).due_on == due.due
        assert stories([again(clock)])[clock.pk] == due.story

    def test_refuses_what_cannot_be(self, north: Hall) -> None:
        clock = make_clock(north, began_on=ago(6))
        given: dict[str, Any] = {"hall": north, "owner_ids": [clock.owner_id]}
        for wrong in ({"why": ""}, {"why": "听" * 21}, {"why": "听证", "on": localdate() + timedelta(days=1)}):
            with pytest.raises(Invalid):
                pause_clocks(**given, **wrong)
        with pytest.raises(Conflict, match="不能早于计时开始"):
            pause_clocks(**given, why="听证", on=ago(7))
        pause_clocks(**given, why="听证", on=ago(5))
        with pytest.raises(Conflict, match="不能早于暂停"):
            resume_clocks(**given, on=ago(6))
        resume_clocks(**given, on=ago(3))
        with pytest.raises(Conflict, match="重叠"):
            pause_clocks(**given, why="检验", on=ago(4))

    def test_leaves_overdue_what_had_run_out_before(self, north: Hall) -> None:
        clock = make_clock(north, "1wd", began_on=ago(30))
        assert pause_clocks(hall=north, owner_ids=[clock.owner_id], why="听证") == []
        assert days_left([again(clock)])[clock.pk] < 0  # type: ignore[operator]

    def test_of_no_day_leaves_no_trace(self, north: Hall) -> None:
        clock = make_clock(north)
        pause_clocks(hall=north, owner_ids=[clock.owner_id], why="听证")
        resume_clocks(hall=north, owner_ids=[clock.owner_id])
        assert (again(clock).pauses, again(clock).due_on) == ([], clock.due_on)


class TestExtension:
    def test_is_given_once_with_approval_and_not_after_the_end(self, north: Hall) -> None:
        clock, late = make_clock(north, "5wd"), make_clock(north, "1wd", began_on=ago(30))
        extended = extend(north, clock)
        assert (again(extended).extension, again(extended).extended_by_id) == ("10wd", APPROVER)
        assert extended.due_on == calendar_of_hall(north).deadline_after(localdate(), 15).last_day
        with pytest.raises(Conflict, match="已经延长过一次"):
            extend(north, clock)
        with pytest.raises(Conflict, match="已经到期"):
            extend(north, late)


class TestNesting:
    def test_lets_nothing_within_a_case_outlast_it(self, north: Hall) -> None:
        case = draw_id()
        outer = make_clock(north, "5wd", owner_id=case)
        inner = make_clock(north, "10wd", kind=ClockKind.STEP, within_id=case)
        own = calendar_of_hall(north).deadline_after(localdate(), 10).last_day
        assert inner.due_on == outer.due_on
        assert "以整件的时限为准" in stories([again(inner)])[inner.pk]
        # the promised one is the nearer
        promised = make_clock(north, "2wd", owner_id=case, kind=ClockKind.PROMISED)
        end_clocks(hall=north, owner_ids=[inner.owner_id])
        second = make_clock(north, "10wd", kind=ClockKind.STEP, within_id=case)
        assert second.due_on == promised.due_on
        drop_clocks(hall=north, owner_ids=[case], kinds=[ClockKind.PROMISED])
        assert again(second).due_on == outer.due_on
        pause_clocks(hall=north, owner_ids=[case], why="听证")
        assert again(second).due_on == own
        resume_clocks(hall=north, owner_ids=[case])
        assert again(second).due_on == outer.due_on
        extend(north, outer)
        assert again(second).due_on == own

    def test_counts_both_that_begin_at_once(self, north: Hall) -> None:
        case, step = draw_id(), draw_id()
        wish = {"limit": Limit(9, "wd"), "began_on": localdate(), "kind": ClockKind.STEP}
        inner = ClockWish(owner_kind="step", owner_id=step, within_id=case, **wish)
        outer = ClockWish(
            owner_kind="case", owner_id=case, kind=ClockKind.STATUTORY, limit=Limit(2, "wd"), began_on=localdate()
        )
        made = {one.owner_id: one.due_on for one in start_clocks(hall=north, wishes=[inner, outer])}
        assert made[step] == made[case]


class TestEnd:
    def test_says_whether_it_was_met(self, north: Hall) -> None:
        calendar = calendar_of_hall(north)
        met, late, paused, dropped = (make_clock(north, "5wd", began_on=ago(20)) for _ in range(4))
        assert met.due_on
        end_clocks(hall=north, owner_ids=[met.owner_id], on=met.due_on)
        end_clocks(hall=north, owner_ids=[late.owner_id], on=met.due_on + timedelta(days=1))
        pause_clocks(hall=north, owner_ids=[paused.owner_id], why="补正", on=ago(19))
        end_clocks(hall=north, owner_ids=[paused.owner_id])
        drop_clocks(hall=north, owner_ids=[dropped.owner_id])
        assert [again(one).state for one in (met, late, paused, dropped)] == ["met", "late", "met", "dropped"]
        assert (
            again(paused).due_on
            == due_of(ago(20), Limit(5, "wd"), calendar=calendar, pauses=[ClockPause(ago(19), localdate())]).due
        )
        assert end_clocks(hall=north, owner_ids=[met.owner_id]) == []
        assert days_left([again(met)]) == {met.pk: None}

    def test_is_told_as_it_was_counted_then(self, north: Hall) -> None:
        clock = make_clock(north, "5wd", began_on=ago(20))
        end_clocks(hall=north, owner_ids=[clock.owner_id])
        Clock.objects.filter(pk=clock.pk).update(due_on=localdate(), state="met")
        told = stories([again(clock)])[clock.pk]
        assert told.startswith(f"{localdate().year}年{localdate().month}月{localdate().day}日到期：自")


class TestDatabase:
    def test_refuses_rows_that_contradict_themselves(self, north: Hall) -> None:
        ended = {"wake_on": None, "near_on": None}
        wrong: list[tuple[dict[str, Any], str]] = [
            ({"state": "paused"}, "clock_paused_or_due"),
            ({"paused_on": localdate()}, "clock_paused_or_due"),
            ({"due_on": None, "near_on": None}, "clock_paused_or_due"),
            ({"ended_on": localdate(), **ended}, "clock_ends_as_it_says"),
            ({"state": "met", **ended}, "clock_ends_as_it_says"),
            ({"state": "late", "ended_on": localdate(), **ended}, "clock_ends_as_it_says"),
            ({"state": "met", "ended_on": date(2999, 1, 1), **ended}, "clock_ends_as_it_says"),
            ({"state": "met", "ended_on": localdate()}, "clock_ended_sleeps"),
            ({"extension": "5wd"}, "clock_extended_with_approval"),
            ({"state": "paused", "due_on": None, "paused_on": date(2000, 1, 1)}, "clock_paused_after_its_beginning"),
        ]
        clock = make_clock(north)
        strays = []
        for change, name in wrong:
            try:
                with transaction.atomic():
                    Clock.objects.filter(pk=clock.pk).update(**change)
                strays.append((change, "taken"))
            except IntegrityError as error:
                if name not in str(error):
                    strays.append((change, str(error)))
        assert strays == []


class TestCounts:
    def test_are_read_from_the_index_alone_for_one_hall_or_many(self, north: Hall, south: Hall) -> None:
        make_clock(north, "1wd", began_on=ago(30))
        make_clock(north, "1wd")
        make_clock(north, "60wd")
        make_clock(south, "60wd")
        paused = make_clock(north, "1wd")
        pause_clocks(hall=north, owner_ids=[paused.owner_id], why="听证")
        nearly = make_clock(north, "3wd", began_on=ago(1))
        assert nearly.near_on
        assert hall_counts(north.pk, today=nearly.near_on).due_soon >= 1
        assert hall_counts(south.pk) == ClockCounts(0, 0)
        with CaptureQueriesContext(connection) as asked:
            counts_by_hall([north.pk, south.pk])
        assert len(asked) == 1
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
            cursor.execute(f"EXPLAIN {asked[0]['sql']}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert "Index Only Scan using workdays_clock_of_hall" in plan

    def test_cost_the_same_for_one_clock_and_for_many_halls(self, north: Hall, south: Hall) -> None:
        clocks = [make_clock(hall) for hall in (north, south) for _ in range(3)]
        for ask in (days_left, stories):
            costs = []
            for some in (clocks[:1], clocks):
                with CaptureQueriesContext(connection) as asked:
                    ask(some)
                costs.append(len(asked))
            assert costs[0] == costs[1] <= 3
        with CaptureQueriesContext(connection) as asked:
            clocks_of("case", [one.owner_id for one in clocks])
        assert len(asked) == 1

    def test_say_how_many_working_days_are_left(self, north: Hall) -> None:
        calendar = calendar_of_hall(north)
        clock = make_clock(north, "10wd")
        assert days_left([clock]) == {clock.pk: 10}
        assert clock.due_on
        assert days_left([clock], today=clock.due_on) == {clock.pk: 0}
        next_workday = calendar.deadline_after(clock.due_on, 1).last_day
        assert days_left([clock], today=next_workday) == {clock.pk: -1}


class TestAnyDays:
    @given(
        limit=st.sampled_from(["1wd", "5wd", "20wd", "7d", "30d", "1m"]),
        gaps=st.lists(st.tuples(st.integers(0, 12), st.integers(0, 15), st.booleans()), max_size=4),
        extension=st.sampled_from(["", "5wd", "10d"]),
    )
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_of_pausing_and_resuming_come_to_what_the_pauses_say(
        self, north: Hall, limit: str, gaps: list[tuple[int, int, bool]], extension: str
    ) -> None:
        with transaction.atomic():
            began_on = day = ago(200)
            clock = make_clock(north, limit, began_on=began_on)
            extensions = [Limit.read(extension)] if extension else []
            for one in extensions:
                extend(north, clock, one.written, on=began_on)
            pauses = []
            for before, length, is_bound in gaps:
                day += timedelta(days=before)
                most = Limit(5, "wd") if is_bound else None
                given: dict[str, Any] = {"hall": north, "owner_ids": [clock.owner_id]}
                was_out = (again(clock).due_on or date.max) < day
                stopped = pause_clocks(**given, why="检验", on=day, most=most)
                # what has run out is not stopped by what comes after
                assert bool(stopped) is not was_out
                if stopped:
                    row = again(clock)
                    assert (row.state, row.due_on) == ("paused", None)
                    pauses.append(ClockPause(day, day + timedelta(days=length), "检验", most))
                    resume_clocks(**given, on=day + timedelta(days=length))
                day += timedelta(days=length)
            calendar = calendar_of_hall(north)
            due = due_of(began_on, Limit.read(limit), calendar=calendar, pauses=pauses, extensions=extensions)
            row = again(clock)
            assert (row.state, row.due_on, row.is_assumed) == ("running", due.due, due.is_assumed)
            assert stories([row])[row.pk] == due.story
            transaction.set_rollback(True)
