"""One citizen account in every hall: signed in once at the province's host, known in every hall, out of all at once."""

from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from province.audit.models import AuditEntry
from province.citizens.models import CitizenGrant, CitizenSignIn, LocalMessage
from province.citizens.operations.sessions import end_all_sign_ins
from province.citizens.queries.citizens import actor_of_citizen, citizen_with_phone
from province.halls.models import Hall, HallDomain
from province.halls.states import HallState
from tests.factories.citizens import make_citizen, make_sign_in, number_of, phone_of
from tests.factories.sign_in import PROVINCE, Browser
from tests.factories.sites import change_hall
from tests.province.citizens.test_citizens import last_code
from tests.tenants.citizen_pages.test_pages import NORTH, SOUTH, browser, sign_in_by_phone, signed_in, wait_for_codes

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Browser:
    """Signed in at the north hall."""
    made = Browser(HTTP_USER_AGENT="Mozilla/5.0 (iPhone) Safari")
    sign_in_by_phone(made, phone_of())
    return made


def is_in(person: Browser, host: str) -> bool:
    return bool(person.at(host).get("/me/").status_code == 200)


class TestOneAccount:
    def test_is_known_in_the_next_hall_by_one_click_and_without_a_word(self, person: Browser, south: Hall) -> None:
        before = LocalMessage.objects.count()
        answer = person.get(SOUTH, "/me/")
        assert (person.address, answer.status_code) == (f"//{SOUTH}/me/", 200)
        assert "138****0001" in answer.content.decode()
        assert LocalMessage.objects.count() == before
        sign_in = CitizenSignIn.objects.get()
        assert sign_in.hall_ids == [Hall.objects.get(slug="north").pk, south.pk]

    def test_is_out_of_every_hall_at_once_by_two_rows(self, person: Browser) -> None:
        person.get(SOUTH, "/me/")
        assert (is_in(person, NORTH), is_in(person, SOUTH)) == (True, True)
        elsewhere = Browser()
        wait_for_codes()
        sign_in_by_phone(elsewhere, phone_of(), SOUTH)
        citizen = citizen_with_phone(phone_of())
        assert citizen
        page = person.at(SOUTH).get("/me/sign-ins/").content.decode()
        assert page.count("去过：") == 2
        assert "iPhone" in page
        by = actor_of_citizen(citizen)
        with CaptureQueriesContext(connection) as few:
            end_all_sign_ins(by=by, citizen=citizen)
        citizen.refresh_from_db()
        for _ in range(30):
            make_sign_in(citizen)
        with CaptureQueriesContext(connection) as many:
            assert end_all_sign_ins(by=by, citizen=citizen) == 30
        assert len(many) <= len(few)
        for who, host in ((person, NORTH), (person, SOUTH), (elsewhere, SOUTH)):
            assert not is_in(who, host)
        person.get(SOUTH, "/me/")
        assert person.address.startswith(f"//{PROVINCE}/me/sign-in/")

    def test_is_out_by_the_button_of_any_hall(self, person: Browser) -> None:
        person.get(SOUTH, "/me/")
        person.at(SOUTH).post("/me/sign-out/")
        person.get(NORTH, "/me/")
        assert person.address.startswith(f"//{PROVINCE}/me/sign-in/")
        assert AuditEntry.objects.filter(act="citizens.citizen_sign_out").count() == 1

    def test_ends_another_device_by_the_list_and_nobody_elses(self, person: Browser) -> None:
        citizen = citizen_with_phone(phone_of())
        assert citizen
        lost, others = signed_in(citizen, SOUTH), signed_in(make_citizen(2), SOUTH)
        _, its, theirs = CitizenSignIn.objects.order_by("pk")
        for found, status in ((its, 302), (theirs, 404), (its, 404)):
            answer = person.at(NORTH).post("/me/sign-ins/end/", {"sign_in": str(found.pk)})
            assert answer.status_code == status
        assert person.at(NORTH).post("/me/sign-ins/end/", {"sign_in": "x"}).status_code == 404
        assert (lost.get("/me/").status_code, others.get("/me/").status_code) == (302, 200)
        assert is_in(person, NORTH)
        person.at(NORTH).post("/me/sign-ins/end/", {"sign_in": "all"})
        assert not is_in(person, NORTH)

    def test_is_proved_afresh_in_one_hall_for_all(self, person: Browser) -> None:
        person.get(SOUTH, "/me/")
        CitizenSignIn.objects.update(proved_at=timezone.now() - timedelta(minutes=11))
        wait_for_codes()
        person.at(NORTH).post("/me/confirm/?next=/me/", {"step": "send"})
        person.at(NORTH).post("/me/confirm/?next=/me/", {"step": "code", "code": last_code(phone_of())})
        assert person.at(SOUTH).get("/me/export/").status_code == 200

    def test_ends_after_twelve_hours(self, person: Browser) -> None:
        CitizenSignIn.objects.update(created_at=timezone.now() - timedelta(hours=12, minutes=1))
        assert not is_in(person, NORTH)

    def test_is_of_somebody_whom_forms_need_not_ask(self) -> None:
        contact = make_citizen()
        assert (contact.name.plain, contact.phone.plain) == ("张小三", phone_of())
        assert f"{contact.name} {contact.phone}" == "张*三 138****0001"

    def test_is_proved_only_where_an_act_needs_it(self, person: Browser) -> None:
        assert "需要时才要实名" in person.at(NORTH).get("/me/").content.decode()
        person.get(NORTH, "/me/companies/new/")
        assert person.address == f"//{NORTH}/me/proof/?next=%2Fme%2Fcompanies%2Fnew%2F"
        person.here({"name": "张小三", "number": number_of()})
        assert person.address == f"//{NORTH}/me/companies/new/"


class TestWayBack:
    def asked(self, host: str = NORTH) -> tuple[Browser, dict[str, str]]:
        """A browser that the hall has sent to the province, and with which question."""
        made = Browser()
        location = made.at(host).get("/me/sign-in/?next=/me/")["Location"]
        return made, {key: values[0] for key, values in parse_qs(urlsplit(location).query).items()}

    def authorize(self, who: Browser, query: dict[str, str], **changed: str) -> object:
        return who.at(PROVINCE).get(f"/me/authorize/?{urlencode(query | changed)}")

    @pytest.mark.parametrize(
        "address",
        [
            "https://evil.example/me/sign-in/back/",
            "http://north.yizhan.localhost.evil.example/me/sign-in/back/",
            "http://north.yizhan.localhost/me/",
            "http://north.yizhan.localhost/sign-in/back/",
            "http://north.yizhan.localhost@evil.example/me/sign-in/back/",
            "http://[x/me/sign-in/back/",
        ],
    )
    def test_leads_to_halls_alone(self, person: Browser, address: str) -> None:
        _, query = self.asked()
        answer = self.authorize(person, query, redirect_uri=address)
        assert answer.status_code == 422  # type: ignore[attr-defined]
        assert not answer.headers.get("Location")  # type: ignore[attr-defined]
        assert CitizenGrant.objects.count() == 1

    def test_leads_to_a_domain_of_the_halls_own(self, person: Browser, south: Hall) -> None:
        HallDomain.objects.create(tenant=south, domain="www.south.example", is_primary=False)
        other, query = self.asked("www.south.example")
        back = urlsplit(self.authorize(person, query)["Location"])  # type: ignore[index]
        assert back.hostname == "www.south.example"
        # the code is worth nothing in the browser that asked nothing, and in that which did it holds once
        address = f"{back.path}?{back.query}"
        assert Browser().at("www.south.example").get(address).status_code == 400
        assert other.at("www.south.example").get(address)["Location"] == "/me/"
        assert other.at("www.south.example").get(address).status_code == 400

    def test_is_open_at_a_hall_that_is_suspended(self, person: Browser, south: Hall) -> None:
        """What is theirs goes on there (decision 101)."""
        change_hall(south, state=HallState.SUSPENDED)
        assert person.get(SOUTH, "/me/").status_code == 200
        assert person.address == f"//{SOUTH}/me/"

    @pytest.mark.parametrize("state", [HallState.RETIRED, HallState.PLANNED])
    def test_is_closed_where_the_hall_is(self, person: Browser, south: Hall, state: HallState) -> None:
        _, query = self.asked(SOUTH)
        Hall.objects.filter(pk=south.pk).update(state=state)
        assert self.authorize(person, query).status_code == 422  # type: ignore[attr-defined]

    def test_takes_no_code_that_another_browser_asked_for(self, person: Browser) -> None:
        """Otherwise somebody could be signed in to a stranger's account without noticing."""
        _, query = self.asked()
        back = urlsplit(self.authorize(person, query)["Location"])  # type: ignore[index]
        victim, _ = self.asked()
        assert victim.at(NORTH).get(f"{back.path}?{back.query}").status_code == 400
        assert not is_in(victim, NORTH)

    def test_needs_the_proof_of_the_question(self, person: Browser) -> None:
        _, query = self.asked()
        for changed in ({"code_challenge": ""}, {"code_challenge_method": "plain"}, {"response_type": "token"}):
            location = self.authorize(person, query, **changed)["Location"]  # type: ignore[index]
            assert "error=" in location
            assert "code=" not in location
        assert self.authorize(person, query, client_id="halls").status_code == 422  # type: ignore[attr-defined]

    def test_says_in_silence_that_nobody_is_there(self) -> None:
        stranger, query = self.asked()
        location = self.authorize(stranger, query, prompt="none")["Location"]  # type: ignore[index]
        assert "error=login_required" in location

    def test_goes_no_further_than_the_page_that_asked(self, person: Browser) -> None:
        for to in ("https://evil.example/", "//evil.example/", "/\\evil.example/", "/me/sign-in/"):
            page = person.at(PROVINCE).get(f"/me/sign-in/?{urlencode({'next': to})}")
            assert page.status_code == 200
            assert "evil" not in page.content.decode()
            assert person.at(NORTH).get(f"/me/sign-in/?{urlencode({'next': to})}")["Location"] in {"/", "/me/sign-in/"}

    def test_names_the_hall_and_keeps_large_type(self) -> None:
        made = Browser()
        made.at(NORTH).cookies["mode"] = "elder"
        page = made.get(NORTH, "/me/").content.decode()
        assert 'data-mode="elder"' in page
        assert Hall.objects.get(slug="north").name in page


class TestCode:
    def test_is_right_in_the_browser_that_asked_for_it_alone(self) -> None:
        one, other = browser(PROVINCE), browser(PROVINCE)
        for client in (one, other):
            client.post("/me/sign-in/", {"step": "phone", "phone": phone_of()})
            wait_for_codes()
        form = {"step": "code", "phone": phone_of(), "code": last_code(phone_of())}
        assert one.post("/me/sign-in/", form).status_code == 422
        assert other.post("/me/sign-in/", form).status_code == 200
        assert CitizenSignIn.objects.count() == 1
