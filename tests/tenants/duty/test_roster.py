"""值班表: who is on duty when, how a month is written, what is missing, swaps, and what flows make of it."""

from calendar import monthrange
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from foundation import schemas
from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from foundation.events.models import DueTime, EventDelivery
from foundation.events.operations import drain_events, retry_deliveries
from foundation.exports import export_table
from province.audit.models import AuditEntry
from province.halls.models import Hall
from province.messaging.models import Notice
from province.people.models import Account, Position
from province.people.operations.hand_over import hand_over
from province.rights.roles import Role
from standards.flows.people import OnDuty
from tenants.duty.events import DUTY_LOOK_AHEAD
from tenants.duty.models import DutyShift, DutySwap, DutyTurn
from tenants.duty.operations.looking_ahead import look_ahead
from tenants.duty.operations.restored import look_ahead_again
from tenants.duty.operations.shifts import ShiftFacts, change_shift, create_shift, use_shift
from tenants.duty.operations.swaps import exchange_turns, replace_turn
from tenants.duty.operations.tables import HEADINGS, import_roster, roster_table
from tenants.duty.operations.turns import WrittenCell, rotate_turns, write_turns
from tenants.duty.queries.on_duty import people_on_duty, turns_at
from tenants.duty.queries.roster import cells_without_people, roster_of
from tenants.duty.states import DutyDays, DutyPart
from tenants.workflow.models import WorkItem
from tests.conftest import person
from tests.factories.halls import make_person
from tests.factories.people import client_of, make_unit, program_of
from tests.factories.runs import HANDLERS, begin_run, do, free_step, item_at, row_of
from tests.factories.sites import inside
from tests.races import at_once
from tests.tenants.workflow.test_places import File

NORTH = "north.yizhan.localhost"
ZONE = ZoneInfo("Asia/Shanghai")
# a Wednesday
TODAY = date(2026, 12, 2)
# a month that is still to come, of who signs in today
NEXT = (timezone.localdate().replace(day=1) + timedelta(days=40)).replace(day=1)
DAY = ShiftFacts(name="白班", starts_at=time(8, 30), ends_at=time(17, 30))
NIGHT = ShiftFacts(name="夜班", starts_at=time(17, 30), ends_at=time(8, 30), needs_leader=False)


def at(day: date, clock: str = "10:00") -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), ZONE)


@pytest.fixture
def on_wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: at(TODAY))


def shift(hall: Hall, facts: ShiftFacts = DAY, by: str = "he") -> DutyShift:
    return create_shift(by=person(by), hall=hall, facts=facts)


def put(hall: Hall, kept: DutyShift, *said: tuple[date, str], part: DutyPart = DutyPart.PERSON) -> None:
    cells = [WrittenCell(on, kept.pk, part, names) for on, names in said]
    write_turns(by=person("he"), hall=hall, cells=cells)


def ids(*usernames: str) -> list[Any]:
    return [person(one).id for one in usernames]


def sheet(*rows: tuple[str, ...]) -> bytes:
    return "\n".join(",".join(row) for row in rows).encode("gb18030")


def text_of(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[:2000]
    return unescape(answer.content.decode())


@pytest.mark.django_db
@pytest.mark.usefixtures("on_wednesday")
class TestWhoIsOnDuty:
    def test_is_told_by_the_halls_clock_over_midnight_too(self, at_north: Hall) -> None:
        office = make_unit("综合科", hall=at_north)
        day, night = shift(at_north), shift(at_north, NIGHT)
        own = shift(at_north, ShiftFacts(name="综合科全天", starts_at=time(8), ends_at=time(8), unit_id=office.pk))
        put(at_north, day, (TODAY, "曹办、华窗"))
        put(at_north, day, (TODAY, "何北"), part=DutyPart.LEADER)
        put(at_north, night, (TODAY, "华窗"), (date(2026, 12, 3), "孙北"))
        put(at_north, own, (TODAY, "孙北"))
        found = {
            clock: people_on_duty(at(day_on, clock), OnDuty())
            for day_on, clock in (
                *((TODAY, "08:29"), (TODAY, "08:30"), (TODAY, "17:29"), (TODAY, "17:30"), (TODAY, "23:59")),
                *((date(2026, 12, 3), "00:00"), (date(2026, 12, 3), "08:28"), (date(2026, 12, 3), "12:00")),
            )
        }
        assert found == {
            "08:29": [],
            "08:30": ids("cao", "hua"),
            "17:29": ids("cao", "hua"),
            "17:30": ids("hua"),
            "23:59": ids("hua"),
            "00:00": ids("hua"),
            "08:28": ids("hua"),
            "12:00": [],
        }
        assert people_on_duty(at(TODAY), OnDuty(leading=True)) == ids("he")
        # half past eight here, whatever the caller's clock
        utc = datetime(2026, 12, 2, 0, 30, tzinfo=ZoneInfo("UTC"))
        assert people_on_duty(utc, OnDuty()) == ids("cao", "hua")
        # a department's is its own; a whole day begins and ends with it
        assert people_on_duty(at(date(2026, 12, 3), "07:59"), OnDuty(unit_id=office.pk)) == ids("sun")
        assert people_on_duty(at(date(2026, 12, 3), "08:00"), OnDuty(unit_id=office.pk)) == []
        # who is put on a shift that is no longer kept is on duty by it no more
        use_shift(by=person("he"), hall=at_north, shift_id=day.pk, is_in_use=False)
        assert turns_at(at(TODAY, "12:00")) == list(DutyTurn.objects.filter(shift=own))

    def test_does_a_step_and_keeps_what_was_given_when_the_roster_changes(self, at_north: Hall) -> None:
        day = shift(at_north)
        put(at_north, day, (TODAY, "曹办"))
        who = {"kind": "on_duty"}
        flow = row_of(at_north, free_step("hand", HANDLERS), free_step("duty", who), free_step("again", who))
        run = begin_run(at_north, flow)
        do(at_north, run, "hand", "cao")
        assert item_at(run, "duty").owner_id == person("cao").id
        put(at_north, day, (TODAY, "华窗"))
        assert item_at(run, "duty").owner_id == person("cao").id
        # the next step asks anew
        do(at_north, run, "duty", "cao")
        assert item_at(run, "again").owner_id == person("hua").id

    def test_that_nobody_is_or_who_has_left_goes_to_the_named_fallback(self, at_north: Hall) -> None:
        leaders = shift(at_north)
        put(at_north, leaders, (TODAY, "曹办"), part=DutyPart.LEADER)
        for number, (who, left, expected) in enumerate(
            (
                ({"kind": "on_duty"}, "", "hua"),
                ({"kind": "on_duty", "leading": True}, "", "cao"),
                ({"kind": "on_duty", "leading": True}, "cao", "hua"),
            )
        ):
            Position.objects.filter(account__username=left).delete()
            fallback = {"kind": "people", "account_ids": [str(person("hua").id)]}
            flow = row_of(at_north, free_step("duty", who, fallback=fallback), code=f"duty_{number}")
            run = begin_run(at_north, flow)
            assert WorkItem.objects.get(run=run).owner_id == person(expected).id, number


@pytest.mark.django_db
@pytest.mark.usefixtures("on_wednesday")
class TestMonth:
    def test_takes_names_as_people_type_them_and_says_each_fault_at_its_cell(self, at_north: Hall) -> None:
        twins = [make_person(f"twin{number}", "王芳", Role.HANDLER, at_north) for number in (1, 2)]
        Position.objects.filter(account=twins[0]).update(unit=make_unit("社保科", hall=at_north))
        day = shift(at_north)
        put(at_north, day, (TODAY, "曹办；华窗、王芳（社保科）"))
        turns = DutyTurn.objects.order_by("place").values_list("account_id", flat=True)
        assert list(turns) == [*ids("cao", "hua"), twins[0].pk]
        wrong = {
            "王芳": "有 2 位，请写清楚是哪一位：王芳（twin2）、王芳（社保科）",
            "周南": "没有“周南”",
            "、".join(f"人{number}" for number in range(3)): "没有“人0”",
        }
        for names, words in wrong.items():
            with pytest.raises(Invalid) as refusal:
                put(at_north, day, (TODAY, names), (date(2026, 12, 3), "曹办"))
            assert words in refusal.value.faults[0].message
            assert refusal.value.faults[0].where == f"2026-12-02.{day.pk}.person"
        assert not DutyTurn.objects.exclude(on=TODAY).exists()
        for on, words in ((date(2028, 6, 1), "一年以内"), (date(2024, 1, 3), "一年以内")):
            with pytest.raises(Invalid) as refusal:
                put(at_north, day, (on, "曹办"))
            assert words in refusal.value.faults[0].message
        # what was kept on paper can be filled in afterwards, and then stands
        put(at_north, day, (date(2026, 12, 1), "曹办"))
        with pytest.raises(Invalid) as refusal:
            put(at_north, day, (date(2026, 12, 1), "华窗"))
        assert "已经过去" in refusal.value.faults[0].message
        with pytest.raises(NotAllowed):
            write_turns(by=person("cao"), hall=at_north, cells=[])
        acts = AuditEntry.objects.filter(hall_id=at_north.pk, act="duty.write_turns").order_by("pk")
        assert [one.changes["people"] for one in acts] == [[None, "曹办、华窗、王芳（社保科）"], [None, "曹办"]]

    def test_refuses_who_comes_second_at_the_cell_that_changed(self, at_north: Hall) -> None:
        day = shift(at_north)
        put(at_north, day, (TODAY, "曹办"))
        stale = WrittenCell(TODAY, day.pk, DutyPart.PERSON, "孙北", before="")
        with pytest.raises(Conflict) as refusal:
            write_turns(by=person("he"), hall=at_north, cells=[stale])
        assert "刚被别人改成：曹办" in refusal.value.faults[0].message
        # both say the same, or one has changed nothing there
        same = WrittenCell(TODAY, day.pk, DutyPart.PERSON, "曹办", before="")
        untouched = WrittenCell(TODAY, day.pk, DutyPart.PERSON, "", before="")
        assert write_turns(by=person("he"), hall=at_north, cells=[same, untouched]) == []

    def test_is_filled_by_turns_on_the_days_of_the_shift_and_leaves_what_stands(
        self, at_north: Hall, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(timezone, "now", lambda: at(date(2026, 9, 20)))
        work = shift(at_north, ShiftFacts(name="工作日", starts_at=time(9), ends_at=time(17), days=DutyDays.WORK))
        rest = shift(at_north, ShiftFacts(name="休息日", starts_at=time(9), ends_at=time(17), days=DutyDays.REST))
        put(at_north, work, (date(2026, 9, 29), "孙北"))
        given = {"by": person("he"), "hall": at_north, "part": DutyPart.PERSON, "names": "曹办、华窗"}
        days = {"first": date(2026, 9, 28), "last": date(2026, 10, 10)}
        made = rotate_turns(**given, **days, shift_id=work.pk)
        said = {one.on.isoformat()[5:]: one.after for one in made}
        # the holiday of a week, and a Saturday on which people work
        assert said == {"09-28": "曹办", "09-30": "曹办", "10-08": "华窗", "10-09": "曹办", "10-10": "华窗"}
        assert rotate_turns(**given, **days, shift_id=work.pk) == []
        holiday = rotate_turns(**given, **days, shift_id=rest.pk)
        assert [one.on.day for one in holiday] == [1, 2, 3, 4, 5, 6, 7]
        empty = cells_without_people(at_north, date(2026, 9, 28), date(2026, 10, 10))
        assert {one.part for one in empty} == {DutyPart.LEADER}
        with pytest.raises(Invalid):
            rotate_turns(**given | {"names": "、"}, **days, shift_id=work.pk)

    def test_goes_out_as_a_table_and_comes_back_by_it(self, at_north: Hall) -> None:
        day, night = shift(at_north), shift(at_north, NIGHT)
        put(at_north, day, (TODAY, "曹办"))
        page = roster_of(at_north, date(2026, 12, 1), date(2026, 12, 31))
        rows = list(roster_table(page))
        assert (len(rows), rows[2]) == (62, ("2026-12-02", "周三", "白班", "08:30—17:30", "", "曹办"))
        file = export_table("xlsx", "值班表", list(HEADINGS), rows).content
        given = {"by": person("he"), "hall": at_north}
        assert import_roster(**given, file=File(file), is_trial=False).changed == []
        content = sheet(
            ("日期", "班次", "带班领导", "值班员"),
            ("2026年12月2日", "白班", "何北", "华窗"),
            ("2026-12-03", "夜班", "", "曹办"),
            ("2026-12-03", "中班", "", "曹办"),
            ("昨天", "夜班", "", "曹办"),
            ("2026-12-04", "夜班", "", "周南"),
            ("2026-12-02", "夜班", "", ""),
        )
        trial = import_roster(**given, file=File(content), is_trial=True)
        assert DutyTurn.objects.count() == 1
        report = import_roster(**given, file=File(content), is_trial=False)
        said = ["12月2日 白班 带班领导：没有人 → 何北", "12月2日 白班 值班员：曹办 → 华窗"]
        said += ["12月3日 夜班 值班员：没有人 → 曹办"]
        assert [one.said for one in report.changed] == [one.said for one in trial.changed] == said
        assert [one.where for one in report.faults] == ["第 4 行", "第 5 行", "第 6 行"]
        assert import_roster(**given, file=File(content), is_trial=False).changed == []
        assert set(DutyTurn.objects.values_list("shift", flat=True)) == {day.pk, night.pk}
        with pytest.raises(Invalid, match="缺少"):
            import_roster(**given, file=File("日期\n2026-12-02".encode()), is_trial=False)


@pytest.mark.django_db
@pytest.mark.usefixtures("on_wednesday")
class TestMissing:
    def test_days_are_told_in_advance_to_who_keeps_the_roster(self, at_north: Hall) -> None:
        look_ahead(hall=at_north)
        assert not DueTime.objects.filter(kind=DUTY_LOOK_AHEAD.name).exists()
        day = shift(at_north)
        due = DueTime.objects.get(kind=DUTY_LOOK_AHEAD.name)
        assert due.due_at == at(date(2026, 12, 3), "08:00")
        all_days = [date(2026, 12, number) for number in range(2, 9)]
        put(at_north, day, *((on, "曹办") for on in all_days))
        put(at_north, day, *((on, "何北") for on in all_days), part=DutyPart.LEADER)
        assert look_ahead(hall=at_north) == 0
        put(at_north, day, (date(2026, 12, 5), ""))
        assert [one.said for one in cells_without_people(at_north, TODAY, all_days[-1])] == ["12月5日 白班 值班员"]
        assert (look_ahead(hall=at_north), look_ahead(hall=at_north)) == (1, 1)
        [notice] = Notice.objects.filter(kind="duty.empty")
        assert (notice.account_id, notice.title) == (person("he").id, "12月5日的值班还没有排齐：白班值班员")
        assert notice.path == "/desk/duty/?month=2026-12"
        # who has left is nobody
        Position.objects.filter(account=person("cao").id).delete()
        assert look_ahead(hall=at_north) == 7
        assert Notice.objects.filter(kind="duty.empty", title__startswith="今天").count() == 1
        # another installation has taken the hall's rows in
        DueTime.objects.filter(kind=DUTY_LOOK_AHEAD.name).delete()
        look_ahead_again(hall=at_north)
        assert DueTime.objects.filter(kind=DUTY_LOOK_AHEAD.name).exists()

    def test_coming_turns_go_to_the_successor_of_who_leaves(self, north: Hall) -> None:
        with inside(north):
            day = shift(north)
            put(north, day, (date(2026, 12, 1), "曹办"), (TODAY, "曹办"), (date(2026, 12, 3), "曹办、华窗"))
        account = Account.objects.get(username="cao")
        hand_over(by=person("zhao"), account=account, successor=Account.objects.get(username="hua"))
        # the database's clock goes on, and this Wednesday is behind it by now
        retry_deliveries(EventDelivery.objects.all())
        drain_events()
        with inside(north):
            turns = DutyTurn.objects.order_by("on", "place").values_list("on", "account_name")
            assert [(on.day, name) for on, name in turns] == [(1, "曹办"), (2, "华窗"), (3, "华窗")]
        assert AuditEntry.objects.filter(act="duty.take_over_turn").count() == 2


@pytest.mark.django_db
@pytest.mark.usefixtures("on_wednesday")
class TestSwap:
    def test_is_kept_with_its_reason_and_both_are_told(self, at_north: Hall) -> None:
        day = shift(at_north)
        put(at_north, day, (TODAY, "曹办"), (date(2026, 12, 3), "华窗"), (date(2026, 12, 4), "华窗、曹办"))
        first, second, third, fourth = DutyTurn.objects.order_by("on", "place")
        given = {"by": person("he"), "hall": at_north}
        for wrong, error in (
            ({"to_id": person("sun").id, "reason": " "}, Invalid),
            ({"to_id": person("zhou").id, "reason": "出差"}, Invalid),
            ({"to_id": person("cao").id, "reason": "出差"}, Conflict),
        ):
            with pytest.raises(error):
                replace_turn(**given, turn_id=first.pk, **wrong)
        with pytest.raises(Conflict, match="本来就在这一班"):
            replace_turn(**given, turn_id=third.pk, to_id=person("cao").id, reason="出差")
        with pytest.raises(NotAllowed):
            replace_turn(**given | {"by": person("cao")}, turn_id=first.pk, to_id=person("sun").id, reason="出差")
        exchange_turns(**given, turn_id=first.pk, other_id=second.pk, reason="出差")
        replace_turn(**given, turn_id=first.pk, to_id=person("sun").id, reason="也出差")
        names = DutyTurn.objects.order_by("on", "place").values_list("account_name", flat=True)
        assert list(names) == ["孙北", "曹办", "华窗", "曹办"]
        kept = [(one.from_name, one.to_name, one.reason) for one in DutySwap.objects.order_by("pk")]
        assert kept == [("曹办", "华窗", "出差"), ("华窗", "曹办", "出差"), ("华窗", "孙北", "也出差")]
        told = Notice.objects.filter(kind="duty.swapped").values_list("account_id", flat=True)
        assert sorted(told, key=str) == sorted([*ids("cao", "hua") * 2, *ids("hua", "sun")], key=str)
        with pytest.raises(IntegrityError), transaction.atomic():
            DutySwap.objects.update(reason="改了")
        with pytest.raises(Invalid, match="同一个人"):
            exchange_turns(**given, turn_id=second.pk, other_id=fourth.pk, reason="出差")
        with pytest.raises(NotFound):
            replace_turn(**given, turn_id=day.pk, to_id=person("sun").id, reason="出差")


@pytest.mark.django_db
@pytest.mark.usefixtures("on_wednesday")
class TestShift:
    def test_is_named_once_and_changed_by_one_at_a_time(self, at_north: Hall) -> None:
        day = shift(at_north)
        given = {"by": person("he"), "hall": at_north, "shift_id": day.pk}
        with pytest.raises(Conflict, match="已经有在用的班次"):
            shift(at_north)
        for wrong in (replace(DAY, name=" "), replace(NIGHT, unit_id=day.pk)):
            with pytest.raises(Invalid):
                shift(at_north, wrong)
        changed = change_shift(**given, revision=0, facts=replace(DAY, ends_at=time(18)))
        assert (changed.hours, changed.revision) == ("08:30—18:00", 1)
        with pytest.raises(Conflict, match="刚被别人改过"):
            change_shift(**given, revision=0, facts=DAY)
        use_shift(**given, is_in_use=False)
        other = shift(at_north)
        with pytest.raises(Conflict):
            use_shift(**given, is_in_use=True)
        assert other.hours == "08:30—17:30"
        assert shift(at_north, NIGHT).hours == "17:30—次日 08:30"
        with pytest.raises(NotAllowed):
            shift(at_north, NIGHT, by="cao")


@pytest.mark.django_db
class TestPages:
    def test_show_a_month_and_take_what_is_typed(self, north: Hall) -> None:
        he, cao = client_of("he", NORTH), client_of("cao", NORTH)
        month, days = f"{NEXT:%Y-%m}", monthrange(NEXT.year, NEXT.month)[1]
        assert "还没有班次" in text_of(he.get("/desk/duty/"))
        assert "还没有值班表" in text_of(cao.get("/desk/duty/"))
        facts = {"name": "夜班", "starts_at": "17:30", "ends_at": "08:30", "days": "every", "needs_leader": "on"}
        assert he.post("/desk/duty/shifts/new/", facts | {"ends_at": "25:00"}).status_code == 422
        assert he.post("/desk/duty/shifts/new/", facts).status_code == 302
        with inside(north):
            night = DutyShift.objects.get()
        page = f"/desk/duty/shifts/{night.pk}/"
        assert he.post(page, facts | {"revision": "0", "ends_at": "08:00"}).status_code == 302
        assert "停用" in text_of(he.get(page))
        assert "17:30—次日 08:00" in text_of(he.get("/desk/duty/shifts/"))
        edit = f"/desk/duty/edit/?month={month}"
        assert f'aria-label="{NEXT.month}月2日 夜班 值班员"' in text_of(he.get(edit))
        key = f"{month}-02.{night.pk}.person"
        post = {"act": "save", key: "曹办", f"before.{key}": ""}
        assert he.post(edit, post)["Location"] == f"/desk/duty/?month={month}"
        shown = text_of(he.get(f"/desk/duty/?month={month}"))
        for words in ("周", "曹办", "没有人", "换班", f"还有 {2 * days - 1} 班没有人"):
            assert words in shown, words
        assert "/swap/" not in text_of(cao.get(f"/desk/duty/?month={month}"))
        late = text_of(he.post(edit, post | {key: "华窗"}), 422)
        for words in ("刚被别人改成：曹办", 'value="华窗"', f'href="#{key}"', f'name="before.{key}" value="曹办"'):
            assert words in late, words
        rotation = {"rotation-shift_id": str(night.pk), "rotation-part": "leader", "rotation-names": "何北"}
        rotation |= {"rotation-first": f"{month}-01", "rotation-last": f"{month}-{days}", "act": "rotate"}
        assert f"轮流排好 {days} 班" in text_of(he.post(edit, rotation, follow=True))
        assert "请写上轮流" in text_of(he.post(edit, rotation | {"rotation-names": "、"}), 422)
        with inside(north):
            turn = DutyTurn.objects.get(part="person")
        swap = f"/desk/duty/turns/{turn.pk}/swap/"
        assert "请选其中一样" in text_of(he.post(swap, {"reason": "出差"}), 422)
        assert he.post(swap, {"to_id": str(person("hua").id), "reason": "出差"}).status_code == 302
        assert "曹办 → 华窗，出差" in text_of(cao.get(f"/desk/duty/?month={month}"))
        assert cao.get(f"/desk/duty/?month={month}&export=csv").status_code == 200
        assert "还没有排齐" in text_of(he.get("/desk/"))
        assert he.post(f"{page}end/").status_code == 302
        # a month that is none is this one; who keeps no roster does not write in it; another hall's is not there
        assert f"{timezone.localdate():%Y年}" in text_of(he.get("/desk/duty/?month=x"))
        assert [cao.get(one).status_code for one in (edit, "/desk/duty/import/", swap)] == [403, 403, 403]

    def test_take_a_file_and_programs_do_the_same(self, north: Hall) -> None:
        program = program_of("he", "duty.read", "duty.keep")
        program.defaults["HTTP_HOST"] = NORTH
        root = "/api/hall/v1/duty"

        def send(verb: str, path: str, body: Any, status: int = 200) -> Any:
            answer = getattr(program, verb)(f"{root}{path}", body, content_type="application/json")
            assert answer.status_code == status, answer.content
            return answer.json()

        night = {"name": "夜班", "starts_at": "17:30", "ends_at": "08:30", "needs_leader": False}
        made = send("post", "/shifts", night, 201)
        at_shift = f"/shifts/{made['id']}"
        assert send("put", at_shift, night | {"revision": 0, "starts_at": "17:00"})["revision"] == 1
        assert program.get(f"{root}{at_shift}").json()["starts_at"] == "17:00:00"
        cell = {"on": f"{NEXT:%Y-%m}-01", "shift_id": made["id"], "names": "曹办"}
        assert send("put", "/cells", {"cells": [cell]})[0]["after"] == "曹办"
        send("put", "/cells", {"cells": [cell | {"on": f"{NEXT:%Y-%m}-02", "names": "谁"}]}, 422)
        turns = send(
            "post",
            "/rotation",
            {"shift_id": made["id"], "names": "华窗"} | {"first": f"{NEXT:%Y-%m}-02", "last": f"{NEXT:%Y-%m}-03"},
        )
        assert [one["on"] for one in turns] == [f"{NEXT:%Y-%m}-02", f"{NEXT:%Y-%m}-03"]
        days = f"first={NEXT:%Y-%m}-01&last={NEXT:%Y-%m}-04"
        answer = program.get(f"{root}/roster?{days}")
        assert answer.status_code == 200, answer.content
        roster = answer.json()
        assert [one["cells"][0]["text"] for one in roster] == ["曹办", "华窗", "华窗", ""]
        assert [one["on"] for one in program.get(f"{root}/missing?{days}").json()] == [f"{NEXT:%Y-%m}-04"]
        assert program.get(f"{root}/roster?first=2026-12-01&last=2027-12-01").status_code == 422
        turn = roster[1]["cells"][0]["turn_ids"][0]
        other = roster[2]["cells"][0]["turn_ids"][0]
        assert (
            send("post", f"/turns/{turn}/replacement", {"to_id": str(person("cao").id), "reason": "病了"})["to_name"]
            == "曹办"
        )
        assert len(send("post", f"/turns/{turn}/exchange", {"other_id": other, "reason": "换"})) == 2
        assert program.get(f"{root}/swaps?{days}").json()[0]["by_name"] == "何*"
        assert [one["name"] for one in program.get(f"{root}/now").json()] == []
        content = sheet(("日期", "班次", "值班员"), (f"{NEXT:%Y-%m}-05", "夜班", "曹办"))
        for path, number in (("/import/preview", 1), ("/import", 1), ("/import", 0)):
            answer = program.post(f"{root}{path}", {"file": File(content)})
            assert len(answer.json()["changed"]) == number, answer.content
        assert send("post", f"{at_shift}/use", {"is_in_use": False})["is_in_use"] is False
        assert len(program.get(f"{root}/shifts").json()) == 1
        he = client_of("he", NORTH)
        page = he.post("/desk/duty/import/", {"act": "preview", "file": File(content)})
        assert "没有在用的班次叫“夜班”" in text_of(page)


@pytest.mark.usefixtures("fresh_database")
class TestTwoAtOnce:
    def test_write_one_cell_and_the_second_is_told(self) -> None:
        north = Hall.objects.get(slug="north")
        with inside(north):
            day = shift(north)

        def write(names: str) -> Any:
            with schemas.enter(north.schema_name):
                cell = WrittenCell(NEXT, day.pk, DutyPart.PERSON, names, before="")
                return write_turns(by=person("he"), hall=north, cells=[cell])

        done = at_once(lambda: write("曹办"), lambda: write("华窗"))
        assert sorted(type(one).__name__ for one in done) == ["Conflict", "list"]
        with inside(north):
            assert DutyTurn.objects.count() == 1
