"""An item changes, or ends, while applications for it are being handled: who decides on that is told of them before,
and each is done as it began."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.errors import Conflict, DomainError
from province.cases.operations.feed import number_changes
from province.cases.queries.open_cases import open_cases_of_item
from province.cases.states import CaseState
from province.catalogue.models import Item
from province.catalogue.operations import propose_pause
from province.catalogue.states import ItemLife
from province.halls.models import Hall
from tenants.casework.models import Case, CaseSetup
from tenants.casework.operations.acceptance import accept_case
from tenants.casework.operations.closing import archive_case, serve_decision
from tenants.casework.operations.deciding import decide_case
from tenants.casework.operations.examining import withdraw_case
from tenants.casework.queries.papers import documents_of_case
from tests.conftest import person
from tests.factories.casework import accepted, apply_at_window, apply_online, give_all
from tests.factories.catalogue import abolish, make_approved, make_published
from tests.factories.citizens import make_proved
from tests.factories.people import client_of, program_of
from tests.tenants.citizen_pages.test_pages import browser, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("opened")]

OPEN = "没有办结的办件（按收件时的版本办完）：2 件，1 个服务厅（当阳市）"


@pytest.fixture
def setup(at_north: Hall) -> CaseSetup:
    return CaseSetup.objects.get()


@pytest.fixture
def item(setup: CaseSetup) -> Item:
    return Item.objects.get(pk=setup.item_id)


def count_all() -> None:
    while number_changes():
        pass


class TestOpenCases:
    def test_are_named_before_a_version_is_published_and_before_an_item_ends(
        self, at_north: Hall, setup: CaseSetup, item: Item
    ) -> None:
        waiting, examined = apply_at_window(at_north, setup), accepted(at_north, setup)
        count_all()
        version = make_approved(item, promised_days=9)
        page, zhao = f"/console/items/versions/{version.pk}/publish/", client_of("zhao")
        assert OPEN in zhao.get(page).text
        told = program_of("zhao").get(f"/api/province/v1/catalogue/versions/{version.pk}/touches").json()
        assert [(one["number"], one["halls"]) for one in told] == [(1, 1), (2, 1)]
        assert told[1]["sentence"] == OPEN
        with pytest.raises(Conflict, match="没有办结的办件"):
            propose_pause(by=person("zhao"), item=item, kind=ItemLife.ABOLISHED, reason="法律已废止")
        # what has ended is nothing to be done any more
        for one in (waiting, examined):
            withdraw_case(by=person("cao"), hall=at_north, case_id=one.pk, reason="书面撤回")
        count_all()
        assert open_cases_of_item(item.pk) is None
        assert "没有办结的办件" not in zhao.get(page).text

    def test_cost_two_queries_however_many_there_are(self, at_north: Hall, setup: CaseSetup, item: Item) -> None:
        for number in (1, 4):
            while Case.objects.count() < number:
                apply_at_window(at_north, setup)
            count_all()
            with CaptureQueriesContext(connection) as asked:
                found = open_cases_of_item(item.pk)
            assert found
            assert (found.number, len(asked)) == (number, 2)


class TestNewVersion:
    def test_leaves_a_case_on_that_under_which_it_came_in(self, at_north: Hall, setup: CaseSetup, item: Item) -> None:
        before = give_all(at_north, apply_at_window(at_north, setup))
        make_published(item, promised_days=9)
        done = accept_case(by=person("cao"), hall=at_north, case_id=before.pk)
        assert (done.item_version_id, done.hall_guide_id) == (before.item_version_id, before.hall_guide_id)


class TestAbolishedItem:
    def test_takes_no_application_any_more_and_what_came_in_is_done_to_its_end(
        self, at_north: Hall, setup: CaseSetup, item: Item
    ) -> None:
        citizen = make_proved(1)
        came_in, examined = apply_online(at_north, setup, citizen), accepted(at_north, setup)
        abolish(item)
        with pytest.raises(DomainError):
            apply_at_window(at_north, setup)
        assert "开始申请" not in signed_in(citizen).get(f"/cases/apply/{item.pk}/").text
        give_all(at_north, came_in)
        accept_case(by=person("cao"), hall=at_north, case_id=came_in.pk)
        for case, outcome in ((came_in, "refused"), (examined, "granted")):
            given = {"hall": at_north, "case_id": case.pk}
            decide_case(by=person("he"), outcome=outcome, reasons="不符合规定的条件。", **given)
            serve_decision(by=person("cao"), way="window", proof="本人签收", **given)
            page = client_of("cao", "north.yizhan.localhost").get(f"/desk/cases/{case.pk}/")
            assert page.status_code == 200
            assert "已办结" in page.text
            assert archive_case(by=person("cao"), **given).digest
            assert Case.objects.get(pk=case.pk).state == CaseState.FINISHED
            assert documents_of_case(Case.objects.get(pk=case.pk))
        own = signed_in(citizen).get(f"/cases/{came_in.pk}/")
        assert "已经办结：不予" in own.text
        assert "不符合规定的条件。" in signed_in(citizen).get(f"/cases/{came_in.pk}/decision/").text
        assert browser().get(f"/cases/{came_in.pk}/").status_code == 302
