"""A citizen's own pages on a hall's site, and citizens at its desk: who gets in, and whose things they reach."""

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.test import Client
from django.utils import timezone

from foundation.files.store import read_file
from province.audit.models import AuditEntry
from province.audit.operations import record_act
from province.citizens.access import CITIZEN_IN_SESSION
from province.citizens.models import Citizen, CitizenSignIn, CompanyAgent, Mandate, PhoneCode
from province.citizens.operations.citizens import end_citizen, register_at_desk
from province.citizens.operations.companies import ask_for_agency, confirm_agency, register_company
from province.citizens.operations.mandates import Paper, confirm_mandate, grant_mandate
from province.citizens.operations.phone_codes import WRONG_CODES
from province.citizens.queries.citizens import actor_of_citizen
from province.citizens.queries.mandates import acting_for
from province.halls.models import Hall
from province.people.models import Account, OwnRole, Position
from province.rights.roles import Reach
from province.sign_in.models import SignInSession
from province.sign_in.operations.tokens import issue_token
from tests.conftest import person
from tests.factories.citizens import company_code, make_citizen, make_proved, make_sign_in, number_of, phone_of
from tests.factories.files import picture
from tests.factories.sign_in import PROVINCE, Browser
from tests.province.citizens.test_citizens import last_code, years_ago

pytestmark = pytest.mark.django_db

NORTH, SOUTH = "north.yizhan.localhost", "south.yizhan.localhost"


def browser(host: str = NORTH) -> Client:
    return Client(headers={"host": host})


def signed_in(citizen: Citizen, host: str = NORTH, *, minutes: int = 0) -> Client:
    """``minutes``: since the citizen has proved who they are."""
    client = browser(host)
    session = client.session
    session[CITIZEN_IN_SESSION] = str(make_sign_in(citizen, minutes=minutes).pk)
    session.save()
    return client


def sign_in_by_phone(person: Browser, phone: str, host: str = NORTH, path: str = "/me/") -> Any:
    """From a page of a hall that asks for it, by the form at the province's host and back."""
    person.get(host, path)
    assert person.address.startswith(f"//{PROVINCE}/me/sign-in/?next=")
    person.here({"step": "phone", "phone": phone})
    return person.here({"step": "code", "phone": phone, "code": last_code(phone)})


def clerk(username: str = "hua", host: str = NORTH) -> Client:
    client = browser(host)
    client.force_login(Account.objects.get(username=username))
    return client


def wait_for_codes() -> None:
    PhoneCode.objects.update(created_at=timezone.now() - timedelta(minutes=2))


class TestSignIn:
    def test_takes_phone_and_code_and_leads_back(self) -> None:
        person = Browser()
        answer = sign_in_by_phone(person, "138 0000 0001".replace(" ", ""), path="/me/proof/")
        assert (person.address, answer.status_code) == (f"//{NORTH}/me/proof/", 200)

    def test_counts_at_the_hall_where_it_began_alone(self) -> None:
        person = Browser()
        sign_in_by_phone(person, phone_of())
        thief = browser(SOUTH)
        thief.cookies["sessionid"] = person.at(NORTH).cookies["sessionid"].value
        assert thief.get("/me/").status_code == 302
        assert person.at(NORTH).get("/me/").status_code == 200

    def test_begins_a_session_under_a_new_key(self) -> None:
        person = Browser()
        planted = {}
        for host in (NORTH, PROVINCE):
            session = person.at(host).session
            session["planted"] = "1"
            session.save()
            planted[host] = session.session_key
        sign_in_by_phone(person, phone_of())
        for host, key in planted.items():
            assert person.at(host).session.session_key != key

    def test_is_one_account_for_all_halls_and_a_session_for_each_host(self) -> None:
        citizen = make_citizen()
        assert signed_in(citizen).get("/me/").status_code == 200
        assert signed_in(citizen, SOUTH).get("/me/").status_code == 200
        assert browser(SOUTH).get("/me/").status_code == 302

    def test_ends_by_a_button(self) -> None:
        client = signed_in(make_citizen())
        assert client.get("/me/sign-out/").status_code == 405
        client.post("/me/sign-out/")
        assert client.get("/me/").status_code == 302

    def test_gives_no_way_to_a_desk(self) -> None:
        client = signed_in(make_citizen())
        for path in ("/desk/", "/desk/citizens/", "/account/", "/api/hall/v1/portal/articles"):
            assert client.get(path).status_code in {302, 401}

    def test_of_staff_is_none_of_a_citizen(self) -> None:
        assert clerk().get("/me/")["Location"].startswith("/me/sign-in/")

    def test_ends_with_the_account_and_with_a_new_password(self) -> None:
        citizen = make_citizen()
        first, second = signed_in(citizen), signed_in(citizen)
        assert first.post("/me/password/", {"new": "a-long-sentence-of-mine"}).status_code == 302
        assert (first.get("/me/").status_code, second.get("/me/").status_code) == (200, 302)
        end_citizen(by=actor_of_citizen(citizen), citizen=citizen)
        assert first.get("/me/").status_code == 302

    @pytest.mark.parametrize(("path", "host"), [("/me/", NORTH), ("/me/sign-in/", PROVINCE), ("/outbox/", NORTH)])
    def test_is_kept_by_nobody(self, path: str, host: str) -> None:
        answer = signed_in(make_citizen(), host).get(path)
        assert "no-store" in answer["Cache-Control"]
        assert "noindex" in answer.headers.get("X-Robots-Tag", "") + answer.content.decode()


class TestOutbox:
    def test_is_not_there_where_messages_go_out(self, settings: pytest.FixtureRequest) -> None:
        assert browser().get("/outbox/").status_code == 200
        settings.MESSAGE_GATEWAY = ""  # type: ignore[attr-defined]
        assert browser().get("/outbox/").status_code == 404


class TestMe:
    def test_shows_masks_alone(self) -> None:
        page = signed_in(make_proved()).get("/me/").content.decode()
        assert "张*三" in page
        for plain in ("张小三", phone_of(), number_of()):
            assert plain not in page

    def test_escapes_what_people_typed(self) -> None:
        citizen = make_proved(name="<b>张三</b>")
        data = signed_in(citizen).post("/me/export/", {"format": "html"}).content.decode()
        assert "<b>张三" not in data
        assert "&lt;b&gt;张三" in data

    def test_hands_out_everything_as_json(self) -> None:
        answer = signed_in(make_proved()).post("/me/export/", {"format": "json"})
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer.json()["账号"]["身份证号"] == number_of()
        assert AuditEntry.objects.filter(act="citizens.export_citizen").count() == 1

    def test_shows_who_looked_somebody_up_and_who_read_what_and_why(self) -> None:
        citizen = make_proved()
        clerk().post("/desk/citizens/", {"who": number_of()})
        clerk().post(f"/desk/citizens/{citizen.pk}/reveal/", {"field": "number", "reason": "核对低保申请"})
        page = signed_in(citizen).get("/me/").content.decode()
        looked = re.findall(r"<td>(.*?)</td>", page.partition('id="looked"')[2])
        assert looked == ["华窗", "查看完整个人信息", "核对低保申请", "华窗", "按号码查找群众", "—"]

    def test_shows_who_acted_in_whose_place(self, north: Hall) -> None:
        citizen, boss = make_proved(1), make_proved(2, name="王大力")
        mandate = grant_mandate(by=person("hua"), hall_id=north.pk, citizen=citizen, kind=Mandate.Kind.CODE)
        confirm_mandate(by=actor_of_citizen(citizen), mandate=mandate)
        for_citizen = acting_for(by=person("hua"), citizen=citizen, hall_id=north.pk)
        for_company = register_company(
            by=actor_of_citizen(boss), citizen=boss, code=company_code(), name="当阳市某某合作社"
        )
        today = timezone.localdate()
        agency = ask_for_agency(
            by=actor_of_citizen(citizen), citizen=citizen, code=company_code(), acts=["x"], from_on=today, to_on=today
        )
        confirm_agency(by=actor_of_citizen(boss), agency=agency)
        by_agent = actor_of_citizen(citizen).in_place_of(for_company.pk, for_company.name)
        for by in (for_citizen, by_agent):
            record_act(by=by, act="demo.load", object_type="demo", object_id=mandate.pk, hall_id=north.pk)
        words, of_company = "华窗 代 张*三", "张*三 代 当阳市某某合作社"
        page = signed_in(citizen).get("/me/").content.decode()
        assert f"<p>{words}：全部事项" in page
        assert f"<p>{of_company} " in page
        assert f"<td>{words}</td>" in page
        assert f"<td>{of_company}</td>" in signed_in(boss).get("/me/").content.decode()
        data = signed_in(citizen).post("/me/export/", {"format": "json"}).json()
        assert [data["委托代办"][0]["代办"], data["代为办事的单位"][0]["代办"]] == [words, of_company]
        assert words in [one["人员"] for one in data["查看和办理记录"]]
        for path in ("/desk/citizens/", f"/desk/citizens/{citizen.pk}/"):
            assert words in clerk().get(path).content.decode()

    def test_reaches_no_agency_or_mandate_of_somebody_else(self, north: Hall) -> None:
        boss, agent, stranger = make_proved(1), make_proved(2), make_proved(3)
        register_company(by=actor_of_citizen(boss), citizen=boss, code=company_code(), name="当阳市某某合作社")
        today = timezone.localdate()
        agency = ask_for_agency(
            by=actor_of_citizen(agent), citizen=agent, code=company_code(), acts=["x"], from_on=today, to_on=today
        )
        mandate = grant_mandate(by=person("hua"), hall_id=north.pk, citizen=agent, kind=Mandate.Kind.CODE)
        client = signed_in(stranger)
        for path in (f"agencies/{agency.pk}/confirm", f"agencies/{agency.pk}/end", f"mandates/{mandate.pk}/confirm"):
            assert client.post(f"/me/{path}/").status_code == 404
        assert signed_in(boss).post(f"/me/mandates/{mandate.pk}/revoke/").status_code == 404
        signed_in(agent).post(f"/me/agencies/{agency.pk}/confirm/")
        agency.refresh_from_db()
        mandate.refresh_from_db()
        assert (agency.state, mandate.state) == (CompanyAgent.State.ASKED, Mandate.State.WAITING)
        signed_in(boss).post(f"/me/agencies/{agency.pk}/confirm/")
        agency.refresh_from_db()
        assert agency.state == CompanyAgent.State.CONFIRMED

    def test_changes_the_phone_by_a_code_to_the_new_one(self) -> None:
        client = signed_in(make_citizen(1))
        client.post("/me/phone/", {"step": "phone", "phone": phone_of(2)})
        fields = {"step": "code", "phone": phone_of(2), "code": "0"}
        refused = client.post("/me/phone/", fields)
        assert refused.status_code == 422
        assert "验证码不正确" in refused.content.decode()
        client.post("/me/phone/", fields | {"code": last_code(phone_of(2))})
        assert "138****0002" in client.get("/me/").content.decode()

    def test_goes_on_in_the_account_that_a_desk_had_made(self, north: Hall) -> None:
        made = register_at_desk(by=person("hua"), hall_id=north.pk, name="张小三", number=number_of())
        client = signed_in(make_citizen(1, name=""))
        assert client.post("/me/proof/", {"name": "张小三", "number": number_of()}).status_code == 302
        assert CitizenSignIn.objects.get().citizen == made
        assert "窗口已核验" in client.get("/me/").content.decode()


class TestDesk:
    def test_is_for_who_receives_citizens_in_this_hall(self) -> None:
        citizen = make_proved()
        for path in ("/desk/citizens/", f"/desk/citizens/{citizen.pk}/"):
            assert clerk().get(path).status_code == 200
            assert clerk("jiang", "village.yizhan.localhost").get(path).status_code == 200
            for username, host in (("sun", NORTH), ("wu", NORTH), ("hua", SOUTH), ("jiang", NORTH), ("zhao", NORTH)):
                assert clerk(username, host).get(path).status_code == 403, (username, host)

    def test_is_where_begins_who_only_receives_citizens(self, north: Hall) -> None:
        role = OwnRole.objects.create(hall_id=north.pk, name="核验", permissions=["citizens.check"])
        facts = {"hall_id": north.pk, "reach_prefix": north.prefixes[-1], "reach": Reach.HALL}
        Position.objects.create(account=Account.objects.get(username="qian"), own_role=role, **facts)
        assert clerk("qian").get("/desk/")["Location"] == "/desk/citizens/"
        assert clerk().get("/desk/").status_code == 200
        assert clerk("sun").get("/desk/").status_code == 200
        assert clerk("wu").get("/desk/").status_code == 403

    def test_finds_by_the_whole_number_alone(self) -> None:
        citizen = make_proved()
        for who in (phone_of(), number_of(), f" {number_of().lower()}"):
            assert clerk().post("/desk/citizens/", {"who": who})["Location"] == f"/desk/citizens/{citizen.pk}/"
        for who in ("138", "4205", "张小三", phone_of(2)):
            assert clerk().post("/desk/citizens/", {"who": who}).status_code == 422

    def test_notes_who_looked_up_whom_and_never_the_number(self, north: Hall) -> None:
        citizen = make_proved()
        for who in (number_of(), phone_of(), phone_of(2)):
            clerk().post("/desk/citizens/", {"who": who})
        entries = AuditEntry.objects.filter(act="citizens.look_up_citizen").order_by("pk")
        assert [(one.actor_name, one.hall_id) for one in entries] == [("华窗", north.pk)] * 3
        assert [one.person_id for one in entries] == [citizen.pk, citizen.pk, None]
        kept = str([one.changes for one in entries])
        assert not [number for number in (number_of(), phone_of(), phone_of(2)) if number in kept]

    def test_shows_masks_until_a_reason_is_given(self) -> None:
        citizen = make_proved()
        address = f"/desk/citizens/{citizen.pk}/"
        assert number_of() not in clerk().get(address).content.decode()
        assert clerk().post(f"{address}reveal/", {"field": "number", "reason": ""}).status_code == 422
        revealed = clerk().post(f"{address}reveal/", {"field": "number", "reason": "核对低保申请"}).content.decode()
        assert number_of() in revealed
        assert number_of() not in clerk().get(address).content.decode()

    def test_reveals_nothing_to_who_may_only_check(self) -> None:
        citizen = make_proved()
        client = clerk("jiang", "village.yizhan.localhost")
        answer = client.post(f"/desk/citizens/{citizen.pk}/reveal/", {"field": "number", "reason": "核对低保申请"})
        assert answer.status_code == 403
        assert number_of() not in answer.content.decode()

    def test_links_a_guardian(self, north: Hall) -> None:
        desk = {"by": person("hua"), "hall_id": north.pk}
        child = register_at_desk(**desk, name="张小小", number=number_of(1, years_ago(10)))  # type: ignore[arg-type]
        register_at_desk(**desk, name="张小三", number=number_of(2))  # type: ignore[arg-type]
        address = f"/desk/citizens/{child.pk}/"
        assert clerk().post(f"{address}guardian/", {"who": number_of(9)}).status_code == 422
        assert clerk().post(f"{address}guardian/", {"who": number_of(2)}).status_code == 302
        assert "未成年人" in clerk().get(address).content.decode()

    def test_confirms_a_mandate_by_the_citizens_code(self) -> None:
        citizen = make_proved()
        client = clerk()
        client.post(f"/desk/citizens/{citizen.pk}/mandate/", {"kind": "code", "acts": "低保、医保，就业；养老"})
        mandate = Mandate.objects.get()
        assert mandate.acts == ["低保", "医保", "就业", "养老"]
        client.post(f"/desk/mandates/{mandate.pk}/confirm/", {"code": "0"})
        mandate.refresh_from_db()
        assert mandate.state == Mandate.State.WAITING
        wait_for_codes()
        client.post(f"/desk/mandates/{mandate.pk}/send/")
        client.post(f"/desk/mandates/{mandate.pk}/confirm/", {"code": last_code(phone_of())})
        mandate.refresh_from_db()
        assert mandate.state == Mandate.State.VALID

    def test_opens_the_signed_paper_by_a_link_that_ends(self, north: Hall, object_store: None) -> None:
        citizen = make_proved()
        paper = Paper(north.folder, "委托书.jpg", picture())
        by_hua = {"by": person("hua"), "hall_id": north.pk, "citizen": citizen}
        mandate = grant_mandate(**by_hua, kind=Mandate.Kind.DESK, paper=paper)  # type: ignore[arg-type]
        address = f"/desk/mandates/{mandate.pk}/paper/"
        assert address in clerk().get(f"/desk/citizens/{citizen.pk}/").content.decode()
        link = clerk().get(address)["Location"]
        assert "X-Amz-Expires=300" in link
        assert httpx.get(link).content == read_file(mandate.file_key)
        entry = AuditEntry.objects.get(act="citizens.open_mandate_paper")
        assert (entry.actor_name, entry.person_id, entry.hall_id) == ("华窗", citizen.pk, north.pk)
        assert "查看委托书" in signed_in(citizen).get("/me/").content.decode()
        assert clerk("jiang", "village.yizhan.localhost").get(address).status_code == 404
        without = grant_mandate(**by_hua, kind=Mandate.Kind.CODE)  # type: ignore[arg-type]
        assert clerk().get(f"/desk/mandates/{without.pk}/paper/").status_code == 404

    def test_opens_it_for_its_clerk_and_for_who_may_read_such_data(self) -> None:
        village = Hall.objects.get(slug="village")
        mandate = Mandate.objects.create(
            citizen=make_proved(),
            clerk=Account.objects.get(username="hua"),
            hall_id=village.pk,
            kind=Mandate.Kind.DESK,
            state=Mandate.State.VALID,
            acts=["*"],
            ends_at=timezone.now() + timedelta(days=1),
            file_key=f"{village.folder}/mandates/aa/paper.jpg",
        )
        jiang, address = clerk("jiang", "village.yizhan.localhost"), f"/desk/mandates/{mandate.pk}/paper/"
        assert "查看委托书" not in jiang.get(f"/desk/citizens/{mandate.citizen_id}/").content.decode()
        assert jiang.get(address).status_code == 403
        Mandate.objects.update(clerk=Account.objects.get(username="jiang"))
        assert jiang.get(address).status_code == 302
        SignInSession.objects.update(proved_at=timezone.now() - timedelta(minutes=11))
        assert jiang.get(address)["Location"].startswith("/confirm/")
        assert AuditEntry.objects.filter(act="citizens.open_mandate_paper").count() == 1

    def test_reaches_no_mandate_of_another_hall(self, north: Hall) -> None:
        mandate = grant_mandate(by=person("hua"), hall_id=north.pk, citizen=make_proved(), kind=Mandate.Kind.CODE)
        other = clerk("jiang", "village.yizhan.localhost")
        for verb in ("confirm", "send", "revoke"):
            assert other.post(f"/desk/mandates/{mandate.pk}/{verb}/").status_code == 404
        assert (
            "华窗"
            not in other.get(f"/desk/citizens/{mandate.citizen_id}/").content.decode().partition("查看和办理记录")[0]
        )


class TestDeskApi:
    ROOT = "/api/hall/v1/citizen_pages"

    def program(self, username: str, *scopes: str, host: str = NORTH) -> Client:
        account = Account.objects.get(username=username)
        key = issue_token(by=person(username), account=account, name="测试", scopes=scopes)
        return Client(headers={"host": host, "authorization": f"Bearer {key}"})

    def send(self, client: Client, path: str, data: object = None, key: str = "") -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        return client.post(f"{self.ROOT}{path}", data or {}, content_type="application/json", headers=headers)

    def test_finds_masks_and_reveals_as_the_desk_does(self) -> None:
        citizen = make_proved()
        hua = self.program("hua", "citizens.check", "citizens.reveal")
        assert self.send(hua, "/citizens/search", {"who": phone_of(2)}).status_code == 404
        found = self.send(hua, "/citizens/search", {"who": number_of()})
        assert found.json()["id"] == str(citizen.pk)
        assert number_of() not in found.content.decode()
        own = f"/citizens/{citizen.pk}"
        assert number_of() not in hua.get(f"{self.ROOT}{own}").content.decode()
        asked = {"field": "number", "reason": "核对低保申请"}
        assert self.send(hua, f"{own}/reveal", asked | {"reason": ""}).status_code == 422
        assert self.send(hua, f"{own}/reveal", asked).json() == {"value": number_of()}
        assert self.send(self.program("hua", "citizens.check"), f"{own}/reveal", asked).status_code == 403
        assert self.program("sun", "citizens.check").get(f"{self.ROOT}{own}").status_code == 403
        acts = AuditEntry.objects.filter(person_id=citizen.pk).values_list("act", flat=True)
        assert {"citizens.look_up_citizen", "citizens.reveal_citizen"} <= set(acts)

    def test_counts_wrong_codes_of_a_mandate_whatever_key_comes_with_them(self) -> None:
        citizen = make_proved()
        hua = self.program("hua", "citizens.check", "citizens.act")
        made = self.send(hua, f"/citizens/{citizen.pk}/mandates", {"kind": "code", "acts": ["低保"]}).json()
        assert (made["state"], made["clerk"], made["has_paper"]) == ("waiting", "华窗", False)
        own = f"/mandates/{made['id']}"
        for tries in range(WRONG_CODES):
            assert self.send(hua, f"{own}/confirm", {"code": "0"}, key=f"{tries}").status_code == 422
        assert PhoneCode.objects.get(subject_id=made["id"]).tries == WRONG_CODES
        assert self.send(hua, f"{own}/confirm", {"code": last_code(phone_of())}).status_code == 422
        wait_for_codes()
        assert self.send(hua, f"{own}/code").status_code == 204
        assert self.send(hua, f"{own}/confirm", {"code": last_code(phone_of())}).json()["state"] == "valid"
        assert len(hua.get(f"{self.ROOT}/citizens/{citizen.pk}/mandates").json()) == 1
        assert self.program("hua", "citizens.check").get(f"{self.ROOT}{own}/paper").status_code in {403, 404}
        jiang = self.program("jiang", "citizens.check", host="village.yizhan.localhost")
        assert jiang.delete(f"{self.ROOT}{own}").status_code == 404
        assert hua.delete(f"{self.ROOT}{own}").json()["state"] == "revoked"
