"""Lists of cases as files: written in the background, for who asked for them alone."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import urllib3
from django.db import connection
from django.utils import timezone
from python_calamine import CalamineWorkbook

from foundation.errors import Conflict, Invalid, NotAllowed, NotFound, Unavailable
from foundation.events.models import DueTime, EventDelivery
from foundation.events.operations import drain_events
from foundation.files.store import files_in, is_there, read_file
from province.audit.models import AuditEntry
from province.cases.models import CaseApplicant, ListExport
from province.cases.operations.list_exports import KEPT, MOST_OPEN_OF_HALL
from province.cases.queries.list_exports import ListWish, abandoned_list_exports, next_list_export
from province.cases.states import ListExportState
from province.halls.models import Hall
from province.messaging.models import Notice
from province.people.models import Position
from province.rights.roles import Reach, Role
from tenants.casework import tasks
from tenants.casework.models import Case
from tenants.casework.operations import list_exports
from tenants.casework.operations.list_exports import (
    ATTEMPTS,
    cancel_export,
    carry_on_export,
    fetch_export,
    let_export_go,
    request_export,
)
from tenants.casework.queries.list_exports import file_key
from tenants.casework.views import desk as desk_views
from tests.conftest import person
from tests.factories.adoptions import make_shown
from tests.factories.casework import accepted, apply_at_window, make_setup
from tests.factories.halls import make_person
from tests.factories.people import client_of, make_unit, program_of
from tests.factories.sites import inside
from tests.forked import killed
from tests.races import at_once

NORTH, SOUTH = "north.yizhan.localhost", "south.yizhan.localhost"
LIST = "/desk/cases/exports/"
FORMULA = "=cmd|' /C calc'!A1"
NUMBER = "11010519491231002X"

pytestmark = pytest.mark.usefixtures("object_store")


def make_cases(north: Hall) -> None:
    """Five of one item: two are accepted, and one is of a body whose name is a formula."""
    adoption = make_shown(north)
    north.refresh_from_db()
    with inside(north):
        setup = make_setup(north, adoption)
        made = [*(accepted(north, setup) for _ in range(2)), *(apply_at_window(north, setup) for _ in range(3))]
        CaseApplicant.objects.filter(pk=made[-1].pk).update(body_name=FORMULA)


@pytest.fixture(scope="class")
def _cases(class_rows: None) -> None:
    make_cases(Hall.objects.get(slug="north"))


@pytest.fixture
def at_north(_cases: None, north: Hall) -> Iterator[Hall]:
    with inside(north):
        yield north


@pytest.fixture(autouse=True)
def _two_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that five cases are several steps."""
    monkeypatch.setattr(list_exports, "_CASES_AT_ONCE", 2)
    monkeypatch.setattr(list_exports, "_LINES_BETWEEN", 2)


def asked(hall: Hall, who: str = "he", **wish: Any) -> ListExport:
    return request_export(by=person(who), hall=hall, wish=ListWish(**wish))


def written(hall: Hall, export: ListExport) -> ListExport:
    carry_on_export(hall=hall, export_id=export.pk)
    export.refresh_from_db()
    return export


def content_of(hall: Hall, export: ListExport) -> bytes:
    return read_file(file_key(export, hall.folder))


def lines_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def lies_there(hall: Hall, export: ListExport) -> bool:
    return is_there(file_key(export, hall.folder))


@pytest.mark.django_db
class TestFile:
    def test_has_every_case_of_the_list_once_and_the_newest_first(self, at_north: Hall) -> None:
        export = written(at_north, asked(at_north, file_format="csv"))
        assert (export.state, export.written, export.total) == (ListExportState.DONE, 5, 5)
        content = content_of(at_north, export)
        assert export.size == len(content)
        lines = lines_of(content)
        assert lines == lines_of(client_of("he", NORTH).get("/desk/cases/?all=&export=csv").content)
        numbers = Case.objects.order_by("-pk").values_list("number", flat=True)
        assert [line[0] for line in lines[1:]] == list(numbers)
        # a formula is a text; names are masked
        assert [line[6] for line in lines[1:]] == [f"'{FORMULA}", "安*", "安*", "安*", "安*"]

    def test_is_a_workbook_whose_formulas_are_texts(self, at_north: Hall) -> None:
        export = written(at_north, asked(at_north))
        content = content_of(at_north, export)
        (sheet,) = [CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)]
        rows = sheet.to_python()
        assert [len(rows), rows[1][6], rows[5][6]] == [6, FORMULA, "安*"]
        assert NUMBER.encode() not in content

    def test_is_narrowed_as_the_list_is_and_leaves_out_what_came_later(self, at_north: Hall) -> None:
        export = asked(at_north, state="received", unit="", words="许可", file_format="csv")
        apply_at_window(at_north, Case.objects.all()[0].setup)
        lines = lines_of(content_of(at_north, written(at_north, export)))
        assert [line[4] for line in lines[1:]] == ["待受理"] * 3
        # what was typed may be a name or a number: it is kept encrypted, and told others with stars
        entry = AuditEntry.objects.get(act="casework.request_export")
        assert entry.changes == {"cases": [None, 3], "filters": [None, "待受理，全部部门，含“许*”"]}
        by_number = asked(at_north, who="hua", words=f" {NUMBER}\x00")
        assert NUMBER not in str(ListExport.objects.filter(pk=by_number.pk).values())
        entry = AuditEntry.objects.filter(act="casework.request_export").latest("pk")
        assert NUMBER not in str(entry.changes)

    def test_says_what_cannot_be_read_and_goes_on(self, at_north: Hall) -> None:
        first, second = Case.objects.order_by("pk")[:2]
        sealed = CaseApplicant.objects.filter(pk=first.pk).values_list("name", flat=True)[0]
        with_another = "UPDATE cases_caseapplicant SET name = %s WHERE id = %s"
        with connection.cursor() as cursor:
            cursor.execute(with_another, [str(sealed), second.pk])
        lines = lines_of(content_of(at_north, written(at_north, asked(at_north, file_format="csv"))))
        assert [line[6] for line in lines[-2:]] == ["（读不出来）", "安*"]

    def test_is_told_about_and_leaves_entries(self, at_north: Hall) -> None:
        export = written(at_north, asked(at_north))
        notice = Notice.objects.get(kind="casework.list_exports")
        assert (notice.account_id, notice.title) == (person("he").id, "办件清单已经生成，共 5 件")
        assert client_of("he", NORTH).get(notice.path).status_code == 200
        fetch_export(by=person("he"), hall=at_north, export_id=export.pk)
        acts = AuditEntry.objects.filter(object_id=export.pk).order_by("pk").values_list("act", "actor_id")
        names = ["casework.request_export", "casework.finish_export", "casework.fetch_export"]
        assert list(acts) == [(one, person("he").id) for one in names]

    def test_written_again_is_the_same_one(self, at_north: Hall) -> None:
        export = written(at_north, asked(at_north))
        assert written(at_north, export).attempts == 1
        assert [one.key for one in files_in(f"{at_north.folder}/list-exports")].count(
            file_key(export, at_north.folder)
        ) == 1


@pytest.mark.django_db
class TestWish:
    def test_that_asks_for_what_is_not_there_is_refused(self, at_north: Hall) -> None:
        for wish, words in (
            ({"state": "nowhere"}, "没有这个状态"),
            ({"unit": "00000000-0000-0000-0000-000000000000"}, "没有这个部门"),
            ({"file_format": "pdf"}, "Excel 或者 CSV"),
            ({"words": "没有这个事项"}, "没有符合条件的办件"),
        ):
            with pytest.raises(Invalid, match=words):
                asked(at_north, **wish)
        with pytest.raises(NotAllowed):
            asked(at_north, who="sun")

    def test_waits_for_ones_own_other_and_for_the_halls(self, at_north: Hall) -> None:
        asked(at_north)
        with pytest.raises(Conflict, match="还有一份导出没有完成"):
            asked(at_north)
        for who in ("cao", "hua")[: MOST_OPEN_OF_HALL - 1]:
            asked(at_north, who)
        with pytest.raises(Conflict, match=f"本厅已有 {MOST_OPEN_OF_HALL} 份"):
            asked(at_north, "tao")
        assert "一个厅同时最多 3 份。请稍后再来" in client_of("tao", NORTH).get(LIST).text
        assert "一人同时只能有一份" in client_of("he", NORTH).get(LIST).text


@pytest.mark.django_db
class TestReader:
    def test_is_who_asked_for_it_alone(self, at_north: Hall, south: Hall) -> None:
        export = written(at_north, asked(at_north))
        address = f"{LIST}{export.pk}/"
        own = client_of("he", NORTH)
        assert "下载" in own.get(address).text
        link = own.post(f"{address}file/")["Location"]
        got = urllib3.request("GET", link)
        assert (got.status, got.data) == (200, content_of(at_north, export))
        make_person("nan", "南理", Role.HALL_ADMINISTRATOR, south)
        for stranger in (client_of("hua", NORTH), client_of("nan", SOUTH)):
            assert stranger.get(address).status_code == 404
            for act in ("file", "cancel"):
                assert stranger.post(f"{address}{act}/").status_code == 404, act
        assert str(export.pk) not in client_of("hua", NORTH).get(LIST).text
        assert client_of("sun", NORTH).get(LIST).status_code == 403

    def test_may_still_handle_what_is_in_it(self, at_north: Hall) -> None:
        make_person("mi", "米办", Role.HANDLER, at_north)
        unit, other = (make_unit(name, hall=at_north) for name in ("交通局", "水利局"))
        own = Position.objects.filter(account_id=person("mi").id)
        own.update(unit=unit, reach=Reach.UNIT)
        case = Case.objects.earliest("pk")
        Case.objects.filter(pk=case.pk).update(unit_id=unit.pk)
        export = written(at_north, asked(at_north, who="mi", file_format="csv"))
        # another department's cases are not in it
        assert [line[0] for line in lines_of(content_of(at_north, export))[1:]] == [case.number]
        assert fetch_export(by=person("mi"), hall=at_north, export_id=export.pk)
        own.update(unit=other)
        with pytest.raises(NotAllowed, match="现在不能办理"):
            fetch_export(by=person("mi"), hall=at_north, export_id=export.pk)
        own.delete()
        assert client_of("mi", NORTH).post(f"{LIST}{export.pk}/file/").status_code == 403

    def test_gets_nothing_before_it_is_written(self, at_north: Hall) -> None:
        export = asked(at_north)
        with pytest.raises(Conflict, match="没有可以下载的文件"):
            fetch_export(by=person("he"), hall=at_north, export_id=export.pk)
        with pytest.raises(NotFound):
            cancel_export(by=person("hua"), hall=at_north, export_id=export.pk)


@pytest.mark.django_db
class TestEnd:
    def test_by_who_asked_leaves_no_file_at_whatever_moment(
        self, at_north: Hall, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        given: dict[str, Any] = {"by": person("he"), "hall": at_north}

        for moment in ("next_cases", "put_file", "_settle"):
            export, real = asked(at_north), getattr(list_exports, moment)

            def cancelling(*args: Any, real: Any = real, export: ListExport = export, **more: Any) -> Any:
                cancel_export(**given, export_id=export.pk)
                return real(*args, **more)

            with monkeypatch.context() as patch:
                patch.setattr(list_exports, moment, cancelling)
                assert written(at_north, export).state == ListExportState.CANCELLED, moment
            assert not lies_there(at_north, export), moment
        export = asked(at_north)
        for _ in range(2):
            cancel_export(**given, export_id=export.pk)
        assert written(at_north, export).state == ListExportState.CANCELLED
        assert not lies_there(at_north, export)
        assert AuditEntry.objects.filter(act="casework.cancel_export").count() == 4
        assert not Notice.objects.filter(kind="casework.list_exports").exists()
        done = written(at_north, asked(at_north))
        with pytest.raises(Conflict, match="已生成"):
            cancel_export(**given, export_id=done.pk)

    def test_comes_with_the_rights_of_its_person(self, at_north: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
        export, real = asked(at_north, who="cao"), list_exports.next_cases

        def losing(*args: Any, **more: Any) -> list[Case]:
            Position.objects.filter(account_id=person("cao").id).delete()
            return real(*args, **more)

        monkeypatch.setattr(list_exports, "next_cases", losing)
        written(at_north, export)
        assert (export.state, bool(export.refusal), lies_there(at_north, export)) == (
            ListExportState.FAILED,
            True,
            False,
        )
        assert Notice.objects.get(kind="casework.list_exports").title == "办件清单没有生成"

    def test_comes_when_the_reach_is_another_one(self, at_north: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
        export, real = asked(at_north, who="cao"), list_exports.next_cases
        wider = Position.objects.get(account_id=person("he").id)

        def moving(*args: Any, **more: Any) -> list[Case]:
            Position.objects.filter(account_id=person("cao").id).update(role=wider.role, unit=None, reach=wider.reach)
            return real(*args, **more)

        monkeypatch.setattr(list_exports, "next_cases", moving)
        written(at_north, export)
        assert (export.state, "办理范围变了" in export.refusal) == (ListExportState.FAILED, True)

    def test_comes_after_some_attempts(self, at_north: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
        export = asked(at_north)

        def away(**_: object) -> None:
            raise Unavailable("文件存储暂时连接不上。")

        monkeypatch.setattr(list_exports, "put_file", away)
        for _ in range(ATTEMPTS):
            with pytest.raises(Unavailable):
                carry_on_export(hall=at_north, export_id=export.pk)
        assert ListExport.objects.get(pk=export.pk).state == ListExportState.WRITING
        assert "几次都没有写完" in written(at_north, export).refusal
        assert export.refusal in client_of("he", NORTH).get(f"{LIST}{export.pk}/").text

    def test_of_its_time_takes_the_file_and_later_the_row(self, at_north: Hall) -> None:
        export = written(at_north, asked(at_north))
        let_export_go(export_id=export.pk)
        # not yet
        assert lies_there(at_north, export)
        for state, number in ((ListExportState.EXPIRED, 1), (None, 0)):
            earlier = timezone.now() - KEPT * 10
            ListExport.objects.update(expires_at=earlier)
            assert DueTime.objects.filter(subject_id=export.pk).update(due_at=earlier) == 1
            drain_events()
            assert ListExport.objects.filter(pk=export.pk).count() == number
            assert not lies_there(at_north, export)
            if state:
                export.refresh_from_db()
                assert export.state == state
                assert "已经删除" in client_of("he", NORTH).get(f"{LIST}{export.pk}/").text
        assert not EventDelivery.objects.filter(state="waiting", subscriber="casework.let_export_go").exists()


@pytest.mark.django_db
class TestWorker:
    def test_writes_one_after_the_other_and_takes_up_what_was_left(
        self, at_north: Hall, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        handed: list[str] = []
        monkeypatch.setattr(tasks.carry_on, "delay", handed.append)
        first, second = asked(at_north), asked(at_north, who="cao")
        with tasks.ONE_AT_A_TIME:
            tasks.carry_on(str(first.pk))
        assert next_list_export() == first.pk
        tasks.carry_on(str(first.pk))
        first.refresh_from_db()
        assert (first.state, handed) == (ListExportState.DONE, [str(second.pk)])
        assert abandoned_list_exports() == []
        ListExport.objects.update(progress_at=timezone.now() - timedelta(minutes=1))
        tasks.resume_exports()
        assert handed == [str(second.pk)] * 2


@pytest.mark.django_db
class TestPages:
    def test_lead_from_a_long_list_to_the_file(
        self, at_north: Hall, south: Hall, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        he = client_of("he", NORTH)
        # what is no department and no state narrows nothing
        assert "导出 5 件" in he.get(f"{LIST}?unit=nowhere&state=nowhere&file_format=pdf").text
        monkeypatch.setattr(desk_views, "MOST_EXPORTED", 4)
        assert he.get("/desk/cases/?state=received&export=csv").status_code == 200
        led = he.get("/desk/cases/?all=&export=csv", follow=True)
        assert "导出 5 件" in led.text
        assert 'value="csv" checked' in led.text
        begun = he.post(LIST, {"state": "", "file_format": "csv"}, follow=True)
        address = begun.redirect_chain[-1][0]
        assert "排队中" in begun.text
        assert "<html" not in he.get(address, headers={"hx-request": "true"}).text
        assert "还有一份导出" in he.post(LIST, {"file_format": "csv"}, follow=True).text
        written(at_north, ListExport.objects.get())
        assert he.get(address, headers={"hx-request": "true"})["HX-Refresh"] == "true"
        assert "已经生成：5 件" in he.get(address).text
        assert "全部状态，全部部门" in he.get(LIST).text
        make_person("nan", "南理", Role.HALL_ADMINISTRATOR, south)
        assert "没有可以导出的办件" in client_of("nan", SOUTH).get(LIST).text

    def test_are_there_for_programs_too(self, at_north: Hall) -> None:
        program, at = program_of("he"), "/api/hall/v1/casework/list-exports"
        how: dict[str, Any] = {"headers": {"host": NORTH, "idempotency-key": "k1"}, "content_type": "application/json"}
        answers = [program.post(at, {"state": "received", "file_format": "csv"}, **how) for _ in range(2)]
        assert [one.status_code for one in answers] == [202, 202]
        assert answers[0].json() == answers[1].json()
        (export,) = ListExport.objects.all()
        how["headers"].pop("idempotency-key")
        assert program.post(f"{at}/{export.pk}/file", **how).status_code == 409
        written(at_north, export)
        told = program.get(f"{at}/{export.pk}", **how).json()
        assert (told["state"], told["written"], told["total"]) == ("done", 3, 3)
        assert [one["id"] for one in program.get(at, **how).json()["items"]] == [str(export.pk)]
        link = program.post(f"{at}/{export.pk}/file", **how).json()["url"]
        assert urllib3.request("GET", link).status == 200
        assert program.post(f"{at}/{export.pk}/cancel", **how).status_code == 409
        other = program_of("hua")
        assert other.get(f"{at}/{export.pk}", **how).status_code == 404


class TestTwoAtOnce:
    def test_of_one_person_one_is_written(self, fresh_database: None) -> None:
        north = Hall.objects.get(slug="north")
        make_cases(north)

        def ask() -> str:
            with inside(north):
                try:
                    asked(north)
                except Conflict:
                    return "refused"
            return "begun"

        assert sorted(at_once(ask, ask)) == ["begun", "refused"]
        export = ListExport.objects.get()

        def write() -> None:
            with inside(north):
                carry_on_export(hall=north, export_id=export.pk)

        at_once(write, write)
        export.refresh_from_db()
        assert (export.state, export.attempts) == (ListExportState.DONE, 1)


def _carry_on(export_id: Any) -> None:
    hall = Hall.objects.get(slug="north")
    with inside(hall):
        carry_on_export(hall=hall, export_id=export_id)


class TestAKilledWorker:
    def test_leaves_no_half_file_and_never_two(self, fresh_database: None) -> None:
        north = Hall.objects.get(slug="north")
        make_cases(north)
        with inside(north):
            export = asked(north, file_format="csv")
        module = "tenants.casework.operations.list_exports"
        for moment, is_file in (("case_lines", False), ("put_file", False), ("_settle", True)):
            killed(_carry_on, export.pk, dying_at=(module, moment))
            export.refresh_from_db()
            assert (export.state, lies_there(north, export)) == (ListExportState.WRITING, is_file), moment
        ListExport.objects.update(progress_at=timezone.now() - timedelta(minutes=1), attempts=0)
        assert abandoned_list_exports() == [export.pk]
        with inside(north):
            written(north, export)
        assert (export.state, export.written) == (ListExportState.DONE, 5)
        assert len(lines_of(content_of(north, export))) == 6
        keys = [one.key for one in files_in(f"{north.folder}/list-exports") if str(export.pk) in one.key]
        assert keys == [file_key(export, north.folder)]
