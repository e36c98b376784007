"""A calendar is published: answers that are due in halls that it touches are counted anew, once, whatever is killed,
and each keeps what it was."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from foundation.errors import Conflict
from foundation.events.models import Event, EventDelivery
from foundation.events.operations import drain_events
from province.audit.models import AuditEntry
from province.halls.models import Hall
from province.opinion.models import QuestionReport
from province.workdays.models import YearCalendar
from province.workdays.operations import DayLine, publish_calendar
from province.workdays.queries import calendar_of
from province.workdays.queries.effects import CalendarEffects, KindEffect, effects_of
from tenants.engagement.models import LimitMove, Question
from tenants.engagement.operations.limits import recount_limits
from tests.conftest import person
from tests.factories.engagement import make_question, reply
from tests.factories.sites import inside
from tests.factories.workdays import lines_of, make_calendar, make_draft
from tests.forked import run_and_die
from tests.races import at_once
from tests.servers import wait_until


def workdays_ahead(number: int) -> date:
    return calendar_of("420582000000").deadline_after(timezone.localdate(), number).last_day


def answers_of(effects: CalendarEffects) -> KindEffect:
    return next(one for one in effects.kinds if one.label == "群众咨询的答复期限")


def off(day: date) -> DayLine:
    return DayLine(day, is_off=True, name="放假")


def next_year_or_this(day: date, *more: DayLine) -> tuple[int, list[DayLine]]:
    """The year of the day, with what is in force there and these besides."""
    return day.year, [*lines_of(day.year), *more]


def due_in(hall: Hall, question: Question) -> date:
    with inside(hall):
        due_on: date = Question.objects.get(pk=question.pk).due_on
    return due_on


@pytest.mark.django_db
class TestPublication:
    def test_moves_what_is_open_and_keeps_what_it_was_and_why(self, north: Hall, south: Hall) -> None:
        asked, answered = make_question(north), make_question(north)
        elsewhere = make_question(south)
        reply(north, answered, "hua")
        day, before = workdays_ahead(2), asked.due_on
        draft = make_draft(*next_year_or_this(day, off(day)))
        told = answers_of(effects_of(draft))
        assert (told.label, told.open, told.moved, told.overdue) == ("群众咨询的答复期限", 2, 2, 0)
        publish_calendar(by=person("zhao"), calendar=draft, revision=draft.revision)
        assert due_in(north, asked) == before
        drain_events()
        after = workdays_ahead(5)
        assert after > before
        assert (due_in(north, asked), due_in(south, elsewhere), due_in(north, answered)) == (after, after, before)
        assert QuestionReport.objects.get(pk=asked.pk).due_on == after
        with inside(north):
            moved = LimitMove.objects.get()
            assert (moved.question_id, moved.before, moved.after) == (asked.pk, before, after)
            assert moved.why == YearCalendar.objects.get(pk=draft.pk).document
            assert recount_limits(hall=north, calendar_id=draft.pk, why="又一次") == 0
        entry = AuditEntry.objects.filter(act="engagement.move_limit", hall_id=north.pk).get()
        assert entry.changes["due_on"] == [str(before), str(after)]
        # and back again
        make_calendar(day.year, [one for one in lines_of(day.year) if one.day != day])
        drain_events()
        assert due_in(north, asked) == before
        with inside(north):
            assert LimitMove.objects.count() == 2

    def test_of_an_area_touches_its_own_halls_alone(self, north: Hall, south: Hall) -> None:
        here, there = make_question(north), make_question(south)
        day = workdays_ahead(2)
        make_calendar(day.year, [off(day)], prefix="420582")
        drain_events()
        assert due_in(north, here) > due_in(south, there)
        assert {one.hall_id for one in Event.objects.filter(kind="opinion.limits_touched")} == {north.pk}
        with inside(south):
            assert not LimitMove.objects.exists()

    def test_says_which_become_overdue_and_marks_them_late_and_takes_it_back(self, north: Hall) -> None:
        question = make_question(north)
        today = timezone.localdate()
        # counted from three weeks ago, in as many working days as there were and one more, which is a day off less
        begun = today - timedelta(days=21)
        calendar = calendar_of("420582000000")
        number = calendar.workdays_between(begun, today) + (0 if calendar.is_workday(today) else 1)
        due_on = calendar.deadline_after(begun, number).last_day
        facts = {"limit_from": begun, "limit_days": number, "due_on": due_on}
        with inside(north):
            Question.objects.filter(pk=question.pk).update(**facts)
        QuestionReport.objects.filter(pk=question.pk).update(**facts)
        passed = [begun + timedelta(days=one) for one in range(1, 21)]
        saturdays = [day for day in passed if day.weekday() == 5]
        worked = [DayLine(day, is_off=False) for day in saturdays if not calendar.is_workday(day)]
        by_year: dict[int, list[DayLine]] = {}
        for one in worked:
            by_year.setdefault(one.day.year, []).append(one)
        year, lines = max(by_year.items(), key=lambda pair: len(pair[1]))
        days = {one.day for one in lines}
        draft = make_draft(year, [*(one for one in lines_of(year) if one.day not in days), *lines])
        before = lines_of(year)
        told = effects_of(draft)
        assert told.overdue == 1
        assert [(one.place, one.number) for one in answers_of(told).groups if one.is_overdue] == [("当阳市", 1)]
        publish_calendar(by=person("zhao"), calendar=draft, revision=draft.revision)
        drain_events()
        drain_events()
        with inside(north):
            late = Question.objects.get(pk=question.pk)
            assert late.is_overdue
            assert late.was_late
        make_calendar(year, before)
        drain_events()
        with inside(north):
            assert not Question.objects.get(pk=question.pk).was_late

    def test_of_the_year_that_a_limit_reaches_ends_what_was_assumed(self, north: Hall) -> None:
        question = make_question(north)
        years = {timezone.localdate().year, question.due_on.year}
        YearCalendar.objects.filter(year=max(years)).update(state="replaced")
        make_calendar(max(years), [off(date(max(years), 1, 1))])
        with inside(north):
            Question.objects.update(is_due_assumed=True)
        drain_events()
        with inside(north):
            assert not Question.objects.get(pk=question.pk).is_due_assumed


@pytest.mark.usefixtures("fresh_database")
class TestTwoAtOnce:
    def test_publish_one_draft_once(self) -> None:
        draft = make_draft(2098, [off(date(2098, 1, 1))])
        given = {"by": person("zhao"), "calendar": draft, "revision": draft.revision}
        answers = at_once(*[lambda: publish_calendar(**given)] * 2)
        assert sum(isinstance(one, Conflict) for one in answers) == 1
        assert YearCalendar.objects.filter(year=2098, state="published").count() == 1
        assert Event.objects.filter(kind="workdays.calendar_published").count() == 1

    def test_a_question_that_is_being_asked_is_not_lost(self) -> None:
        """It was counted by the former calendar and commits after the publication was asked for: that waits for it."""
        north = Hall.objects.get(slug="north")
        day = workdays_ahead(2)
        draft = make_draft(*next_year_or_this(day, off(day)))

        def publish() -> None:
            publish_calendar(by=person("zhao"), calendar=draft, revision=draft.revision)
            connection.close()

        def waits() -> bool:
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
                return publication.done() or cursor.fetchone() != (0,)

        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                question = make_question(north)
                publication = pool.submit(publish)
                wait_until(waits, what="the publication")
                assert not publication.done()
            publication.result(timeout=30)
        drain_events()
        assert due_in(north, question) == workdays_ahead(5)


_RECOUNT = """
import os, signal
from foundation.events.operations import drain_events
from tenants.engagement.operations import limits

moved = []
record = limits.record

def die_after_two(*given, **facts):
    record(*given, **facts)
    moved.append(1)
    if len(moved) == 2:
        os.kill(os.getpid(), signal.SIGKILL)

limits.record = die_after_two
drain_events()
"""


@pytest.mark.usefixtures("fresh_database")
class TestRecountKilled:
    def test_leaves_all_as_it_was_and_the_next_one_does_it_once(self) -> None:
        north = Hall.objects.get(slug="north")
        questions = [make_question(north) for _ in range(3)]
        day, before = workdays_ahead(2), questions[0].due_on
        make_calendar(*next_year_or_this(day, off(day)))
        run_and_die(_RECOUNT)
        with inside(north):
            assert {one.due_on for one in Question.objects.all()} == {before}
            assert not LimitMove.objects.exists()
        drain_events()
        drain_events()
        with inside(north):
            assert {one.due_on for one in Question.objects.all()} == {workdays_ahead(5)}
            assert LimitMove.objects.count() == 3
        assert not EventDelivery.objects.exclude(state="done").exists()
