"""The one box that finds a case: by its number, and by names, numbers and phones of who applied or came for them."""

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from foundation.errors import NotAllowed
from foundation.rows import draw_id
from province.audit.models import AuditEntry
from province.cases.models import CaseApplicant, CaseReport, name_mark
from province.cases.operations.applicants import mark_applicants
from province.cases.queries.applicants import applicants_sought
from province.citizens.operations import searches
from province.citizens.operations.searches import note_people_search
from province.halls.models import Hall
from province.people.models import Position
from province.rights.roles import Reach
from tenants.casework.models import Case, CaseSetup
from tenants.casework.operations.searches import note_case_search
from tenants.casework.queries.desk import cases_at_desk
from tenants.shell.slots import Desk
from tests.conftest import person
from tests.factories.casework import ANNA, apply_at_window
from tests.factories.citizens import company_code, number_of
from tests.factories.kills import Killed, killed_at
from tests.factories.people import client_of, make_unit, program_of
from tests.factories.sites import inside
from tests.races import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("opened")]

NORTH = "north.yizhan.localhost"
BODY = "当阳市（城关）某某农机合作社"
WHO = {
    "applicant_name": "阿依古丽·买买提",
    "applicant_number": number_of(5),
    "applicant_mobile": "13911112222",
}
# who stands at the window for her
CAME = {"agent_name": "李来", "agent_number": number_of(6), "agent_phone": "13700009876"}


@pytest.fixture
def setup(at_north: Hall) -> CaseSetup:
    return CaseSetup.objects.get()


@pytest.fixture(scope="class")
def _cases(opened: None, class_rows: None) -> dict[str, UUID]:
    north = Hall.objects.get(slug="north")
    with inside(north):
        return {name: case.pk for name, case in make_cases(north, CaseSetup.objects.get()).items()}


@pytest.fixture
def cases(_cases: dict[str, UUID], at_north: Hall) -> dict[str, Case]:
    return {name: Case.objects.get(pk=pk) for name, pk in _cases.items()}


def make_cases(at_north: Hall, setup: CaseSetup) -> dict[str, Case]:
    body = {"applicant_nature": "body", "applicant_body": BODY, "applicant_credit_code": company_code()}
    came = apply_at_window(at_north, setup, **WHO)
    row = CaseApplicant.objects.get(pk=came.pk)
    for name, value in CAME.items():
        setattr(row, name, value)
    row.save()
    return {
        "anna": apply_at_window(at_north, setup),
        "came": came,
        "body": apply_at_window(at_north, setup, **body),
    }


def found(hall: Hall, cases: dict[str, Case], words: str, *, by: str = "cao") -> set[str]:
    names = {case.pk: name for name, case in cases.items()}
    return {names[one.pk] for one in cases_at_desk(Desk(person(by), hall), words=words)}


class TestSearchAtDesk:
    def test_finds_by_all_that_somebody_says_at_a_window(self, at_north: Hall, cases: dict[str, Case]) -> None:
        expected = {
            "安娜": {"anna"},
            " 安 娜 ": {"anna"},
            ANNA["applicant_number"].lower(): {"anna"},
            "13812345678": {"anna", "body"},
            "+86 138 1234 5678": {"anna", "body"},
            "5678": {"anna", "body"},
            "13912345678": set(),
            "阿依古丽·买买提": {"came"},
            "阿依古丽•买买提": {"came"},
            "阿依古丽买买提": {"came"},
            "阿依古丽": set(),
            "李来": {"came"},
            CAME["agent_number"]: {"came"},
            "9876": {"came"},
            "１３７００００９８７６": {"came"},
            BODY: {"body"},
            "当阳市（城关）某某农机合作社": {"body"},
            company_code().lower(): {"body"},
            cases["came"].short_number: {"came"},
            cases["body"].number.lower(): {"body"},
            cases["anna"].item_name[:4]: {"anna", "came", "body"},
            "没有这个人": set(),
            "·": set(),
        }
        assert {words: found(at_north, cases, words) for words in expected} == expected

    def test_takes_the_end_of_a_number_and_of_a_phone_alike(
        self, at_north: Hall, setup: CaseSetup, cases: dict[str, Case]
    ) -> None:
        end = cases["anna"].number[-4:]
        alike = cases | {"alike": apply_at_window(at_north, setup, applicant_mobile=f"1391234{end}")}
        assert found(at_north, alike, end) == {"anna", "alike"}

    def test_finds_an_item_that_bears_somebodys_name_too(
        self, at_north: Hall, setup: CaseSetup, cases: dict[str, Case]
    ) -> None:
        """Who applies under the words of an item hides nothing."""
        name = cases["anna"].item_name
        joker = apply_at_window(at_north, setup, applicant_name=name[:20])
        assert found(at_north, cases | {"joker": joker}, name) == {"anna", "came", "body", "joker"}

    def test_finds_what_is_the_persons_business_alone(
        self, at_north: Hall, south: Hall, cases: dict[str, Case]
    ) -> None:
        office = make_unit("综合科", hall=at_north)
        Position.objects.filter(account__username="cao").update(unit=office, reach=Reach.UNIT)
        assert found(at_north, cases, "安娜", by="cao") == set()
        Case.objects.filter(pk=cases["anna"].pk).update(unit_id=office.pk)
        assert found(at_north, cases, "安娜", by="cao") == {"anna"}
        # the marks themselves are the hall's own, too
        field, kept = CaseApplicant._meta.get_field("marks"), CaseApplicant.objects.get(pk=cases["anna"].pk).marks
        of_north, of_south = (field.marks_of([name_mark(one.pk, "安娜")])[0] for one in (at_north, south))
        assert (of_north in kept, of_south in kept) == (True, False)

    def test_stands_in_no_statement_and_on_the_page_masked(self, at_north: Hall, cases: dict[str, Case]) -> None:
        with CaptureQueriesContext(connection) as queries:
            for words in ("安娜", "阿依古丽·买买提", "13911112222", "2222"):
                applicants_sought(at_north.pk, words)
        text = json.dumps(queries.captured_queries, ensure_ascii=False, default=str)
        assert [one for one in ("安娜", "阿依古丽", "1391111", "2222'") if one in text] == []
        page = client_of("cao", NORTH).get("/desk/cases/", {"all": "", "words": "李来"}).text
        assert cases["came"].number in page
        assert "阿依古丽·买买提" not in page
        assert cases["anna"].number not in page

    def test_goes_by_its_indexes(self, at_north: Hall, setup: CaseSetup, cases: dict[str, Case]) -> None:
        _many(at_north, cases["anna"], 20_000)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE cases_caseapplicant, casework_case")
            # what a table this small would allow is not what a large one would
            desk = Desk(person("cao"), at_north)
            for words, indexes in (
                ("安娜", {"cases_applicant_marks"}),
                ("5678", {"cases_applicant_marks", "casework_by_end"}),
                (ANNA["applicant_number"], {"cases_applicant_marks", "cases_applicant_number"}),
            ):
                with CaptureQueriesContext(connection) as asked:
                    assert len(cases_at_desk(desk, words=words)[:51]) > 0
                used, read = set(), 0
                for one in asked:
                    cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {one['sql']}")
                    for node in _nodes(cursor.fetchone()[0][0]["Plan"]):
                        used.add(node.get("Index Name"))
                        read = max(read, node["Actual Rows"] + node.get("Rows Removed by Filter", 0))
                assert indexes <= used, (words, used)
                assert read < 100, (words, read)


class TestMarks:
    def test_follow_what_they_are_made_of(self, cases: dict[str, Case]) -> None:
        row = CaseApplicant.objects.get(pk=cases["anna"].pk)
        row.name = "安娜·新"
        row.save(update_fields=["name"])
        hall_id = row.hall_id
        assert applicants_sought(hall_id, "安娜新") == [row.pk]
        assert applicants_sought(hall_id, "安娜") == []

    def test_are_worked_out_for_rows_of_a_former_release_once(self, at_north: Hall, cases: dict[str, Case]) -> None:
        before = dict(CaseApplicant.objects.values_list("pk", "marks"))
        CaseApplicant.objects.update(marks=None)
        assert found(at_north, cases, "安娜") == set()
        assert [mark_applicants(most=2), mark_applicants(most=2), mark_applicants(most=2)] == [2, 1, 0]
        assert dict(CaseApplicant.objects.values_list("pk", "marks")) == before
        assert found(at_north, cases, "安娜") == {"anna"}

    def test_are_all_there_or_none_where_it_is_killed(self, cases: dict[str, Case]) -> None:
        CaseApplicant.objects.update(marks=None)
        for statement in (1, 2, 3):
            with suppress(Killed), transaction.atomic(), killed_at(statement):
                mark_applicants()
            assert CaseApplicant.objects.filter(marks=None).count() in {0, len(cases)}
        mark_applicants()
        assert not CaseApplicant.objects.filter(marks=None).exists()

    def test_leave_out_what_cannot_be_read(self, at_north: Hall, cases: dict[str, Case]) -> None:
        """One bent name holds up neither its row nor the others."""
        with connection.cursor() as cursor:
            cursor.execute("UPDATE cases_caseapplicant SET name = '1:AAAA', marks = NULL")
        assert mark_applicants() == len(cases)
        assert found(at_north, cases, "安娜") == set()
        assert found(at_north, cases, "李来") == {"came"}


class TestLookingSomebodyUp:
    """Who finds cases by the people whose they are leaves one entry, whatever pages are turned."""

    def test_is_one_entry_with_the_words_masked(
        self, at_north: Hall, cases: dict[str, Case], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        cao = client_of("cao", NORTH)
        for page in ("", "&page=2", "&export=csv"):
            assert cao.get(f"/desk/cases/?all=&words=李来{page}").status_code == 200
        cao.get("/desk/search/?q= 李 来")
        (entry,) = _searches()
        assert (entry.actor_id, entry.hall_id, entry.act) == (person("cao").id, at_north.pk, "citizens.search_people")
        assert entry.changes == {"things": [None, "办件"], "words": [None, "李*"], "found": [None, 1]}
        assert "按姓名、号码查找" in client_of("zhao").get("/console/audit/").text
        # other words, another person, and the same words later
        cao.get(f"/desk/cases/?all=&words={ANNA['applicant_number']}")
        client_of("tao", NORTH).get("/desk/cases/?all=&words=李来")
        assert len(_searches()) == 3
        assert ANNA["applicant_number"] not in str([one.changes for one in _searches()])
        monkeypatch.setattr(searches, "_ONE_SEARCH", timedelta(0))
        note_case_search(by=person("cao"), hall=at_north, words="李来")
        assert len(_searches()) == 4

    def test_tells_the_citizen_whose_all_of_them_are(self, at_north: Hall, cases: dict[str, Case]) -> None:
        citizen = draw_id()
        CaseReport.objects.filter(pk=cases["anna"].pk).update(citizen_id=citizen)
        for words in ("安娜", "13812345678"):
            note_case_search(by=person("cao"), hall=at_north, words=words)
        assert [one.person_id for one in _searches()] == [citizen, None]

    @pytest.mark.parametrize("words", ["没有这个人", "number", "item", "阿依古丽"])
    def test_of_what_is_nobodys_own_leaves_none(self, at_north: Hall, cases: dict[str, Case], words: str) -> None:
        sought = {"number": cases["anna"].number, "item": cases["anna"].item_name[:4]}.get(words, words)
        client_of("cao", NORTH).get("/desk/cases/", {"all": "", "words": sought})
        assert _searches() == []

    def test_finds_what_is_the_persons_business_or_leaves_none(self, at_north: Hall, cases: dict[str, Case]) -> None:
        office = make_unit("综合科", hall=at_north)
        Position.objects.filter(account__username="cao").update(unit=office, reach=Reach.UNIT)
        note_case_search(by=person("cao"), hall=at_north, words="安娜")
        assert _searches() == []
        with pytest.raises(NotAllowed):
            note_case_search(by=person("wu"), hall=at_north, words="安娜")

    def test_over_the_api_leaves_one(self, at_north: Hall, cases: dict[str, Case]) -> None:
        caller = program_of("cao")
        for _ in range(2):
            assert caller.get("/api/hall/v1/casework/cases", {"words": "李来"}, headers={"host": NORTH}).json()["items"]
        assert len(_searches()) == 1


@pytest.mark.usefixtures("fresh_database")
class TestNotePeopleSearch:
    def test_of_two_pages_at_once_leaves_one_entry(self) -> None:
        at_once(_note, _note)
        assert len(_searches()) == 1


def _note() -> None:
    north = Hall.objects.get(slug="north")
    note_people_search(by=person("cao"), hall_id=north.pk, things="办件", words="李来", number=1)


def _searches() -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(act="citizens.search_people").order_by("pk"))


def _many(hall: Hall, like: Case, number: int) -> None:
    """Cases of others, as the database sees them: marks, numbers and ids of their own."""
    applicant = CaseApplicant.objects.get(pk=like.pk)
    ids = [draw_id() for _ in range(number)]
    with connection.cursor() as cursor:
        for table, changed in (
            ("cases_caseapplicant", _APPLICANT),
            ("workflow_filledform", {"id": "given.id"}),
            ("casework_case", _CASE),
        ):
            cursor.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
                [table],
            )
            names = [name for (name,) in cursor.fetchall()]
            values = ", ".join(changed.get(name, f"kept.{name}") for name in names)
            source = like.filled_id if table == "workflow_filledform" else applicant.pk
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {table} AS kept, "  # noqa: S608
                "unnest(%s::uuid[]) WITH ORDINALITY AS given (id, nth) WHERE kept.id = %s",
                [ids, source],
            )


_APPLICANT: dict[str, Any] = {
    "id": "given.id",
    "number_index": "encode(sha256(given.nth::text::bytea), 'hex')",
    "marks": "ARRAY[hashint8extended(given.nth, 1), hashint8extended(given.nth %% 10000, 2)]",
}
_CASE: dict[str, Any] = {
    "id": "given.id",
    "filled_id": "given.id",
    "number": "left(kept.number, -12) || '2025' || lpad(given.nth::text, 8, '0')",
}


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for one in plan.get("Plans", []):
        yield from _nodes(one)
