"""制证: between decision and service, who makes a licence, since when, and when it was made; and the papers of a case,
opened by whose they are."""

from typing import Any

import pytest

from foundation.events.operations import drain_events
from province.audit.models import AuditEntry
from province.citizens.models import Citizen
from province.halls.models import Hall
from tenants.casework.models import ArchiveSheet, Case, CaseSetup
from tenants.casework.operations.acceptance import accept_case
from tenants.casework.operations.closing import archive_case, serve_decision
from tenants.casework.operations.deciding import decide_case
from tenants.casework.operations.results import note_licence_made
from tenants.casework.queries.own_cases import looked_up_case, own_case, own_case_view
from tenants.casework.queries.papers import documents_of_case
from tests.conftest import person
from tests.factories.casework import apply_online, give_all
from tests.factories.citizens import make_proved
from tests.tenants.casework.test_citizen_api import OWN, sent
from tests.tenants.casework.test_desk_pages import desk
from tests.tenants.citizen_pages.test_pages import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("opened", "object_store")]


@pytest.fixture
def citizen(at_north: Hall) -> Citizen:
    return make_proved(1)


@pytest.fixture
def decided(at_north: Hall, citizen: Citizen) -> Case:
    case = give_all(at_north, apply_online(at_north, CaseSetup.objects.get(), citizen))
    accept_case(by=person("cao"), hall=at_north, case_id=case.pk)
    return decide_case(by=person("he"), hall=at_north, case_id=case.pk, outcome="granted", reasons="")


def steps(citizen: Citizen, case: Case) -> dict[str, str]:
    return {one.label: one.state for one in own_case_view(own_case(citizen, case.pk)).steps}


class TestMaking:
    def test_is_a_step_of_the_case_with_who_and_when(self, at_north: Hall, decided: Case, citizen: Citizen) -> None:
        cao = desk("cao")
        assert list(steps(citizen, decided).items())[3:] == [("决定", "done"), ("制证", "now"), ("送达", "next")]
        assert "正在制证" in cao.get(f"/desk/cases/{decided.pk}/").text
        drain_events()
        assert list(steps(citizen, decided).items())[3:] == [("决定", "done"), ("制证", "done"), ("送达", "now")]
        page = cao.get(f"/desk/cases/{decided.pk}/").text
        assert "正在制证" not in page
        (licence,) = [one for one in documents_of_case(decided) if one.kind == "licence"]
        made = decided.acts.get(act="make_licence")
        note_licence_made(hall=at_north, document_id=licence.pk)
        assert decided.acts.filter(act="make_licence").count() == 1
        assert f"{licence.issuer}制发的" in made.said
        assert licence.number in made.said
        assert made.said in signed_in(citizen).get(f"/cases/{decided.pk}/").text
        # that a licence was made says what was decided
        seen = own_case_view(looked_up_case(decided.pk), is_looked_up=True)
        assert "制证" not in [one.label for one in (*seen.steps, *seen.told)]

    def test_goes_on_after_what_was_handed_over_at_once(self, at_north: Hall, decided: Case, citizen: Citizen) -> None:
        serve_decision(by=person("cao"), hall=at_north, case_id=decided.pk, way="window", proof="本人签收")
        assert list(steps(citizen, decided).items())[4:] == [("制证", "now"), ("送达", "done")]
        drain_events()
        assert set(steps(citizen, decided).values()) == {"done"}

    def test_that_ends_later_adds_nothing_to_what_is_archived(
        self, at_north: Hall, decided: Case, citizen: Citizen
    ) -> None:
        given: dict[str, Any] = {"by": person("cao"), "hall": at_north, "case_id": decided.pk}
        serve_decision(**given, way="window", proof="本人签收")
        digest = archive_case(**given).digest
        drain_events()
        assert not decided.acts.exists()
        assert ArchiveSheet.objects.get(pk=decided.pk).digest == digest
        assert set(steps(citizen, decided).values()) == {"done"}


class TestOwnDocument:
    def test_is_opened_by_whose_it_is_alone_and_that_is_told(
        self, at_north: Hall, decided: Case, citizen: Citizen
    ) -> None:
        client, path = signed_in(citizen), f"{OWN}/{decided.pk}"
        papers = client.get(path).json()["documents"]
        assert {one["is_made"] for one in papers} == {False}
        address = f"{path}/documents/{papers[-1]['id']}/open"
        assert sent(client, "post", address).status_code == 404
        drain_events()
        opened = sent(client, "post", address)
        assert (opened.status_code, opened.json()["address"][:4]) == (200, "http")
        assert client.get(f"/cases/{decided.pk}/documents/{papers[-1]['id']}/").status_code == 302
        told = AuditEntry.objects.filter(act="casework.open_own_document")
        assert [one.changes["document"] for one in told] == [[None, papers[-1]["number"]]] * 2
        assert sent(signed_in(make_proved(2)), "post", address).status_code == 404
        assert told.count() == 2
