"""Cases in the national exchange: exported whole and checked, and read on from a cursor without gap or double."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Event
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import etree
from typer.testing import CliRunner

from config.cli.cases import app
from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from province.audit.models import AuditEntry
from province.cases.models import CaseReport
from province.cases.operations.feed import number_changes
from province.halls.models import Hall
from province.people.models import Account, Position
from province.rights.roles import Reach, Role
from province.sign_in.models import SignInSession
from province.sign_in.operations.tokens import issue_token
from standards.cases import CaseTable, plain_rows
from standards.cases.tables import XSD
from tenants.casework.models import Case, CaseSetup
from tenants.casework.operations.closing import serve_decision
from tenants.casework.operations.deciding import settle_after_run
from tenants.casework.operations.examining import (
    begin_special_procedure,
    end_special_procedure,
    extend_case,
    resume_case,
    suspend_case,
    withdraw_case,
)
from tenants.casework.operations.exchange import CaseFeedPage, export_cases, read_case_feed
from tenants.casework.operations.work import put_back_case, take_case
from tenants.casework.queries.records import case_records
from tenants.services.models import HallGuideVersion
from tests.conftest import person
from tests.factories.adoptions import make_shown
from tests.factories.casework import ANNA, accepted, apply_at_window, apply_online, make_setup
from tests.factories.citizens import make_proved
from tests.factories.halls import make_person
from tests.factories.kills import Killed, killed_at
from tests.factories.people import client_of, make_unit
from tests.factories.runs import HANDLERS, LEADERS, do, free_step, row_of
from tests.factories.sites import inside

SECRET = ANNA["applicant_number"]
NORTH = "north.yizhan.localhost"


def made_setup(north: Hall) -> CaseSetup:
    adoption = make_shown(north)
    north.refresh_from_db()
    with inside(north):
        return make_setup(north, adoption)


@pytest.fixture(scope="class")
def _opened(class_rows: None) -> None:
    made_setup(Hall.objects.get(slug="north"))


@pytest.fixture
def setup(_opened: None, north: Hall) -> CaseSetup:
    with inside(north):
        return CaseSetup.objects.get()


@pytest.fixture
def at_north(north: Hall, setup: CaseSetup) -> Iterator[Hall]:
    with inside(north):
        yield north


def with_flow(hall: Hall, setup: CaseSetup) -> CaseSetup:
    setup.flow = row_of(hall, free_step("look", HANDLERS), free_step("approve", LEADERS), code="examine")
    setup.save()
    return setup


def whole_case(hall: Hall, setup: CaseSetup) -> Case:
    """Examined by a flow, with a special procedure and an extension, decided and served."""
    case = accepted(hall, with_flow(hall, setup))
    assert case.run_id
    given: dict[str, Any] = {"by": person("tao"), "hall": hall, "case_id": case.pk}
    begin_special_procedure(**given, kind="experts", basis="《行政许可法》第四十五条", limit="30d")
    end_special_procedure(**given, result="专家同意。")
    extend_case(**given, workdays=3, reason="情况复杂。")
    do(hall, Case.objects.get(pk=case.pk).run, "look", "cao")
    do(hall, Case.objects.get(pk=case.pk).run, "approve", "tao", opinion=f"材料齐全，电话 {ANNA['applicant_mobile']}。")
    settle_after_run(hall=hall, run_id=case.run_id)
    serve_decision(by=person("cao"), hall=hall, case_id=case.pk, way="window", proof="本人签收")
    return Case.objects.get(pk=case.pk)


@pytest.mark.django_db
class TestRecord:
    def test_says_what_was_applied_for_done_and_decided(self, at_north: Hall, setup: CaseSetup) -> None:
        case = whole_case(at_north, setup)
        (record,) = export_cases(by=person("cao"), hall=at_north, case_ids=[case.pk])
        rows = record.rows
        (accept,), (result,) = rows[CaseTable.ACCEPT], rows[CaseTable.RESULT]
        guide = HallGuideVersion.objects.get(pk=case.hall_guide_id)
        assert accept["project_no"] == case.number
        assert case.number.startswith(accept["task_code"])
        assert (accept["task_version"], accept["org_name"]) == (str(guide.number), guide.values["body_name"])
        assert (accept["applyer_type"], accept["apply_type"], accept["project_type"]) == ("1", "1", "2")
        assert accept["accept_date"] == timezone.localtime(case.accepted_at).strftime("%Y%m%d%H%M%S")
        assert accept["accept_doc_no"]
        assert len(accept["promise_date"]) == 8
        assert [one["get_type"] for one in rows[CaseTable.MATERIAL]] == ["1"] * case.materials.count()
        process = [(one["process_name"], one["event_name"], one["process_state"]) for one in rows[CaseTable.PROCESS]]
        assert process[0] == ("收件", "收件", "2")
        assert {("受理", "受理", "2"), ("审查", "启动特别程序", "2"), ("决定", "作出决定", "2")} <= set(process)
        # two steps of the flow, as their people did them
        assert sum(name not in {"收件", "受理", "审查", "决定", "送达"} for name, _, _ in process) == 2
        special = [(one["special_type"], one["special_name"]) for one in rows[CaseTable.SPECIAL]]
        assert special == [("2", "专家评审"), ("1", "延长审批")]
        assert (result["result_type"], result["is_delivery_results"]) == ("1", "1")
        assert result["result_cetr_no"]

    def test_of_what_ended_without_a_decision_says_how(self, at_north: Hall, setup: CaseSetup) -> None:
        waits, open_case = apply_at_window(at_north, setup), accepted(at_north, with_flow(at_north, setup))
        withdraw_case(by=person("cao"), hall=at_north, case_id=waits.pk, reason="不办了")
        records = export_cases(by=person("he"), hall=at_north, case_ids=[waits.pk, open_case.pk])
        assert records[0].rows[CaseTable.RESULT][0]["result_type"] == "4"
        assert CaseTable.RESULT not in records[1].rows
        # whose turn it is
        (waiting,) = [one for one in records[1].rows[CaseTable.PROCESS] if one["process_state"] == "1"]
        assert "event_end_time" not in waiting

    def test_has_stars_but_for_who_may_and_says_why(self, at_north: Hall, setup: CaseSetup) -> None:
        citizen = make_proved(number=SECRET)
        case = apply_online(at_north, setup, citizen)
        (masked,) = export_cases(by=person("he"), hall=at_north, case_ids=[case.pk])
        assert SECRET not in json.dumps(plain_rows(masked.rows), ensure_ascii=False)
        assert not AuditEntry.objects.filter(act="casework.export_case").exists()
        full: dict[str, Any] = {"hall": at_north, "case_ids": [case.pk], "is_masked": False}
        with pytest.raises(NotAllowed):
            export_cases(by=person("cao"), **full, reason="补报")
        with pytest.raises(Invalid, match="为什么"):
            export_cases(by=person("he"), **full)
        (record,) = export_cases(by=person("he"), **full, reason="向省平台补报")
        assert record.rows[CaseTable.ACCEPT][0]["applyer_page_code"] == SECRET
        entry = AuditEntry.objects.get(act="casework.export_case")
        assert (entry.object_id, entry.person_id, entry.reason) == (case.pk, citizen.pk, "向省平台补报")

    def test_is_refused_with_its_number_and_the_column(self, at_north: Hall, setup: CaseSetup) -> None:
        case = apply_at_window(at_north, setup)
        guide = HallGuideVersion.objects.get(pk=case.hall_guide_id)
        del guide.values["body_name"]
        guide.save()
        with pytest.raises(Invalid, match=f"办件 {case.number}：.*「受理部门名称」（org_name）缺少") as refused:
            export_cases(by=person("he"), hall=at_north, case_ids=[case.pk])
        assert [one.where for one in refused.value.faults] == [f"{case.number} up_pro_accept.1.org_name"]
        number_changes()
        (line,) = read(at_north).lines
        assert line.rows is None
        assert "（org_name）缺少" in line.refusal

    def test_costs_as_many_queries_for_four_as_for_one(self, at_north: Hall, setup: CaseSetup) -> None:
        def asked(cases: list[Case]) -> int:
            with CaptureQueriesContext(connection) as queries:
                case_records(person("he"), at_north, cases, is_masked=True)
            return len(queries)

        cases = [accepted(at_north, setup) for _ in range(4)]
        assert asked(cases) == asked(cases[:1])

    def test_is_given_to_who_has_the_case_alone(self, north: Hall, south: Hall, setup: CaseSetup) -> None:
        with inside(north):
            case = apply_at_window(north, setup)
            for ids, refusal in (([], Invalid), ([uuid4() for _ in range(501)], Invalid), ([uuid4()], NotFound)):
                with pytest.raises(refusal):
                    export_cases(by=person("he"), hall=north, case_ids=ids)
            with pytest.raises(NotAllowed):
                export_cases(by=person("sun"), hall=north, case_ids=[case.pk])
            # somebody of a department that has it not
            make_person("mi", "米办", Role.HANDLER, north)
            unit = make_unit("水利局", hall=north)
            Position.objects.filter(account__username="mi").update(unit=unit, reach=Reach.UNIT)
            with pytest.raises(NotFound):
                export_cases(by=person("mi"), hall=north, case_ids=[case.pk])
        make_person("nan", "南厅", Role.HALL_ADMINISTRATOR, south)
        with inside(south), pytest.raises(NotFound):
            export_cases(by=person("nan"), hall=south, case_ids=[case.pk])


@pytest.mark.django_db
class TestPagesAndPrograms:
    def test_take_the_list_or_one_case_away_as_a_file(self, north: Hall, setup: CaseSetup, tmp_path: Path) -> None:
        with inside(north):
            case, _ = accepted(north, setup), apply_at_window(north, setup)
        he, cao = client_of("he", NORTH), client_of("cao", NORTH)
        listed = cao.get("/desk/cases/?state=received").text
        assert "/desk/cases/exchange/?state=received&amp;unit=&amp;words=" in listed
        assert f"/desk/cases/exchange/?case={case.pk}" in cao.get(f"/desk/cases/{case.pk}/").text
        page = "/desk/cases/exchange/?state=&unit=&words="
        assert "共 2 件" in cao.get(page).text
        assert "完整的姓名" not in cao.get(page).text
        assert "完整的姓名" in he.get(page).text
        xml = etree.fromstring(cao.post(page, {"file_format": "xml"}).content)
        etree.XMLSchema(etree.parse(str(XSD))).assertValid(xml)
        assert (len(xml), xml.get("is_masked")) == (2, "true")
        refused = he.post(page, {"file_format": "json", "is_unmasked": "on"})
        assert (refused.status_code, "请写明为什么" in refused.text) == (422, True)
        one = f"/desk/cases/exchange/?case={case.pk}"
        full = he.post(one, {"file_format": "json", "is_unmasked": "on", "reason": "补报"})
        assert json.loads(full.content)["cases"][0]["up_pro_accept"][0]["applyer_page_code"] == SECRET
        assert cao.get(f"/desk/cases/exchange/?case={uuid4()}").status_code == 404
        assert "没有可以导出的办件" in cao.get("/desk/cases/exchange/?state=finished").text
        assert b"xs:schema" in cao.get("/desk/cases/exchange/?schema=up-pro.xsd").content
        code = north.division.code
        told = CliRunner().invoke(app, ["export", code, str(tmp_path / "all.xml")])
        assert "已导出 2 件" in told.stdout, told.output
        assert len(etree.parse(tmp_path / "all.xml").getroot()) == 2
        named = ["export", code, str(tmp_path / "one.json"), "--number", case.number, "--unmasked", "--reason", "补报"]
        assert CliRunner().invoke(app, named).exit_code == 0
        assert SECRET in (tmp_path / "one.json").read_text(encoding="utf-8")

    def test_read_on_over_the_interface(self, north: Hall, setup: CaseSetup) -> None:
        with inside(north):
            cases = [apply_at_window(north, setup) for _ in range(3)]
        number_changes()
        he = client_of("he", NORTH)
        path = "/api/hall/v1/casework/records"
        first = he.get(f"{path}/changes?limit=2").json()
        assert [one["number"] for one in first["changes"]] == [one.number for one in cases[:2]]
        assert (first["has_more"], first["is_masked"]) == (True, False)
        rest = he.get(f"{path}/changes?after={first['cursor']}").json()
        assert [one["number"] for one in rest["changes"]] == [cases[2].number]
        assert rest["changes"][0]["record"]["up_pro_accept"][0]["applyer_page_code"] == SECRET
        end = he.get(f"{path}/changes?after={rest['cursor']}").json()
        assert (end["changes"], end["cursor"], end["has_more"]) == ([], rest["cursor"], False)
        # what was handed out in full, the audit knows
        assert AuditEntry.objects.filter(act="casework.read_feed").count() == 2
        assert he.get(f"{path}/changes?after={rest['cursor'] + 1}").status_code == 409
        assert he.get(f"{path}/changes?limit=101").status_code == 422
        assert client_of("cao", NORTH).get(f"{path}/changes").status_code == 403
        body = {"ids": [str(cases[0].pk)], "is_masked": False, "reason": "补报"}
        account = Account.objects.get(username="he")
        scopes = ("casework.handle", "casework.exchange")
        key = issue_token(by=person("he"), account=account, name="交换", scopes=scopes)
        program = Client(headers={"host": NORTH, "authorization": f"Bearer {key}"})
        assert program.post(f"{path}/export", body, content_type="application/json").status_code == 403
        answer = program.post(f"{path}/export", {"ids": body["ids"]}, content_type="application/json").json()
        assert (answer["format"], answer["is_masked"], len(answer["cases"])) == ("up-pro", True, 1)
        # a program whose scopes do not name the right reads with stars
        masked = program.get(f"{path}/changes").json()
        assert masked["is_masked"]
        assert SECRET not in json.dumps(masked)

    def test_take_it_away_in_full_after_a_fresh_proof_alone(self, north: Hall, setup: CaseSetup) -> None:
        with inside(north):
            case = apply_at_window(north, setup)
        number_changes()
        he, api = client_of("he", NORTH), "/api/hall/v1/casework/records"
        page, body = f"/desk/cases/exchange/?case={case.pk}", {"ids": [str(case.pk)], "reason": "补报"}
        full = {"file_format": "json", "is_unmasked": "on", "reason": "补报"}
        SignInSession.objects.update(proved_at=timezone.now() - timedelta(minutes=11))
        asked = [
            he.post(page, full),
            he.post(f"{api}/export", body | {"is_masked": False}, content_type="application/json"),
            he.get(f"{api}/changes"),
        ]
        assert [(one.status_code, SECRET in one.text) for one in asked] == [(200, False), (403, False), (403, False)]
        assert "确认是您本人" in asked[0].text
        assert not AuditEntry.objects.filter(act__in=("casework.export_case", "casework.read_feed")).exists()
        assert he.post(page, {"file_format": "json"}).status_code == 200
        assert he.post(f"{api}/export", body, content_type="application/json").status_code == 200


def read(hall: Hall, after: int = 0, limit: int = 100) -> CaseFeedPage:
    return read_case_feed(by=person("he"), hall=hall, after=after, limit=limit)


@pytest.mark.django_db
class TestFeed:
    def test_gives_each_case_where_it_changed_last(self, at_north: Hall, setup: CaseSetup) -> None:
        first, second = (apply_at_window(at_north, setup) for _ in range(2))
        assert read(at_north).lines == []
        number_changes()
        assert [one.case_id for one in read(at_north).lines] == [first.pk, second.pk]
        cursor = read(at_north).cursor
        take_case(by=person("cao"), hall=at_north, case_id=first.pk)
        # what was read before its number is given is not read again by the old one
        assert [one.case_id for one in read(at_north).lines] == [second.pk]
        number_changes()
        assert [one.case_id for one in read(at_north, cursor).lines] == [first.pk]
        assert [one.case_id for one in read(at_north).lines] == [second.pk, first.pk]
        assert number_changes() == 0

    def test_leaves_out_what_changes_while_it_is_read(self, at_north: Hall, setup: CaseSetup) -> None:
        first, second = (apply_at_window(at_north, setup) for _ in range(2))
        number_changes()
        changes = [lambda: take_case(by=person("cao"), hall=at_north, case_id=first.pk)]

        def change_first(execute: Any, sql: str, *given: Any) -> Any:
            if changes and 'FROM "casework_caseact"' in sql:
                changes.pop()()
            return execute(sql, *given)

        with connection.execute_wrapper(change_first):
            page = read(at_north)
        assert changes == []
        assert [one.case_id for one in page.lines] == [second.pk]
        number_changes()
        assert [one.case_id for one in read(at_north, page.cursor).lines] == [first.pk]

    def test_tells_of_steps_of_the_flow(self, at_north: Hall, setup: CaseSetup) -> None:
        case = accepted(at_north, with_flow(at_north, setup))
        number_changes()
        cursor = read(at_north).cursor
        do(at_north, case.run, "look", "cao")
        number_changes()
        (line,) = read(at_north, cursor).lines
        assert line.case_id == case.pk

    def test_is_each_hall_s_own(self, north: Hall, south: Hall, setup: CaseSetup) -> None:
        with inside(north):
            apply_at_window(north, setup)
        number_changes()
        make_person("nan", "南厅", Role.HALL_ADMINISTRATOR, south)
        with inside(south):
            assert read_case_feed(by=person("nan"), hall=south, after=0, limit=10).lines == []
            with pytest.raises(NotAllowed):
                read_case_feed(by=person("he"), hall=south, after=0, limit=10)
            with pytest.raises(Conflict, match="游标"):
                read_case_feed(by=person("nan"), hall=south, after=1, limit=10)

    def test_killed_anywhere_while_it_numbers_leaves_all_to_be_numbered(self, at_north: Hall, setup: CaseSetup) -> None:
        cases = [apply_at_window(at_north, setup).pk for _ in range(3)]
        # whether something waits, the lock, the numbers
        for statement in (1, 2, 3):
            with pytest.raises(Killed), transaction.atomic(), killed_at(statement):
                number_changes()
            assert read(at_north).lines == []
        assert number_changes() == 3
        assert [(one.position, one.case_id) for one in read(at_north).lines] == list(enumerate(cases, start=1))

    def test_forgets_no_position_when_a_case_is_gone(self, at_north: Hall, setup: CaseSetup) -> None:
        apply_at_window(at_north, setup)
        number_changes()
        cursor = read(at_north).cursor
        CaseReport.objects.all().delete()
        later = apply_at_window(at_north, setup)
        number_changes()
        assert [one.case_id for one in read(at_north, cursor).lines] == [later.pk]


@pytest.mark.usefixtures("fresh_database")
class TestFeedAtOnce:
    def test_misses_nothing_that_is_committed_late(self) -> None:
        north = Hall.objects.get(slug="north")
        setup = made_setup(north)
        with inside(north):
            late, soon = (apply_at_window(north, setup) for _ in range(2))
        has_written, may_commit = Event(), Event()

        def slow() -> None:
            with inside(north), transaction.atomic():
                take_case(by=person("cao"), hall=north, case_id=late.pk)
                has_written.set()
                may_commit.wait(20)
            connection.close()

        with ThreadPoolExecutor(1) as pool, inside(north):
            running = pool.submit(slow)
            assert has_written.wait(20)
            # nobody waits for the one that has not committed, though it was there before
            assert number_changes() == 1
            page = read(north)
            assert [one.case_id for one in page.lines] == [soon.pk]
            may_commit.set()
            running.result()
            assert number_changes() == 1
            assert [one.case_id for one in read(north, page.cursor).lines] == [late.pk]

    def test_of_many_writers_leads_every_reader_to_what_is_so(self) -> None:
        """Four write, two number, two read in pages of one and of three, all at the same time."""
        north = Hall.objects.get(slug="north")
        setup = made_setup(north)
        with inside(north):
            cases = [apply_at_window(north, setup) for _ in range(3)] + [accepted(north, with_flow(north, setup))]
        writers_end, numbers_end = Event(), Event()
        readers = [FeedReader(limit) for limit in (1, 3)]
        start = Barrier(8)

        def run(act: Any, *given: Any) -> None:
            try:
                with inside(north):
                    start.wait(30)
                    act(north, *given)
            finally:
                connection.close()

        with ThreadPoolExecutor(8) as pool:
            writers = [pool.submit(run, take_and_put_back, cases, place) for place in range(3)]
            writers.append(pool.submit(run, suspend_and_resume, cases[-1]))
            numbering = [pool.submit(run, number_until, writers_end) for _ in range(2)]
            reading = [pool.submit(run, one.follow, numbers_end) for one in readers]
            for one, then in ((writers, writers_end), (numbering, numbers_end), (reading, Event())):
                try:
                    for each in one:
                        each.result(120)
                finally:
                    then.set()
        assert [one.faults for one in readers] == [[], []]
        with inside(north):
            cases = list(Case.objects.order_by("pk"))
            records = case_records(person("he"), north, cases, is_masked=False)
        now = {case.pk: record.rows for case, record in zip(cases, records, strict=True)}
        assert [one.known for one in readers] == [now, now]


def take_and_put_back(north: Hall, cases: list[Case], place: int) -> None:
    """Each case in turn, and again in a transaction that is rolled back."""
    by = person(("cao", "hua", "tao")[place])
    for case in cases[place:] + cases[:place]:
        try:
            take_case(by=by, hall=north, case_id=case.pk)
            put_back_case(by=by, hall=north, case_id=case.pk)
            with transaction.atomic():
                take_case(by=by, hall=north, case_id=case.pk)
                transaction.set_rollback(True)
        except Conflict:
            # another one has it
            continue


def suspend_and_resume(north: Hall, case: Case) -> None:
    """Both hold case and run."""
    for _ in range(3):
        suspend_case(by=person("tao"), hall=north, case_id=case.pk, reason="等一等")
        resume_case(by=person("tao"), hall=north, case_id=case.pk)


def number_until(_: Hall, is_over: Event) -> None:
    while not is_over.is_set():
        number_changes(most=2)
    while number_changes():
        pass


class FeedReader:
    """Goes on from its cursor, and keeps of each case what it was told last."""

    def __init__(self, limit: int) -> None:
        self.limit, self.cursor = limit, 0
        self.known: dict[UUID, Any] = {}
        self.faults: list[str] = []

    def follow(self, north: Hall, is_over: Event) -> None:
        while not is_over.is_set():
            self.read_on(north)
        while self.read_on(north):
            pass

    def read_on(self, north: Hall) -> bool:
        before = self.cursor
        page = read(north, before, self.limit)
        positions = [one.position for one in page.lines]
        if positions != sorted(set(positions)) or any(not before < one <= page.cursor for one in positions):
            self.faults.append(f"after {before}: {positions}")
        self.known |= {one.case_id: one.rows for one in page.lines}
        self.cursor = page.cursor
        return self.cursor > before
