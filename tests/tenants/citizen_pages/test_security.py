"""登录与安全: citizens' passkeys at all halls, and the proof that is asked for once more."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone

from province.audit.models import AuditEntry
from province.citizens.models import Citizen, CitizenPasskey, CitizenSignIn, PhoneCode
from province.citizens.operations.citizens import (
    bind_phone,
    end_citizen,
    prove_identity,
    register_at_desk,
    set_citizen_password,
)
from province.citizens.operations.phone_codes import send_code
from province.citizens.queries.citizens import actor_of_citizen
from province.console.addresses import address_of
from province.halls.models import Hall, HallDomain
from province.sign_in.models import SignInSession
from province.sign_in.operations.passkeys import MOST_PASSKEYS
from tests.conftest import person
from tests.factories.citizens import make_citizen, make_proved, number_of, phone_of
from tests.factories.people import account
from tests.factories.sign_in import PROVINCE, Browser, SoftPasskey
from tests.province.citizens.test_citizens import last_code
from tests.tenants.citizen_pages.test_pages import (
    NORTH,
    SOUTH,
    browser,
    sign_in_by_phone,
    signed_in,
    wait_for_codes,
)

pytestmark = pytest.mark.django_db

PAGES = ("/me/security/", "/me/phone/", "/me/password/", "/me/export/", "/me/end/")


def add_passkey(client: Client, host: str = NORTH, name: str = "我的手机") -> SoftPasskey:
    passkey = SoftPasskey(origin=address_of(host))
    options = client.post("/me/security/passkey/").json()
    client.post("/me/security/", {"act": "passkey", "name": name, "answer": passkey.make(options)})
    return passkey


def sign_in_with(passkey: SoftPasskey, host: str = NORTH, *, origin: str = "", **given: bool) -> Client:
    """From a hall, by the form at the province's host and back."""
    person = Browser()
    passkey._origin = origin or address_of(PROVINCE)  # noqa: SLF001
    person.get(host, "/me/")
    options = person.at(PROVINCE).post("/me/sign-in/passkey/").json()
    person.here({"answer": passkey.sign(options, **given)})
    return person.at(host)


def is_signed_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


class TestBar:
    def test_says_where_they_sign_in_and_who_has_leads_to_their_own_page(self) -> None:
        way_in = 'href="/me/sign-in/?next=/me/"'
        assert way_in in browser().get("/").content.decode()
        page = signed_in(make_citizen()).get("/me/security/").content.decode()
        assert "已登录" in page
        assert way_in not in page

    @pytest.mark.parametrize(("cookies", "goes_along"), [({"mode": "elder"}, True), ({}, False)])
    def test_takes_the_mode_along_to_where_they_sign_in(self, cookies: dict[str, str], *, goes_along: bool) -> None:
        visitor = browser()
        visitor.cookies.load(cookies)
        assert ("mode=elder" in visitor.get("/me/sign-in/?next=/me/")["Location"]) == goes_along


class TestPasskey:
    def test_is_named_opens_the_account_at_every_hall_and_is_removed(self) -> None:
        citizen = make_proved()
        owner = signed_in(citizen)
        passkey = add_passkey(owner)
        assert "我的手机" in owner.get("/me/security/").content.decode()
        there = sign_in_with(passkey, SOUTH)
        assert "张*三，您好" in there.get("/me/").content.decode()
        assert "最近使用" in there.get("/me/security/").content.decode()
        kept = CitizenPasskey.objects.get()
        for _ in range(2):
            owner.post("/me/security/", {"act": "remove", "passkey": str(kept.pk)})
        assert not is_signed_in(sign_in_with(passkey))
        acts = AuditEntry.objects.filter(person_id=citizen.pk).order_by("pk").values_list("act", flat=True)
        assert list(acts) == ["citizens.add_passkey", "citizens.citizen_sign_in", "citizens.remove_passkey"]

    def test_is_offered_after_a_sign_in_until_it_is_declined_and_never_before(self) -> None:
        page = browser(PROVINCE).get("/me/sign-in/").content.decode()
        assert page.index("获取验证码") < page.index("用密码登录") < page.index("用通行密钥登录")
        citizen = make_citizen()
        offer = "下次不想等短信"
        assert offer not in signed_in(citizen, minutes=11).get("/me/").content.decode()
        assert offer in signed_in(citizen).get("/me/").content.decode()
        for _ in range(2):
            assert signed_in(citizen).post("/me/security/passkey/decline/")["Location"] == "/me/"
        assert offer not in signed_in(citizen).get("/me/").content.decode()
        assert AuditEntry.objects.filter(act="citizens.decline_passkey").count() == 1
        other = signed_in(make_citizen(2))
        add_passkey(other)
        assert offer not in other.get("/me/").content.decode()

    def test_tells_a_device_no_more_than_masks(self) -> None:
        options = signed_in(make_proved()).post("/me/security/passkey/").json()["publicKey"]
        assert options["rp"]["id"] == django_settings.BASE_DOMAIN
        assert (options["user"]["name"], options["user"]["displayName"]) == ("张*三 138****0001", "张*三")

    @pytest.mark.parametrize("host", [NORTH, SOUTH, "south.yizhan.localhost.example"])
    def test_answers_the_host_that_asked_alone(self, host: str) -> None:
        passkey = add_passkey(signed_in(make_citizen()))
        assert not is_signed_in(sign_in_with(passkey, SOUTH, origin=address_of(host)))

    def test_asks_who_holds_the_device_and_notices_a_copy(self) -> None:
        passkey = add_passkey(signed_in(make_citizen()))
        assert not is_signed_in(sign_in_with(passkey, is_verified=False))
        assert is_signed_in(sign_in_with(passkey))
        passkey.counter = 0
        assert not is_signed_in(sign_in_with(passkey))

    def test_of_a_citizen_is_none_of_staff_and_the_other_way_round(self) -> None:
        citizens = add_passkey(signed_in(make_citizen()))
        citizens._origin = address_of(PROVINCE)  # noqa: SLF001
        province = Client(headers={"host": PROVINCE})
        options = province.post("/sign-in/passkey/").json()
        assert province.post("/sign-in/", {"answer": citizens.sign(options)}).status_code == 422
        assert not SignInSession.objects.exists()
        staff = Client(headers={"host": PROVINCE})
        staff.force_login(account("zhao"))
        passkey = SoftPasskey()
        options = staff.post("/account/factors/passkey/").json()
        staff.post("/account/factors/", {"act": "passkey", "answer": passkey.make(options)})
        assert not is_signed_in(sign_in_with(passkey))

    def test_of_somebody_else_is_not_there(self) -> None:
        add_passkey(signed_in(make_citizen(1)))
        form = {"act": "remove", "passkey": str(CitizenPasskey.objects.get().pk)}
        assert signed_in(make_citizen(2)).post("/me/security/", form).status_code == 404
        assert CitizenPasskey.objects.exists()

    def test_has_a_bound_and_no_sense_is_refused(self) -> None:
        client = signed_in(make_citizen())
        for _ in range(MOST_PASSKEYS + 1):
            add_passkey(client)
        for answer in ("{", "[]", '{"rawId": 1}'):
            assert client.post("/me/security/", {"act": "passkey", "answer": answer}).status_code == 302
            assert browser(PROVINCE).post("/me/sign-in/", {"answer": answer}).status_code == 422
        assert CitizenPasskey.objects.count() == MOST_PASSKEYS

    def test_is_not_offered_at_a_name_that_it_is_not_bound_to(self, north: Hall) -> None:
        HallDomain.objects.create(tenant=north, domain="www.dangyang.example", is_primary=False)
        client = signed_in(make_citizen(), "www.dangyang.example")
        assert client.post("/me/security/passkey/").status_code == 404
        assert client.post("/me/confirm/passkey/").status_code == 404
        assert "这个网址不能使用通行密钥" in client.get("/me/security/").content.decode()
        assert "data-passkey=" not in client.get("/me/").content.decode()

    def test_ends_with_the_account(self) -> None:
        citizen = make_citizen()
        passkey = add_passkey(signed_in(citizen))
        end_citizen(by=actor_of_citizen(citizen), citizen=citizen)
        assert not is_signed_in(sign_in_with(passkey))
        assert not CitizenPasskey.objects.exists()

    def test_ends_where_the_desk_binds_another_phone(self, north: Hall) -> None:
        """The carrier may have given the former phone to a stranger, who made it."""
        citizen = make_proved()
        add_passkey(signed_in(citizen))
        purpose = PhoneCode.Purpose.PHONE
        send_code(phone=phone_of(5), purpose=purpose, subject_id=citizen.pk)
        code = last_code(phone_of(5))
        bind_phone(by=person("hua"), citizen=citizen, phone=phone_of(5), code=code, hall_id=north.pk)
        assert not CitizenPasskey.objects.exists()
        assert AuditEntry.objects.get(act="citizens.bind_phone").changes["passkeys"] == [1, 0]

    def test_goes_along_to_the_account_that_a_desk_had_made(self, north: Hall) -> None:
        made = register_at_desk(by=person("hua"), hall_id=north.pk, name="张小三", number=number_of())
        fresh = make_citizen(1, name="")
        passkey = add_passkey(signed_in(fresh))
        prove_identity(by=actor_of_citizen(fresh), citizen=fresh, name="张小三", number=number_of())
        sign_in_with(passkey)
        assert CitizenSignIn.objects.latest("created_at").citizen == made


class TestProof:
    @pytest.mark.parametrize("path", PAGES)
    def test_is_asked_once_more_after_ten_minutes(self, path: str) -> None:
        citizen = make_proved()
        asked = f"/me/confirm/?{urlencode({'next': path})}"
        client = signed_in(citizen, minutes=11)
        for answer in (client.get(path), client.post(path, {"format": "json", "new": "a-long-sentence-of-mine"})):
            assert (answer.status_code, answer["Location"]) == (302, asked)
        assert signed_in(citizen, minutes=9).get(path).status_code == 200
        citizen.refresh_from_db()
        assert (citizen.password, citizen.ended_at) == ("", None)
        assert not AuditEntry.objects.filter(act="citizens.export_citizen").exists()

    def test_covers_the_making_of_a_passkey(self) -> None:
        assert signed_in(make_citizen(), minutes=11).post("/me/security/passkey/").status_code == 302

    @pytest.fixture
    def stale(self) -> tuple[Citizen, Client]:
        citizen = make_proved()
        set_citizen_password(by=actor_of_citizen(citizen), citizen=citizen, new="a-long-sentence-of-mine")
        return citizen, signed_in(citizen, minutes=11)

    def test_is_a_code_to_the_own_phone(self, stale: tuple[Citizen, Client]) -> None:
        _, client = stale
        address = "/me/confirm/?next=/me/export/"
        page = client.post(address, {"step": "send"}).content.decode()
        assert "138****0001" in page
        assert phone_of() not in page
        assert client.post(address, {"step": "code", "code": "00"}).status_code == 422
        assert client.get("/me/export/").status_code == 302
        answer = client.post(address, {"step": "code", "code": last_code(phone_of())})
        assert answer["Location"] == "/me/export/"
        assert client.post("/me/export/", {"format": "json"}).json()["账号"]["身份证号"] == number_of()

    def test_is_no_code_that_was_sent_for_something_else(self, stale: tuple[Citizen, Client]) -> None:
        _, client = stale
        browser(PROVINCE).post("/me/sign-in/", {"step": "phone", "phone": phone_of()})
        assert client.post("/me/confirm/", {"step": "code", "code": last_code(phone_of())}).status_code == 422

    def test_is_the_password_whose_tries_are_counted(self, stale: tuple[Citizen, Client]) -> None:
        _, client = stale
        for _ in range(4):
            assert client.post("/me/confirm/", {"step": "password", "password": "wrong"}).status_code == 422
        answer = client.post("/me/confirm/", {"step": "password", "password": "a-long-sentence-of-mine"})
        assert answer["Location"] == "/me/"
        assert client.get("/me/security/").status_code == 200
        for _ in range(5):
            client.post("/me/confirm/", {"step": "password", "password": "wrong"})
        page = client.post("/me/confirm/", {"step": "password", "password": "a-long-sentence-of-mine"})
        assert "请 5 分钟后再试" in page.content.decode()

    def test_is_the_own_passkey(self, stale: tuple[Citizen, Client]) -> None:
        citizen, client = stale
        own, others = add_passkey(signed_in(citizen)), add_passkey(signed_in(make_citizen(2)))
        for passkey, status in ((others, 422), (own, 302)):
            options = client.post("/me/confirm/passkey/").json()
            assert client.post("/me/confirm/", {"answer": passkey.sign(options)}).status_code == status
        assert client.get("/me/security/").status_code == 200

    def test_begins_with_signing_in_and_stays_as_old_where_the_account_changes(self, north: Hall) -> None:
        visitor = Browser()
        sign_in_by_phone(visitor, phone_of())
        assert visitor.at(NORTH).get("/me/security/").status_code == 200
        wait_for_codes()
        register_at_desk(by=person("hua"), hall_id=north.pk, name="张小三", number=number_of())
        late = signed_in(Citizen.objects.get(level=Citizen.Level.PHONE), minutes=11)
        late.post("/me/proof/", {"name": "张小三", "number": number_of()})
        assert late.get("/me/").status_code == 200
        assert late.get("/me/security/").status_code == 302

    def test_is_for_who_is_signed_in(self) -> None:
        assert browser().get("/me/confirm/")["Location"].startswith("/me/sign-in/")
        assert signed_in(make_citizen()).post("/me/confirm/", {"step": "nothing"}).status_code == 200


class TestProofOfStaff:
    @pytest.fixture
    def stale(self) -> Client:
        client = browser()
        client.force_login(account("hua"))
        SignInSession.objects.update(proved_at=timezone.now() - timedelta(minutes=11))
        return client

    @pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer x"}])
    def test_is_asked_before_a_whole_value_is_shown(self, stale: Client, headers: dict[str, str]) -> None:
        citizen = make_proved()
        form = {"field": "number", "reason": "核对低保申请"}
        page = stale.post(f"/desk/citizens/{citizen.pk}/reveal/", form, headers=headers).content.decode()
        assert "确认是您本人" in page
        assert number_of() not in page
        assert not AuditEntry.objects.filter(act="citizens.reveal_citizen").exists()
