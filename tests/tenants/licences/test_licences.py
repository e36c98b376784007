"""Licences: granted by a decision alone, replaced, ended, put right, and numbered without gap or double."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from foundation import schemas
from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from foundation.rows import draw_id
from province.audit.models import AuditEntry
from province.cases.models import CaseReport
from province.halls.models import Hall
from province.registries.models import DocumentEntry
from province.registries.queries import document_with_code
from province.registries.states import DocumentState
from standards.items.codelists import ItemType
from tenants.casework.models import Case, CaseSetup
from tenants.casework.operations import deciding
from tenants.casework.operations.acceptance import accept_case
from tenants.casework.operations.closing import serve_decision
from tenants.casework.operations.deciding import correct_decision, decide_case
from tenants.casework.queries.papers import documents_of_case
from tenants.documents.models import IssuedDocument
from tenants.documents.operations import revoke_document
from tenants.documents.operations.restored import report_documents_again
from tenants.licences.models import Licence
from tenants.licences.operations.ending import end_licence
from tenants.licences.operations.granting import last_day
from tenants.licences.queries.register import (
    FILTERS,
    licence_with_id,
    licences_at_desk,
    licences_of_case,
    own_licence,
    own_licences,
)
from tenants.licences.states import LicenceStanding
from tests.conftest import person
from tests.factories.casework import ANNA, accepted, apply_at_window, give_all
from tests.factories.citizens import company_code, make_citizen, make_proved, number_of
from tests.factories.engagement import make_handler
from tests.factories.licences import NAME, TYPE, decided, granted, make_licensing
from tests.factories.people import client_of, program_of
from tests.factories.sites import inside
from tests.races import at_once
from tests.roles import as_owner

BODY = {
    "applicant_nature": "body",
    "applicant_body": "当阳市某某餐饮店",
    "applicant_credit_code": company_code(1),
}
OTHER: dict[str, Any] = {"applicant_name": "李四", "applicant_number": number_of(9)}
NORTH = "north.yizhan.localhost"
BASIS = "《中华人民共和国行政许可法》第七十条第（一）项"


@pytest.fixture
def setups(north: Hall, licensed: dict[str, UUID]) -> Iterator[dict[str, CaseSetup]]:
    with inside(north):
        yield {way: CaseSetup.objects.get(pk=pk) for way, pk in licensed.items()}


def correct(hall: Hall, case: Case, outcome: str) -> None:
    reasons = "场所不符合规定。" if outcome == "refused" else ""
    correct_decision(
        by=person("tao"), hall=hall, case_id=case.pk, outcome=outcome, reasons=reasons, corrects="看错了图纸"
    )


def case_of(licence: Licence) -> Case:
    return Case.objects.get(pk=licence.document.owner_id)


def end_on(licence: Licence, day: date) -> Licence:
    """Its last day is this one, as if it had been granted long ago."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE documents_issueddocument DISABLE TRIGGER USER")
        cursor.execute("UPDATE documents_issueddocument SET valid_until = %s WHERE id = %s", [day, licence.document_id])
        cursor.execute("ALTER TABLE documents_issueddocument ENABLE TRIGGER USER")
    DocumentEntry.objects.filter(pk=licence.document_id).update(valid_until=day)
    return licence_with_id(licence.pk)


def standings(*licences: Licence) -> list[str]:
    return [licence_with_id(one.pk).standing.label for one in licences]


class TestLastDay:
    def test_is_the_day_before_the_same_number_or_the_last_of_a_short_month(self) -> None:
        for first, months, last in (
            (date(2026, 11, 30), 60, date(2031, 11, 29)),
            (date(2026, 12, 1), 1, date(2026, 12, 31)),
            (date(2026, 1, 31), 1, date(2026, 2, 28)),
            (date(2024, 2, 29), 12, date(2025, 2, 28)),
            (date(2024, 2, 29), 48, date(2028, 2, 28)),
        ):
            assert last_day(first, months) == last, (first, months)
        assert last_day(date(2026, 1, 1), None) is None

    @given(first=st.dates(date(2000, 1, 1), date(2100, 1, 1)), months=st.integers(1, 1_200))
    def test_leaves_no_day_between_two_terms_and_none_twice(self, first: date, months: int) -> None:
        last, longer = last_day(first, months), last_day(first, months + 1)
        assert last
        assert longer
        assert first <= last < longer
        assert (longer - last).days <= 31
        # a term from the next day on ends where the longer one does, unless a short month has cut one of them
        begun = last + timedelta(days=1)
        assert last_day(begun, 1) == longer or first.day > 28


@pytest.mark.django_db
class TestGranting:
    def test_comes_with_the_decision_and_says_who_holds_it_until_when(
        self, north: Hall, setups: dict[str, CaseSetup]
    ) -> None:
        case = accepted(north, setups["new"])
        assert not Licence.objects.exists()
        decide_case(by=person("tao"), hall=north, case_id=case.pk, outcome="granted", reasons="热食类食品制售。")
        (made,) = licences_of_case(case.pk)

        today = timezone.localdate()
        assert (made.number, made.name, made.type_code) == (f"证照〔{today.year}〕1号", NAME, TYPE)
        assert (made.holds_from, made.standing) == (today, LicenceStanding.HOLDS)
        assert made.holds_until == last_day(today, 60)
        said = made.document.values.opened(north.pk)
        assert (said["holder"], said["holder_number"]) == ("安娜", "110***********002X")
        assert said["validity"] == made.validity
        # nothing of it tells who holds it, in the register or to who checks it
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM licences_licence")
            assert "安娜" not in str(cursor.fetchall())
        entry = DocumentEntry.objects.get(pk=made.document_id)
        assert (entry.state, entry.valid_until, entry.title) == ("issued", made.holds_until, "证照")
        assert "安娜" not in str(DocumentEntry.objects.filter(pk=entry.pk).values())
        assert AuditEntry.objects.filter(act="licences.grant_licence", object_id=made.pk).count() == 1
        # decided once more, corrected to the same, served: still one
        decide_case(by=person("tao"), hall=north, case_id=case.pk, outcome="granted", reasons="")
        correct(north, case, "granted")
        serve_decision(by=person("cao"), hall=north, case_id=case.pk, way="window", proof="本人签收")
        assert [one.pk for one in licences_of_case(case.pk)] == [made.pk]
        assert standings(made) == ["有效"]
        with pytest.raises(IntegrityError), transaction.atomic():
            Licence.objects.filter(pk=made.pk).update(holder_id=made.pk)

    def test_is_not_given_by_a_refusal_nor_where_the_guide_names_none(self, north: Hall) -> None:
        made = make_licensing(north, number=1, results=[{"name": "批复", "kind": "2"}])
        with inside(north):
            decided(north, made["new"])
        others = make_licensing(north, number=2, months=None)
        with inside(north):
            decided(north, others["new"], outcome="refused")
            assert not Licence.objects.exists()
            assert granted(north, others).validity.endswith("起，长期有效")

    def test_leaves_no_number_where_it_is_taken_back(
        self, north: Hall, setups: dict[str, CaseSetup], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fails(*_: object) -> None:
            message = "之后出错"
            raise Conflict(message)

        with monkeypatch.context() as broken:
            broken.setattr(deciding, "tell_applicant", fails)
            case = accepted(north, setups["new"])
            with pytest.raises(Conflict), transaction.atomic():
                decide_case(by=person("tao"), hall=north, case_id=case.pk, outcome="granted", reasons="")
        assert not Licence.objects.exists()
        assert not IssuedDocument.objects.filter(kind="licence").exists()
        assert granted(north, setups).document.order == 1


@pytest.mark.django_db
class TestFollowing:
    def test_takes_the_place_of_the_one_that_the_holder_has(self, north: Hall, setups: dict[str, CaseSetup]) -> None:
        strangers = granted(north, setups, **OTHER)
        first = granted(north, setups)
        changed = granted(north, setups, "change")
        assert standings(strangers, first, changed) == ["有效", "已换发", "有效"]
        first = licence_with_id(first.pk)
        assert first.document.successor == changed.document
        assert (first.ended_for_id, changed.holds_until) == (changed.document.owner_id, first.holds_until)
        assert document_with_code(first.document.code).successor == changed.number
        # 变更 keeps the last day, 延续 begins anew
        changed = end_on(changed, timezone.localdate() + timedelta(days=20))
        again = granted(north, setups, "change")
        assert again.holds_until == changed.holds_until
        extended = granted(north, setups, "extend")
        assert extended.holds_until > again.holds_until  # type: ignore[operator]
        assert standings(again, extended) == ["已换发", "有效"]
        decided(north, setups["cancel"])
        assert standings(extended, strangers) == ["已注销", "有效"]
        assert licence_with_id(extended.pk).end_basis.startswith("《")

    def test_replaces_none_where_nobody_can_say_which(self, north: Hall, setups: dict[str, CaseSetup]) -> None:
        one, two = granted(north, setups, **BODY), granted(north, setups, **BODY)
        renewed = granted(north, setups, "extend", **BODY)
        assert standings(one, two, renewed) == ["有效", "有效", "有效"]
        decided(north, setups["cancel"], **BODY)
        assert standings(one, two, renewed) == ["有效", "有效", "有效"]

    def test_is_undone_with_the_decision_that_was_wrong(self, north: Hall, setups: dict[str, CaseSetup]) -> None:
        first = granted(north, setups)
        renewed = granted(north, setups, "extend")
        correct(north, case_of(renewed), "refused")
        assert standings(first, renewed) == ["有效", "已撤销"]
        assert licence_with_id(first.pk).ended_for_id is None
        assert document_with_code(first.document.code).holds
        kinds = {one.kind: one.state for one in documents_of_case(case_of(renewed))}
        assert (kinds["permit"], kinds["licence"], kinds["refusal"]) == ("revoked", "revoked", "issued")
        # wrong the other way round: another licence, of another number
        correct(north, case_of(renewed), "granted")
        last = licences_of_case(renewed.document.owner_id)[-1]
        assert standings(first, renewed, last) == ["已换发", "已撤销", "有效"]
        decided_case = decided(north, setups["cancel"])
        assert standings(last) == ["已注销"]
        correct(north, decided_case, "refused")
        assert standings(last) == ["有效"]
        # what the hall has ended itself stays so
        end_licence(by=person("tao"), hall=north, licence_id=last.pk, how="forfeited", basis=BASIS, reason="处罚")
        correct(north, case_of(last), "refused")
        assert standings(first, last) == ["有效", "已吊销"]


@pytest.mark.django_db
class TestEnding:
    def test_takes_the_right_a_basis_and_a_reason_and_is_told_to_who_checks(
        self, north: Hall, setups: dict[str, CaseSetup]
    ) -> None:
        made = granted(north, setups)
        wishes = {"by": person("tao"), "hall": north, "licence_id": made.pk, "how": "cancelled", "basis": BASIS}
        with pytest.raises(NotAllowed):
            end_licence(**wishes | {"by": person("cao"), "reason": "歇业"})
        for wrong in ({"reason": ""}, {"reason": "歇业", "basis": " "}, {"reason": "歇业", "how": "issued"}):
            with pytest.raises(Invalid):
                end_licence(**{"reason": "歇业"} | wishes | wrong)
        with pytest.raises(NotFound):
            end_licence(**wishes | {"reason": "歇业", "licence_id": north.pk})
        # the desk of documents leaves it to the register
        with pytest.raises(Conflict):
            revoke_document(by=person("tao"), hall=north, document_id=made.document_id, reason="误发")
        ended = end_licence(**wishes, reason="歇业")
        assert (ended.standing.label, ended.end_basis, ended.document.reason) == ("已注销", BASIS, "歇业")
        told = document_with_code(made.document.code)
        assert told
        assert (told.holds, told.state_label, told.ended_on) == (False, "已注销", timezone.localdate())
        with pytest.raises(Conflict):
            end_licence(**wishes | {"how": "revoked"}, reason="误发")
        assert AuditEntry.objects.filter(act="licences.end_licence", object_id=made.pk).count() == 1
        # and so it is after a restore
        DocumentEntry.objects.filter(pk=made.document_id).update(state=DocumentState.ISSUED)
        report_documents_again(hall=north)
        assert document_with_code(made.document.code).state_label == "已注销"  # type: ignore[union-attr]

    def test_is_over_with_its_last_day_without_anybodys_act(self, north: Hall, setups: dict[str, CaseSetup]) -> None:
        today = timezone.localdate()
        last_day = end_on(granted(north, setups), today)
        near = end_on(granted(north, setups, **OTHER), today + timedelta(days=30))
        far = end_on(granted(north, setups, **BODY), today + timedelta(days=31))
        over = end_on(granted(north, setups, applicant_number=number_of(5)), today - timedelta(days=1))
        assert standings(last_day, near, far, over) == ["有效", "有效", "有效", "已过期"]
        found = {key: {one.pk for one in licences_at_desk(north, standing=key)} for key in FILTERS}
        assert found["issued"] == {last_day.pk, near.pk, far.pk}
        assert found["near"] == {last_day.pk, near.pk}
        assert found["expired"] == {over.pk}
        told = document_with_code(over.document.code)
        assert told
        assert (told.holds, told.state_label, told.ended_on) == (False, "已过期", today)
        assert document_with_code(last_day.document.code).holds  # type: ignore[union-attr]


@pytest.mark.django_db
class TestHolders:
    def test_find_their_own_and_their_companies_once_somebody_has_checked_who_they_are(
        self, north: Hall, setups: dict[str, CaseSetup]
    ) -> None:
        anna = make_proved(1, number=ANNA["applicant_number"])
        own, of_body, others = granted(north, setups), granted(north, setups, **BODY), granted(north, setups, **OTHER)
        assert [one.pk for one in own_licences(north, anna)] == [own.pk]
        anna.companies.create(uscc=BODY["applicant_credit_code"], name="当阳市某某餐饮店")
        assert {one.pk for one in own_licences(north, anna)} == {own.pk, of_body.pk}
        with pytest.raises(NotFound):
            own_licence(north, anna, others.pk)
        # a number that was only typed finds nothing
        assert not own_licences(north, make_citizen(2, number=OTHER["applicant_number"]))
        assert not own_licences(north, make_citizen(3))
        south = Hall.objects.get(slug="south")
        with schemas.enter(south.schema_name):
            assert not own_licences(south, anna)
        by_number = licences_at_desk(north, words=ANNA["applicant_number"])
        by_code = licences_at_desk(north, words=BODY["applicant_credit_code"].lower())
        # who comes for a body is no holder
        assert ([one.pk for one in by_number], [one.pk for one in by_code]) == ([own.pk], [of_body.pk])
        assert {one.pk for one in licences_at_desk(north, words=others.number)} == {others.pk}
        assert licences_at_desk(north, item="食品").count() == 3

    def test_is_not_found_by_who_may_not_read_it(self, north: Hall, setups: dict[str, CaseSetup]) -> None:
        own = granted(north, setups)
        make_handler(north, "she", "社保科")
        she, cao = client_of("she", NORTH), client_of("cao", NORTH)
        assert she.get("/desk/licences/").status_code == 403
        for words in (own.number, ANNA["applicant_number"]):
            assert own.number in cao.get("/desk/search/", {"q": words}).text
            answer = she.get("/desk/search/", {"q": words})
            assert (answer.status_code, f"{own.number} ·" in answer.text) == (200, False)

    def test_found_by_whose_it_is_leaves_one_entry(self, north: Hall, setups: dict[str, CaseSetup]) -> None:
        own, citizen = granted(north, setups), draw_id()
        CaseReport.objects.filter(pk=own.holder_id).update(citizen_id=citizen)
        cao, searches = client_of("cao", NORTH), AuditEntry.objects.filter(act="citizens.search_people")
        for words in (own.number, own.name, number_of(9)):
            cao.get("/desk/licences/", {"words": words})
        assert not searches.exists()
        for page in ("/desk/licences/?words=", "/desk/licences/?export=csv&words=", "/desk/search/?q="):
            assert cao.get(f"{page}{ANNA['applicant_number']}").status_code == 200
        # the search over everything finds the case, too
        (entry,) = [one for one in searches if one.changes["things"] == [None, "证照"]]
        assert (entry.person_id, entry.changes["found"]) == (citizen, [None, 1])
        assert ANNA["applicant_number"] not in str(entry.changes)
        asked = {"words": ANNA["applicant_number"]}
        assert program_of("tao").get("/api/hall/v1/licences", asked, headers={"host": NORTH}).json()["items"]
        assert searches.filter(actor_id=person("tao").id).count() == 1


@pytest.mark.usefixtures("fresh_database")
class TestTwoAtOnce:
    def test_get_numbers_without_gap_or_double_and_replace_one_after_the_other(self, fresh_database: None) -> None:
        north = Hall.objects.get(slug="north")
        # a confirmation: no document of its decision is numbered before, for which the second would wait
        setups = make_licensing(north, item_type=ItemType.CONFIRMATION)
        north.refresh_from_db()
        with inside(north):
            first = granted(north, setups)
            cases = [accepted(north, setups["extend"]) for _ in range(2)]
            cases += [give_all(north, apply_at_window(north, setups["new"], **OTHER))]
            accept_case(by=person("cao"), hall=north, case_id=cases[2].pk)

        def decide(case: Case) -> Case:
            with schemas.enter(north.schema_name):
                return decide_case(by=person("tao"), hall=north, case_id=case.pk, outcome="granted", reasons="")

        answers = at_once(*(lambda case=case: decide(case) for case in cases))
        assert all(isinstance(one, Case) for one in answers), answers
        with inside(north):
            made = list(Licence.objects.select_related("document").order_by("document__order"))
            assert [one.document.order for one in made] == [1, 2, 3, 4]
            # of the two renewals the later one has taken the place of the earlier one: one holds
            of_first = [one for one in made if one.holder_id != cases[2].applicant_id]
            assert sorted(one.standing for one in of_first) == ["issued", "replaced", "replaced"]
            assert standings(first) == ["已换发"]
            last = next(one for one in of_first if one.holds)

        def end(how: str) -> Licence:
            with schemas.enter(north.schema_name):
                return end_licence(
                    by=person("tao"), hall=north, licence_id=last.pk, how=how, basis=BASIS, reason="歇业"
                )

        answers = at_once(lambda: end("cancelled"), lambda: end("revoked"))
        assert sum(isinstance(one, Conflict) for one in answers) == 1, answers
