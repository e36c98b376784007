"""Calendars as rows: drafted, published, replaced; of the country, of an area; by page, by program and by the text of
the notice."""

import json
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from typer.testing import CliRunner

from config.cli import app
from config.doctor.calendars import following_year_published, workdays_published
from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from foundation.events.models import Event
from province.audit.models import AuditEntry
from province.console.slots import Area
from province.halls.models import Hall
from province.halls.queries.lights import area_lights
from province.workdays.models import CalendarDay, YearCalendar
from province.workdays.operations import DayLine, discard_calendar, publish_calendar, save_calendar, turn_day
from province.workdays.queries import calendar_of, national_calendar
from province.workdays.queries.missing import calendars_waiting, missing_years
from tests.conftest import person
from tests.factories.people import client_of, program_of
from tests.factories.workdays import DOCUMENT, NATIONAL, lines_of, make_calendar, make_draft
from tests.standards.test_notices import notice_of

pytestmark = pytest.mark.django_db

YEAR = 2098
NEW_YEAR = DayLine(date(YEAR, 1, 1), is_off=True, name="元旦")
PAGE = "/console/workdays/"
API = "/api/province/v1/workdays"


def send(client: Client, path: str, body: Any, *, key: str = "", method: str = "post") -> Any:
    headers = {"idempotency-key": key} if key else {}
    return getattr(client, method)(f"{API}{path}", body, content_type="application/json", headers=headers)


class TestFirstCalendars:
    def test_are_the_state_councils_day_by_day(self) -> None:
        calendar, day = national_calendar(), date(2004, 1, 1)
        while day <= date(2026, 12, 31):
            assert calendar.is_workday(day) is NATIONAL.is_workday(day), day
            assert calendar.holiday_name(day) == NATIONAL.holiday_name(day)
            day += timedelta(days=1)
        assert calendar.years >= set(range(2004, 2027))

    def test_cost_one_query_once_they_are_read(self) -> None:
        calendar_of("420582000000")
        with CaptureQueriesContext(connection) as asked:
            for code in ("420582000000", "420583000000"):
                calendar_of(code)
        assert len(asked) == 2


class TestSaveAndPublish:
    def test_needs_the_permission(self) -> None:
        for username in ("he", "sun", "xu"):
            with pytest.raises(NotAllowed):
                save_calendar(by=person(username), prefix="", year=YEAR, revision=0, lines=[NEW_YEAR])

    def test_holds_from_its_publication_and_keeps_the_version_before(self) -> None:
        before = timezone.now()
        make_calendar(YEAR, [NEW_YEAR])
        between = timezone.now()
        assert national_calendar().is_published(YEAR)
        make_calendar(YEAR, [NEW_YEAR, DayLine(date(YEAR, 1, 2), is_off=True, name="元旦")])
        states = list(YearCalendar.objects.filter(year=YEAR).order_by("version").values_list("version", "state"))
        assert states == [(1, "replaced"), (2, "published")]
        assert not national_calendar().is_workday(date(YEAR, 1, 2))
        # what was known at a moment
        assert calendar_of("", at=between).is_workday(date(YEAR, 1, 2))
        assert not calendar_of("", at=before).is_published(YEAR)
        act = AuditEntry.objects.filter(act="workdays.publish_calendar").latest("pk")
        assert act.changes["document_number"] == [None, DOCUMENT.number]
        assert Event.objects.filter(kind="workdays.calendar_published").count() == 2

    def test_tells_the_second_of_two_editors(self) -> None:
        draft = make_draft(YEAR, [NEW_YEAR])
        for revision in (0, draft.revision + 1):
            with pytest.raises(Conflict):
                make_draft(YEAR, [], revision=revision)
        with pytest.raises(Conflict):
            publish_calendar(by=person("zhao"), calendar=draft, revision=draft.revision - 1)
        make_draft(YEAR, [NEW_YEAR], revision=draft.revision)

    def test_is_done_once(self) -> None:
        draft = make_draft(YEAR, [NEW_YEAR])
        publish_calendar(by=person("zhao"), calendar=draft, revision=draft.revision)
        for again in (publish_calendar, discard_calendar):
            with pytest.raises(Conflict):
                again(by=person("zhao"), calendar=draft, revision=draft.revision)

    @pytest.mark.parametrize(
        ("line", "word"),
        [
            (DayLine(date(YEAR, 1, 2), is_off=False), "本来就上班"),
            (DayLine(date(YEAR + 1, 1, 1), is_off=True), "不在"),
            (DayLine(date(YEAR - 1, 11, 30), is_off=True), "不在"),
            (DayLine(NEW_YEAR.day, is_off=True), "写了两次"),
            (DayLine(date(YEAR, 5, 1), is_off=True, name="节" * 41), "节日名称"),
        ],
    )
    def test_refuses_days_that_cannot_be_so(self, line: DayLine, word: str) -> None:
        with pytest.raises(Invalid) as refusal:
            make_draft(YEAR, [NEW_YEAR, line])
        assert any(word in fault.message for fault in refusal.value.faults)

    def test_refuses_to_publish_what_no_document_says_and_a_year_without_holidays(self) -> None:
        draft = save_calendar(by=person("zhao"), prefix="", year=YEAR, revision=0, lines=[NEW_YEAR])
        with pytest.raises(Invalid) as refusal:
            publish_calendar(by=person("zhao"), calendar=draft, revision=draft.revision)
        assert {fault.where for fault in refusal.value.faults} == {"number", "issued_on"}
        empty = make_draft(YEAR, [], revision=draft.revision)
        with pytest.raises(Invalid, match="还没有一天放假"):
            publish_calendar(by=person("zhao"), calendar=empty, revision=empty.revision)

    def test_leaves_what_is_in_force_where_a_draft_is_given_up(self) -> None:
        draft = make_draft(2026, [NEW_YEAR_2026])
        discard_calendar(by=person("zhao"), calendar=draft, revision=draft.revision)
        assert not national_calendar().is_workday(date(2026, 10, 1))
        # another one begins anew
        assert make_draft(2026, [NEW_YEAR_2026]).version == draft.version + 1


NEW_YEAR_2026 = DayLine(date(2026, 1, 1), is_off=True, name="元旦")


class TestArea:
    def test_adds_its_own_days_for_itself_alone(self) -> None:
        day = date(2026, 8, 19)
        make_calendar(2026, [DayLine(day, is_off=True, name="州庆")], prefix="420582")
        assert calendar_of("420582103200").holiday_name(day) == "州庆"
        assert calendar_of("420583000000").is_workday(day)
        assert national_calendar().is_workday(day)
        # what holds above it holds there too
        assert calendar_of("420582000000").holiday_name(date(2026, 10, 1)) == "国庆节"
        # replaced by nothing, it is a working day as before
        make_calendar(2026, [], prefix="420582")
        assert calendar_of("420582000000").is_workday(day)

    def test_must_be_a_place_of_the_province(self) -> None:
        for prefix in ("99", "4", "420599", "420582000000"):
            with pytest.raises(NotFound):
                make_draft(2026, [], prefix=prefix)

    def test_cannot_make_people_work_on_a_national_holiday(self) -> None:
        with pytest.raises(Conflict, match="按全国的安排放假"):
            turn_day(by=person("zhao"), prefix="420582", year=2026, day=date(2026, 10, 1), name="", revision=0)


class TestTurnDay:
    def test_goes_there_and_back(self) -> None:
        before = lines_of(2026)
        revision = 0
        for day in (date(2026, 3, 3), date(2026, 3, 7)):
            draft = turn_day(by=person("zhao"), prefix="", year=2026, day=day, name="试", revision=revision)
            line = draft.days.get(day=day)
            assert (line.is_off, line.name) == ((True, "试") if day.day == 3 else (False, "试"))
            draft = turn_day(by=person("zhao"), prefix="", year=2026, day=day, name="试", revision=draft.revision)
            revision = draft.revision
        after = [DayLine(one.day, one.is_off, one.name) for one in draft.days.order_by("day")]
        assert after == before

    def test_of_a_holidays_weekend_makes_it_worked(self) -> None:
        saturday = date(2026, 10, 3)
        draft = turn_day(by=person("zhao"), prefix="", year=2026, day=saturday, name="", revision=0)
        assert not draft.days.get(day=saturday).is_off


class TestMissingYear:
    def test_is_asked_for_from_november_and_late_from_the_middle_of_december(self) -> None:
        CalendarDay.objects.filter(calendar__year=2027).delete()
        YearCalendar.objects.filter(year=2027).delete()
        found = {day: missing_years(day) for day in (date(2026, 10, 31), date(2026, 11, 1), date(2026, 12, 15))}
        assert [len(one) for one in found.values()] == [0, 1, 1]
        assert [one[0].is_late for one in found.values() if one] == [False, True]
        assert missing_years(date(2027, 3, 1))[0].is_late

    def test_turns_lights_doctor_and_page_and_waits_for_who_keeps_calendars(self) -> None:
        year = timezone.localdate().year
        assert workdays_published() is None
        assert list(calendars_waiting(person("zhao"))) == []
        YearCalendar.objects.filter(year=year).update(state="replaced")
        fault = workdays_published()
        assert fault is not None
        assert f"{year}年" in fault.fault
        # later than "is awaited"
        assert following_year_published() is None
        city = next(one for one in area_lights(Area()).places if one.name == "宜昌市")
        for place in city.below:
            assert any("放假安排还没有录入" in reason.words for reason in place.reasons)
            assert place.light == "red"
        assert [one.label for one in calendars_waiting(person("zhao"))] == [f"{year}年放假安排未录入"]
        assert list(calendars_waiting(person("he"))) == []
        assert f"{year}年的放假安排还没有公布" in client_of("zhao").get(PAGE).text


class TestPages:
    def test_lead_from_the_text_of_the_notice_to_the_publication(self) -> None:
        operator = client_of("zhao")
        sent = {"year": 2026, "place": "", "revision": 0, "text": notice_of(2026).replace("共7天", "共8天")}
        refused = operator.post(f"{PAGE}notice/", sent | {"act": "save"})
        assert refused.status_code == 422
        assert "第 11 行" in refused.text
        assert "写明共 8 天，日期却有 7 天" in refused.text
        read = operator.post(f"{PAGE}notice/", sent | {"text": notice_of(2026), "act": "preview"})
        assert "2026年2月28日" in read.text
        assert not YearCalendar.objects.filter(state="draft").exists()
        operator.post(f"{PAGE}notice/", sent | {"text": notice_of(2026), "act": "save"})
        draft = YearCalendar.objects.get(state="draft")
        assert (draft.number, draft.issued_on, draft.authority) == (
            "国办发明电〔2025〕7号",
            date(2025, 11, 4),
            "国务院办公厅",
        )
        operator.post(f"{PAGE}turn/", {"year": 2026, "revision": draft.revision, "day": "2026-03-03", "name": "试"})
        page = operator.get(PAGE, {"year": 2026}).text
        assert "3月3日，放假，试，公布后会变" in page
        shown = operator.get(f"{PAGE}{draft.pk}/publish/").text
        assert "1 天与现在不同：3月3日不上班" in shown
        draft.refresh_from_db()
        facts = {"revision": draft.revision, "authority": draft.authority, "issued_on": "2025-11-04"}
        assert "请填写文号" in operator.post(f"{PAGE}{draft.pk}/publish/", facts).text
        done = operator.post(f"{PAGE}{draft.pk}/publish/", facts | {"number": draft.number}, follow=True)
        assert "已公布" in done.text
        assert not national_calendar().is_workday(date(2026, 3, 3))

    def test_take_a_table_out_and_in(self) -> None:
        operator = client_of("zhao")
        book = operator.get(PAGE, {"year": 2026, "format": "xlsx"}).content
        file = BytesIO(book)
        file.name = "days.xlsx"
        operator.post(f"{PAGE}upload/", {"year": 2026, "place": "", "revision": 0, "file": file})
        draft = YearCalendar.objects.get(state="draft")
        assert [DayLine(one.day, one.is_off, one.name) for one in draft.days.order_by("day")] == lines_of(2026)

    def test_are_closed_to_others_and_say_where_there_is_nothing(self) -> None:
        assert client_of("he").get(PAGE).status_code == 403
        operator = client_of("zhao")
        for asked in ({"year": 1999}, {"place": "99"}):
            assert operator.get(PAGE, asked).status_code == 404
        assert "这一年还没有放假安排" in operator.get(PAGE, {"year": YEAR}).text


class TestInterface:
    def test_does_what_pages_do_and_once_for_a_key(self) -> None:
        program = program_of("zhao")
        body = {
            "prefix": "",
            "year": YEAR,
            "revision": 0,
            "lines": [{"day": f"{YEAR}-01-01", "is_off": True, "name": "元旦"}],
            "document": {"authority": "国务院办公厅", "number": "国办发明电〔2097〕1号", "issued_on": "2026-01-01"},
        }
        first, second = (send(program, "/calendars", body, key="one", method="put").json() for _ in "ab")
        assert first == second
        address = f"/calendars/{first['id']}"
        effects = program.get(f"{API}{address}/effects").json()
        assert effects["changed"] == [{"day": f"{YEAR}-01-01", "is_workday": False}]
        for act in ("publish", "discard"):
            assert send(program_of("zhao", "halls.manage"), f"{address}/{act}", {"revision": 1}).status_code == 403
        published = [send(program, f"{address}/publish", {"revision": 1}, key="two").json() for _ in "ab"]
        assert published[0] == published[1]
        assert published[0]["changed"] == effects["changed"]
        assert program.get(f"{API}{address}").json()["state"] == "published"
        asked = {"first": f"{YEAR}-01-01", "last": f"{YEAR}-01-02"}
        days = program.get(f"{API}/days", asked).json()
        assert [(one["is_workday"], one["name"], one["is_assumed"]) for one in days] == [
            (False, "元旦", False),
            (True, "", False),
        ]
        read = send(program, "/notices/read", {"text": notice_of(2025)}).json()
        assert (read["year"], len(read["faults"])) == (2025, 0)
        assert send(program_of("he"), "/notices/read", {"text": "x"}).status_code == 403


class TestCommand:
    def test_counts_by_the_calendar_of_a_halls_place(self, north: Hall) -> None:
        make_calendar(2026, [DayLine(date(2026, 9, 1), is_off=True, name="县庆")], prefix="420582")
        asked = ["clock", "due", "--from", "2026-08-31", "--limit", "1wd", "--json"]
        due = {
            code: json.loads(CliRunner().invoke(app, [*asked, *(["--hall", code] if code else [])]).stdout)["due"]
            for code in ("", "420582000000", "420583000000")
        }
        assert due == {"": "2026-09-01", "420582000000": "2026-09-02", "420583000000": "2026-09-01"}
        was = [*asked, "--hall", "420582000000", "--known-at", f"{timezone.localdate() - timedelta(days=2)}"]
        assert json.loads(CliRunner().invoke(app, was).stdout)["due"] == "2026-09-01"
