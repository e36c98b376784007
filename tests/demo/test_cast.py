"""The demo's citizens and company: there however often they are made, and let in by one click in the demo alone."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from importlib import reload

import pytest
from django.test import Client
from django.urls import clear_url_caches
from pytest_django import Settings

from config import urls_province
from config.demo import assistance, people
from config.demo.citizens import AGENT, CITIZENS, REPRESENTATIVE, VILLAGER, give_mandate, make_citizens
from config.demo.people import COUNTY, VILLAGE, VILLAGE_CODE, actor_called, give_hall, make_province_people
from config.demo.people import PROVINCE as STAFF
from foundation import schemas
from province.audit.models import AuditEntry
from province.citizens.access import CITIZEN_IN_SESSION
from province.citizens.models import Citizen, Company, CompanyAgent, Mandate
from province.citizens.operations.citizen_sign_in import sign_in_with_password
from province.citizens.queries.citizens import citizen_with_phone
from province.citizens.queries.mandates import companies_to_act_for, mandates_of
from province.content.queries.reviews import review_shortage
from province.halls.models import Hall, HallKind
from province.halls.queries import hall_with_code
from province.people.models import Position
from province.rights.queries import system_actor
from province.rights.roles import Role
from provisioning.store_keys import open_store
from standards.numbers.residents import birthday_of
from tenants.assistance.models import Assistance
from tests.factories.assistance import make_mandate, make_offer
from tests.factories.citizens import make_proved
from tests.factories.manuscripts import PROVINCE as DESK
from tests.factories.registry import register_halls
from tests.factories.sign_in import NORTH, PROVINCE, Browser
from tests.tenants.citizen_pages.test_pages import browser

pytestmark = pytest.mark.django_db


def citizen(phone: str) -> Citizen:
    found = citizen_with_phone(phone)
    assert found
    return found


class TestDemoCitizens:
    def test_are_there_once_however_often_they_are_made(self) -> None:
        for _ in range(2):
            make_citizens()
        assert [one.level for one in Citizen.objects.all()] == [Citizen.Level.NUMBER] * 3
        company, agent = Company.objects.get(), citizen(AGENT.phone)
        assert company.representative == citizen(REPRESENTATIVE.phone)
        assert CompanyAgent.objects.get().state == CompanyAgent.State.CONFIRMED
        assert list(companies_to_act_for(agent, ["食品经营许可"])) == [company]

    def test_are_nobody(self) -> None:
        assert all(birthday_of(one.number) and one.number[14:17] == "000" for one in CITIZENS)

    def test_have_given_the_village_clerk_a_mandate(self, object_store: None) -> None:
        open_store(register_halls([("420582102", HallKind.TOWNSHIP), ("420582102201", HallKind.VILLAGE)]))
        # the tests' own cast has somebody else of this name
        Position.objects.filter(account__username=VILLAGE.username).delete()
        give_hall(system_actor(), VILLAGE, hall_with_code(VILLAGE_CODE))
        make_citizens()
        for _ in range(2):
            give_mandate()
        mandate = mandates_of(citizen(VILLAGER.phone)).get()
        assert (mandate.shown_names, mandate.state) == ("许系 代 刘*英", Mandate.State.VALID)
        assert Mandate.objects.count() == 1

    def test_stand_in_the_table_with_what_they_sign_in_by(self) -> None:
        register_halls([("420582102", HallKind.TOWNSHIP), ("420582102201", HallKind.VILLAGE)])
        assert not [one for one in people() if "/me/" in one["address"]]
        make_citizens()
        rows = [one for one in people() if one["address"].endswith("/me/")]
        assert [one["position"] for one in rows] == ["群众", "企业（法定代表人）", "企业（经办人）"]
        for one in rows:
            sign_in_with_password(phone=one["username"], password=one["password"], address="10.0.0.1")

    def test_are_not_made_where_messages_go_out(self, settings: Settings) -> None:
        settings.MESSAGE_GATEWAY = ""
        make_citizens()
        assert not Citizen.objects.exists()


class TestDemoStaff:
    def test_can_give_a_text_its_three_reviews_whoever_writes_it(self) -> None:
        north = Hall.objects.get(slug="north")
        Position.objects.all().delete()
        make_province_people(system_actor())
        for one in COUNTY:
            give_hall(system_actor(), one, north)
        for desk, writers in ((DESK, STAFF), (north.division.prefix, COUNTY)):
            for one in writers:
                assert review_shortage(actor_called(one.username), desk) == "", one.username
        for step in (Role.FIRST_REVIEWER, Role.SECOND_REVIEWER, Role.FINAL_REVIEWER):
            assert [one.role for one in STAFF].count(step) == 1


class TestDemoVillage:
    def test_has_taken_things_in_for_people_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        village = Hall.objects.get(slug="village")
        monkeypatch.setattr(assistance, "VILLAGE_CODE", village.division.code)
        monkeypatch.setattr(assistance, "VILLAGE", replace(VILLAGE, username="jiang"))
        citizen = make_proved(number=VILLAGER.number)
        make_mandate(citizen, village)
        make_offer(Hall.objects.get(slug="north"))
        for _ in range(2):
            assistance.help_villagers()
        with schemas.enter(village.schema_name):
            states = Counter(Assistance.objects.values_list("state", flat=True))
        assert states == {"sent": 2, "draft": 1}


def read_routes() -> None:
    """As a process does that starts with these settings."""
    reload(urls_province)
    clear_url_caches()


class TestOneClick:
    @pytest.fixture
    def demo(self, settings: Settings) -> Iterator[None]:
        settings.DEMO = True
        read_routes()
        yield
        settings.DEMO = False
        read_routes()

    @pytest.fixture
    def entered(self, demo: None) -> Client:
        """Who came in by it."""
        make_citizens()
        visitor = Browser()
        visitor.get(NORTH, "/me/security/")
        query = visitor.address.partition("?")[2]
        visitor.post(PROVINCE, f"/demo/citizen/?{query}", {"username": VILLAGER.phone})
        assert visitor.address == f"//{NORTH}/me/security/"
        return visitor.at(NORTH)

    def test_lets_in_and_is_noted(self, entered: Client) -> None:
        assert "刘*英，您好" in entered.get("/me/").content.decode()
        [entry] = [
            one for one in AuditEntry.objects.filter(act="citizens.citizen_sign_in") if one.changes["way"][1] == "demo"
        ]
        assert entry.person_id
        for username in ("zhao", "", "13900000000"):
            assert browser(PROVINCE).post("/demo/citizen/", {"username": username}).status_code == 404
        assert browser(PROVINCE).get("/demo/citizen/").status_code == 405

    def test_lets_nobody_stay_where_there_is_no_demo(self, entered: Client, settings: Settings) -> None:
        settings.DEMO = False
        assert entered.get("/me/").status_code == 302
        assert CITIZEN_IN_SESSION in entered.session

    def test_is_not_there_without_the_demo(self) -> None:
        make_citizens()
        for host in (PROVINCE, NORTH):
            assert browser(host).post("/demo/citizen/", {"username": VILLAGER.phone}).status_code == 404
        assert VILLAGER.name not in browser(PROVINCE).get("/me/sign-in/").content.decode()
