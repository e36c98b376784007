"""本厅日历: what a hall arranges for itself moves its opening hours and its limits, once, and no other hall's."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from typer.testing import CliRunner

from config.cli import app
from foundation.errors import Conflict, Invalid, NotAllowed
from foundation.events.operations import drain_events
from province.audit.models import AuditEntry
from province.halls.models import Hall
from province.opinion.models import QuestionReport
from province.rights.roles import Role
from province.workdays.models import HallDays
from province.workdays.operations import DayLine, DaysWish, hold_calendar, lift_hall_days, set_hall_days
from province.workdays.queries import calendar_of_hall
from province.workdays.queries.effects import effects_of
from province.workdays.states import HallDaysKind
from tenants.engagement.models import LimitMove, Question
from tenants.shell.queries.opening import is_open
from tests.conftest import person
from tests.factories.engagement import make_question
from tests.factories.halls import make_person
from tests.factories.people import client_of, program_of
from tests.factories.sites import inside
from tests.factories.workdays import lines_of, make_draft
from tests.forked import run_and_die
from tests.races import at_once
from tests.servers import wait_until

NORTH = "north.yizhan.localhost"
API = "/api/hall/v1/portal/workdays"


def workday_after(hall: Hall, number: int) -> date:
    return calendar_of_hall(hall).deadline_after(timezone.localdate(), number).last_day


def wish(day: date, kind: HallDaysKind = HallDaysKind.OFF, **facts: Any) -> DaysWish:
    return DaysWish(**{"first_on": day, "kind": kind, "note": "赶集日"} | facts)


def due_of(hall: Hall, question: Question) -> date:
    with inside(hall):
        found: date = Question.objects.get(pk=question.pk).due_on
    return found


def command(*asked: str) -> Any:
    told = CliRunner().invoke(app, ["clock", "due", *asked, "--json"])
    assert told.exit_code == 0, told.stderr
    return json.loads(told.stdout)


@pytest.mark.django_db
class TestSetHallDays:
    def test_moves_the_limits_of_this_hall_alone_and_back_again(self, north: Hall, south: Hall) -> None:
        here, there = make_question(north), make_question(south)
        before, after = here.due_on, workday_after(north, 6)
        day = workday_after(north, 2)
        made = set_hall_days(by=person("he"), hall=north, wish=wish(day))
        # the same once more is the same
        assert set_hall_days(by=person("he"), hall=north, wish=wish(day)).pk == made.pk
        drain_events()
        drain_events()
        assert (due_of(north, here), due_of(south, there)) == (after, there.due_on)
        assert QuestionReport.objects.get(pk=here.pk).due_on == after
        with inside(north):
            moved = LimitMove.objects.get()
            assert (moved.before, moved.after) == (before, after)
            assert moved.why == f"本厅日历：{made.words}"
        # what is asked now is counted by it
        assert make_question(north).due_on == after
        entry = AuditEntry.objects.get(act="workdays.set_hall_days", hall_id=north.pk)
        assert (entry.changes["limits_moved"], entry.changes["days"]) == ([None, 1], [None, made.words])
        lift_hall_days(by=person("he"), hall=north, days=made)
        drain_events()
        assert due_of(north, here) == before
        with pytest.raises(Conflict):
            lift_hall_days(by=person("he"), hall=north, days=made)

    def test_is_counted_by_the_clock_and_as_it_was_known(self, north: Hall) -> None:
        monday = date(2026, 3, 2)
        for first, last, kind, note in (
            (date(2026, 3, 3), date(2026, 3, 4), "off", "州庆"),
            (date(2026, 3, 7), date(2026, 3, 7), "worked", "补班"),
            (date(2026, 3, 9), date(2026, 3, 9), "afternoon", "检修"),
        ):
            moves = kind != "afternoon"
            HallDays.objects.create(hall=north, first_on=first, last_on=last, kind=kind, moves_limits=moves, note=note)
        asked = ("--from", f"{monday}", "--limit", "4wd")
        found = command(*asked, "--hall", "420582000000")
        assert found["due"] == "2026-03-09"
        assert found["skipped"] == [
            {"day": "2026-03-03", "why": "州庆"},
            {"day": "2026-03-04", "why": "州庆"},
            {"day": "2026-03-08", "why": "周末"},
        ]
        assert found["story"] == "2026年3月9日到期：自3月2日起 4 个工作日，州庆顺延，当天下午不办公：检修。"
        assert command(*asked)["due"] == command(*asked, "--hall", "420583000000")["due"] == "2026-03-06"
        yesterday = f"{timezone.localdate() - timedelta(days=2)}"
        assert command(*asked, "--hall", "420582000000", "--known-at", yesterday)["due"] == "2026-03-06"

    def test_corrects_a_day_after_the_fact(self, north: Hall) -> None:
        question = make_question(north)
        begun = timezone.localdate() - timedelta(days=9)
        with inside(north):
            Question.objects.update(limit_from=begun)
        QuestionReport.objects.update(limit_from=begun)
        passed = [begun + timedelta(days=one) for one in range(1, 9)]
        day = next(one for one in passed if calendar_of_hall(north).is_workday(one))
        expected = calendar_of_hall(north).deadline_after(begun, question.limit_days + 1).last_day
        set_hall_days(by=person("he"), hall=north, wish=wish(day, note="停电"))
        drain_events()
        assert due_of(north, question) == expected

    def test_of_half_a_day_or_opening_hours_alone_moves_no_limit(self, north: Hall) -> None:
        question = make_question(north)
        for number, facts in ((1, {"kind": HallDaysKind.MORNING}), (2, {"moves_limits": False, "note": "搬迁"})):
            set_hall_days(by=person("he"), hall=north, wish=wish(workday_after(north, number), **facts))
        drain_events()
        assert due_of(north, question) == question.due_on
        assert calendar_of_hall(north).is_workday(workday_after(north, 2))

    def test_refuses_others_and_what_cannot_be_so(self, north: Hall, south: Hall) -> None:
        day = workday_after(north, 2)
        for username, hall in (("he", south), ("sun", north), ("zhao", north)):
            with pytest.raises(NotAllowed):
                set_hall_days(by=person(username), hall=hall, wish=wish(day))
        for bad in (
            wish(day, note=" "),
            wish(day, note="节" * 41),
            wish(day, last_on=day - timedelta(days=1)),
            wish(day, last_on=day + timedelta(days=366)),
            wish(day, HallDaysKind.WORKED),
            wish(date(2099, 1, 1)),
        ):
            with pytest.raises(Invalid):
                set_hall_days(by=person("he"), hall=north, wish=bad)
        set_hall_days(by=person("he"), hall=north, wish=wish(day))
        with pytest.raises(Conflict, match="这几天里已经有安排"):
            set_hall_days(by=person("he"), hall=north, wish=wish(day, note="停电"))
        assert HallDays.objects.count() == 1

    def test_is_shown_by_the_opening_hours(self, north: Hall) -> None:
        spans = (("08:30", "12:00"), ("14:00", "17:30"))
        hours = [{"days": [1, 2, 3, 4, 5], "from": begins, "to": ends} for begins, ends in spans]
        Hall.objects.filter(pk=north.pk).update(opening_hours=hours)
        # all in a week without holidays
        first = date(2027, 8, 2)
        for passed, kind in enumerate((HallDaysKind.OFF, HallDaysKind.MORNING, HallDaysKind.AFTERNOON)):
            set_hall_days(by=person("he"), hall=north, wish=wish(first + timedelta(days=passed), kind))
        set_hall_days(by=person("he"), hall=north, wish=wish(date(2027, 8, 7), HallDaysKind.WORKED))
        hall = Hall.objects.get(pk=north.pk)
        calendar = calendar_of_hall(hall)
        seen = {
            day: [is_open(hall, datetime(2027, 8, day, hour, tzinfo=UTC), calendar) for hour in (2, 7)]
            for day in (2, 3, 4, 5, 7, 8)
        }
        assert seen == {
            2: [False, False],
            3: [False, True],
            4: [True, False],
            5: [True, True],
            7: [True, True],
            8: [False, False],
        }


@pytest.mark.django_db
class TestCost:
    def test_of_a_count_is_two_queries(self, north: Hall) -> None:
        hold_calendar(north)
        with CaptureQueriesContext(connection) as asked:
            hold_calendar(north)
        assert len(asked) == 2

    def test_of_a_publications_preview_knows_each_halls_own_days(self, north: Hall, south: Hall) -> None:
        """A day that the hall had off already moves nothing there."""
        make_question(north), make_question(south)
        day = workday_after(north, 2)
        set_hall_days(by=person("he"), hall=north, wish=wish(day))
        drain_events()
        draft = make_draft(day.year, [*lines_of(day.year), DayLine(day, is_off=True, name="放假")])
        with CaptureQueriesContext(connection) as asked:
            told = next(one for one in effects_of(draft).kinds if one.label == "群众咨询的答复期限")
        assert (told.open, told.moved) == (2, 1)
        assert len(asked) <= 9


@pytest.mark.django_db
class TestPages:
    def test_lead_from_what_it_does_to_what_is_done_and_back(self, north: Hall) -> None:
        make_question(north)
        desk, day = client_of("he", NORTH), workday_after(north, 2)
        sent = {"first_on": f"{day}", "kind": "off", "note": "赶集日", "moves_limits": "on"}
        shown = desk.post("/desk/workdays/set/", sent | {"act": "preview"}).text
        assert "其中 1 条的最后一日会变" in shown
        assert not HallDays.objects.exists()
        assert "请用一行文字" in desk.post("/desk/workdays/set/", sent | {"note": "赶\u2028集"}).text
        assert "已安排" in desk.post("/desk/workdays/set/", sent | {"act": "save"}, follow=True).text
        made = HallDays.objects.get()
        assert "赶集日" in client_of("zhao").get("/console/workdays/halls/", {"place": "420582"}).text
        assert "赶集日" not in client_of("zhao").get("/console/workdays/halls/", {"place": "420583"}).text
        assert "赶集日" in client_of("zhao").get("/console/workdays/halls/", {"format": "csv"}).text
        assert "赶集日" in client_of("", NORTH).get("/").text
        assert "已撤销" in desk.post(f"/desk/workdays/{made.pk}/lift/", follow=True).text
        again = desk.get("/desk/workdays/", {"again": made.pk}).text
        assert f'value="{day}"' in again
        assert "赶集日" not in client_of("", NORTH).get("/").text

    def test_are_closed_to_others(self, north: Hall, south: Hall) -> None:
        made = set_hall_days(by=person("he"), hall=north, wish=wish(workday_after(north, 2)))
        assert client_of("sun", NORTH).get("/desk/workdays/").status_code == 403
        make_person("nan", "南管", Role.HALL_ADMINISTRATOR, south)
        elsewhere = client_of("nan", "south.yizhan.localhost")
        assert elsewhere.get("/desk/workdays/").status_code == 200
        assert elsewhere.post(f"/desk/workdays/{made.pk}/lift/").status_code == 404
        assert client_of("he").get("/console/workdays/halls/").status_code == 403
        made.refresh_from_db()
        assert made.state == "in_force"


@pytest.mark.django_db
class TestInterface:
    def test_does_what_pages_do_and_once_for_a_key(self, north: Hall) -> None:
        make_question(north)
        program, day = program_of("he"), workday_after(north, 2)

        def send(path: str, body: Any, key: str = "", host: str = NORTH) -> Any:
            headers = {"host": host} | ({"idempotency-key": key} if key else {})
            return program.post(f"{API}{path}", body, content_type="application/json", headers=headers)

        body = {"first_on": f"{day}", "kind": "off", "note": "赶集日"}
        effects = send("/effects", body).json()
        moved = {one["label"]: one["moved"] for one in effects["kinds"]}
        assert effects["changed"] == [{"day": f"{day}", "is_workday": False}]
        assert moved == {"办件的期限": 0, "群众咨询的答复期限": 1}
        first, second = (send("", body, "one").json() for _ in "ab")
        assert first == second
        assert first["moves_limits"] is True
        assert send("", body | {"note": "停电"}, "two").status_code == 409
        assert send(f"/{first['id']}/lift", {}, "three", "south.yizhan.localhost").status_code in {403, 404}
        operator = program_of("zhao")
        listed = operator.get("/api/province/v1/workdays/hall-days", {"prefix": "420582"}).json()["items"]
        assert [(one["code"], one["note"]) for one in listed] == [("420582000000", "赶集日")]
        asked = {"first": f"{day}", "last": f"{day}", "code": "420582000000"}
        assert operator.get("/api/province/v1/workdays/days", asked).json()[0]["is_workday"] is False
        assert operator.get("/api/province/v1/workdays/days", asked | {"code": ""}).json()[0]["is_workday"] is True
        assert send(f"/{first['id']}/lift", {}, "four").json()["state"] == "lifted"
        assert program.get(API, headers={"host": NORTH}).json()["items"][0]["state"] == "lifted"


@pytest.mark.usefixtures("fresh_database")
class TestTwoAtOnce:
    def test_arrange_a_day_once(self) -> None:
        north = Hall.objects.get(slug="north")
        day = workday_after(north, 2)
        wishes = [wish(day), wish(day, note="停电")]
        answers = at_once(*[lambda one=one: set_hall_days(by=person("he"), hall=north, wish=one) for one in wishes])
        assert sum(isinstance(one, Conflict) for one in answers) == 1
        assert HallDays.objects.count() == 1

    def test_wait_for_a_question_that_is_being_asked(self) -> None:
        """It was counted by the former days and commits after the new ones were asked for: those wait for it."""
        north = Hall.objects.get(slug="north")
        day, after = workday_after(north, 2), workday_after(north, 6)

        def arrange() -> None:
            set_hall_days(by=person("he"), hall=north, wish=wish(day))
            connection.close()

        def waits() -> bool:
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
                return arranged.done() or cursor.fetchone() != (0,)

        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                question = make_question(north)
                arranged = pool.submit(arrange)
                wait_until(waits, what="the arrangement")
                assert not arranged.done()
            arranged.result(timeout=60)
        drain_events()
        assert due_of(north, question) == after


_SET = """
import os, signal
from datetime import date
from province.halls.models import Hall
from province.rights.actors import Actor
from province.workdays.operations import DaysWish, hall_days
from province.workdays.states import HallDaysKind
from province.people.models import Account
from province.people.queries.actors import actor_of

hall_days.record_act = lambda **facts: os.kill(os.getpid(), signal.SIGKILL)
hall = Hall.objects.get(slug="north")
wish = DaysWish(first_on=given[0], kind=HallDaysKind.OFF, note="赶集日")
hall_days.set_hall_days(by=actor_of(Account.objects.get(username="he")), hall=hall, wish=wish)
"""


@pytest.mark.usefixtures("fresh_database")
class TestKilled:
    def test_before_its_end_leaves_all_as_it_was(self) -> None:
        north = Hall.objects.get(slug="north")
        question, day = make_question(north), workday_after(north, 2)
        run_and_die(_SET, day)
        drain_events()
        assert not HallDays.objects.exists()
        assert Hall.objects.get(slug="north").closed_days == []
        assert due_of(north, question) == question.due_on
